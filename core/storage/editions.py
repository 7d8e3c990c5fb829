"""Editions: one imported state of a registry or layer, immutable, on disk under HARTA_HOME/editions.

    editions/<slot>/<edition>/manifest.json, <table>.parquet …
    editions/<slot>/current                  the name of the edition in force

A slot is a layer's kind (`population`) or one source of a registry (`social/mmps`): a registry has several sources
at once, each with its own editions. A kind of a registry in place of a slot means its default source. A source that
was withdrawn keeps its editions: `current` says `withdrawn NAME`, and nothing of it is in force.

Each file's sha256 stands in the manifest and is compared when the file is read. The home's record
(`home.json`) says what was published, so that an edition or a pointer that is lost is a fault, never an
empty register.

An edition is written to the side and renamed in place, then `current` is replaced; a reader sees the
edition before or the edition after, never a half. Staged editions wait under `.staged` until a person
has seen the difference and publishes or throws them away.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import EditionError, UnknownCodeError
from core.exporting import write_csv
from core.i18n import _
from core.storage.differences import as_stored, difference
from core.storage.digests import fresh_sha256
from core.storage.edition import Edition, damaged_error, edition_in
from core.storage.file_stamps import KeptReadings
from core.storage.home import Home, PublishedEditions, locked, make_private_folder, sync, write_atomically
from core.storage.import_kinds import KINDS, in_slot, is_source_name, slot_of
from core.storage.manifest import FILE, Manifest, Source, manifest_bytes
from core.storage.service_ids import with_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.storage.home import HomeRecord


__all__ = ["REJECTS_FILE", "Edition", "EditionStore", "Manifest", "Source", "edition_name"]

REJECTS_FILE = "rejects.csv"
CURRENT_FILE = "current"
_ABANDONED_S = 24 * 3600.0
_PRUNED = ".pruned-"
_WITHDRAWN = "withdrawn "  # in `current`, before the name of the edition that was in force
_NAME = re.compile(r"[0-9A-Za-z._-]+")
_STATES: KeptReadings[str] = KeptReadings(64)  # asked for by every question; a home has some twenty pointers


@dataclass(frozen=True)
class EditionStore:
    """The editions of a home: read, staged, put in force, pruned.

    Attributes
    ----------
    home
        The home.
    """

    home: Home

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

    def slots(self, kind: str) -> list[str]:
        """Return the slots of a kind that hold something, or should by the home's record; in order of their names."""
        return self._slots(kind, self.home.record().published or {})

    def _slots(self, kind: str, recorded: Mapping[str, object]) -> list[str]:
        if not KINDS[kind].registry:
            return [kind]
        try:
            with os.scandir(self.home.editions / kind) as found:
                there = {slot_of(kind, each.name) for each in found if is_source_name(each.name) and each.is_dir()}
        except FileNotFoundError:
            there = set()
        return sorted(there | {slot for slot in recorded if in_slot(slot)[0] == kind})

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

    def state(self, kinds: Iterable[str] = KINDS) -> str:
        """Return a short text that changes whenever an edition (of these kinds) is published or brought back."""
        asked = tuple(kinds)

        def read() -> tuple[str, list[str]]:
            recorded = self.home.record().published or {}
            every = [slot for kind in asked for slot in self._slots(kind, recorded)]
            names = {slot: self._state_of(slot, is_recorded=slot in recorded) for slot in every}
            folders = [str(self.home.editions / kind) for kind in asked]
            pointers = [str(self._folder(slot) / CURRENT_FILE) for slot in every]
            said = ";".join(f"{slot}={name}" for slot, name in names.items())
            return said, [*self.home.record_paths(), *folders, *pointers]

        return _STATES.take((self.home, asked), read)

    def _state_of(self, slot: str, *, is_recorded: bool) -> str:
        try:
            return self._pointer(slot) or ((self._current_name(slot) or "") if is_recorded else "")
        except EditionError:
            if KINDS[in_slot(slot)[0]].is_needed:
                raise
            return "?"  # whoever reads it says that it is lost; a question can be answered without

    def published_now(self) -> dict[str, PublishedEditions]:
        """List what the folders hold now, for the record of a home whose version kept none."""
        found = {}
        for slot in (slot for kind in KINDS for slot in self._slots(kind, {})):
            try:
                name = self._pointer(slot)
            except EditionError:
                name = ""  # damaged: something was in force, and whoever asks for it is told
            if name is not None:
                found[slot] = PublishedEditions(name, tuple(sorted(self.names(slot))))
        return found

    def names(self, slot: str) -> list[str]:
        """Return the names of the editions of a slot that are there, published or half published; none is read."""
        folders = (path.parent.name for path in self._folder(slot).glob(f"*/{FILE}"))
        return [name for name in folders if not name.startswith(".")]

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
                raise _unpublished_error(error) from None
            try:
                sync(target.parent)
                self._point(slot, manifest.edition)
            except OSError as error:
                with suppress(OSError):
                    target.replace(staged.folder)
                raise _unpublished_error(error) from None
            self._record(slot)
        return Edition(manifest, target)

    @contextmanager
    def _one_writer(self, slot: str) -> Iterator[None]:
        """Let one process or thread at a time look at what is in force and change it; the system frees a dead one's."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self._folder(slot) / ".lock"))
            except OSError as error:
                raise _unpublished_error(error) from None
            yield

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Let nobody publish, bring back or prune an edition while the block runs."""
        with ExitStack() as stack:
            for slot in (slot for kind in KINDS for slot in self.slots(kind)):
                if self._folder(slot).is_dir():
                    stack.enter_context(self._one_writer(slot))
            yield

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
                self._point_or_refuse(slot, _WITHDRAWN + now.manifest.edition)
        return now

    def is_withdrawn(self, slot: str) -> bool:
        """Whether a source was withdrawn and not restored since."""
        return (self._pointer(slot) or "").startswith(_WITHDRAWN)

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
                raise _unpublished_error(error) from None
            yield

    def _point_or_refuse(self, slot: str, text: str) -> None:
        try:
            self._point(slot, text)
        except OSError as error:
            raise _unpublished_error(error) from None
        self._record(slot)

    def point_again(self) -> list[str]:
        """Put back each `current` that was lost while the edition it named is there and whole; return the slots."""
        mended = []
        for slot, said in (self.home.record().published or {}).items():
            try:
                if in_slot(slot)[0] not in KINDS or self._pointer(slot):
                    continue
                if not self.edition(slot, said.current.removeprefix(_WITHDRAWN)).faults():
                    with self._one_writer(slot):
                        self._point_or_refuse(slot, said.current)
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

    def _record(self, slot: str, *, without: Iterable[str] = ()) -> None:
        """Write in the home's record what is in force and which editions there are, so that a loss shows."""
        slot = self._checked_slot(slot)

        def recorded(record: HomeRecord) -> HomeRecord:
            current = self._pointer(slot)
            if record.published is None or current is None:
                return record  # a home of an earlier version gets its record when its ledger is opened
            known = record.published[slot].editions if slot in record.published else ()
            editions = {*known, *self.names(slot), current.removeprefix(_WITHDRAWN)} - set(without)
            return replace(
                record, published={**record.published, slot: PublishedEditions(current, tuple(sorted(editions)))}
            )

        with suppress(OSError):  # it is published already; the next publishing, or `harta init`, writes it
            self.home.change_record(recorded)

    def _current_name(self, slot: str) -> str | None:
        """Return the edition in force, None where there is none; EditionError where one was and is lost."""
        name = self._pointer(slot)
        if name:
            return None if name.startswith(_WITHDRAWN) else name
        slot = self._checked_slot(slot)
        said = (self.home.record().published or {}).get(slot)
        if said is None:
            return name
        raise EditionError(
            _(
                "{kind}: ediția {edition} a fost publicată, dar fișierul {file}, care spune ce ediție este în vigoare, "
                "nu mai este. Restaurați-l dintr-o copie; dacă ediția este întreagă, „harta init” (sau „harta "
                "demo”) îl pune la loc; altfel importați din nou."
            ).format(kind=slot, edition=said.current, file=f"editions/{slot}/{CURRENT_FILE}")
        )

    def _latest_name(self, slot: str) -> str | None:
        """Return the edition in force, or of a withdrawn source the one that was; raises as `_current_name` does."""
        return self._current_name(slot) or (self._pointer(slot) or "").removeprefix(_WITHDRAWN) or None

    def _replaceable(self, slot: str) -> str | None:
        """Return the latest edition; None also where it is lost: that must not stand in the way of the next."""
        try:
            return self._latest_name(slot)
        except EditionError:
            return None

    def _pointer(self, slot: str) -> str | None:
        """Read `current`; None where there is no such file."""
        try:
            name = (self._folder(slot) / CURRENT_FILE).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise damaged_error(slot, CURRENT_FILE, error) from None
        if not name:
            raise damaged_error(slot, CURRENT_FILE, ValueError(_("fișierul este gol")))
        return name

    def _point(self, slot: str, text: str) -> None:
        write_atomically(self._folder(slot) / CURRENT_FILE, text.encode(), is_private=True)

    def _folder(self, slot: str) -> Path:
        return self.home.editions / self._checked_slot(slot)

    @staticmethod
    def _checked_slot(slot: str) -> str:
        """Return the slot that a kind or a slot names; UnknownCodeError where there can be none."""
        kind, source = in_slot(slot)
        if kind not in KINDS:
            raise UnknownCodeError(
                _("Nu cunosc felul „{kind}”. Alegeți unul dintre: {kinds}.").format(kind=kind, kinds=", ".join(KINDS))
            )
        if source and not (KINDS[kind].registry and is_source_name(source)):
            raise UnknownCodeError(_("„{name}” nu poate fi numele unei surse ({kind}).").format(name=source, kind=kind))
        return slot_of(kind, source)


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


def _unpublished_error(error: OSError) -> EditionError:
    return EditionError(_("Ediția nu poate fi publicată: {why}").format(why=error.strerror or error))
