"""News that nobody causes but the clock: terms that end, reports of places that grow old, a week that is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from core.romanian_calendar import BUCHAREST
from providers.rules.freshness import SECONDS_A_DAY
from referrals.database.models import accounts, messages, referrals
from referrals.delivery.county_week import week_of
from referrals.ledger import lifecycle
from referrals.outbox import freed_places
from referrals.outbox.message_writing import MessageFacts, facts_of, team_of, unit_of, write_message
from referrals.records.vocabulary import WAITING
from referrals.records.working_time import is_working_day
from referrals.workflow.county_worklist import service_county

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from core.storage.message_settings import MessageSettings
    from referrals.outbox.message_writing import MessageKind
    from referrals.workflow.directory import Directory

STALE_AHEAD = timedelta(days=2)  # before a report stops confirming
_STALE: MessageKind = "places_stale"
_YOUNGEST = timedelta(hours=12)  # a referral made today is not yet to be reminded of


@dataclass(frozen=True)
class _StaleReport:
    """A report of places that soon confirms nothing: of which service, in which county, from when until when."""

    service_id: str
    county: str
    reported_at: datetime
    stale_at: datetime

    @property
    def event(self) -> str:
        """What is told of it: a report is told of once."""
        return self.reported_at.isoformat(timespec="seconds")

    @property
    def recipient(self) -> str:
        """Who is told: the provider."""
        return f"service:{self.service_id}"


def write_planned(directory: Directory, settings: MessageSettings) -> int:
    """Write what the clock brings, each once; return how many were written.

    What only a provider would read is not written where nothing is sent: providers see no other news.
    """
    # Before writing: a snapshot may have to write, and writers wait for nothing that is known already.
    stale = _untold(directory, _growing_stale(directory)) if settings.is_on else []
    now = directory.ledger.clock()
    written = 0
    with directory.ledger.store.write() as connection:
        written += freed_places.tell_next_in_turn(connection, now)
        written += _expiring(connection, now, to_providers=settings.is_on)
        written += _week(connection, now)
        for each in stale:
            facts = MessageFacts(service_id=each.service_id, county=each.county)
            written += write_message(
                connection, _STALE, each.event, each.recipient, facts, now=now, lapses_at=each.stale_at
            )
    return written


def _expiring(connection: Connection, now: datetime, *, to_providers: bool) -> int:
    """Remind of referrals that run out by the end of the next working day."""
    row = referrals.c
    query = select(referrals).where(
        row.state.in_(WAITING),
        row.expires_at > now,
        row.expires_at <= _end_of_next_working_day(now),
        row.made_at <= now - _YOUNGEST,
    )
    written = 0
    for each in connection.execute(query).mappings().all():
        found = lifecycle.from_row(each)
        if found.expires_at is None:
            continue
        whom = [("expiry_tomorrow", recipient) for recipient in team_of(connection, found)]
        if to_providers:
            whom.append(("referral_expiring", f"service:{found.service_id}"))
        for kind, recipient in whom:
            written += write_message(
                connection,
                "referral_expiring" if kind == "referral_expiring" else "expiry_tomorrow",
                f"{found.referral_id}/{found.expires_at:%Y%m%dT%H%M}",
                recipient,
                facts_of(found),
                now=now,
                lapses_at=found.expires_at,
            )
    return written


def _end_of_next_working_day(now: datetime) -> datetime:
    """Return the midnight after the next working day: a term of Monday is told on Friday."""
    day = now.astimezone(BUCHAREST).date() + timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), BUCHAREST)


def _week(connection: Connection, now: datetime) -> int:
    """Write the week of every county that has a unit, on its first day after the week."""
    row, week = accounts.c, week_of(now)
    counties = select(row.county).where(row.role == "county", row.state == "active").distinct().order_by(row.county)
    return sum(
        write_message(
            connection,
            "county_week",
            week,
            recipient,
            MessageFacts(county=county),
            now=now,
            lapses_at=now + timedelta(days=5),
        )
        for county in connection.execute(counties).scalars().all()
        for recipient in unit_of(connection, county)
    )


def _growing_stale(directory: Directory) -> list[_StaleReport]:
    """List the services whose report confirms for two days more at most."""
    snapshot = directory.snapshot()
    catalogue, available = snapshot.catalogue, snapshot.availability
    reported = np.asarray(available.reported_s, dtype=np.float64)
    now = directory.ledger.clock().timestamp()
    left = reported + catalogue.rules.freshness_days * SECONDS_A_DAY - now
    some = np.flatnonzero((left > 0) & (left <= STALE_AHEAD.total_seconds())).tolist()
    found = []
    for row in some:
        if catalogue.cell("is_secret", row) or catalogue.cell("capacity_model", row) != "places":
            continue
        where = {name: catalogue.cell(name, row) for name in ("county", "county_served")}
        at = datetime.fromtimestamp(reported[row], UTC)
        stale_at = at + timedelta(days=float(catalogue.rules.freshness_days[row]))
        found.append(_StaleReport(str(catalogue.cell("service_id", row)), service_county(where), at, stale_at))
    return found


def _untold(directory: Directory, stale: list[_StaleReport]) -> list[_StaleReport]:
    """Leave out what was told before: thousands grow stale at once, and each would be tried again every minute."""
    row = messages.c
    query = select(row.event, row.recipient).where(row.kind == _STALE, row.lapses_at > directory.ledger.clock())
    with directory.ledger.store.read() as connection:
        codes = set(map(tuple, connection.execute(query)))
    return [each for each in stale if (each.event, each.recipient) not in codes]
