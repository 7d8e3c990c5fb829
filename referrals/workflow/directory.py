"""The directory: where the catalogue (what is offered) and the ledger (what is taken) meet to answer a question."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from core.cells import int_or_none, is_missing
from core.errors import UnknownCodeError
from core.i18n import _
from core.storage.editions import EditionStore
from core.storage.service_ids import current_id
from geo.gazetteer.gazetteer import load_gazetteer
from providers.authorities import authorities
from providers.catalogue import kept_catalogue, source_order
from providers.catalogue.availability import availability, availability_after
from providers.catalogue.catalogue import load_catalogue
from providers.catalogue.home_travel import travel_of, travel_state
from providers.catalogue.snapshot import Snapshot
from providers.finder.finder import find
from providers.rules.freshness import SECONDS_A_DAY, is_from_future
from referrals.field import (
    corrected_catalogue,
    duplicate_decisions,
    field_reports,
    joined_catalogue,
    local_entries,
    local_in_answers,
)
from referrals.field.answering_records import answering_records
from referrals.ledger import rekeying
from referrals.ledger.ledger import Ledger, open_ledger
from referrals.places import moved_services
from referrals.workflow import sealed_keys

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from datetime import date

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer
    from providers.answering.answering_record import AnsweringRecord
    from providers.catalogue.catalogue import Catalogue
    from providers.finder.answer import Answer, Query
    from referrals.database.audit import AuditMarks
    from referrals.records.vocabulary import Actor

_PLACES = ("localities", "boundaries")  # what the gazetteer is made of
_KEEP_SECONDS = 60.0  # freshness moves with the clock: a snapshot older than this is followed by one of now
# What time alone takes away, as a refusal that no longer counts, shows with the next whole reading.
_WHOLE_SECONDS = 600.0
_ANSWERING_SECONDS = 600.0  # habits of half a year, and a look at all its referrals: not at every event of the ledger
_MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class _State:
    """What tells one state of a home from the next; due: when the next hold or request runs out (UTC), None = never."""

    today: date  # a closure for a time is no doubt from the day after
    editions: str
    travel: str
    reports: str
    local: str
    marks: AuditMarks
    due: datetime | None

    def is_same(self, other: _State) -> bool:
        """Whether nothing changed between the two: a row of the audit log that moved no place is no change."""
        return self.is_same_but_for_places(other) and self.marks.events == other.marks.events

    def is_same_but_for_places(self, other: _State) -> bool:
        """Whether nothing changed but what is free."""
        return replace(self, marks=other.marks, due=other.due) == other

    def is_due(self, moment: datetime) -> bool:
        """Whether a hold or a request has run out by a moment."""
        return self.due is not None and self.due <= moment


@dataclass(frozen=True)
class _CorrectedState:
    """The catalogue with its corrections, and what is doubted; state: of the editions, and of the reports of today."""

    state: tuple[str, str]
    catalogue: Catalogue
    doubts: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class _AnsweringState:
    """How services answer, the moment at which it was read, and the editions that said whose address is protected."""

    editions: str
    read_at: datetime
    records: Mapping[str, AnsweringRecord]


@dataclass(frozen=True)
class _KeptSnapshot:
    """A snapshot and the state that it was made of.

    whole_at: when every service's places were last read. version: of the ledger's database, before the state was read.
    """

    state: _State
    snapshot: Snapshot
    whole_at: datetime
    version: Hashable


@dataclass
class Directory:
    """What one home offers and what is taken of it, kept current from question to question.

    Every question looks at the ledger's event counter and at the editions in force (a few tiny reads), so a hold or an
    edition of another process counts from the next question on. All threads of a process share one: what they read is a
    frozen `Snapshot`, made by one thread at a time.

    Attributes
    ----------
    home
        The home.
    ledger
        Its ledger.
    """

    home: Home
    _places: Gazetteer = field(repr=False)
    ledger: Ledger
    _places_state: str = field(default="", repr=False)
    _are_places_of_home: bool = field(default=False, repr=False)
    _published: tuple[str, Catalogue] | None = field(default=None, repr=False)
    _corrected: _CorrectedState | None = field(default=None, repr=False)
    _answering: _AnsweringState | None = field(default=None, repr=False)
    _kept: _KeptSnapshot | None = field(default=None, repr=False)
    _looked: float = field(default=-math.inf, repr=False, compare=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def snapshot(self, *, now: datetime | None = None) -> Snapshot:
        """Return catalogue, places, doubts and gazetteer of this moment, the same object while nothing changed.

        Take it once for a question or a page and read everything from it: two of them may differ in every row.
        """
        moment = now or datetime.now(UTC)
        kept = self._kept
        if kept is not None and self._is_current(kept, moment):
            return kept.snapshot  # nobody waits for whoever makes the next one: this one is of now
        with self._lock:
            kept, moment = self._kept, now or datetime.now(UTC)
            if kept is None or not self._is_current(kept, moment):
                kept = self._kept = self._taken(moment)
            return kept.snapshot

    def recent_snapshot(self, seconds: float) -> Snapshot:
        """Return a snapshot that was the one of its moment at most so many seconds ago.

        For what is looked at many times a second and promises nothing, as the marks of a map: it is spared the look
        at the ledger.
        """
        kept, looked = self._kept, time.monotonic()
        if kept is None or looked - self._looked > seconds:
            self.snapshot()
            self._looked = looked
        kept = self._kept
        return self.snapshot() if kept is None else kept.snapshot

    def _is_current(self, kept: _KeptSnapshot, moment: datetime) -> bool:
        if not 0 <= (moment - kept.snapshot.availability.now).total_seconds() < _KEEP_SECONDS:
            return False
        version = self.ledger.store.version()
        if version is not None and version == kept.version:  # nobody committed: the clock and the files are left
            return kept.state == self._of_now(kept.state) and not kept.state.is_due(moment)
        state = self._state()
        is_current = kept.state.is_same(state) and not state.is_due(moment)
        if is_current and self._kept is kept:  # what moved no place may run out sooner than what was there before
            self._kept = replace(kept, state=replace(kept.state, due=state.due), version=version)
        return is_current

    def _of_now(self, state: _State) -> _State:
        """Put what is not in the database as it is now into a state."""
        editions, travel = EditionStore(self.home).state(), travel_state(self.home)
        return replace(state, today=self.ledger.today(), editions=editions, travel=travel)

    def _state(self) -> _State:
        """Read what a snapshot depends on but for the clock; each is read before what it stands for."""
        with self.ledger.store.one_reading():
            reports = "|".join((field_reports.version(self.ledger), duplicate_decisions.version(self.ledger)))
            local = local_entries.version(self.ledger)
            marks = moved_services.marks_of(self.ledger.store)
            due = self.ledger.next_expiry()
        return self._of_now(_State(self.ledger.today(), "", "", reports, local, marks, due))

    def _taken(self, moment: datetime) -> _KeptSnapshot:
        """Make a snapshot anew; once more where an edition was published meanwhile, of which it might hold a part."""
        if self._kept is not None and (followed := self._followed(self._kept, moment)) is not None:
            return followed
        for _attempt in range(_MOST_ATTEMPTS):
            plain = self.published()
            version = self.ledger.store.version()
            state = self._state()
            of_corrections = (state.editions, f"{state.reports}|{state.today}")
            if self._corrected is None or self._corrected.state != of_corrections:
                self._corrected = self._correct(plain, of_corrections)
            corrected_state = self._corrected
            capacity = self.ledger.capacity_now(now=moment)
            # What was said of a service that gave way to another is not said of that one.
            capacity = capacity[~capacity["service_id"].isin(list(corrected_state.catalogue.joined))]
            available = availability(corrected_state.catalogue, capacity, now=moment)
            local = local_in_answers.entries_in_force(self.ledger, self._places)
            travel = travel_of(self.home)
            answering = self._answering_records(state.editions, moment)
            whole = Snapshot(
                corrected_state.catalogue, available, self._places, corrected_state.doubts, local, travel, answering
            )
            made = _KeptSnapshot(state, whole, moment, version)
            if EditionStore(self.home).state() == state.editions == (self._published or ("",))[0]:
                break
        return made

    def _followed(self, kept: _KeptSnapshot, moment: datetime) -> _KeptSnapshot | None:
        """Lay what moved in the ledger since then over a snapshot; None where more than places changed, or is due."""
        if (
            not 0 <= (moment - kept.whole_at).total_seconds() < _WHOLE_SECONDS
            or moment < kept.snapshot.availability.now
        ):
            return None
        before, version = kept.snapshot, self.ledger.store.version()
        with self.ledger.store.one_reading():
            state = self._state()
            if not kept.state.is_same_but_for_places(state) or state.is_due(moment):
                return None
            moved = moved_services.services_moved_since(self.ledger.store, kept.state.marks)
        if moved is None:
            return None
        # What was said of a service that gave way to another is not said of that one.
        moved = [service_id for service_id in moved if service_id not in before.catalogue.joined]
        capacity = self.ledger.capacity_now(moved, now=moment)
        available = availability_after(before.availability, before.catalogue, moved, capacity, now=moment)
        answering = self._answering_records(state.editions, moment)
        whole = replace(before, availability=available, answering=answering)
        return _KeptSnapshot(state, whole, kept.whole_at, version)

    def _answering_records(self, editions: str, moment: datetime) -> Mapping[str, AnsweringRecord]:
        kept = self._answering
        if (
            kept is None
            or kept.editions != editions
            or not 0 <= (moment - kept.read_at).total_seconds() < _ANSWERING_SECONDS
        ):
            kept = self._answering = _AnsweringState(editions, moment, answering_records(self.ledger, now=moment))
        return kept.records

    def _correct(self, plain: Catalogue, state: tuple[str, str]) -> _CorrectedState:
        corrections = field_reports.accepted(self.ledger)
        corrected = corrected_catalogue.apply_corrections(plain, corrections, self._places)
        decided = duplicate_decisions.decisions(self.ledger)
        order = partial(source_order.ordered, self.home)
        catalogue = joined_catalogue.join_services(corrected.catalogue, decided, self._places, order)
        doubts = field_reports.unsettled(self.ledger)
        return _CorrectedState(state, catalogue, doubts)

    def published(self) -> Catalogue:
        """Return the catalogue as the editions in force publish it, before any correction."""
        with self._lock:
            state = EditionStore(self.home).state()
            if self._published is None or self._published[0] != state:
                key = sealed_keys.sealing_key(self.ledger)
                rekeying.to_sealed(self.ledger, sealed_keys.seals(self.home, key))
                self._published = (state, self._catalogue(key))
            return self._published[1]

    def _catalogue(self, sealing_key: bytes) -> Catalogue:
        """Return the catalogue that another process kept, else make it and keep it."""
        name = kept_catalogue.name_of(self.home, sealing_key)
        self._read_places()
        if not self._are_places_of_home:  # the name follows from the editions: of other places nothing is kept
            name = ""
        if name and (kept := kept_catalogue.read_kept(self.home, self._places, name)) is not None:
            return kept
        offices = authorities.derive(self._places)
        made = load_catalogue(self.home, self._places, by_law=offices, sealing_key=sealing_key)
        if name and kept_catalogue.name_of(self.home, sealing_key) == name:  # nothing was published meanwhile
            kept_catalogue.keep(self.home, made, name)
        return made

    def _read_places(self) -> None:
        """Read the places anew where an edition of them was published."""
        state = EditionStore(self.home).state(_PLACES)
        if self._places_state not in ("", state):
            self._places = load_gazetteer(self.home)
            self._are_places_of_home = True
        self._places_state = state

    @property
    def gazetteer(self) -> Gazetteer:
        """The places as last read, for whoever needs nothing else of the moment: a catalogue is not read for them."""
        return self._places

    def ask(self, query: Query) -> Answer:
        """Answer a query by the state of this moment."""
        return find(self.snapshot(), query)

    def capacity_of(self, service_id: str) -> dict[str, Any]:
        """Return what is known of a service's places; UnknownCodeError where there is no such service.

        Of a service with a protected address nothing is told: how many it takes is part of the secret. It is known
        here by its public id alone. `doubt`, where it is there, says why the report confirms nothing.
        """
        snapshot = self.snapshot()
        catalogue, available = snapshot.catalogue, snapshot.availability
        service_id = current_id(service_id)
        service = catalogue.service(service_id)
        if service["service_id"] != service_id:
            raise UnknownCodeError(_("Nu există serviciul „{code}”.").format(code=service_id))
        if service["is_secret"]:
            unsaid = dict.fromkeys(("places_free", "places_max", "places_reported_at"))
            return {"service_id": service_id, "name": service["name"], "status": "unknown", **unsaid}
        row = catalogue.position[service_id]
        reported = available.reported_s[row]
        values = {
            "service_id": service_id,
            "name": service["name"],
            "status": str(available.status[row]),
            "places_free": int_or_none(available.places_free[row]),
            "places_max": int_or_none(available.places_max[row]),
            "places_reported_at": None if is_missing(reported) else datetime.fromtimestamp(reported, UTC).isoformat(),
        }
        if is_from_future((available.now.timestamp() - reported) / SECONDS_A_DAY):
            values["doubt"] = _("raportul poartă o dată din viitor: nu confirmă nimic până la un raport nou")
        return values

    def key_for(self, service_id: str, *, actor: Actor, permission: str) -> str:
        """Return the key under which the ledger keeps a service, for an actor who acts on it (`sealed_keys`)."""
        return sealed_keys.key_for(
            self.snapshot().catalogue, self.ledger, service_id, actor=actor, permission=permission
        )

    def note_capacity(
        self,
        service_id: str,
        *,
        actor: Actor,
        source: str,
        free: int | None,
        maximum: int | None = None,
        status: str | None = None,
    ) -> dict[str, Any]:
        """Append a capacity report of a service that the catalogue knows, and tell what is known now.

        Raises what `key_for` raises, and what `Ledger.report_capacity` does.
        """
        key = self.key_for(service_id, actor=actor, permission="capacity.report")
        self.ledger.report_capacity(
            key, places_free=free, places_max=maximum, status=status, source=source, actor=actor
        )
        return self.capacity_of(str(self.snapshot().catalogue.service(key)["service_id"]))


def open_directory(home: Home) -> Directory:
    """Open the directory of a home.

    Parameters
    ----------
    home
        The home.

    Returns
    -------
    Directory
        With its gazetteer and its ledger; catalogue and places are read at the first question.

    Raises
    ------
    LedgerError
        Where the database is missing, foreign, damaged or newer than the program.
    """
    state = EditionStore(home).state(_PLACES)  # before they are read: what is published meanwhile is read anew
    return Directory(home, load_gazetteer(home), open_ledger(home), _places_state=state, _are_places_of_home=True)
