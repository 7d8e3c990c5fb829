"""A person is forgotten; the counts and the audit log stay."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import BadValueError, NotAllowedError
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import BadReferralError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, free_of, refer, report


def kept(ledger) -> str:
    with ledger.store.read() as connection:
        tables = ("referrals", "answered_requests", "audit", "unmet_needs")
        return repr([connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables])  # noqa: S608


def test_erasing_leaves_no_trace_of_the_case_and_an_unbroken_trail(ledger):
    report(ledger, 3)
    made = refer(ledger, note="vine însoțită", locality_siruta=22898, idempotency_key="k")
    other = refer(ledger, need="locuire", case_ref=made.case_ref)
    ledger.transition(other.referral_id, "accept", actor=TEAM)
    ledger.transition(other.referral_id, "start", actor=TEAM)
    stays = refer(ledger)
    assert ledger.erase_case(made.case_ref, actor=COUNTY) == 2
    left = kept(ledger)
    for trace in (made.case_ref, "însoțită", "22898"):
        assert trace not in left
    assert stays.case_ref in left
    states = ledger.referrals(actor=TEAM).set_index("referral_id")["state"]
    assert (states[made.referral_id], states[other.referral_id]) == ("cancelled", "broken_off")
    assert free_of(ledger) == 1, "the hold came back; the place begun with comes with the next report"
    assert ledger.verify_audit() == []
    assert ledger.verify_counts() == []
    assert ledger.erase_case(made.case_ref, actor=COUNTY) == 0


def test_a_case_elsewhere_cannot_be_erased_from_here(ledger):
    made = refer(ledger)
    for actor in (Actor("county", "x", "CJ"), Actor("team", "x", "BC", 1), Actor("national", "x")):
        with pytest.raises(NotAllowedError):
            ledger.erase_case(made.case_ref, actor=actor)
    with pytest.raises(BadReferralError):
        ledger.erase_case("Ion Popescu", actor=ADMIN)


def test_what_was_closed_long_ago_is_forgotten_and_what_is_open_is_not(ledger, clock):
    report(ledger, 3)
    old, running = refer(ledger), refer(ledger)
    ledger.transition(old.referral_id, "decline", reason="other", actor=TEAM)
    ledger.transition(running.referral_id, "accept", actor=TEAM)
    ledger.transition(running.referral_id, "start", actor=TEAM)
    clock.move(days=700)
    young = refer(ledger)
    ledger.transition(young.referral_id, "cancel", actor=TEAM)
    clock.move(days=40)
    assert ledger.erase_old(actor=ADMIN) == 1
    assert ledger.erase_old(actor=ADMIN) == 0
    left = kept(ledger)
    assert old.case_ref not in left
    assert running.case_ref in left
    assert young.case_ref in left
    assert ledger.verify_audit() == []


def test_only_the_whole_nation_s_role_runs_retention(ledger):
    with pytest.raises(NotAllowedError):
        ledger.erase_old(actor=COUNTY)


def test_what_retention_would_do_is_told_before_it_is_done_and_what_nobody_closed_is_named(ledger, clock):
    report(ledger, 3)
    closed, left_open = refer(ledger), refer(ledger)
    ledger.transition(closed.referral_id, "cancel", actor=TEAM)
    ledger.transition(left_open.referral_id, "accept", actor=TEAM)
    was = clock()
    clock.move(days=731)
    due = ledger.due_for_erasure(actor=ADMIN)
    assert (due.referrals, due.cases, due.oldest, due.overdue) == (1, 1, due.oldest, 1)
    assert due.oldest - was < timedelta(seconds=1)
    assert ledger.due_for_erasure(actor=ADMIN, days=800).referrals == 0
    assert closed.case_ref in kept(ledger)
    assert ledger.erase_old(actor=ADMIN) == 1
    assert ledger.due_for_erasure(actor=ADMIN).referrals == 0
    with pytest.raises(NotAllowedError):
        ledger.due_for_erasure(actor=COUNTY)


@pytest.mark.parametrize("said", ["x", "7", "-1", "0", "1e3", "٧٣٠"])
def test_a_period_that_is_none_is_refused_and_nothing_is_forgotten(ledger, monkeypatch, said):
    monkeypatch.setenv("HARTA_RETENTION_DAYS", said)
    with pytest.raises(BadValueError, match="HARTA_RETENTION_DAYS"):
        ledger.erase_old(actor=ADMIN)
    monkeypatch.setenv("HARTA_RETENTION_DAYS", "365")
    assert ledger.due_for_erasure(actor=ADMIN).days == 365


def test_the_bytes_of_what_was_erased_are_in_none_of_the_database_s_files(sqlite_url, clock):
    """Many rows, so that pages split and are emptied; the database stays open, as a server keeps it."""
    ledger = open_ledger(sqlite_url, clock=clock)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    report(ledger, 400)
    made = [refer(ledger, note=f"mențiune {n:04d} " + "x" * (n % 300), idempotency_key=f"k{n}") for n in range(120)]
    gone = made[::2]
    traces = [text for each in gone for text in (each.case_ref, each.note)]
    assert all(text.encode() in content_of(path) for text in traces)
    for each in gone[:8]:
        ledger.erase_case(each.case_ref, actor=COUNTY)
    for each in gone[8:]:
        ledger.transition(each.referral_id, "cancel", actor=TEAM)
    clock.move(days=800)
    assert ledger.erase_old(actor=ADMIN) >= len(gone) - 8
    content = content_of(path)
    assert [text for text in traces if text.encode() in content] == []
    assert path.with_name(path.name + "-wal").stat().st_size == 0
    ledger.close()


def content_of(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_a_reader_in_the_way_does_not_hold_erasure_up_and_the_journal_is_emptied_afterwards(sqlite_url, clock):
    ledger = open_ledger(sqlite_url, clock=clock)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    made = refer(ledger)
    with ledger.store.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM referrals").scalar_one()
        with ledger.store.write() as writing:
            writing.exec_driver_sql("UPDATE referrals SET note = 'altceva'")
        assert not ledger.store.empty_journal(seconds=0.1)
        refer(ledger)
    assert ledger.erase_case(made.case_ref, actor=COUNTY) == 1
    assert made.case_ref.encode() not in content_of(path)
    ledger.close()


@pytest.mark.postgres
def test_on_postgresql_the_erased_rows_are_vacuumed(postgres_url, clock):
    ledger = open_ledger(postgres_url, clock=clock)
    made = refer(ledger)
    ledger.erase_case(made.case_ref, actor=COUNTY)
    with ledger.store.read() as connection:
        query = "SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'referrals' AND last_vacuum IS NOT NULL"
        assert connection.exec_driver_sql(query).scalar_one() == 1
    ledger.close()
