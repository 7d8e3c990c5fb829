"""One step for several referrals: what one refuses stops no other; what was noted by mistake is taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core.errors import NotAllowedError
from referrals.database.models import referrals
from referrals.queue import take_steps, undo_steps
from referrals.queue.bulk_steps import MOST_AT_ONCE, bulk_choices
from referrals.queue.step_undo import undo_step
from referrals.records.ledger_errors import BadReferralError, SecondPlaceError, WrongStateError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import COUNTY, TEAM, free_of, refer, report

FOREIGN = Actor("team", "echipa-vs", "VS", 161801)


def accepted(ledger, **other):
    made = refer(ledger, **other)
    return ledger.transition(made.referral_id, "accept", actor=TEAM)


def state(ledger, number):
    return ledger.referral(number, actor=COUNTY).state


def test_each_is_stepped_or_refused_on_its_own_and_both_are_told(ledger):
    report(ledger, 9)
    some = [accepted(ledger).referral_id, accepted(ledger).referral_id, refer(ledger).referral_id]
    found = take_steps(ledger, [*some, "R-NICIUNUL"], "start", actor=TEAM, key="k")
    assert found.done == tuple(some[:2])
    assert [number for number, _words in found.refused] == [some[2], "R-NICIUNUL"]
    assert "nu se poate face" in found.refused[0][1]
    assert found.summary == "Am notat la 2 referiri: persoana a ajuns. Refuzat la 2 referiri."
    assert [state(ledger, number) for number in some] == ["started", "started", "held"]
    again = take_steps(ledger, some[:2], "start", actor=TEAM, key="k")
    assert again.done == found.done, "the same form sent twice is one step"
    back = undo_steps(ledger, found.done, actor=TEAM)
    assert (back.done, back.may_undo) == (found.done, False)
    assert [state(ledger, number) for number in some] == ["accepted", "accepted", "held"]
    assert ledger.verify_counts() == []
    assert ledger.verify_audit() == []


def test_who_did_not_come_is_cancelled_for_that_reason_and_undone_with_its_place(ledger):
    report(ledger, 2)
    some = [accepted(ledger).referral_id, accepted(ledger).referral_id]
    found = take_steps(ledger, some, "no_show", actor=TEAM, key="k")
    assert {ledger.referral(number, actor=TEAM).reason for number in some} == {"no_show"}
    assert found.summary == "Am notat la 2 referiri: persoana nu a venit."
    assert free_of(ledger) == 2
    assert undo_steps(ledger, some, actor=TEAM).done == tuple(some)
    assert free_of(ledger) == 0
    assert {ledger.referral(number, actor=TEAM).reason for number in some} == {""}


def test_other_areas_are_refused_row_by_row(ledger):
    report(ledger, 1)
    made = refer(ledger).referral_id
    found = take_steps(ledger, [made], "cancel", actor=FOREIGN, key="k")
    assert found.done == ()
    assert found.summary == "Refuzat la 1 referire."
    assert state(ledger, made) == "held"
    with pytest.raises(NotAllowedError):
        undo_step(ledger, made, actor=FOREIGN)


@pytest.mark.parametrize(
    ("numbers", "choice"),
    [([], "start"), (["R-1"], "expire"), (["R-1"], "decline"), ([f"R-{n}" for n in range(99)], "start")],
)
def test_nothing_marked_too_much_marked_no_step_and_no_reason_are_refused_at_once(ledger, numbers, choice):
    assert len(numbers) < 2 or len(numbers) > MOST_AT_ONCE
    with pytest.raises(BadReferralError):
        take_steps(ledger, numbers, choice, actor=TEAM, key="k")
    assert "expire" not in dict(bulk_choices())


def test_only_who_took_the_step_takes_it_back_and_only_for_ten_minutes(ledger, clock):
    report(ledger, 1)
    made = accepted(ledger).referral_id
    ledger.transition(made, "start", actor=TEAM)
    with pytest.raises(WrongStateError):
        undo_step(ledger, made, actor=COUNTY)
    clock.move(minutes=11)
    with pytest.raises(WrongStateError):
        undo_step(ledger, made, actor=TEAM)
    ledger.transition(made, "break_off", reason="other", actor=TEAM)
    assert undo_step(ledger, made, actor=TEAM).state == "started"
    with pytest.raises(WrongStateError, match="nu mai poate fi anulat"):
        undo_step(ledger, made, actor=TEAM)


def test_an_acceptance_a_refusal_and_what_was_moved_on_are_not_taken_back(ledger):
    report(ledger, 3)
    report(ledger, 3, "social:mmps:2")
    first, second = accepted(ledger), refer(ledger)
    ledger.transition(second.referral_id, "decline", reason="other", actor=TEAM)
    third = refer(ledger)
    refer(ledger, "social:mmps:2", case_ref=third.case_ref, replaces=third.referral_id)
    for one in (first, second, third):
        with pytest.raises(WrongStateError):
            undo_step(ledger, one.referral_id, actor=TEAM)
    assert ledger.verify_counts() == []


def test_a_case_that_got_another_place_meanwhile_keeps_that_one(ledger):
    report(ledger, 2)
    report(ledger, 2, "social:mmps:2")
    first = refer(ledger)
    ledger.transition(first.referral_id, "cancel", actor=TEAM)
    refer(ledger, "social:mmps:2", case_ref=first.case_ref)
    with pytest.raises(SecondPlaceError):
        undo_step(ledger, first.referral_id, actor=TEAM)
    assert (free_of(ledger), free_of(ledger, "social:mmps:2")) == (2, 1)


def test_a_place_that_somebody_was_told_of_is_not_taken_back(ledger):
    report(ledger, 1)
    held = refer(ledger)
    waits = refer(ledger, "social:mmps:2")
    with ledger.store.write() as connection:  # refused here for lack of places, and waits
        own = referrals.c.referral_id == waits.referral_id
        values = {
            "service_id": held.service_id,
            "state": "declined",
            "reason": "no_places",
            "closed_at": ledger.clock(),
        }
        connection.execute(update(referrals).where(own).values(values))
    report(ledger, 1)
    ledger.transition(held.referral_id, "cancel", actor=TEAM)
    with pytest.raises(WrongStateError, match="altcuiva"):
        undo_step(ledger, held.referral_id, actor=TEAM)
