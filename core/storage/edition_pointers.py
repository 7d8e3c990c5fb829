"""Which edition is in force: the file `current` beside the editions of a slot, and what the home's record says of it.

The home's record (`home.json`) says what was published, so that an edition or a pointer that is lost is a fault,
never an empty register. Readers need no lock; whoever changes what is in force is the only writer of its slot.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.errors import EditionError, UnknownCodeError
from core.i18n import _
from core.storage.edition import damaged_error
from core.storage.file_stamps import KeptReadings
from core.storage.home import Home, PublishedEditions, locked, write_atomically
from core.storage.import_kinds import KINDS, in_slot, is_source_name, slot_of
from core.storage.manifest import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from core.storage.home import HomeRecord

CURRENT_FILE = "current"
WITHDRAWN = "withdrawn "  # in `current`, before the name of the edition that was in force
_STATES: KeptReadings[str] = KeptReadings(64)  # asked for by every question; a home has some twenty pointers


@dataclass(frozen=True)
class EditionPointers:
    """The pointers of a home: read by everybody, changed by one writer of a slot at a time.

    Attributes
    ----------
    home
        The home.
    """

    home: Home

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

    def names(self, slot: str) -> list[str]:
        """Return the names of the editions of a slot that are there, published or half published; none is read."""
        folders = (path.parent.name for path in self._folder(slot).glob(f"*/{FILE}"))
        return [name for name in folders if not name.startswith(".")]

    def state(self, kinds: Iterable[str] = KINDS) -> str:
        """Return a short text that changes whenever an edition (of these kinds) is published or brought back."""
        asked = tuple(kinds)

        def read() -> tuple[str, list[str]]:
            recorded = self.home.record().published or {}
            every = [slot for kind in asked for slot in self._slots(kind, recorded)]
            names = {slot: self._state_of(slot, is_recorded=slot in recorded) for slot in every}
            folders = [str(self.home.editions / kind) for kind in asked]
            pointers = [str(self._folder(slot) / CURRENT_FILE) for slot in every]
            text = ";".join(f"{slot}={name}" for slot, name in names.items())
            return text, [*self.home.record_paths(), *folders, *pointers]

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

    def is_withdrawn(self, slot: str) -> bool:
        """Whether a source was withdrawn and not restored since."""
        return (self._pointer(slot) or "").startswith(WITHDRAWN)

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Let nobody publish, bring back or prune an edition while the block runs."""
        with ExitStack() as stack:
            for slot in (slot for kind in KINDS for slot in self.slots(kind)):
                if self._folder(slot).is_dir():
                    stack.enter_context(self._one_writer(slot))
            yield

    @contextmanager
    def _one_writer(self, slot: str) -> Iterator[None]:
        """Let one process or thread at a time look at what is in force and change it; the system frees a dead one's."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self._folder(slot) / ".lock"))
            except OSError as error:
                raise unpublished_error(error) from None
            yield

    def _record(self, slot: str, *, without: Iterable[str] = ()) -> None:
        """Write in the home's record what is in force and which editions there are, so that a loss shows."""
        slot = self._checked_slot(slot)

        def recorded(record: HomeRecord) -> HomeRecord:
            current = self._pointer(slot)
            if record.published is None or current is None:
                return record  # a home of an earlier version gets its record when its ledger is opened
            known = record.published[slot].editions if slot in record.published else ()
            editions = {*known, *self.names(slot), current.removeprefix(WITHDRAWN)} - set(without)
            return replace(
                record, published={**record.published, slot: PublishedEditions(current, tuple(sorted(editions)))}
            )

        with suppress(OSError):  # it is published already; the next publishing, or `harta init`, writes it
            self.home.change_record(recorded)

    def _current_name(self, slot: str) -> str | None:
        """Return the edition in force, None where there is none; EditionError where one was and is lost."""
        name = self._pointer(slot)
        if name:
            return None if name.startswith(WITHDRAWN) else name
        slot = self._checked_slot(slot)
        published_editions = (self.home.record().published or {}).get(slot)
        if published_editions is None:
            return name
        raise EditionError(
            _(
                "{kind}: ediția {edition} a fost publicată, dar fișierul {file}, care spune ce ediție este în vigoare, "
                "nu mai este. Restaurați-l dintr-o copie; dacă ediția este întreagă, „harta init” (sau „harta "
                "demo”) îl pune la loc; altfel importați din nou."
            ).format(kind=slot, edition=published_editions.current, file=f"editions/{slot}/{CURRENT_FILE}")
        )

    def _latest_name(self, slot: str) -> str | None:
        """Return the edition in force, or of a withdrawn source the one that was; raises as `_current_name` does."""
        return self._current_name(slot) or (self._pointer(slot) or "").removeprefix(WITHDRAWN) or None

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

    def _point_or_refuse(self, slot: str, text: str) -> None:
        try:
            self._point(slot, text)
        except OSError as error:
            raise unpublished_error(error) from None
        self._record(slot)

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


def unpublished_error(error: OSError) -> EditionError:
    """Say that what is in force could not be changed, and why."""
    return EditionError(_("Ediția nu poate fi publicată: {why}").format(why=error.strerror or error))
