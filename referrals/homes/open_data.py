"""A live home made of what is openly licensed and embedded (`harta init --open-data`), and what it still lacks.

Each embedded file is read by the reader of its kind, as a person's file would be, and becomes an edition with the
source and the day of its card. A kind that was imported already is left alone, so the command can be repeated, also
after it was killed; an edition that an earlier version embedded gives way to the newer one.
"""

from __future__ import annotations

import gzip
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext, number
from core.reading.curated_tables import FOLDER, read_rows
from core.storage.editions import EditionStore
from core.storage.import_kinds import KINDS
from core.storage.source_cards import card_beside, read_card, require_digest
from geo.gazetteer.gazetteer import load_gazetteer
from providers.imports.file_shaping import ReadRegister, read_file
from providers.imports.importing import prepare_shaped
from providers.rules.taxonomy import service_types
from providers.rules.wording import iso_day
from referrals.homes.demonstration import embedded_areas
from referrals.homes.publishing import log_import

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.storage.editions import Edition
    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer
    from providers.imports.prepared_edition import Prepared
    from providers.imports.reading_report import Shaped
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_OFFERS = FOLDER / "register_offers.csv"
_OFFER_COLUMNS = ("kind", "service_types", "title", "publisher", "url")
_MOST_UNZIPPED = 50_000_000  # bytes; the school network has 4 million


@dataclass(frozen=True)
class OpenEdition:
    """One embedded register of a home. is_new: imported now; else it, or a file of its own, was there."""

    kind: str
    title: str
    publisher: str
    licence: str
    as_of: str
    rows_loaded: int
    rows_rejected: int
    is_new: bool


@dataclass(frozen=True)
class MissingRegister:
    """What a home lacks, and who publishes it. service_types: those it would bring; empty = the whole kind."""

    kind: str
    service_types: tuple[str, ...]
    title: str
    publisher: str
    url: str

    def line(self) -> str:
        """Format it in one line."""
        publisher = _(self.publisher)
        where = f"{publisher}, {self.url}" if self.url else publisher
        return _("  {title} – {where}: „harta import {kind} FIȘIER”").format(
            title=_(self.title), where=where, kind=self.kind
        )


