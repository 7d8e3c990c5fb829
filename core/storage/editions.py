"""Editions: one imported state of a registry or layer, immutable, on disk under HARTA_HOME/editions.

    editions/<kind>/<edition>/manifest.json, <table>.parquet …
    editions/<kind>/current                  the name of the edition in force

Each file's sha256 stands in the manifest and is compared when the file is read. The home's record
(`home.json`) says what was published, so that an edition or a pointer that is lost is a fault, never an
empty register.

An edition is written to the side and renamed in place, then `current` is replaced; a reader sees the
edition before or the edition after, never a half. Staged editions wait under `.staged` until a person
has seen the difference and publishes or throws them away.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import EditionError, UnknownCodeError
from core.exporting import write_csv
from core.i18n import _
from core.storage.differences import as_stored, difference
from core.storage.digests import file_sha256, fresh_sha256
from core.storage.home import Home, PublishedEditions, locked, make_private_folder, sync, write_atomically
from core.storage.import_kinds import KINDS
from core.storage.manifest import FILE, Manifest, Source, manifest_bytes, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.storage.home import HomeRecord


__all__ = ["REJECTS_FILE", "Edition", "EditionStore", "Manifest", "Source", "edition_name"]

REJECTS_FILE = "rejects.csv"
CURRENT_FILE = "current"
_ABANDONED_S = 24 * 3600.0
_PRUNED = ".pruned-"
_NAME = re.compile(r"[0-9A-Za-z._-]+")


@dataclass(frozen=True)
class Edition:
    """An edition on disk.

    Attributes
    ----------
    manifest
        What is known of it.
    folder
        Where its tables are; each is checked against its digest when it is read.
    """

    manifest: Manifest
    folder: Path

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read one of its tables without geometry types (WKB stays bytes): quick, no geopandas.

        Raises EditionError where the file is not what was written, or cannot be read.
        """
        import pyarrow.parquet as pq

        self.require_unchanged(f"{name}.parquet")
        try:
            arrow = pq.read_table(self.folder / f"{name}.parquet", columns=columns)
        except (OSError, ValueError) as error:
            raise self._unreadable_error(error) from None
        return arrow.to_pandas()  # type: ignore[no-any-return]

    def layer(self, name: str) -> Any:
        """Read one of its tables as a GeoDataFrame; raises as `table` does."""
        import geopandas as gpd

        self.require_unchanged(f"{name}.parquet")
        try:
            return gpd.read_parquet(self.folder / f"{name}.parquet")
        except (OSError, ValueError) as error:
            raise self._unreadable_error(error) from None

    def tables(self) -> list[str]:
        """Return the names of its tables."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))

    @property
    def has_digests(self) -> bool:
        """Whether its manifest says what each file was when it was written; not so in earlier versions."""
        return bool(self.manifest.digests)

    def require_unchanged(self, file: str) -> None:
        """Raise EditionError where one of its files is not the one that was written, by the manifest's digest.

        Computed once per process and change of the file. An edition without digests is taken as it is.
        """
        if not self.has_digests:
            return
        path = self.folder / file
        try:
            found = file_sha256(path)
        except OSError as error:
            raise self._unreadable_error(error) from None
        if found != self.manifest.digests.get(file):
            raise self._changed_error(file)

    def faults(self) -> list[str]:
        """Compute every digest from the disk; say in words each file that is changed, gone or was added."""
        said = []
        there = {path.name for path in self.folder.iterdir() if path.name != FILE}
        for file, digest in self.manifest.digests.items():
            try:
                if fresh_sha256(self.folder / file) != digest:
                    said.append(str(self._changed_error(file)))
            except OSError as error:
                said.append(str(self._unreadable_error(error)))
        if self.has_digests and (more := sorted(there - set(self.manifest.digests))):
            said.append(
                _("Ediția {edition} ({kind}) are fișiere pe care nu le-a scris nimeni la import: {files}.").format(
                    edition=self.manifest.edition, kind=self.manifest.kind, files=", ".join(more)
                )
            )
        return said

    def _changed_error(self, file: str) -> EditionError:
        return EditionError(
            _(
                "Ediția {edition} ({kind}) este deteriorată: {file} nu mai este cum a fost scris la import (suma de "
                "control diferă). Puneți la loc fișierul dintr-o copie, sau importați din nou sursa."
            ).format(edition=self.manifest.edition, kind=self.manifest.kind, file=file)
        )

    def _unreadable_error(self, error: Exception) -> EditionError:
        why = str(error)[:200]
        if isinstance(error, FileNotFoundError) and error.filename:
            why = _("fișierul {file} lipsește").format(file=Path(error.filename).name)
        return EditionError(
            _("Ediția {edition} ({kind}) nu poate fi citită: {why}").format(
                edition=self.manifest.edition, kind=self.manifest.kind, why=why
            )
        )


@dataclass(frozen=True)
class EditionStore:
    """The editions of a home: read, staged, put in force, pruned.

    Attributes
    ----------
    home
        The home.
    """

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
            return _edition_in(folder, kind)
        except FileNotFoundError:
            raise UnknownCodeError(_("Nu există ediția {edition} ({kind}).").format(edition=name, kind=kind)) from None

    def editions(self, kind: str) -> list[Edition]:
        """Return every published edition of a kind, newest import first."""
        return sorted(
            (self.edition(kind, n) for n in self.names(kind)), key=lambda e: e.manifest.imported_at, reverse=True
        )

    def prune(self, kind: str, *, keep: int = 2) -> list[str]:
        """Delete old editions of a kind; return their names, newest first.

        keep: how many stay (at least 1): the one in force, the one that it replaced, then the newest. Those that
        wait and were compared with one that is no longer in force go too, after a day: nobody can publish them.
        """
        if not self._folder(kind).is_dir():
            return []
        with self._one_writer(kind):
            now = self._current_name(kind)
            every = self.editions(kind)
            before = next((e.manifest.previous for e in every if e.manifest.edition == now), None)
            first = (now, before)
            ranked = sorted(every, key=lambda e: first.index(e.manifest.edition) if e.manifest.edition in first else 2)
            gone = [e for e in every if e in ranked[max(keep, 1) :] and e.manifest.edition != now]
            oldest = time.time() - _ABANDONED_S
            stale = [e for e in self.staged(kind) if e.manifest.previous != now and _written(e.folder) < oldest]
            self._record(kind, now, without=[edition.manifest.edition for edition in gone])
            for edition in (*gone, *stale):
                self._delete(edition.folder, kind)
            for folder in self._folder(kind).glob(f"{_PRUNED}*"):  # what a killed run left
                shutil.rmtree(folder, ignore_errors=True)
        return [edition.manifest.edition for edition in (*gone, *stale)]

    def _delete(self, folder: Path, kind: str) -> None:
        """Delete the folder of an edition: renamed first, so that nobody sees a half of it."""
        aside = self._folder(kind) / f"{_PRUNED}{folder.name}"
        try:
            folder.replace(aside)
        except OSError as error:
            raise EditionError(
                _("Ediția {edition} ({kind}) nu poate fi ștearsă: {why}").format(
                    edition=folder.name, kind=kind, why=error.strerror or error
                )
            ) from None
        shutil.rmtree(aside, ignore_errors=True)

    def state(self, kinds: Iterable[str] = KINDS) -> str:
        """Return a short text that changes whenever an edition (of these kinds) is published or brought back."""
        names = {kind: self._pointer(kind) for kind in kinds}
        if not all(names.values()):  # the record is read once for all kinds: this is asked at every question
            recorded = self.home.record().published or {}
            names = {
                kind: name or (self._current_name(kind) if kind in recorded else "") for kind, name in names.items()
            }
        return ";".join(f"{kind}={name}" for kind, name in names.items())

    def published_now(self) -> dict[str, PublishedEditions]:
        """List what the folders hold now, for the record of a home whose version kept none."""
        found = {}
        for kind in KINDS:
            try:
                name = self._pointer(kind)
            except EditionError:
                name = ""  # damaged: something was in force, and whoever asks for it is told
            if name is not None:
                found[kind] = PublishedEditions(name, tuple(sorted(self.names(kind))))
        return found

    def names(self, kind: str) -> list[str]:
        """Return the names of the editions of a kind that are there, published or half published; none is read."""
        folders = (path.parent.name for path in self._folder(kind).glob(f"*/{FILE}"))
        return [name for name in folders if not name.startswith(".")]

    def compared(
        self, manifest: Manifest, tables: Mapping[str, Any], *, key: str | None = None
    ) -> tuple[Manifest, dict[str, Any]]:
        """Count what a new state changes against the edition in force; writes nothing.

        tables: table name to DataFrame or GeoDataFrame, the main one first. With `key`, the column that
        identifies a row of the main table, the differing keys come back as the table `changes` (key, change,
        fields) and added, removed and changed are counted in the manifest.
        """
        manifest = replace(manifest, previous=self._replaceable(manifest.kind))
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
            make_private_folder(side)
            for name, table in tables.items():
                table.to_parquet(side / f"{name}.parquet", index=False)
            if "rejects" in tables:
                write_csv(tables["rejects"], side / REJECTS_FILE)
            # Its parquet files are whole before the manifest, without which nobody takes it for an edition.
            files = sorted(side.iterdir())
            for path in files:
                path.chmod(0o600)
            for path in (*files, side):
                sync(path)
            manifest = replace(manifest, digests={path.name: fresh_sha256(path) for path in files})
            write_atomically(side / FILE, manifest_bytes(manifest), is_private=True)
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
            if not (folder / FILE).exists() and folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)

    def staged(self, kind: str) -> list[Edition]:
        """Return the editions of a kind that wait for a decision."""
        return [_edition_in(path.parent, kind) for path in sorted((self._folder(kind) / ".staged").glob(f"*/{FILE}"))]

    def publish(self, staged: Edition) -> Edition:
        """Put a staged edition in force. One rename makes it whole, a second makes it current.

        Raises EditionError, and leaves the edition staged, where another one was published since it was
        compared, or where the disk refuses.
        """
        manifest = staged.manifest
        target = self._folder(manifest.kind) / manifest.edition
        for file in manifest.digests:
            staged.require_unchanged(file)
        with self._one_writer(manifest.kind):
            now = self._replaceable(manifest.kind)
            if now != manifest.previous:
                raise EditionError(
                    _(
                        "Între timp a fost publicată altă ediție ({now}); comparați din nou înainte de publicare."
                    ).format(now=now)
                )
            try:
                staged.folder.replace(target)
            except OSError as error:
                raise _unpublished_error(error) from None
            try:
                sync(target.parent)
                self._point(manifest.kind, manifest.edition)
            except OSError as error:
                with suppress(OSError):
                    target.replace(staged.folder)
                raise _unpublished_error(error) from None
            self._record(manifest.kind, manifest.edition)
        return Edition(manifest, target)

    @contextmanager
    def _one_writer(self, kind: str) -> Iterator[None]:
        """Let one process or thread at a time look at what is in force and change it; the system frees a dead one's."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self._folder(kind) / ".lock"))
            except OSError as error:
                raise _unpublished_error(error) from None
            yield

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Let nobody publish, bring back or prune an edition while the block runs."""
        with ExitStack() as stack:
            for kind in KINDS:
                if self._folder(kind).is_dir():
                    stack.enter_context(self._one_writer(kind))
            yield

    def discard(self, staged: Edition) -> None:
        """Throw a staged edition away."""
        if staged.folder.parent.name == ".staged":
            shutil.rmtree(staged.folder, ignore_errors=True)

    def bring_back(self, kind: str, name: str) -> Edition:
        """Put an earlier edition in force again."""
        edition = self.edition(kind, name)
        for file in edition.manifest.digests:
            edition.require_unchanged(file)
        with self._one_writer(kind):
            try:
                self._point(kind, name)
            except OSError as error:
                raise _unpublished_error(error) from None
            self._record(kind, name)
        return edition

    def point_again(self) -> list[str]:
        """Put back each `current` that was lost while the edition it named is there and whole; return the kinds."""
        mended = []
        for kind, said in (self.home.record().published or {}).items():
            try:
                if kind in KINDS and not self._pointer(kind) and not self.edition(kind, said.current).faults():
                    self.bring_back(kind, said.current)
                    mended.append(kind)
            except (EditionError, UnknownCodeError):
                continue  # it stays the fault that it is
        return mended

    def record_again(self) -> None:
        """Let the record say what is there now, of each kind whose edition in force is there; the others stay lost."""
        for kind in KINDS:
            try:
                now = self.current(kind)
            except (EditionError, UnknownCodeError):
                continue
            if now is not None:
                recorded = (self.home.record().published or {}).get(kind)
                lost = set(recorded.editions if recorded else ()) - set(self.names(kind))
                self._record(kind, now.manifest.edition, without=lost)

    def complete(self) -> list[str]:
        """Add digests to the manifests of an earlier version, of the files as they are now; return which."""
        done = []
        for kind in KINDS:
            for edition in self.editions(kind):
                if not edition.has_digests:
                    files = sorted(path for path in edition.folder.iterdir() if path.name != FILE)
                    whole = replace(edition.manifest, digests={path.name: fresh_sha256(path) for path in files})
                    write_atomically(edition.folder / FILE, manifest_bytes(whole), is_private=True)
                    done.append(edition.manifest.edition)
        return done

    def _point(self, kind: str, name: str) -> None:
        write_atomically(self._folder(kind) / CURRENT_FILE, name.encode(), is_private=True)

    def _record(self, kind: str, current: str | None, *, without: Iterable[str] = ()) -> None:
        """Write in the home's record what is in force and which editions there are, so that a loss shows."""

        def recorded(record: HomeRecord) -> HomeRecord:
            if record.published is None or current is None:
                return record  # a home of an earlier version gets its record when its ledger is opened
            known = record.published[kind].editions if kind in record.published else ()
            editions = {*known, *self.names(kind), current} - set(without)
            return replace(
                record, published={**record.published, kind: PublishedEditions(current, tuple(sorted(editions)))}
            )

        with suppress(OSError):  # it is published already; the next publishing, or `harta init`, writes it
            self.home.change_record(recorded)

    def _current_name(self, kind: str) -> str | None:
        """Return the edition in force, None where none ever was; EditionError where one was and is lost."""
        name = self._pointer(kind)
        said = None if name else (self.home.record().published or {}).get(kind)
        if said is None:
            return name
        raise EditionError(
            _(
                "{kind}: ediția {edition} a fost publicată, dar fișierul {file}, care spune ce ediție este în vigoare, "
                "nu mai este. Puneți-l la loc dintr-o copie; dacă ediția este întreagă, „harta init” (sau „harta "
                "demo”) îl pune la loc; altfel importați din nou."
            ).format(kind=kind, edition=said.current, file=f"editions/{kind}/{CURRENT_FILE}")
        )

    def _replaceable(self, kind: str) -> str | None:
        """Return the edition in force; None also where it is lost: that must not stand in the way of the next."""
        try:
            return self._current_name(kind)
        except EditionError:
            return None

    def _pointer(self, kind: str) -> str | None:
        """Read `current`; None where there is no such file."""
        try:
            name = (self._folder(kind) / CURRENT_FILE).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise _damaged_error(kind, CURRENT_FILE, error) from None
        if not name:
            raise _damaged_error(kind, CURRENT_FILE, ValueError(_("fișierul este gol")))
        return name

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
    """Make the name of an edition: its day, the moment of import, the first of its digest.

    Parameters
    ----------
    as_of
        Day that the data are of, ISO.
    sha256
        Digest of the file read.
    imported_at
        The moment, UTC; None = now.

    Returns
    -------
    str
        Names sort as editions came in, day by day.
    """
    moment = imported_at or dt.datetime.now(dt.UTC)
    return f"{as_of}.{moment:%Y%m%dT%H%M%S%f}.{sha256[:8]}"


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise UnknownCodeError(_("„{name}” nu este numele unei ediții.").format(name=name))
    return name


def _written(folder: Path) -> float:
    """When an edition was written whole, in seconds since 1970."""
    return (folder / FILE).stat().st_mtime


def _edition_in(folder: Path, kind: str) -> Edition:
    """Read an edition; FileNotFoundError where the folder has no manifest, EditionError where it is damaged."""
    try:
        manifest = read_manifest(folder)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged_error(kind, folder.name, error) from None
    if (manifest.kind, manifest.edition) != (kind, folder.name):
        raise _damaged_error(kind, folder.name, ValueError(_("manifestul este al altei ediții")))
    return Edition(manifest, folder)


def _damaged_error(kind: str, name: str, error: Exception) -> EditionError:
    return EditionError(
        _("Ediția {edition} ({kind}) este deteriorată: {why}").format(edition=name, kind=kind, why=str(error)[:200])
    )


def _unpublished_error(error: OSError) -> EditionError:
    return EditionError(_("Ediția nu poate fi publicată: {why}").format(why=error.strerror or error))
