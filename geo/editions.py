"""Editions: one imported state of a registry or layer, immutable, on disk under HARTA_HOME/editions.

    editions/<kind>/<edition>/manifest.json, <table>.parquet …
    editions/<kind>/current                  the name of the edition in force

An edition is written to the side and renamed in place, then `current` is replaced; a reader sees the
edition before or the edition after, never a half. Staged editions wait under `.staged` until a person
has seen the difference and publishes or throws them away.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.errors import EditionError, UnknownCodeError
from geo.exporting import write_csv
from geo.home import Home, write_atomically
from geo.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

KINDS = (
    "boundaries", "localities", "population", "atlas-rural", "atlas-urban", "communities",
    "organizations", "social", "education", "medical", "employment", "authorities", "roads",
)  # fmt: skip
REJECTS_FILE = "rejects.csv"
REGISTRIES = ("social", "education", "medical", "employment", "authorities")
_NAME = re.compile(r"[0-9A-Za-z._-]+")


@dataclass(frozen=True)
class Source:
    """Where an edition comes from: what a source card says."""

    title: str
    publisher: str = ""
    url: str = ""
    licence: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Manifest:
    """What is known of an edition. `rows_read == rows_loaded + rows_rejected`, always.

    as_of is the day the data describe; imported_at the moment (UTC) they came in; sha256 the digest of the
    file read; added, removed and changed count keys against the edition that was in force before.
    """

    kind: str
    edition: str
    as_of: str
    imported_at: str
    source: Source
    file: str
    sha256: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    previous: str | None = None
    added: int = 0
    removed: int = 0
    changed: int = 0
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a count that loses a row."""
        if self.rows_read != self.rows_loaded + self.rows_rejected:
            raise EditionError(
                _("{kind}: {read} rânduri citite, dar {loaded} încărcate și {rejected} respinse.").format(
                    kind=self.kind, read=self.rows_read, loaded=self.rows_loaded, rejected=self.rows_rejected
                )
            )


