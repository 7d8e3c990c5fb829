"""What a county unit has before it: counts by community, remarks that wait, cases it opened, moves to confirm."""

from __future__ import annotations

import pytest

from cases.record import exchange
from cases.record.county_access import confirm_move, opened_cases, request_access, waiting_moves
from cases.record.supervision import SupervisorRemark, hold_session
from cases.record.supervision_lists import list_remarks, settle_remark, supervised_communities
from core.errors import NotAllowedError, UnknownCodeError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import ELSEWHERE, NURSE, TODAY, UAT, WORKER, code, planned_case
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL

CASE = code("C", 1)
OTHER_COUNTY = Actor("county", "ujss-cj", "CJ")
DANGER = {"born": "1956", "sex": "F", "id_card": "no", "safe": "violence"}


@pytest.fixture
def phone(ledger):
    return planned_case(ledger, CASE, DANGER)


def desk(ledger):
    return {each.uat_siruta: each for each in supervised_communities(ledger, "BC", actor=COUNTY)}


def test_what_is_late_is_counted_by_case_from_the_day_after_its_deadline(ledger, clock, phone):
    assert (desk(ledger)[UAT].open_cases, desk(ledger)[UAT].urgent, desk(ledger)[UAT].late_actions) == (1, 1, 0)
    clock.move(days=18)  # the day of the deadline
    assert desk(ledger)[UAT].late_actions == 0
    clock.move(days=1)
    assert desk(ledger)[UAT].late_actions == 1  # two actions of one case
    review = phone.change("case.set", CASE, base=9, next_review="2026-03-10")
    exchange(ledger, phone.message(review), actor=WORKER)
    assert desk(ledger)[UAT].late_reviews == 1


def test_a_session_is_of_communities_of_the_county_alone(ledger, phone):
    for uat in (ELSEWHERE.uat_siruta, 999_999):
        with pytest.raises(UnknownCodeError, match="comunitate"):
            hold_session(ledger, "BC", TODAY, "team", [SupervisorRemark(uat, "", "bun")], actor=COUNTY)
    assert list_remarks(ledger, actor=COUNTY) == []


def test_a_session_counts_once_for_a_community_however_much_was_said(ledger, phone):
    said = [SupervisorRemark(UAT, "", "bun"), SupervisorRemark(UAT, CASE, "fără scop", asks=True, due_on="2026-03-01")]
    hold_session(ledger, "BC", TODAY, "team", said, actor=COUNTY)
    hold_session(ledger, "BC", "2025-12-30", "team", said[:1], actor=COUNTY)
    counted = desk(ledger)[UAT]
    assert (counted.sessions, counted.last_session, counted.open_remarks) == (1, TODAY, 1)
    for reader in (COUNTY, WORKER):
        first, *rest = list_remarks(ledger, actor=reader)
        assert (first.remark, first.is_open, first.is_late, len(rest)) == ("fără scop", True, True, 2)
    assert [each.remark for each in list_remarks(ledger, actor=COUNTY, only_open=True)] == ["fără scop"]
    assert list_remarks(ledger, actor=ELSEWHERE) == list_remarks(ledger, actor=OTHER_COUNTY) == []


@pytest.mark.parametrize("settler", [WORKER, COUNTY])
def test_a_remark_is_settled_by_its_team_or_the_county_unit_and_by_nobody_else(ledger, phone, settler):
    said = [
        SupervisorRemark(UAT, CASE, "fără scop", asks=True),
        SupervisorRemark(UAT, "", "lipsește afișul", asks=True),
    ]
    hold_session(ledger, "BC", TODAY, "team", said, actor=COUNTY)
    seen = exchange(ledger, phone.message(), actor=WORKER).next
    for remark in list_remarks(ledger, actor=COUNTY):
        for stranger in (ELSEWHERE, OTHER_COUNTY, ADMIN, NATIONAL):
            with pytest.raises(UnknownCodeError):
                settle_remark(ledger, remark.remark_id, actor=stranger)
        settle_remark(ledger, remark.remark_id, actor=settler)
        with pytest.raises(UnknownCodeError, match="nu mai așteaptă"):
            settle_remark(ledger, remark.remark_id, actor=settler)
    assert list_remarks(ledger, actor=COUNTY, only_open=True) == []
    (told,) = exchange(ledger, phone.message(since=seen), actor=WORKER).cases
    assert [each["state"] for each in told["remarks"]] == ["done"]


def test_nobody_but_the_county_s_unit_has_the_desk(ledger, phone):
    for actor in (WORKER, NATIONAL, ADMIN, OTHER_COUNTY):
        with pytest.raises(NotAllowedError):
            supervised_communities(ledger, "BC", actor=actor)
    for actor in (NATIONAL, ADMIN):
        with pytest.raises(NotAllowedError):
            list_remarks(ledger, actor=actor)
        with pytest.raises(NotAllowedError):
            waiting_moves(ledger, actor=actor)


def test_cases_that_were_opened_are_named_until_their_hours_are_over_to_who_opened_them(ledger, clock, phone):
    assert opened_cases(ledger, actor=COUNTY) == {}
    until = request_access(ledger, CASE, "plângere la primărie", actor=COUNTY)
    assert [when.isoformat(timespec="seconds") for when in opened_cases(ledger, actor=COUNTY).values()] == [until]
    for actor in (Actor("county", "ujss-bc-2", "BC"), OTHER_COUNTY, NURSE):
        assert opened_cases(ledger, actor=actor) == {}
    clock.move(hours=3)
    assert opened_cases(ledger, actor=COUNTY) == {}


def test_a_move_waits_on_the_desk_of_the_county_that_has_the_case_until_it_is_confirmed(ledger, phone):
    offer = phone.change("move.offer", CASE, to_uat=ELSEWHERE.uat_siruta, move_id=code("M", 1), on_day=TODAY)
    exchange(ledger, phone.message(offer), actor=WORKER)
    (move,) = waiting_moves(ledger, actor=COUNTY)
    assert (move["case_ref"], move["from_uat"], move["to_uat"]) == (CASE, UAT, ELSEWHERE.uat_siruta)
    assert waiting_moves(ledger, actor=OTHER_COUNTY) == []
    confirm_move(ledger, CASE, actor=COUNTY)
    assert waiting_moves(ledger, actor=COUNTY) == []
