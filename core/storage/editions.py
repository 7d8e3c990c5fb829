"""Editions: one imported state of a registry or layer, immutable, on disk under HARTA_HOME/editions.

    editions/<slot>/<edition>/manifest.json, <table>.parquet …
    editions/<slot>/current                  the name of the edition in force

A slot is a layer's kind (`population`) or one source of a registry (`social/mmps`): a registry has several sources
at once, each with its own editions. A kind of a registry in place of a slot means its default source. A source that
was withdrawn keeps its editions: `current` says `withdrawn NAME`, and nothing of it is in force.

Each file's sha256 stands in the manifest and is compared when the file is read. What is in force, and what the home
remembers of it, is `edition_pointers.py`.

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
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import EditionError, UnknownCodeError
from core.exporting import write_csv
from core.i18n import _
from core.storage.differences import as_stored, difference
from core.storage.edition import Edition, edition_in
from core.storage.edition_pointers import WITHDRAWN, EditionPointers, unpublished_error
from core.storage.file_stamps import fresh_sha256
from core.storage.home import locked, make_private_folder, sync, write_atomically
from core.storage.import_kinds import KINDS, in_slot, slot_of
from core.storage.manifest import FILE, Manifest, Source, manifest_bytes
from core.storage.service_ids import with_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


__all__ = ["REJECTS_FILE", "Edition", "EditionStore", "Manifest", "Source", "edition_name"]

REJECTS_FILE = "rejects.csv"
_ABANDONED_S = 24 * 3600.0
_PRUNED = ".pruned-"
_NAME = re.compile(r"[0-9A-Za-z._-]+")


@dataclass(frozen=True)
class EditionStore(EditionPointers):
    """The editions of a home: read, staged, put in force, pruned."""

    def current(self, slot: str) -> Edition | None:
        """Return the edition in force, None where nothing was imported there, or its source was withdrawn."""
        name = self._current_name(slot)
        return self.edition(slot, name) if name else None

    def current_table(self, slot: str, table: str, columns: list[str] | None = None) -> pd.DataFrame | None:
        """Return a table of the edition in force, None where there is none."""
        edition = self.current(slot)
        return edition.table(table, columns) if edition else None

    def in_force(self, kind: str) -> list[Edition]:
        """Return the editions in force of a kind: of a registry one a source."""
        found = (self.current(slot) for slot in self.slots(kind))
        return [edition for edition in found if edition is not None]

    def edition(self, slot: str, name: str) -> Edition:
        """Return one edition by name; UnknownCodeError where there is none."""
        folder = self._folder(slot) / _checked(name)
        try:
            return edition_in(folder, self._checked_slot(slot))
        except FileNotFoundError:
            raise UnknownCodeError(_("Nu există ediția {edition} ({kind}).").format(edition=name, kind=slot)) from None

    def editions(self, slot: str) -> list[Edition]:
        """Return every published edition of a slot, newest import first."""
        return sorted(
            (self.edition(slot, n) for n in self.names(slot)), key=lambda e: e.manifest.imported_at, reverse=True
        )

    def prune(self, slot: str, *, keep: int = 2) -> list[str]:
        """Delete old editions of a slot; return their names, newest first.

        keep: how many stay (at least 1): the one in force, the one that it replaced, then the newest. Those that
        wait and were compared with one that is no longer in force go too, after a day: nobody can publish them. Of a
        kind that keeps all, only those that wait go.
        """
        if not self._folder(slot).is_dir():
            return []
        with self._one_writer(slot):
            now = self._latest_name(slot)
            every = self.editions(slot)
            before = next((e.manifest.previous for e in every if e.manifest.edition == now), None)
            first = (now, before)
            ranked = sorted(every, key=lambda e: first.index(e.manifest.edition) if e.manifest.edition in first else 2)
            keep = len(every) if KINDS[in_slot(slot)[0]].keeps_all else max(keep, 1)
            gone = [e for e in every if e in ranked[keep:] and e.manifest.edition != now]
            oldest = time.time() - _ABANDONED_S
            stale = [e for e in self.staged(slot) if e.manifest.previous != now and _written(e.folder) < oldest]
            self._record(slot, without=[edition.manifest.edition for edition in gone])
            for edition in (*gone, *stale):
                self._delete(edition.folder, slot)
            for folder in self._folder(slot).glob(f"{_PRUNED}*"):  # what a killed run left
                shutil.rmtree(folder, ignore_errors=True)
        return [edition.manifest.edition for edition in (*gone, *stale)]

    def _delete(self, folder: Path, slot: str) -> None:
        """Delete the folder of an edition: renamed first, so that nobody sees a half of it."""
        aside = self._folder(slot) / f"{_PRUNED}{folder.name}"
        try:
            folder.replace(aside)
        except OSError as error:
            raise EditionError(
                _("Ediția {edition} ({kind}) nu poate fi ștearsă: {why}").format(
                    edition=folder.name, kind=slot, why=error.strerror or error
                )
            ) from None
        shutil.rmtree(aside, ignore_errors=True)

    def compared(
        self, manifest: Manifest, tables: Mapping[str, Any], *, key: str | None = None
    ) -> tuple[Manifest, dict[str, Any]]:
        """Count what a new state changes against the edition in force; writes nothing.

        tables: table name to DataFrame or GeoDataFrame, the main one first. With `key`, the column that
        identifies a row of the main table, the differing keys come back as the table `changes` (key, change,
        fields) and added, removed and changed are counted in the manifest.
        """
        kind, source = in_slot(slot_of(manifest.kind, manifest.source_name))
        slot = slot_of(kind, source)
        manifest = replace(manifest, previous=self._replaceable(slot), source_name=source)
        tables = dict(tables)
        if key is not None:
            main = next(iter(tables))
            if KINDS[kind].registry:
                table = tables[main]
                ids = with_source(table["service_id"], KINDS[kind].registry, source)
                tables[main] = table.assign(service_id=ids)
            changes = difference(self.last_table(slot, main), as_stored(tables[main]), key=key)
            counts = changes["change"].value_counts()
            added, removed, changed = (int(counts.get(c, 0)) for c in ("added", "removed", "changed"))
            manifest = replace(manifest, added=added, removed=removed, changed=changed)
            tables["changes"] = changes
        return manifest, tables

    def last_table(self, slot: str, table: str) -> pd.DataFrame | None:
        """Return a table of the latest edition, with which the next is compared; None where there is none to read.

        A damaged edition must not stand in the way of the one that replaces it: all rows are then new.
        """
        try:
            before = self.latest_edition(slot)
            return before.table(table) if before and table in before.tables() else None
        except (EditionError, UnknownCodeError):
            return None

    def stage(self, manifest: Manifest, tables: Mapping[str, Any]) -> Edition:
        """Write an edition (as `compared` returned it) to the side, unseen by readers.

        A table `rejects` is written as CSV too, for the person who will mend the source; a numpy array as `.npy`,
        which processes map into memory (`Edition.array`).
        """
        slot = slot_of(manifest.kind, manifest.source_name)
        manifest = replace(manifest, source_name=in_slot(slot)[1])
        side = self._folder(slot) / ".staged" / manifest.edition
        try:
            self._sweep(slot)
            make_private_folder(side)
            for name, table in tables.items():
                if isinstance(table, np.ndarray):
                    np.save(side / f"{name}.npy", table)
                else:
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

    def _sweep(self, slot: str) -> None:
        """Take away what writers that were killed left half written; what somebody is writing now is young."""
        oldest = time.time() - _ABANDONED_S
        for folder in (self._folder(slot) / ".staged").glob("*"):
            if not (folder / FILE).exists() and folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)

    def staged(self, slot: str) -> list[Edition]:
        """Return the editions of a slot that wait for a decision."""
        slot = self._checked_slot(slot)
        return [edition_in(path.parent, slot) for path in sorted((self._folder(slot) / ".staged").glob(f"*/{FILE}"))]

    def publish(self, staged: Edition) -> Edition:
        """Put a staged edition in force. One rename makes it whole, a second makes it current.

        Raises EditionError, and leaves the edition staged, where another one was published since it was
        compared, or where the disk refuses.
        """
        manifest, slot = staged.manifest, staged.slot
        target = self._folder(slot) / manifest.edition
        for file in manifest.digests:
            staged.require_unchanged(file)
        with self._one_writer(slot):
            now = self._replaceable(slot)
            if now != manifest.previous:
                raise EditionError(
                    _(
                        "Între timp a fost publicată altă ediție ({now}); comparați din nou înainte de publicare."
                    ).format(now=now)
                )
            try:
                staged.folder.replace(target)
            except OSError as error:
                raise unpublished_error(error) from None
            try:
                sync(target.parent)
                self._point(slot, manifest.edition)
            except OSError as error:
                with suppress(OSError):
                    target.replace(staged.folder)
                raise unpublished_error(error) from None
            self._record(slot)
        return Edition(manifest, target)

    def discard(self, staged: Edition) -> None:
        """Throw a staged edition away."""
        if staged.folder.parent.name == ".staged":
            shutil.rmtree(staged.folder, ignore_errors=True)

    def bring_back(self, slot: str, name: str) -> Edition:
        """Put an earlier edition in force again."""
        edition = self.edition(slot, name)
        for file in edition.manifest.digests:
            edition.require_unchanged(file)
        with self._one_writer(slot):
            self._point_or_refuse(slot, name)
        return edition

    def withdraw(self, slot: str) -> Edition | None:
        """Take a source out of force, its editions kept; return the one that was in force, None where none was."""
        with self._one_writer(slot):
            now = self.current(slot)
            if now is not None:
                self._point_or_refuse(slot, WITHDRAWN + now.manifest.edition)
        return now

    def latest_edition(self, slot: str) -> Edition | None:
        """Return the edition in force, of a withdrawn source the last that was; None where none ever was."""
        name = self._latest_name(slot)
        return self.edition(slot, name) if name else None

    @contextmanager
    def one_import(self, slot: str) -> Iterator[None]:
        """Let one import of a slot at a time read, compare and publish; the others wait for their turn."""
        with ExitStack() as stack:
            try:
                make_private_folder(self._folder(slot))
                stack.enter_context(locked(self._folder(slot) / ".import"))
            except OSError as error:
                raise unpublished_error(error) from None
            yield

    def point_again(self) -> list[str]:
        """Put back each `current` that was lost while the edition it named is there and whole; return the slots."""
        mended = []
        for slot, published_editions in (self.home.record().published or {}).items():
            try:
                if in_slot(slot)[0] not in KINDS or self._pointer(slot):
                    continue
                if not self.edition(slot, published_editions.current.removeprefix(WITHDRAWN)).faults():
                    with self._one_writer(slot):
                        self._point_or_refuse(slot, published_editions.current)
                    mended.append(slot)
            except (EditionError, UnknownCodeError):
                continue  # it stays the fault that it is
        return mended

    def record_again(self) -> None:
        """Let the record say what is there now, of each slot whose edition in force is there; the others stay lost."""
        for slot in (slot for kind in KINDS for slot in self.slots(kind)):
            try:
                now = self.latest_edition(slot)
            except (EditionError, UnknownCodeError):
                continue
            if now is not None:
                recorded = (self.home.record().published or {}).get(slot)
                lost = set(recorded.editions if recorded else ()) - set(self.names(slot))
                self._record(slot, without=lost)

    def complete(self) -> list[str]:
        """Add digests to the manifests of an earlier version, of the files as they are now; return which."""
        done = []
        for slot in (slot for kind in KINDS for slot in self.slots(kind)):
            for edition in self.editions(slot):
                if not edition.has_digests:
                    files = sorted(path for path in edition.folder.iterdir() if path.name != FILE)
                    whole = replace(edition.manifest, digests={path.name: fresh_sha256(path) for path in files})
                    write_atomically(edition.folder / FILE, manifest_bytes(whole), is_private=True)
                    done.append(edition.manifest.edition)
        return done


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
