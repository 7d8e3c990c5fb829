"""How services answer, read out of the ledger: from answers and expiries alone, and nothing of protected ones."""

from __future__ import annotations

from providers.rules.protected_keys import is_protected
from referrals.field.answering_records import answering_records
from tests.worlds.homes.ledger_world import COUNTY, TEAM, refer, terms

KEY = "social:mmps:1"


def asked(ledger, key=KEY, **other):
    return refer(ledger, terms(key, hold_working_days=0, **other)).referral_id


def answered_after(ledger, clock, hours, key=KEY, step="accept", reason=""):
    number = asked(ledger, key)
    clock.move(hours=hours)
    ledger.transition(number, step, reason=reason, actor=TEAM)


def run_out(ledger, clock, key=KEY):
    asked(ledger, key)
    clock.move(days=20)


def record(ledger, clock, key=KEY):
    return answering_records(ledger, now=clock.at).get(key)


def test_five_answers_tell_the_usual_days_and_four_do_not(ledger, clock):
    for hours in (30, 30, 30, 30):
        answered_after(ledger, clock, hours)
    assert record(ledger, clock) is None
    answered_after(ledger, clock, 30)
    assert record(ledger, clock).usual_days == 2


def test_a_refusal_is_an_answer(ledger, clock):
    for _n in range(5):
        answered_after(ledger, clock, 2, step="decline", reason="not_eligible")
    assert record(ledger, clock).usual_days == 1


def test_three_that_ran_out_are_said_also_where_nobody_wrote_it_down(ledger, clock):
    for _n in range(3):
        run_out(ledger, clock)
    assert record(ledger, clock).unanswered == 3


def test_what_waits_still_or_was_taken_back_does_not_count(ledger, clock):
    for _n in range(3):
        ledger.transition(asked(ledger), "cancel", actor=TEAM)
        asked(ledger)
    assert record(ledger, clock) is None


def test_what_is_older_than_the_window_does_not_count(ledger, clock):
    for _n in range(5):
        answered_after(ledger, clock, 1)
    assert record(ledger, clock) is not None
    clock.move(days=181)
    assert record(ledger, clock) is None


def test_of_a_protected_service_nothing_is_told(ledger, clock):
    key = "protected:8790CR-VD-I:BC:abcdefghij234567"
    assert is_protected(key)
    for _n in range(6):
        number = refer(ledger, terms(key, hold_working_days=0), actor=COUNTY).referral_id
        ledger.transition(number, "accept", actor=COUNTY)
    assert answering_records(ledger, now=clock.at) == {}


def test_one_service_says_nothing_of_another(ledger, clock):
    for _n in range(5):
        answered_after(ledger, clock, 1, key="social:mmps:2")
    assert set(answering_records(ledger, now=clock.at)) == {"social:mmps:2"}
