"""A report from the future: a clock ran ahead, or was set back. It is doubted, and the next true report replaces it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.storage.home import make_home
from referrals.homes.doctor import run_checks
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import SYSTEM
from referrals.workflow.directory import open_directory
from tests.worlds.homes.ledger_world import MONDAY, TEAM, free_of, refer, report

OFFICE = "authority:oficii:SPAS-24089"


@pytest.fixture
def ahead(ledger, clock):
    """A ledger with one report of a clock that ran 30 days ahead; the clock is right again."""
    report(ledger, 1)
    clock.move(hours=1)
    clock.move(days=30)
    report(ledger, 7)
    clock.move(days=-30)
    return ledger


def reported(ledger) -> datetime:
    return ledger.capacity_now(["social:mmps:1"])["places_reported_at"].iloc[0].to_pydatetime()


def holds_together(ledger) -> bool:
    return ledger.verify_counts() == [] and ledger.verify_audit() == []


def test_the_next_true_report_counts_with_its_true_moment(ahead, clock):
    assert ahead.verify_clock() == ["social:mmps:1"]
    clock.move(minutes=5)
    report(ahead, 2)
    assert (free_of(ahead), reported(ahead)) == (2, clock())
    assert ahead.verify_clock() == []
    clock.move(minutes=5)
    report(ahead, 3)
    assert (free_of(ahead), reported(ahead)) == (3, clock())
    assert holds_together(ahead)
    clock.move(days=31)  # when its day has come, the report of the wrong clock stays replaced
    assert free_of(ahead) == 3
    assert holds_together(ahead)


def test_a_report_of_an_earlier_moment_counts_too_but_not_over_a_later_true_one(ahead, clock):
    clock.move(minutes=5)
    report(ahead, 4, reported_at=MONDAY + timedelta(minutes=30))
    assert (free_of(ahead), reported(ahead)) == (4, MONDAY + timedelta(minutes=30))
    assert holds_together(ahead)


def test_what_was_known_before_the_clock_ran_ahead_comes_back_where_it_is_later(ahead, clock):
    clock.move(minutes=5)
    report(ahead, 4, reported_at=MONDAY - timedelta(hours=1))
    assert (free_of(ahead), reported(ahead)) == (1, MONDAY)
    assert holds_together(ahead)


def test_many_reports_at_once_replace_it_as_one_does(ahead, clock):
    clock.move(minutes=5)
    said = [{"service_id": "social:mmps:1", "places_free": 2}, {"service_id": "social:mmps:2", "places_free": 5}]
    assert ahead.report_many(said, source="fișier", actor=SYSTEM) == 2
    assert (free_of(ahead), free_of(ahead, "social:mmps:2"), reported(ahead)) == (2, 5, clock())
    assert holds_together(ahead)


def test_a_person_accepted_by_the_wrong_clock_is_counted_out_of_the_next_true_report(ledger, clock):
    report(ledger, 3)
    clock.move(days=30)
    referral = refer(ledger)
    ledger.transition(referral.referral_id, "accept", actor=TEAM)
    clock.move(days=-30, minutes=10)
    assert free_of(ledger) == 2
    report(ledger, 5)
    assert free_of(ledger) == 5
    ledger.transition(refer(ledger).referral_id, "accept", actor=TEAM)
    assert free_of(ledger) == 4
    assert holds_together(ledger)


def test_clocks_that_differ_by_less_than_a_minute_keep_the_order_of_events(ledger, clock):
    clock.move(seconds=40)
    report(ledger, 1)
    clock.move(seconds=-40)
    report(ledger, 2)
    assert free_of(ledger) == 2
    assert ledger.verify_clock() == []
    assert holds_together(ledger)


def test_it_confirms_nothing_is_said_so_and_doctor_finds_it(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("live", tmp_path / "var")
    wrong = open_ledger(home, clock=lambda: datetime.now(UTC) + timedelta(days=30))
    report(wrong, 5, OFFICE)
    wrong.close()
    directory = open_directory(home)
    told = directory.capacity_of(OFFICE)
    assert "din viitor" in told["doubt"]
    row = directory.snapshot().catalogue.position[OFFICE]
    assert directory.snapshot().availability.block[row] == 1  # to call first
    assert any(OFFICE in fault and "din viitor" in fault for fault in run_checks(home).faults)
    report(directory.ledger, 5, OFFICE)
    assert "doubt" not in directory.capacity_of(OFFICE)
    assert directory.snapshot().availability.block[row] == 0
    assert run_checks(home).is_sound
