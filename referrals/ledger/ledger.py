"""The ledger as others see it: open it, report places, refer, answer, read.

Every method that does something for somebody takes an `Actor` and asks `roles` first.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from core.i18n import _
from core.romanian_calendar import BUCHAREST
from core.storage.home import Home
from referrals.case_erasure import record_erasure
from referrals.database import anchors, audit, idempotency, integrity, refused_attempts
from referrals.database.home_identity import open_home_store
from referrals.database.schema_migration import ensure_current
from referrals.database.store import LedgerStore, open_store
from referrals.ledger import (
    erasure,
    erasure_list,
    lifecycle,
    queries,
    referral_making,
    unmet_needs,
)
from referrals.ledger.queries import Filters
from referrals.ledger.referral_request import ReferralRequest, validate_case_reference, validate_request
from referrals.outbox import message_queue
from referrals.places import bulk_capacity, capacity, capacity_table
from referrals.records import roles
from referrals.records.ledger_errors import WRITING_REFUSED, LedgerError, UnknownCaseError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    import pandas as pd
    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor, CapacityReport, Referral, ServiceTerms


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Ledger:
    """An open ledger. Safe to share between threads; every process opens its own.

    Attributes
    ----------
    store
        The database.
    clock
        Tells the time, UTC.
    folder
        The home's folder: what must outlive or contradict the database stands there (anchors, erasures); None =
        nowhere.
    """

    store: LedgerStore
    clock: Callable[[], datetime] = field(default=utc_now)
    # The home's folder: what must outlive or contradict the database stands there (anchors, erasures). None: nowhere.
    folder: Path | None = None

    def close(self) -> None:
        """Let the database go."""
        self.store.close()

    def notice(self) -> str:
        """Say what whoever reads should know of the database: that its disk is full; empty where all is well."""
        if not self.store.entrance.is_full:
            return ""
        return _("Discul este plin: se poate citi, dar nimic nu se poate scrie. Eliberați spațiu pe disc.")

    # --- places -----------------------------------------------------------------------------------

    def report_capacity(
        self,
        service_id: str,
        *,
        places_free: int | None,
        places_max: int | None = None,
        status: str | None = None,
        source: str,
        actor: Actor,
        reported_at: datetime | None = None,
        key: str = "",
    ) -> CapacityReport:
        """Append what is known of a service's places (a call, a link, a file): never changed afterwards.

        `status` follows from `places_free` where it is not given. `reported_at` is the moment the number
        was true (now, where not given): referrals accepted by then are counted out of it already. `key` makes a
        form sent twice one report ("" = none). Raises BadReportError where number and status contradict each
        other, or where the report of this key was withdrawn meanwhile.
        """
        with self._refused_in_audit_log("capacity.report", service_id, actor):
            roles.require(actor, "capacity.report", Area(service_id=service_id))
        request = idempotency.fingerprint(
            "capacity.report", {"service_id": service_id, "free": places_free, "max": places_max, "status": status}
        )
        with self.store.write_together() as connection:
            audit.lock(connection, [service_id])
            if (before := idempotency.lookup(connection, key, request)) is not None:
                return capacity.report_by_id(connection, int(before))
            made = capacity.report(
                connection,
                service_id,
                places_free=places_free,
                places_max=places_max,
                status=status,
                source=source,
                actor=actor,
                reported_at=reported_at,
                now=self.clock(),
            )
            idempotency.store_outcome(connection, key, request, str(made.report_id), self.clock())
        return made

    def report_many(self, said: Iterable[dict[str, Any]], *, source: str, actor: Actor) -> int:
        """Append many reports in one transaction: all or none. Each: the named arguments of `report_capacity`."""
        lines = list(said)
        for service_id in dict.fromkeys(str(line["service_id"]) for line in lines):
            with self._refused_in_audit_log("capacity.report", service_id, actor):
                roles.require(actor, "capacity.report", Area(service_id=service_id))
        with self.store.write() as connection:
            return bulk_capacity.report_many(connection, lines, source=source, actor=actor, now=self.clock())

    def capacity_now(self, service_ids: Iterable[str] | None = None, *, now: datetime | None = None) -> pd.DataFrame:
        """Tell what is free now, one row per service that has any report or hold.

        Columns: `service_id`; `status` (a service whose last free place is held or taken reads `full`);
        `places_free` free now, NA where no number was reported; `places_reported`, `places_max`,
        `places_reported_at` (UTC) as last reported; `held` open holds; `over_promised` more held than the
        last report has room for; `source` of the report. A hold past its time counts as given back.
        """
        self._settle()
        with self.store.read() as connection:
            return capacity_table.now_table(connection, service_ids, now or self.clock())

    def today(self) -> date:
        """Give the day in Romania by this ledger's clock."""
        return self.clock().astimezone(BUCHAREST).date()

    def event_counter(self) -> int:
        """Give a number that grows with every change of what `capacity_now` says (but for the passing of time)."""
        with self.store.read() as connection:
            return audit.events(connection)

    def next_expiry(self) -> datetime | None:
        """Give the moment (UTC) when the next hold or request runs out; None where none waits."""
        with self.store.read() as connection:
            return lifecycle.next_expiry(connection)

    # --- the life of a referral -------------------------------------------------------------------

    def refer(
        self,
        terms: ServiceTerms,
        *,
        case_ref: str | None,
        need: str,
        county: str,
        uat_siruta: int,
        actor: Actor,
        basis: str,
        consent_at: datetime | None = None,
        locality_siruta: int | None = None,
        note: str = "",
        replaces: str = "",
        second_place: bool = False,
        is_new_case: bool = False,
        idempotency_key: str = "",
    ) -> Referral:
        """Refer a case to a service: hold a place where the access is direct and places are counted, else ask.

        `case_ref` None makes a new case; with `is_new_case` it is the code that `case_codes` offered for one.
        `county`, `uat_siruta` and `locality_siruta` say where the person lives. `basis` is consent (then
        `consent_at` is needed), public_task or vital_interest. `replaces` moves an earlier referral of the case
        here, in one step: if it is still open it is cancelled, and only if there is a place here. A retry with
        the same `idempotency_key` gives the same answer.

        Raises NoPlaceError (and an unmet need is counted), ClosedServiceError, SecondPlaceError, BadReferralError,
        UnknownCaseError (a code that we never made, or a case of another area), PersonalDataError, NotAllowedError.
        """
        with self._refused_in_audit_log("referral.make", terms.service_id, actor):
            roles.require(actor, "referral.make", Area(county, uat_siruta, terms.service_id))
        requested = ReferralRequest(
            terms=terms,
            case_ref=case_ref or "",
            need=need,
            county=county,
            uat_siruta=uat_siruta,
            locality_siruta=locality_siruta,
            basis=basis,
            consent_at=consent_at,
            note=note,
            replaces=replaces,
            second_place=second_place,
            is_new_case=is_new_case,
        )
        requested = validate_request(requested, self.clock())
        self.expire_due()
        with (
            self._refused_in_audit_log("referral.make", terms.service_id, actor),
            self.store.write_together() as connection,
        ):
            made = referral_making.refer(connection, requested, key=idempotency_key, actor=actor, now=self.clock())
        if made is None:
            raise referral_making.no_place_error()
        return made

    def transition(self, referral_id: str, action: str, *, reason: str = "", actor: Actor, key: str = "") -> Referral:
        """Take one step of a referral's life; the places of its service follow.

        Parameters
        ----------
        referral_id
            The referral's number.
        action
            A name in `life.TRANSITIONS`, but for `expire`: that one the clock takes.
        reason
            A code of `vocabulary.STATED_REASONS`; needed, possible or refused as the transition says. A refusal for
            `no_places` counts an unmet need.
        actor
            Who takes it; the transition says which permission it needs.
        key
            Idempotency key: a retry with the same one gets the same answer and changes nothing.

        Raises
        ------
        BadReferralError
            The action is unknown, or the reason does not fit it.
        NotAllowedError
            The actor may not do this with this referral.
        WrongStateError
            The referral is in another state, or its time to be answered is over.
        """
        step = lifecycle.asked_for(action)
        with (
            self._refused_in_audit_log(f"referral.{step}", referral_id, actor),
            self.store.write_together() as connection,
        ):
            found = lifecycle.by_id(connection, referral_id)
            roles.require(actor, lifecycle.TRANSITIONS[step].permission, _area(found))
            after = lifecycle.transition(connection, found, step, reason=reason, key=key, actor=actor, now=self.clock())
        if after.state == "expired":  # its time was over: that is what was written instead
            raise lifecycle.wrong_state_error(after)
        return after

    def record_unmet_need(self, unmet: unmet_needs.Unmet, *, actor: Actor, key: str = "") -> bool:
        """Count a need for which nobody had a place, as whoever looked says; nothing of the person is kept.

        Returns False where a try with the same `key` counted it already. Raises NotAllowedError outside the actor's
        area.
        """
        subject = f"{unmet.county}:{unmet.uat_siruta}"
        with self._refused_in_audit_log("unmet.record", subject, actor):
            roles.require(actor, "unmet.record", Area(unmet.county, unmet.uat_siruta))
        with self.store.write_together() as connection:
            return unmet_needs.record(connection, unmet, key=key, actor=actor, now=self.clock())

    def expire_due(self, now: datetime | None = None) -> int:
        """Write down every hold and request whose time is over; give how many."""
        done = 0
        while True:
            moment = now or self.clock()
            with self.store.read_once() as connection:
                due = lifecycle.due_services(connection, moment)
            if not due:
                return done
            with self.store.write() as connection:
                done += lifecycle.expire_due(connection, due, moment)

    def _settle(self) -> None:
        """Write what is due before reading; where nothing can be written, the reading works it out by itself."""
        try:
            self.expire_due()
        except WRITING_REFUSED:
            return

    # --- reading ----------------------------------------------------------------------------------

    def referral(self, referral_id: str, *, actor: Actor) -> Referral:
        """Read one referral; the reading is written in the audit log."""
        self._settle()
        with self._refused_in_audit_log("referral.read", referral_id, actor), self.store.write_together() as connection:
            found = lifecycle.by_id(connection, referral_id)
            roles.require(actor, "referral.read", _area(found))
            step = audit.AuditEvent("referral.read", referral_id, after=found.state)
            audit.lock(connection, [referral_id])
            audit.append(connection, referral_id, step, actor=actor, at=self.clock())
        return found

    def referrals(
        self,
        *,
        actor: Actor,
        states: Iterable[str] = (),
        county: str = "",
        uat_siruta: int | None = None,
        service_id: str = "",
        case_ref: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> pd.DataFrame:
        """List referrals, newest first, one row each with the fields of `Referral`; written in the audit log.

        A team sees its community, a county unit its county: that is where the filters start from.
        """
        filters = _within(
            actor, Filters(tuple(states), county, uat_siruta, service_id, case_ref.strip().upper(), since, until)
        )
        subject = f"{filters.county}:{filters.uat_siruta or ''}"
        with self._refused_in_audit_log("referral.list", subject, actor):
            roles.require(actor, "referral.list", Area(county=filters.county, uat_siruta=filters.uat_siruta))
        self._settle()
        with self.store.write() as connection:
            table = queries.referrals_table(connection, filters, self.clock())
            audit.lock(connection, [subject])
            step = audit.AuditEvent("referral.list", subject, after=str(len(table)))
            audit.append(connection, subject, step, actor=actor, at=self.clock())
        return table

    def referral_counts(
        self,
        *,
        actor: Actor,
        county: str = "",
        uat_siruta: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> pd.DataFrame:
        """Count referrals by month, place, service, need, state and reason: see `reading.COUNT_COLUMNS`."""
        filters = _counted_for(actor, Filters(county=county, uat_siruta=uat_siruta, since=since, until=until))
        self._settle()
        with self.store.read() as connection:
            return queries.counts_table(connection, filters, self.clock())

    def unmet_needs(
        self,
        *,
        actor: Actor,
        county: str = "",
        uat_siruta: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> pd.DataFrame:
        """Count unmet needs by day, kind, need, service type and place: see `reading.UNMET_COLUMNS`."""
        filters = _counted_for(actor, Filters(county=county, uat_siruta=uat_siruta, since=since, until=until))
        with self.store.read() as connection:
            return queries.unmet_table(connection, filters)

    def log_secret_reading(self, service_id: str, *, county: str, actor: Actor) -> None:
        """Write in the audit log that somebody entitled opens a secret address; call it before showing it.

        Raises NotAllowedError for everybody else.
        """
        with self._refused_in_audit_log("secret.read", service_id, actor):
            roles.require(actor, "secret.read", Area(county=county, service_id=service_id))
        with self.store.write_together() as connection:
            audit.lock(connection, [service_id])
            step = audit.AuditEvent("secret.read", service_id)
            audit.append(connection, service_id, step, actor=actor, at=self.clock())
        self._anchor_or_log()

    def audit_log(self, *, actor: Actor, subject: str = "", case_ref: str = "", limit: int = 1000) -> pd.DataFrame:
        """List the newest rows of the audit log (of one referral, service, link or account, or of a case, where asked).

        Of a case: all that concerns its referrals, and who listed the referrals of its community meanwhile.
        Columns: at (UTC), role, account, action, subject, before, after, reason. Raises UnknownCaseError.
        """
        roles.require(actor, "audit.read")
        with self.store.read() as connection:
            if not case_ref.strip():
                return queries.audit_log_table(connection, [subject] if subject else [], limit)
            subjects, since = queries.subjects_of_case(connection, validate_case_reference(case_ref))
            if not subjects:
                raise UnknownCaseError(
                    _("Nu există niciun caz cu acest cod: nu a fost făcut aici, sau a fost deja șters.")
                )
            return queries.audit_log_table(connection, subjects, limit, since=since)

    def audit_log_length(self) -> int:
        """Count the rows of the audit log."""
        with self.store.read() as connection:
            return audit.length(connection)

    def _refused_in_audit_log(self, action: str, subject: str, actor: Actor) -> AbstractContextManager[None]:
        return refused_attempts.noted(self.store, action, subject, actor=actor, clock=self.clock)

    # --- forgetting -------------------------------------------------------------------------------

    def erase_case(self, case_ref: str, *, actor: Actor) -> int:
        """Forget a person: blank all referrals of the case, ending the open ones, and its record; give how many."""
        tidy = validate_case_reference(case_ref)
        with self.store.read() as connection:
            first = next(iter(erasure.referrals_of(connection, tidy)), "")
        with self._refused_in_audit_log("case.erase", first, actor), self.store.write() as connection:
            erased = erasure.erase_case(connection, tidy, actor=actor, now=self.clock())
        with self._refused_in_audit_log("record.erase", "", actor), self.store.write() as connection:
            erased += record_erasure.erase_record(connection, tidy, actor=actor, now=self.clock())
        if erased:
            self.keep_erasures()
            self._purge()
        return erased

    def due_for_erasure(self, *, actor: Actor, days: int | None = None) -> erasure.Due:
        """Tell what is past its time (`erasure.retention_days` where `days` is not given); nothing is changed."""
        roles.require(actor, "case.erase")
        period = erasure.retention_days() if days is None else days
        with self.store.read() as connection:
            return erasure.due(connection, period, self.clock())

    def erase_old(self, *, actor: Actor, days: int | None = None) -> int:
        """Forget cases whose referrals were closed more than `days` ago; give how many referrals."""
        roles.require(actor, "case.erase")
        period = erasure.retention_days() if days is None else days
        now = self.clock()
        before = now - timedelta(days=period)
        with self.store.write() as connection:
            idempotency.purge(connection, now - erasure.ANSWERS_KEPT)
            erasure.forget_local_entries(connection, now - erasure.LOCAL_KEPT, actor=actor, now=now)
            message_queue.forget_old(connection, now)
        done = self._some_at_a_time(partial(erasure.erase_old, before=before, actor=actor, now=now))
        records = self._some_at_a_time(partial(record_erasure.erase_old_records, before=before, actor=actor, now=now))
        records += self._some_at_a_time(partial(record_erasure.erase_old_campaigns, before=before, now=now))
        records += self._some_at_a_time(partial(record_erasure.erase_old_households, before=before, now=now))
        if done or records:
            self.keep_erasures()
            self._purge()
        return done

    def _some_at_a_time(self, erase: Callable[[Connection], int]) -> int:
        """Erase in transactions of their own until nothing is left; give how many."""
        done, erased = 0, 1
        while erased:
            with self.store.write() as connection:
                erased = erase(connection)
            done += erased
        return done

    def _purge(self) -> None:
        """Take what was erased out of the database's files; what stands in the way is logged: it is erased already."""
        try:
            self.store.purge(*erasure.PURGED)
        except LedgerError as error:
            logging.getLogger("harta.erasure").warning("%s", error)

    def keep_erasures(self) -> list[Path]:
        """Write outside the database what a backup must not bring back; give the backups out of reach now."""
        if self.folder is None:
            return []
        with self.store.read() as connection:
            return erasure_list.keep(self.folder, connection, self.clock())

    # --- keeping it honest ------------------------------------------------------------------------

    def verify_storage(self) -> list[str]:
        """Let the database examine its own file, and read every row; give what it finds, in words."""
        return integrity.faults(self.store)

    def anchor(self) -> anchors.Anchor | None:
        """Write the state of the audit log down outside the database; None where nothing came since the last time."""
        return None if self.folder is None else anchors.add(self.store, self.folder / anchors.FILE, self.clock())

    def _anchor_or_log(self) -> None:
        try:
            self.anchor()
        except OSError as error:  # the row is in the audit log all the same, and the next anchor is minutes away
            logging.getLogger("harta.audit").warning("%s", error)

    def read_anchors(self) -> list[anchors.Anchor]:
        """Read the anchors that the home has, oldest first."""
        return [] if self.folder is None else anchors.read(self.folder / anchors.FILE)

    def verify_audit(self, besides: Iterable[anchors.Anchor] = ()) -> list[audit.IntegrityFault]:
        """Walk the audit log; an empty list means no row was altered, removed or added.

        The chains must also pass through the home's anchors and those of `besides` (a copy kept elsewhere).
        """
        every = [*self.read_anchors(), *besides]
        with self.store.read() as connection:
            found = audit.verify(connection)
            missed = anchors.broken(connection, every)
        return [*found, *(audit.IntegrityFault(-1, 0, "anchor", each.at) for each in missed[:1])]

    def verify_clock(self) -> list[str]:
        """List the services whose last report lies in the future by this machine's clock."""
        with self.store.read() as connection:
            return capacity.from_future(connection, self.clock())

    def verify_counts(self) -> list[str]:
        """Count every service's places anew from reports and referrals; give the services that disagree."""
        with self.store.read() as connection:
            return capacity.recount(connection)


def _area(referral: Referral) -> Area:
    return Area(referral.county, referral.uat_siruta, referral.service_id, referral.referral_id)


def _within(actor: Actor, filters: Filters) -> Filters:
    """Start from the actor's own area where no other was asked for."""
    if actor.role == "team" and filters.uat_siruta is None:
        return replace(filters, uat_siruta=actor.uat_siruta)
    if actor.role == "county" and not filters.county:
        return replace(filters, county=actor.county)
    return filters


def _counted_for(actor: Actor, filters: Filters) -> Filters:
    """Give the filters of what this actor may count; NotAllowedError where it is more than its own."""
    own = _within(actor, filters)
    roles.require(actor, "counts.read", Area(county=own.county, uat_siruta=own.uat_siruta))
    return own


def open_ledger(
    home_or_url: Home | str,
    *,
    clock: Callable[[], datetime] = utc_now,
    may_begin: bool = False,
    may_join: bool = False,
) -> Ledger:
    """Open a ledger, its schema migrated where needed; refused where it is not this home's.

    At a bare database address nobody's identity is looked at, and an empty database becomes a ledger: for tests,
    measurements and copies.

    Parameters
    ----------
    home_or_url
        A home, or the address of a database.
    clock
        Tells the time, UTC.
    may_begin
        Whether an empty database becomes this home's ledger.
    may_join
        Whether a database of another live home may be taken over.

    Returns
    -------
    Ledger
        Close it when done.

    Raises
    ------
    LedgerError
        Where the database is missing, foreign, damaged or newer than the program.
    """
    if isinstance(home_or_url, Home):
        store = open_home_store(home_or_url, may_begin=may_begin, may_join=may_join)
        return Ledger(store, clock, home_or_url.path)
    store = open_store(home_or_url)
    try:
        ensure_current(store)
    except BaseException:
        store.close()
        raise
    return Ledger(store, clock)