@dataclass(frozen=True)
class OpenDataReport:
    """What `add_open_data` did, and what is still missing."""

    editions: tuple[OpenEdition, ...]
    missing: tuple[MissingRegister, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON-ready data."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format the report in lines."""
        sentences = [_("Date deschise, incluse în program:")]
        for one in self.editions:
            rows = ngettext("{n} rând", "{n} rânduri", one.rows_loaded).format(n=number(one.rows_loaded))
            state = _("importat acum") if one.is_new else _("era deja")
            sentences.append(
                _("  {title}, la {day}: {rows} ({publisher}; {licence}) · {state}").format(
                    title=_(one.title), day=iso_day(one.as_of), rows=rows, publisher=one.publisher,
                    licence=one.licence or _("licență nespecificată"), state=state,
                )
            )  # fmt: skip
        return [*sentences, *missing_lines(self.missing)]


def missing_lines(missing: tuple[MissingRegister, ...]) -> list[str]:
    """Return in words what a home lacks and who publishes it, in lines; nothing where it lacks nothing."""
    if not missing:
        return []
    return ["", _("Lipsesc încă (ce nu este aici nu apare în răspunsuri):"), *(one.line() for one in missing)]


def add_open_data(home: Home, ledger: Ledger, *, actor: Actor, tell: Callable[[str], object] = str) -> OpenDataReport:
    """Import into a live home every embedded open register that it does not have.

    Parameters
    ----------
    home
        A live home.
    ledger
        Its ledger: each import is written in the audit log.
    actor
        Who does it.
    tell
        Called with a sentence about the file under way.

    Returns
    -------
    OpenDataReport
        Each embedded register with its source, day and rows, and what is still missing.

    Raises
    ------
    UnreadableFileError
        Where an embedded file is not what its card says.
    EditionError
        Where an edition cannot be written.
    """
    store = EditionStore(home)
    done = []
    for kind, row in KINDS.items():
        if (file := row.open_path) is None:
            continue
        now = store.current(kind)
        is_new = False
        if now is None or _is_superseded(now, file):
            is_new = True
            tell(_("Import datele deschise: {title}…").format(title=_(row.title)))
            # The places of one kind may be those of the kind before it: areas come first in the table.
            prepared = _prepared(home, kind, file, load_gazetteer(home))
            now = store.publish(store.stage(prepared.manifest, prepared.tables))
            log_import(home, ledger, kind, actor=actor)
        done.append(_open_edition(kind, now, is_new=is_new))
    return OpenDataReport(tuple(done), missing_registers(home))


def _open_edition(kind: str, edition: Edition, *, is_new: bool) -> OpenEdition:
    m = edition.manifest
    return OpenEdition(
        kind, m.source.title or KINDS[kind].title, m.source.publisher, m.source.licence, m.as_of, m.rows_loaded,
        m.rows_rejected, is_new,
    )  # fmt: skip


def _is_superseded(now: Edition, file: Path) -> bool:
    """Whether what is in force is what an earlier version embedded: the same file and source, other content."""
    card = read_card(card_beside(file))
    return (now.manifest.file, now.manifest.source.publisher) == (file.name, card.source.publisher) and (
        now.manifest.sha256 != card.sha256
    )


def _prepared(home: Home, kind: str, file: Path, gazetteer: Gazetteer) -> Prepared:
    require_digest(file, read_card(card_beside(file)))
    with tempfile.TemporaryDirectory(prefix="harta-") as folder:
        shaped = _shaped(kind, file, ReadRegister(Path(folder) / file.stem, None, home, gazetteer))
    return prepare_shaped(home, kind, file, shaped)


def _shaped(kind: str, file: Path, reading: ReadRegister) -> Shaped:
    if file.suffix == ".parquet":
        return embedded_areas(ReadRegister(file, None, reading.home, reading.gazetteer))
    if file.suffix == ".gz":
        with gzip.open(file) as packed:
            reading.path.write_bytes(packed.read(_MOST_UNZIPPED))
        return read_file(kind, reading)
    return read_file(kind, _stated_only(file, reading))


def _stated_only(file: Path, reading: ReadRegister) -> ReadRegister:
    """Leave out the rows whose figure is an estimate of ours: a live home shows what somebody published."""
    table = pd.read_csv(file, dtype="str", keep_default_na=False)
    path = reading.path.with_suffix(".csv")
    table[table["source"] != "estimate"].to_csv(path, index=False)
    return ReadRegister(path, None, reading.home, reading.gazetteer)


def missing_registers(home: Home) -> tuple[MissingRegister, ...]:
    """List what a home lacks, and who publishes it.

    A kind is lacking where it was never imported or where only a stand-in of the embedded data is there
    (approximate areas, populations of no census, contacts of town halls alone, communities named in public); with
    `service_types`, where no service of these is.
    """
    store = EditionStore(home)
    found = []
    types = service_types()
    for row in read_rows(_OFFERS, _OFFER_COLUMNS):
        kind = row.key("kind", KINDS, "import_kinds")
        wanted = row.keys("service_types", types, "service_types.csv")
        one = MissingRegister(kind, wanted, row.text("title"), row.text("publisher"), row.cells["url"])
        now = store.in_force(kind)
        if all(_lacks(each, wanted) if wanted else _is_stand_in(kind, each) for each in now):
            found.append(one)
    return tuple(found)


def _lacks(edition: Edition, wanted: tuple[str, ...]) -> bool:
    return not edition.table("services", ["service_type"])["service_type"].isin(wanted).any()


def _is_stand_in(kind: str, edition: Edition) -> bool:
    row = KINDS[kind]
    return edition.manifest.file in {path.name for path in (row.open_path, row.first_path) if path is not None}
