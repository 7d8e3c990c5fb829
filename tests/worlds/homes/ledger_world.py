"""A small world to refer in: actors, a clock that stands, one service, and short ways to act on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from core.romanian_calendar import BUCHAREST
from referrals.database.models import audit, metadata
from referrals.ledger.ledger import Ledger
from referrals.records.vocabulary import Actor, ServiceTerms

TEAM = Actor("team", "echipa-1", "BC", 22889)
COUNTY = Actor("county", "ujss-bc", "BC")
NATIONAL = Actor("national", "umi")
ADMIN = Actor("admin", "admin-1")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=BUCHAREST).astimezone(UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def terms(service_id: str = "social:mmps:1", **other: object) -> ServiceTerms:
    return ServiceTerms(**{"service_id": service_id, "service_type": "8899CZ-PN-V", "county": "BC", **other})


def refer(ledger: Ledger, to: ServiceTerms | str = "social:mmps:1", **other: object):
    wanted = to if isinstance(to, ServiceTerms) else terms(to)
    asked = {"case_ref": None, "need": "hrana", "county": "BC", "uat_siruta": 22889, "actor": TEAM}
    return ledger.refer(wanted, **{**asked, "basis": "public_task", **other})


def report(ledger: Ledger, free: int | None, service_id: str = "social:mmps:1", **other: object):
    return ledger.report_capacity(service_id, places_free=free, **{"source": "telefon", "actor": TEAM, **other})


def free_of(ledger: Ledger, service_id: str = "social:mmps:1") -> int | None:
    table = ledger.capacity_now([service_id]).set_index("service_id")["places_free"]
    return None if service_id not in table.index or table.isna()[service_id] else int(table[service_id])


def audited(ledger: Ledger) -> list[str]:
    """What the audit log says was done, in no order."""
    with ledger.store.read() as connection:
        return list(connection.execute(select(audit.c.action)).scalars())


def everything(ledger: Ledger) -> dict[str, list]:
    """Every row of every table, in an order of its own."""
    with ledger.store.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }
