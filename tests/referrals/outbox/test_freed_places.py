"""A place that came free is told to the first who waits: the more urgent need, then the earlier day of refusal."""

from __future__ import annotations

import pytest

from providers.rules.needs import needs
from referrals.outbox import freed_places
from tests.worlds.homes.ledger_world import COUNTY, TEAM, refer, report
from tests.worlds.servers.mail_world import add_account, rows

CALM, URGENT = "no-income", "domestic-violence"


def refuse(ledger, need=CALM, **other):
    """Refer somebody, and let the provider say that it has no places."""
    report(ledger, 1)
    made = refer(ledger, need=need, **other)
    ledger.transition(made.referral_id, "decline", reason="no_places", actor=COUNTY)
    report(ledger, 0)
    return made


def freed(ledger) -> list[str]:
    return [one.referral_id for one in rows(ledger) if one.kind == "place_freed"]


def test_needs_differ_in_urgency():
    assert needs()[URGENT].is_danger
    assert not needs()[CALM].is_danger


def test_a_refusal_for_lack_of_places_frees_none(ledger):
    refuse(ledger)
    assert freed(ledger) == []


def test_only_the_first_is_told_the_more_urgent_need_before_the_earlier_day(ledger, clock):
    refuse(ledger)
    clock.move(days=1)
    urgent = refuse(ledger, need=URGENT)
    clock.move(days=1)
    refuse(ledger, need=URGENT)
    had = freed(ledger)
    report(ledger, 1)
    assert freed(ledger)[len(had) :] == [urgent.referral_id]


def test_of_needs_alike_the_earlier_day_of_refusal_comes_first(ledger, clock):
    first = refuse(ledger)
    clock.move(days=1)
    refuse(ledger)
    had = freed(ledger)
    report(ledger, 2)
    assert freed(ledger)[len(had) :] == [first.referral_id]


@pytest.mark.parametrize("way", ["report", "many", "cancel", "expire", "decline"])
def test_every_way_in_which_a_place_comes_free_tells(ledger, clock, way):
    report(ledger, 1)
    waiting = refer(ledger)
    ledger.transition(waiting.referral_id, "decline", reason="no_places", actor=TEAM)
    if way in ("report", "many"):
        report(ledger, 0)
        if way == "report":
            report(ledger, 2)
        else:
            ledger.report_many([{"service_id": "social:mmps:1", "places_free": 2}], source="fișier", actor=COUNTY)
    else:
        clock.move(days=15)  # until then the refusal speaks louder than the report
        holder = refer(ledger)
        assert holder.state == "held"
        if way == "expire":
            clock.move(days=10)
            ledger.expire_due()
        elif way == "cancel":
            ledger.transition(holder.referral_id, "cancel", actor=TEAM)
        else:
            ledger.transition(holder.referral_id, "decline", reason="not_eligible", actor=TEAM)
    assert freed(ledger) == [waiting.referral_id]


@pytest.mark.parametrize("way", ["report", "many"])
def test_a_report_of_as_many_places_as_before_a_refusal_tells_whoever_was_refused(ledger, clock, way):
    report(ledger, 1)
    waiting = refer(ledger)
    ledger.transition(waiting.referral_id, "decline", reason="no_places", actor=TEAM)
    clock.move(hours=1)
    if way == "report":
        report(ledger, 1)
    else:
        ledger.report_many([{"service_id": "social:mmps:1", "places_free": 1}], source="fișier", actor=COUNTY)
    assert freed(ledger) == [waiting.referral_id]


def test_nobody_is_told_of_a_place_where_somebody_was_refused_since_the_report(ledger, clock):
    report(ledger, 3)
    other, refused = refer(ledger), refer(ledger)
    ledger.transition(refused.referral_id, "decline", reason="no_places", actor=TEAM)
    ledger.transition(other.referral_id, "cancel", actor=TEAM)
    assert freed(ledger) == []


def test_the_next_one_has_no_turn_where_the_first_was_refused_again(ledger, clock):
    first = refuse(ledger)
    clock.move(hours=1)
    refuse(ledger)
    report(ledger, 1)
    again = refer(ledger, case_ref=first.case_ref)
    ledger.transition(again.referral_id, "decline", reason="no_places", actor=TEAM)
    clock.move(days=1, minutes=1)
    assert turn(ledger) == 0


def test_who_found_something_else_or_was_forgotten_waits_no_more(ledger):
    gone = refuse(ledger)
    report(ledger, 1, "social:mmps:2")
    refer(ledger, "social:mmps:2", need=CALM, case_ref=gone.case_ref)
    forgotten = refuse(ledger)
    ledger.erase_case(forgotten.case_ref, actor=COUNTY)
    had = freed(ledger)
    report(ledger, 1)
    assert freed(ledger)[len(had) :] == []


def test_the_next_one_has_a_turn_after_a_working_day_if_the_place_is_still_free(ledger, clock):
    first = refuse(ledger)
    clock.move(hours=1)
    second = refuse(ledger)
    had = freed(ledger)
    report(ledger, 1)
    assert turn(ledger) == 0, "the first one has a working day"
    clock.move(days=1, minutes=1)
    assert turn(ledger) == 1
    assert turn(ledger) == 0
    clock.move(days=1, minutes=1)
    assert turn(ledger) == 0, "nobody is left"
    assert freed(ledger)[len(had) :] == [first.referral_id, second.referral_id]


def test_nobody_is_told_of_a_place_that_is_taken_meanwhile(ledger, clock):
    refuse(ledger)
    clock.move(hours=1)
    refuse(ledger)
    report(ledger, 1)
    refer(ledger)
    clock.move(days=1, minutes=1)
    assert turn(ledger) == 0


def test_the_team_of_the_refused_case_is_told_and_no_other(ledger):
    add_account(ledger, "U-HERE", "team", "BC", 22889, "a@b.example.ro")
    add_account(ledger, "U-THERE", "team", "BC", 1, "c@b.example.ro")
    refuse(ledger)
    report(ledger, 1)
    assert {one.recipient for one in rows(ledger) if one.kind == "place_freed"} == {"account:U-HERE"}


def turn(ledger) -> int:
    with ledger.store.write() as connection:
        return freed_places.tell_next_in_turn(connection, ledger.clock())
