"""Many reports at once write what the same reports write one by one: rows, places, log and counter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from referrals.database.models import audit, chains, metadata, places, reports
from referrals.database.store import LedgerStore
from referrals.ledger.ledger import Ledger, open_ledger
from referrals.records.ledger_errors import BadReportError
from referrals.records.vocabulary import SYSTEM
from tests.worlds.examples import examples
from tests.worlds.homes.ledger_world import COUNTY, MONDAY, Clock, refer, report

SERVICES = ["social:mmps:1", "social:mmps:2", "social:mmps:3"]
TABLES = {
    reports: reports.c.report_id, places: places.c.service_id, chains: chains.c.chain,
    audit: (audit.c.chain, audit.c.position),
}  # fmt: skip

lines = st.lists(
    st.tuples(
        st.sampled_from(SERVICES),
        st.sampled_from([None, 0, 1, 4]),
        st.sampled_from([None, 7]),
        st.sampled_from([None, -30, 0, 45]),  # minutes from the beginning
    ).map(
        lambda drawn: {
            "service_id": drawn[0], "places_free": drawn[1], "places_max": drawn[2],
            "reported_at": None if drawn[3] is None else MONDAY + timedelta(minutes=drawn[3]),
        }
    ),
    max_size=8,
)  # fmt: skip


def in_memory() -> Ledger:
    """An empty ledger, with a service that has places of which some are taken and held."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(chains.insert(), [{"chain": n, "length": 0, "head": "", "events": 0} for n in range(16)])
    clock = Clock()
    ledger = Ledger(LedgerStore(engine), clock)
    report(ledger, 3)
    for n in range(3):
        clock.move(minutes=10)
        referral = refer(ledger)
        if n:
            ledger.transition(referral.referral_id, "accept", actor=COUNTY)
        if n > 1:
            ledger.transition(referral.referral_id, "cancel", actor=COUNTY)
    clock.move(minutes=30)
    return ledger


def written(ledger: Ledger):
    with ledger.store.read() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(_ordered(table, order)).mappings()]
            for table, order in TABLES.items()
        }


def _ordered(table, order):
    return select(table).order_by(*(order if isinstance(order, tuple) else (order,)))


def without_chance(tables):
    """Ids of referrals are drawn: the seals over them differ from world to world, and nothing else does."""
    drawn = {"digest", "head", "subject"}
    return {name: [{k: v for k, v in row.items() if k not in drawn} for row in rows] for name, rows in tables.items()}


@settings(deadline=None, max_examples=examples(40))
@given(lines)
def test_many_reports_are_as_one_by_one(said):
    one, many = in_memory(), in_memory()
    for line in said:
        one.report_capacity(**line, source="fișier", actor=SYSTEM)
    assert many.report_many(said, source="fișier", actor=SYSTEM) == len(said)
    assert without_chance(written(one)) == without_chance(written(many))
    assert many.verify_audit() == []
    assert one.event_counter() == many.event_counter()


def test_one_bad_report_and_none_is_written(url, clock):
    ledger = open_ledger(url, clock=clock)
    before = written(ledger)
    said = [{"service_id": "social:mmps:1", "places_free": 2}, {"service_id": "social:mmps:2", "places_free": -1}]
    with pytest.raises(BadReportError):
        ledger.report_many(said, source="fișier", actor=SYSTEM)
    assert written(ledger) == before
    assert ledger.report_many(said[:1], source="fișier", actor=SYSTEM) == 1
    assert ledger.verify_audit() == []
    ledger.close()
