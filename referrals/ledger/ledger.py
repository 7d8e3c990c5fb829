"""The ledger as others see it: open it, report places, refer, answer, forget.

What is read of it is in `readable_ledger.py`, its audit log with all that verifies it in `audited_ledger.py`. Every
method that does something for somebody takes an `Actor` and asks `roles` first.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from core.storage.home import Home
from referrals.case_erasure import plan_retention, record_erasure
from referrals.database import audit, idempotency
from referrals.database.home_identity import open_home_store
from referrals.database.schema_migration import ensure_current
from referrals.database.store import open_store
from referrals.ledger import erasure, erasure_list, lifecycle, referral_making, unmet_needs
from referrals.ledger.audited_ledger import utc_now
from referrals.ledger.readable_ledger import ReadableLedger, area_of
from referrals.ledger.referral_request import ReferralRequest, validate_case_reference, validate_request
from referrals.outbox import message_queue
from referrals.places import bulk_capacity, capacity
from referrals.records import roles
from referrals.records.ledger_errors import LedgerError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor, CapacityReport, Referral, ServiceTerms


@dataclass(frozen=True)
class Ledger(ReadableLedger):
    """An open ledger. Safe to share between threads; every process opens its own."""

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

    def report_many(self, items: Iterable[dict[str, Any]], *, source: str, actor: Actor) -> int:
        """Append many reports in one transaction: all or none. Each: the named arguments of `report_capacity`."""
        lines = list(items)
        for service_id in dict.fromkeys(str(line["service_id"]) for line in lines):
            with self._refused_in_audit_log("capacity.report", service_id, actor):
                roles.require(actor, "capacity.report", Area(service_id=service_id))
        with self.store.write() as connection:
            return bulk_capacity.report_many(connection, lines, source=source, actor=actor, now=self.clock())

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
            roles.require(actor, lifecycle.TRANSITIONS[step].permission, area_of(found))
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
        """Return what is past its time (`erasure.retention_days` where `days` is not given); nothing is changed."""
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
        records += self._some_at_a_time(partial(plan_retention.erase_old_plans, before=before, actor=actor, now=now))
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
