"""A report of places taken back: as if it had never been, but for the audit log; and when it stands."""

from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.field.withdrawn_reports import ACTION, withdraw_report
from referrals.records.ledger_errors import BadReportError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, everything, free_of, refer, report

SERVICE = "social:mmps:1"


def without_log(ledger):
    """Everything but the log, its heads, and the clock of the service, which never goes back."""
    rows = everything(ledger)
    return rows["capacity_reports"], [row[:-1] for row in rows["places"]], rows["referrals"]


def test_what_was_known_before_holds_again(ledger, clock):
    report(ledger, 4, places_max=9)
    refer(ledger)
    before = without_log(ledger)
    clock.move(minutes=5)
    noted = report(ledger, 0)
    assert free_of(ledger) == 0
    withdraw_report(ledger, noted.report_id, actor=TEAM)
    assert without_log(ledger) == before
    assert free_of(ledger) == 3
    assert ledger.verify_counts() == ledger.verify_audit() == []


def test_without_an_earlier_report_the_places_are_unknown_again(ledger):
    noted = report(ledger, 2)
    events = ledger.event_counter()
    withdraw_report(ledger, noted.report_id, actor=TEAM)
    assert free_of(ledger) is None
    assert ledger.capacity_now([SERVICE]).empty
    assert ledger.event_counter() > events  # answers that were made of it are made anew
    assert ledger.verify_counts() == ledger.verify_audit() == []


def test_the_log_keeps_that_it_was_noted_and_withdrawn(ledger):
    noted = report(ledger, 2)
    withdraw_report(ledger, noted.report_id, actor=TEAM)
    actions = list(ledger.audit_log(actor=ADMIN, subject=SERVICE)["action"])
    assert actions.count("capacity.report") == actions.count(ACTION) == 1


def test_it_is_withdrawn_once(ledger):
    noted = report(ledger, 2)
    withdraw_report(ledger, noted.report_id, actor=TEAM)
    with pytest.raises(BadReportError):
        withdraw_report(ledger, noted.report_id, actor=TEAM)


def test_a_place_that_was_given_on_it_keeps_it(ledger):
    noted = report(ledger, 2)
    refer(ledger)
    with pytest.raises(BadReportError, match="notați din nou"):
        withdraw_report(ledger, noted.report_id, actor=TEAM)
    assert free_of(ledger) == 1


def test_a_later_report_keeps_it(ledger, clock):
    noted = report(ledger, 2)
    clock.move(minutes=1)
    report(ledger, 3)
    with pytest.raises(BadReportError):
        withdraw_report(ledger, noted.report_id, actor=TEAM)
    assert free_of(ledger) == 3


def test_after_ten_minutes_it_stands(ledger, clock):
    noted = report(ledger, 2)
    clock.move(minutes=10, seconds=1)
    with pytest.raises(BadReportError):
        withdraw_report(ledger, noted.report_id, actor=TEAM)


@pytest.mark.parametrize("other", [COUNTY, ADMIN, Actor("team", "echipa-2", "BC", 22889)])
def test_what_another_noted_is_not_withdrawn(ledger, other):
    noted = report(ledger, 2)
    with pytest.raises((BadReportError, NotAllowedError)):
        withdraw_report(ledger, noted.report_id, actor=other)
    assert free_of(ledger) == 2