@dataclass(frozen=True)
class Edition:
    """An edition on disk: its manifest and its folder of tables."""

    manifest: Manifest
    folder: Path

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read one of its tables without geometry types (WKB stays bytes): quick, no geopandas."""
        import pyarrow.parquet as pq

        try:
            arrow = pq.read_table(self.folder / f"{name}.parquet", columns=columns)
        except (OSError, ValueError) as error:
            raise EditionError(
                _("Ediția {edition} ({kind}) nu poate fi citită: {why}").format(
                    edition=self.manifest.edition, kind=self.manifest.kind, why=str(error)[:200]
                )
            ) from None
        return arrow.to_pandas()  # type: ignore[no-any-return]

    def layer(self, name: str) -> Any:
        """Read one of its tables as a GeoDataFrame."""
        import geopandas as gpd

        return gpd.read_parquet(self.folder / f"{name}.parquet")


@dataclass(frozen=True)
class Store:
    """The editions of a home."""

    home: Home

    def current(self, kind: str) -> Edition | None:
        """Return the edition in force, None where the kind was never imported."""
        name = self._current_name(kind)
        return self.edition(kind, name) if name else None

    def current_table(self, kind: str, table: str, columns: list[str] | None = None) -> pd.DataFrame | None:
        """Return a table of the edition in force, None where there is none."""
        edition = self.current(kind)
        return edition.table(table, columns) if edition else None

    def edition(self, kind: str, name: str) -> Edition:
        """Return one edition by name; UnknownCodeError where there is none."""
        folder = self._folder(kind) / _checked(name)
        try:
            manifest = _manifest_from(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise UnknownCodeError(_("Nu există ediția {edition} ({kind}).").format(edition=name, kind=kind)) from None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise EditionError(
                _("Ediția {edition} ({kind}) este deteriorată: {why}").format(edition=name, kind=kind, why=error)
            ) from None
        return Edition(manifest, folder)

    def editions(self, kind: str) -> list[Edition]:
        """Return every published edition of a kind, newest import first."""
        folder = self._folder(kind)
        names = [p.parent.name for p in folder.glob("*/manifest.json") if not p.parent.name.startswith(".")]
        return sorted((self.edition(kind, n) for n in names), key=lambda e: e.manifest.imported_at, reverse=True)

    def prune(self, kind: str, *, keep: int = 5) -> list[str]:
        """Delete all but the newest `keep` editions of a kind, never the one in force; return their names."""
        now = self._current_name(kind)
        gone = [e for e in self.editions(kind)[keep:] if e.manifest.edition != now]
        for edition in gone:
            shutil.rmtree(edition.folder, ignore_errors=True)
        return [edition.manifest.edition for edition in gone]

    def state(self) -> str:
        """Return a short text that changes whenever an edition is published or brought back."""
        return ";".join(f"{kind}={self._current_name(kind) or ''}" for kind in KINDS)

    def compared(
        self, manifest: Manifest, tables: Mapping[str, Any], *, key: str | None = None
    ) -> tuple[Manifest, dict[str, Any]]:
        """Count what a new state changes against the edition in force; writes nothing.

        tables: table name to DataFrame or GeoDataFrame, the main one first. With `key`, the column that
        identifies a row of the main table, the differing keys come back as the table `changes` (key, change,
        fields) and added, removed and changed are counted in the manifest.
        """
        before = self.current(manifest.kind)
        manifest = replace(manifest, previous=before.manifest.edition if before else None)
        tables = dict(tables)
        if key is not None:
            main = next(iter(tables))
            changes = difference(before.table(main) if before else None, _plain(tables[main]), key=key)
            counts = changes["change"].value_counts()
            added, removed, changed = (int(counts.get(c, 0)) for c in ("added", "removed", "changed"))
            manifest = replace(manifest, added=added, removed=removed, changed=changed)
            tables["changes"] = changes
        return manifest, tables

    def stage(self, manifest: Manifest, tables: Mapping[str, Any]) -> Edition:
        """Write an edition (as `compared` returned it) to the side, unseen by readers.

        A table `rejects` is written as CSV too, for the person who will mend the source.
        """
        side = self._folder(manifest.kind) / ".staged" / manifest.edition
        shutil.rmtree(side, ignore_errors=True)
        try:
            side.mkdir(parents=True)
            for name, table in tables.items():
                table.to_parquet(side / f"{name}.parquet", index=False)
            if "rejects" in tables:
                write_csv(tables["rejects"], side / REJECTS_FILE)
            content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
            (side / "manifest.json").write_text(content, encoding="utf-8")
            for path in (*side.iterdir(), side):
                _sync(path)
        except OSError as error:
            shutil.rmtree(side, ignore_errors=True)
            raise EditionError(_("Ediția nu poate fi scrisă: {why}").format(why=error)) from None
        return Edition(manifest, side)

    def staged(self, kind: str) -> list[Edition]:
        """Return the editions of a kind that wait for a decision."""
        return [
            Edition(_manifest_from(json.loads(path.read_text(encoding="utf-8"))), path.parent)
            for path in sorted((self._folder(kind) / ".staged").glob("*/manifest.json"))
        ]

    def publish(self, staged: Edition) -> Edition:
        """Put a staged edition in force. One rename makes it whole, a second makes it current."""
        manifest = staged.manifest
        now = self._current_name(manifest.kind)
        if now != manifest.previous:
            raise EditionError(
                _("Între timp a fost publicată altă ediție ({now}); comparați din nou înainte de publicare.").format(
                    now=now
                )
            )
        target = self._folder(manifest.kind) / manifest.edition
        try:
            staged.folder.replace(target)
            self._point(manifest.kind, manifest.edition)
        except OSError as error:
            raise EditionError(_("Ediția nu poate fi publicată: {why}").format(why=error)) from None
        return Edition(manifest, target)

    def discard(self, staged: Edition) -> None:
        """Throw a staged edition away."""
        if staged.folder.parent.name == ".staged":
            shutil.rmtree(staged.folder, ignore_errors=True)

    def bring_back(self, kind: str, name: str) -> Edition:
        """Put an earlier edition in force again."""
        edition = self.edition(kind, name)
        self._point(kind, name)
        return edition

    def _point(self, kind: str, name: str) -> None:
        write_atomically(self._folder(kind) / "current", name.encode())

    def _current_name(self, kind: str) -> str | None:
        try:
            return (self._folder(kind) / "current").read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def _folder(self, kind: str) -> Path:
        return self.home.editions / self._checked_kind(kind)

    @staticmethod
    def _checked_kind(kind: str) -> str:
        if kind not in KINDS:
            raise UnknownCodeError(
                _("Nu cunosc felul „{kind}”. Alegeți unul dintre: {kinds}.").format(kind=kind, kinds=", ".join(KINDS))
            )
        return kind


def edition_name(as_of: str, sha256: str, imported_at: dt.datetime | None = None) -> str:
    """Make the name of an edition: its day, the moment of import, the first of its digest."""
    moment = imported_at or dt.datetime.now(dt.UTC)
    return f"{as_of}.{moment:%Y%m%dT%H%M%S%f}.{sha256[:8]}"


def difference(before: pd.DataFrame | None, after: pd.DataFrame, *, key: str) -> pd.DataFrame:
    """Compare two states of a table by key.

    Returns one row per differing key: `key`, `change` (added, removed, changed) and `fields` (which columns
    changed, `;` between them). `source_row` is where a row stood, not what it says, and does not count.
    """
    after = after.set_index(key)
    old = after.iloc[:0] if before is None else before.set_index(key)
    added = after.index.difference(old.index)
    removed = old.index.difference(after.index)
    both = after.index.intersection(old.index)
    columns = [c for c in after.columns if c != "source_row"]
    fields = pd.Series("", index=both, dtype="object")
    for column in columns:
        was = _comparable(old.loc[both, column]) if column in old.columns else np.full(len(both), None)
        differs = np.asarray(_comparable(after.loc[both, column]) != was, dtype=bool)
        fields[differs] = fields[differs].map(lambda text, c=column: f"{text};{c}".strip(";"))
    changed = fields[fields != ""]
    return pd.DataFrame(
        {
            "key": [str(k) for k in (*added, *removed, *changed.index)],
            "change": ["added"] * len(added) + ["removed"] * len(removed) + ["changed"] * len(changed),
            "fields": [""] * (len(added) + len(removed)) + list(changed),
        }
    )


def _comparable(column: pd.Series[Any]) -> NDArray[np.object_]:
    values = column.astype("object").to_numpy(copy=True)
    values[column.isna().to_numpy()] = None  # NA, NaN and NaT say the same: nothing
    return values


def _plain(table: Any) -> pd.DataFrame:
    """Give the table as it will be read back: shapes as WKB, as the file has them."""
    plain: pd.DataFrame = table.to_wkb() if hasattr(table, "to_wkb") else table
    return plain


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise UnknownCodeError(_("„{name}” nu este numele unei ediții.").format(name=name))
    return name


def _manifest_from(content: dict[str, Any]) -> Manifest:
    fields = dict(content)
    fields["source"] = Source(**fields["source"])
    fields["notes"] = tuple(fields.get("notes", ()))
    return Manifest(**fields)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
