"""The files of one day in a folder: every table in its forms, a dictionary, digests, and an index of them all."""

from __future__ import annotations

import csv
import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.i18n import _, use_language
from core.reading.files import sha256_of
from core.storage.home import sync
from providers.interchange.hsds_terms import TAXONOMIES
from providers.rules.schema import VOCABULARIES
from reports.bulk import bulk_forms
from reports.bulk.bulk_tables import TITLES_OF, gather_bulk
from reports.documents.export import ExportError

if TYPE_CHECKING:
    from referrals.workflow.directory import Directory
    from reports.bulk.bulk_tables import BulkContent, BulkTable

INDEX, DICTIONARY, SUMS = "index.json", "dictionary.csv", "SHA256SUMS"
SCOPE_OF_ALL = "read"


@dataclass(frozen=True)
class BulkFile:
    """One file. table: what it holds, "" = it is about the others. scope: the right of a token that opens it."""

    name: str
    table: str
    media_type: str
    scope: str
    bytes: int
    sha256: str
    rows: int | None


@dataclass(frozen=True)
class BulkIndex:
    """What a folder holds. sources: editions that its tables come from."""

    day: str
    made_at: str
    is_demo: bool
    sources: tuple[dict[str, Any], ...]
    files: tuple[BulkFile, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is written."""
        return asdict(self)

    def file(self, name: str) -> BulkFile | None:
        """Return a file by its name."""
        return next((each for each in self.files if each.name == name), None)


def export_bulk(directory: Directory, folder: Path, *, day: date, force: bool = False) -> BulkIndex:
    """Write the files of a day where somebody asks for them.

    Parameters
    ----------
    directory
        Of the home.
    folder
        Where to; made where it is not there.
    day
        Of which day they are.
    force
        Whether files of an export before are written over.

    Returns
    -------
    BulkIndex
        What was written.

    Raises
    ------
    ExportError
        Where an export is there already, or the disk refuses.
    """
    try:
        if (folder / INDEX).exists() and not force:
            raise ExportError(
                _("{folder}: există deja {files}. Alegeți alt dosar, sau scrieți peste cu --force.").format(
                    folder=folder, files=INDEX
                )
            )
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as side:
            index = write_bulk(gather_bulk(directory), Path(side), day=day)
            for path in sorted(Path(side).iterdir()):
                path.replace(folder / path.name)
        sync(folder)
    except OSError as error:
        raise ExportError(
            _("{folder}: exportul nu poate fi scris ({why}).").format(folder=folder, why=error.strerror)
        ) from error
    return index


def write_bulk(content: BulkContent, folder: Path, *, day: date) -> BulkIndex:
    """Write all files of a day into a folder that is there; the index last.

    Parameters
    ----------
    content
        What they are made of.
    folder
        Where to.
    day
        Of which day they are.

    Returns
    -------
    BulkIndex
        What was written.

    Raises
    ------
    OSError
        Where the disk refuses.
    """
    files, described = [], []
    for table in content.tables():
        rows = bulk_forms.write_forms(table, folder)
        if table.shape:
            bulk_forms.write_geopackage(table, folder)
        for ending, media_type in bulk_forms.MEDIA_TYPES.items():
            path = folder / f"{table.name}{ending}"
            if path.exists():
                files.append(_file(path, table.name, media_type, table.scope, rows))
        described += _dictionary_rows(table)
    with (folder / DICTIONARY).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("table", "column", "type", "meaning", "codes"), *described])
    files.append(_file(folder / DICTIONARY, "", "text/csv", SCOPE_OF_ALL, len(described)))
    (folder / SUMS).write_text("".join(f"{each.sha256}  {each.name}\n" for each in files), encoding="ascii")
    files.append(_file(folder / SUMS, "", "text/plain", SCOPE_OF_ALL, None))
    sources = tuple(
        {"kind": m.kind, "edition": m.edition, "as_of": m.as_of, "title": m.source.title,
         "publisher": m.source.publisher, "url": m.source.url, "licence": m.source.licence}
        for m in content.manifests
    )  # fmt: skip
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    index = BulkIndex(day.isoformat(), made_at, content.directory.home.is_demo, sources, tuple(files))
    (folder / INDEX).write_text(json.dumps(index.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    for path in folder.iterdir():
        sync(path)
    return index


def read_index(folder: Path) -> BulkIndex:
    """Read the index of a folder; OSError or ValueError where there is none that can be read."""
    payload = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    try:
        files = tuple(BulkFile(**each) for each in payload["files"])
        return BulkIndex(payload["day"], payload["made_at"], payload["is_demo"], tuple(payload["sources"]), files)
    except (KeyError, TypeError) as error:
        raise ValueError(str(folder)) from error


def table_titles() -> dict[str, str]:
    """Name the tables in the language of the request."""
    return {name: _(words) for name, words in TITLES_OF.items()}


def _file(path: Path, table: str, media_type: str, scope: str, rows: int | None) -> BulkFile:
    return BulkFile(path.name, table, media_type, scope, path.stat().st_size, sha256_of(path), rows)


def _dictionary_rows(table: BulkTable) -> list[tuple[str, ...]]:
    """Describe the columns of a table by what the product itself says of them."""
    with use_language("en"):
        named = {each.code: each.terms() for each in TAXONOMIES}
        codes = {
            name: "; ".join(f"{code}: {_(words)}" for code, words in named[name].items())
            if name in named
            else "; ".join(sorted(VOCABULARIES[name]))
            for name in table.types
            if name != "service_type" and (name in named or name in VOCABULARIES)
        }
    return [(table.name, name, kind, table.meanings[name], codes.get(name, "")) for name, kind in table.types.items()]
