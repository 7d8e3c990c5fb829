"""Calls that nobody answered: who may note them, what is counted, and that no place changes."""

from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.field.unanswered_calls import (
    ACTION,
    UnansweredCalls,
    note_unanswered,
    recent_unanswered,
    take_back_unanswered,
    unanswered_words,
)
from referrals.records.ledger_errors import BadReportError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM

SERVICE, OTHER = "medical:own:M1", "medical:own:M2"
LINK_OF_ANOTHER = Actor("provider", "", service_id=OTHER)


def test_calls_of_the_last_week_are_counted_and_those_of_another_service_are_not(ledger, clock):
    assert recent_unanswered(ledger, SERVICE) == UnansweredCalls(0, None)
    note_unanswered(ledger, SERVICE, actor=TEAM)
    clock.move(days=5)
    note_unanswered(ledger, SERVICE, actor=COUNTY)
    note_unanswered(ledger, OTHER, actor=TEAM)
    assert recent_unanswered(ledger, SERVICE) == UnansweredCalls(2, ledger.clock())
    clock.move(days=3)
    assert recent_unanswered(ledger, SERVICE).count == 1


def test_a_call_is_in_the_trail_and_changes_no_place(ledger):
    ledger.report_capacity(SERVICE, places_free=3, source="telefon", actor=TEAM)
    before, events = ledger.capacity_now([SERVICE]), ledger.event_counter()
    note_unanswered(ledger, SERVICE, actor=TEAM)
    assert ledger.capacity_now([SERVICE]).equals(before)
    assert ledger.event_counter() == events
    assert ACTION in set(ledger.audit_log(actor=ADMIN, subject=SERVICE)["action"])
    assert ledger.verify_audit() == []


def test_who_may_not_report_places_may_not_note_a_call(ledger):
    with pytest.raises(NotAllowedError):
        note_unanswered(ledger, SERVICE, actor=LINK_OF_ANOTHER)
    assert recent_unanswered(ledger, SERVICE).count == 0


def test_a_call_noted_by_mistake_is_taken_back_by_who_noted_it_for_a_while(ledger, clock):
    note_unanswered(ledger, SERVICE, actor=COUNTY)
    first = ledger.clock()
    clock.move(days=1)
    note_unanswered(ledger, SERVICE, actor=TEAM)
    with pytest.raises(BadReportError):
        take_back_unanswered(ledger, SERVICE, actor=COUNTY)  # its own is a day old
    take_back_unanswered(ledger, SERVICE, actor=TEAM)
    assert recent_unanswered(ledger, SERVICE) == UnansweredCalls(1, first)
    with pytest.raises(BadReportError):
        take_back_unanswered(ledger, SERVICE, actor=TEAM)
    with pytest.raises(NotAllowedError):
        take_back_unanswered(ledger, SERVICE, actor=LINK_OF_ANOTHER)
    assert ledger.verify_audit() == []


def test_the_words_count_in_romanian():
    assert unanswered_words(UnansweredCalls(0, None), "") == ""
    assert "1 apel fără răspuns" in unanswered_words(UnansweredCalls(1, None), "azi")
    assert "2 apeluri fără răspuns" in unanswered_words(UnansweredCalls(2, None), "azi")
