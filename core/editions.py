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
import re
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.differences import as_stored, difference
from core.errors import EditionError, UnknownCodeError
from core.exporting import write_csv
from core.home import Home, Published, sync, write_atomically
from core.i18n import _

try:
    import fcntl
except ImportError:  # Windows: there one person imports at a time, and the check in `publish` is all there is
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


KINDS = (
    "boundaries", "localities", "population", "atlas-rural", "atlas-urban", "communities",
    "organizations", "social", "education", "medical", "employment", "authorities", "roads",
)  # fmt: skip
REJECTS_FILE = "rejects.csv"
REGISTRIES = ("social", "education", "medical", "employment", "authorities")
_ABANDONED_S = 24 * 3600.0
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
            raise self._unreadable(error) from None
        return arrow.to_pandas()  # type: ignore[no-any-return]

    def layer(self, name: str) -> Any:
        """Read one of its tables as a GeoDataFrame."""
        import geopandas as gpd

        try:
            return gpd.read_parquet(self.folder / f"{name}.parquet")
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from None

    def tables(self) -> list[str]:
        """Return the names of its tables."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))

    def _unreadable(self, error: Exception) -> EditionError:
        return EditionError(
            _("Ediția {edition} ({kind}) nu poate fi citită: {why}").format(
                edition=self.manifest.edition, kind=self.manifest.kind, why=str(error)[:200]
            )
        )


@dataclass(frozen=True)
class EditionStore:
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
            raise _damaged(kind, name, error) from None
        return Edition(manifest, folder)

    def editions(self, kind: str) -> list[Edition]:
        """Return every published edition of a kind, newest import first."""
        return sorted(
            (self.edition(kind, n) for n in self._names(kind)), key=lambda e: e.manifest.imported_at, reverse=True
        )

    def prune(self, kind: str, *, keep: int = 5) -> list[str]:
        """Delete all but the newest `keep` editions of a kind, never the one in force; return their names."""
        now = self._current_name(kind)
        gone = [e for e in self.editions(kind)[keep:] if e.manifest.edition != now]
        for edition in gone:
            shutil.rmtree(edition.folder, ignore_errors=True)
        return [edition.manifest.edition for edition in gone]

    def state(self, kinds: Iterable[str] = KINDS) -> str:
        """Return a short text that changes whenever an edition (of these kinds) is published or brought back."""
        return ";".join(f"{kind}={self._current_name(kind) or ''}" for kind in kinds)

    def published_now(self) -> dict[str, Published]:
        """List what the folders hold now, for the record of a home whose version kept none."""
        return {
            kind: Published(name, tuple(sorted(self._names(kind))))
            for kind in KINDS
            if (name := self._current_name(kind))
        }

    def _names(self, kind: str) -> list[str]:
        folders = (path.parent.name for path in self._folder(kind).glob("*/manifest.json"))
        return [name for name in folders if not name.startswith(".")]

    def compared(
        self, manifest: Manifest, tables: Mapping[str, Any], *, key: str | None = None
    ) -> tuple[Manifest, dict[str, Any]]:
        """Count what a new state changes against the edition in force; writes nothing.

        tables: table name to DataFrame or GeoDataFrame, the main one first. With `key`, the column that
        identifies a row of the main table, the differing keys come back as the table `changes` (key, change,
        fields) and added, removed and changed are counted in the manifest.
        """
        manifest = replace(manifest, previous=self._current_name(manifest.kind))
        tables = dict(tables)
        if key is not None:
            main = next(iter(tables))
            changes = difference(self._before(manifest.kind, main), as_stored(tables[main]), key=key)
            counts = changes["change"].value_counts()
            added, removed, changed = (int(counts.get(c, 0)) for c in ("added", "removed", "changed"))
            manifest = replace(manifest, added=added, removed=removed, changed=changed)
            tables["changes"] = changes
        return manifest, tables

    def _before(self, kind: str, table: str) -> pd.DataFrame | None:
        # A damaged edition must not stand in the way of the one that replaces it: all rows are then new.
        try:
            return self.current_table(kind, table)
        except (EditionError, UnknownCodeError):
            return None

    def stage(self, manifest: Manifest, tables: Mapping[str, Any]) -> Edition:
        """Write an edition (as `compared` returned it) to the side, unseen by readers.

        A table `rejects` is written as CSV too, for the person who will mend the source.
        """
        side = self._folder(manifest.kind) / ".staged" / manifest.edition
        try:
            self._sweep(manifest.kind)
            side.mkdir(parents=True)
            for name, table in tables.items():
                table.to_parquet(side / f"{name}.parquet", index=False)
            if "rejects" in tables:
                write_csv(tables["rejects"], side / REJECTS_FILE)
            content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
            # Its parquet files are whole before the manifest, without which nobody takes it for an edition.
            for path in (*side.iterdir(), side):
                sync(path)
            write_atomically(side / "manifest.json", content.encode())
        except BaseException as error:
            shutil.rmtree(side, ignore_errors=True)
            if isinstance(error, (OSError, ValueError)):  # pyarrow's refusals of a value are ValueErrors
                raise EditionError(_("Ediția nu poate fi scrisă: {why}").format(why=str(error)[:200])) from error
            raise
        return Edition(manifest, side)

    def _sweep(self, kind: str) -> None:
        """Take away what writers that were killed left half written; what somebody is writing now is young."""
        oldest = time.time() - _ABANDONED_S
        for folder in (self._folder(kind) / ".staged").glob("*"):
            if not (folder / "manifest.json").exists() and folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)

    def staged(self, kind: str) -> list[Edition]:
        """Return the editions of a kind that wait for a decision."""
        found = []
        for path in sorted((self._folder(kind) / ".staged").glob("*/manifest.json")):
            try:
                found.append(Edition(_manifest_from(json.loads(path.read_text(encoding="utf-8"))), path.parent))
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise _damaged(kind, path.parent.name, error) from None
        return found

    def publish(self, staged: Edition) -> Edition:
        """Put a staged edition in force. One rename makes it whole, a second makes it current.

        Raises EditionError, and leaves the edition staged, where another one was published since it was
        compared, or where the disk refuses.
        """
        manifest = staged.manifest
        target = self._folder(manifest.kind) / manifest.edition
        with self._one_writer(manifest.kind):
            now = self._current_name(manifest.kind)
            if now != manifest.previous:
                raise EditionError(
                    _(
                        "Între timp a fost publicată altă ediție ({now}); comparați din nou înainte de publicare."
                    ).format(now=now)
                )
            try:
                staged.folder.replace(target)
            except OSError as error:
                raise _unpublished(error) from None
            try:
                sync(target.parent)
                self._point(manifest.kind, manifest.edition)
            except OSError as error:
                with suppress(OSError):
                    target.replace(staged.folder)
                raise _unpublished(error) from None
        return Edition(manifest, target)

    @contextmanager
    def _one_writer(self, kind: str) -> Iterator[None]:
        """Let one process or thread at a time look at what is in force and change it; the system frees a dead one's."""
        try:
            handle = (self._folder(kind) / ".lock").open("ab")
        except OSError as error:
            raise _unpublished(error) from None
        with handle:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def discard(self, staged: Edition) -> None:
        """Throw a staged edition away."""
        if staged.folder.parent.name == ".staged":
            shutil.rmtree(staged.folder, ignore_errors=True)

    def bring_back(self, kind: str, name: str) -> Edition:
        """Put an earlier edition in force again."""
        edition = self.edition(kind, name)
        with self._one_writer(kind):
            try:
                self._point(kind, name)
            except OSError as error:
                raise _unpublished(error) from None
        return edition

    def _point(self, kind: str, name: str) -> None:
        write_atomically(self._folder(kind) / "current", name.encode())

    def _current_name(self, kind: str) -> str | None:
        try:
            return (self._folder(kind) / "current").read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise _damaged(kind, "current", error) from None

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


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise UnknownCodeError(_("„{name}” nu este numele unei ediții.").format(name=name))
    return name


def _manifest_from(content: dict[str, Any]) -> Manifest:
    fields = dict(content)
    fields["source"] = Source(**fields["source"])
    fields["notes"] = tuple(fields.get("notes", ()))
    return Manifest(**fields)


def _damaged(kind: str, name: str, error: Exception) -> EditionError:
    return EditionError(
        _("Ediția {edition} ({kind}) este deteriorată: {why}").format(edition=name, kind=kind, why=str(error)[:200])
    )


def _unpublished(error: OSError) -> EditionError:
    return EditionError(_("Ediția nu poate fi publicată: {why}").format(why=error.strerror or error))
