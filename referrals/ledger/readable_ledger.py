"""What is read of a ledger: free places, referrals, counts. Reading writes down first what has run out meanwhile.

Who reads the referrals of persons is written in the audit log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from referrals.database import audit
from referrals.ledger import lifecycle, queries
from referrals.ledger.audited_ledger import AuditedLedger
from referrals.ledger.queries import Filters
from referrals.places import capacity_table
from referrals.records import roles
from referrals.records.ledger_errors import WRITING_REFUSED
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import pandas as pd

    from referrals.records.vocabulary import Actor, Referral


@dataclass(frozen=True)
class ReadableLedger(AuditedLedger):
    """A ledger as its readers see it."""

    def capacity_now(self, service_ids: Iterable[str] | None = None, *, now: datetime | None = None) -> pd.DataFrame:
        """Return what is free now, one row per service that has any report or hold.

        Columns: `service_id`; `status` (a service whose last free place is held or taken reads `full`);
        `places_free` free now, NA where no number was reported; `places_reported`, `places_max`,
        `places_reported_at` (UTC) as last reported; `held` open holds; `over_promised` more held than the
        last report has room for; `source` of the report. A hold past its time counts as given back.
        """
        self._settle()
        with self.store.read() as connection:
            return capacity_table.now_table(connection, service_ids, now or self.clock())

    def next_expiry(self) -> datetime | None:
        """Return the moment (UTC) when the next hold or request runs out; None where none waits."""
        with self.store.read() as connection:
            return lifecycle.next_expiry(connection)

    def referral(self, referral_id: str, *, actor: Actor) -> Referral:
        """Read one referral; the reading is written in the audit log."""
        self._settle()
        with self._refused_in_audit_log("referral.read", referral_id, actor), self.store.write_together() as connection:
            found = lifecycle.by_id(connection, referral_id)
            roles.require(actor, "referral.read", area_of(found))
            step = audit.AuditEvent("referral.read", referral_id, after=found.state)
            audit.lock(connection, [referral_id])
            audit.append(connection, referral_id, step, actor=actor, at=self.clock())
        return found

    def list_referrals(self, filters: Filters | None = None, *, actor: Actor) -> list[Referral]:
        """List referrals, newest first (None = no filter but the actor's area); written in the audit log.

        A team sees its community, a county unit its county: that is where the filters start from.
        """
        asked = filters or Filters()
        asked = _within(actor, replace(asked, case_ref=asked.case_ref.strip().upper()))
        subject = f"{asked.county}:{asked.uat_siruta or ''}"
        with self._refused_in_audit_log("referral.list", subject, actor):
            roles.require(actor, "referral.list", Area(county=asked.county, uat_siruta=asked.uat_siruta))
        self._settle()
        with self.store.write() as connection:
            found = queries.list_referrals(connection, asked, self.clock())
            audit.lock(connection, [subject])
            step = audit.AuditEvent("referral.list", subject, after=str(len(found)))
            audit.append(connection, subject, step, actor=actor, at=self.clock())
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
        """List referrals as `list_referrals` does, as a table: one row each with the fields of `Referral`."""
        filters = Filters(tuple(states), county, uat_siruta, service_id, case_ref, since, until)
        return queries.referrals_table(self.list_referrals(filters, actor=actor))

    def referral_counts(
        self,
        *,
        actor: Actor,
        county: str = "",
        uat_siruta: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> pd.DataFrame:
        """Count referrals by month, place, service, need, state and reason: see `queries.COUNT_COLUMNS`."""
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
        """Count unmet needs by day, kind, need, service type and place: see `queries.UNMET_COLUMNS`."""
        filters = _counted_for(actor, Filters(county=county, uat_siruta=uat_siruta, since=since, until=until))
        with self.store.read() as connection:
            return queries.unmet_table(connection, filters)

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


def area_of(referral: Referral) -> Area:
    """Return where a referral belongs, and to whom."""
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
