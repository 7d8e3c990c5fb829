"""Rare changes at a desk: the same rules as on a telephone, pressed twice they are one, nothing waits in silence."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases.record import exchange
from cases.record.county_access import confirm_move
from cases.record.desk_changes import accept_move, add_activity, join_cases, offer_move, unjoin_case, withdraw_move
from cases.record.desk_lists import joined_cases, likely_same, list_activities, list_moves
from core.errors import BadValueError, NotAllowedError, UnknownCodeError
from referrals.database.tables.exchange_tables import case_changes
from tests.worlds.homes.case_world import COUNSELLOR, ELSEWHERE, TODAY, WORKER, Phone, assessing, code, opening
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL

OLD, NEW = code("C", 1), code("C", 2)
HOUSE = code("H", 1)


@pytest.fixture
def phone(ledger):
    made = Phone(1)
    changes = [
        made.change("household.open", household=HOUSE),
        opening(made, OLD, household_id=HOUSE, opened_on="2026-02-02"),
        opening(made, NEW, household_id=HOUSE),
        assessing(made, NEW, 1),
    ]
    assert {each.result for each in exchange(ledger, made.message(*changes), actor=WORKER).results} == {"applied"}
    return made


def case_of(ledger, phone, ref):
    return next(each for each in exchange(ledger, phone.message(), actor=WORKER).cases if each["case_ref"] == ref)


def test_an_activity_pressed_twice_is_one(ledger, phone):
    for _press in range(2):
        add_activity(ledger, "vaccination", TODAY, ["medical", "social"], 40, actor=WORKER, key="f1")
    add_activity(ledger, "meeting", TODAY, ["social"], 0, actor=COUNSELLOR, key="f1")
    listed = list_activities(ledger, actor=WORKER, since=TODAY)
    assert sorted((each["kind"], each["participants"]) for each in listed) == [("meeting", 0), ("vaccination", 40)]
    assert list_activities(ledger, actor=WORKER, since="2026-03-03") == []
    assert list_activities(ledger, actor=ELSEWHERE, since=TODAY) == []


@pytest.mark.parametrize(
    ("kind", "day", "members", "people"),
    [
        ("party", TODAY, ["social"], 1),
        ("meeting", "2026-03-03", ["social"], 1),
        ("meeting", TODAY, ["driver"], 1),
        ("meeting", TODAY, ["social"], -1),
    ],
)
def test_an_activity_that_cannot_be_is_refused_in_words(ledger, phone, kind, day, members, people):
    with pytest.raises(BadValueError, match=r"\w{4}"):
        add_activity(ledger, kind, day, members, people, actor=WORKER, key="f1")
    assert list_activities(ledger, actor=WORKER, since="2026-01-01") == []


def test_two_cases_of_one_person_are_joined_at_the_desk_and_parted_again(ledger, clock, phone):
    assert likely_same(ledger, actor=WORKER) == [(NEW, OLD)]
    with pytest.raises(BadValueError, match="mai vechi"):
        join_cases(ledger, OLD, NEW, actor=WORKER, key="f0")
    join_cases(ledger, NEW.lower(), OLD, actor=WORKER, key="f1")
    assert len(case_of(ledger, phone, OLD)["assessments"]) == 1
    (joined,) = joined_cases(ledger, actor=WORKER)
    assert (joined.case_ref, joined.joined_into, joined.undone_until) == (NEW, OLD, "2026-04-01")
    assert likely_same(ledger, actor=WORKER) == []
    clock.move(days=30)
    unjoin_case(ledger, NEW, actor=WORKER, key="f2")
    assert (len(case_of(ledger, phone, OLD)["assessments"]), len(case_of(ledger, phone, NEW)["assessments"])) == (0, 1)
    assert joined_cases(ledger, actor=WORKER) == []


def test_after_thirty_days_joined_cases_stay_joined(ledger, clock, phone):
    join_cases(ledger, NEW, OLD, actor=WORKER, key="f1")
    clock.move(days=31)
    assert joined_cases(ledger, actor=WORKER) == []
    with pytest.raises(BadValueError, match="nu se mai poate desface"):
        unjoin_case(ledger, NEW, actor=WORKER, key="f2")


def test_a_case_goes_from_team_to_team_by_way_of_the_county_unit(ledger, phone):
    offer_move(ledger, NEW, ELSEWHERE.uat_siruta, actor=WORKER, key="f1")
    (own,) = list_moves(ledger, actor=WORKER)
    assert (own.state, own.is_own, list_moves(ledger, actor=ELSEWHERE)) == ("offered", True, [])
    with pytest.raises(BadValueError, match="așteaptă unitatea județeană"):
        accept_move(ledger, own.move_id, actor=ELSEWHERE, key="f2")
    confirm_move(ledger, NEW, actor=COUNTY)
    (offered,) = list_moves(ledger, actor=ELSEWHERE)
    assert (offered.state, offered.is_own) == ("confirmed", False)
    accept_move(ledger, offered.move_id, actor=ELSEWHERE, key="f3")
    assert list_moves(ledger, actor=WORKER) == list_moves(ledger, actor=ELSEWHERE) == []
    assert [each["case_ref"] for each in exchange(ledger, Phone(2).message(), actor=ELSEWHERE).cases] == [NEW]


def test_an_offer_is_taken_back_by_the_team_that_made_it_alone(ledger, phone):
    offer_move(ledger, NEW, ELSEWHERE.uat_siruta, actor=WORKER, key="f1")
    (move,) = list_moves(ledger, actor=WORKER)
    with pytest.raises(UnknownCodeError):
        withdraw_move(ledger, move.move_id, actor=ELSEWHERE, key="f2")
    withdraw_move(ledger, move.move_id, actor=WORKER, key="f3")
    assert list_moves(ledger, actor=WORKER) == []


def test_what_is_not_there_is_refused_at_once_and_never_waits(ledger, phone):
    for act in (
        lambda: join_cases(ledger, code("C", 9), OLD, actor=WORKER, key="f1"),
        lambda: join_cases(ledger, NEW, code("C", 9), actor=WORKER, key="f1"),
        lambda: offer_move(ledger, code("C", 9), ELSEWHERE.uat_siruta, actor=WORKER, key="f1"),
        lambda: unjoin_case(ledger, code("C", 9), actor=WORKER, key="f1"),
        lambda: accept_move(ledger, code("M", 9), actor=WORKER, key="f1"),
        lambda: withdraw_move(ledger, code("M", 9), actor=WORKER, key="f1"),
        lambda: join_cases(ledger, NEW, OLD, actor=ELSEWHERE, key="f1"),
    ):
        with pytest.raises(UnknownCodeError):
            act()
    with ledger.store.read() as connection:
        waiting = connection.execute(select(case_changes).where(case_changes.c.result == "waiting")).all()
    assert waiting == []


@pytest.mark.parametrize("who", [COUNTY, NATIONAL, ADMIN])
def test_only_a_team_has_a_desk(ledger, phone, who):
    for read in (list_moves, joined_cases, likely_same):
        with pytest.raises(NotAllowedError):
            read(ledger, actor=who)
    with pytest.raises(NotAllowedError):
        list_activities(ledger, actor=who, since=TODAY)
    with pytest.raises(NotAllowedError):
        add_activity(ledger, "meeting", TODAY, ["social"], 0, actor=who, key="f1")
    with pytest.raises(UnknownCodeError):
        join_cases(ledger, NEW, OLD, actor=who, key="f1")
