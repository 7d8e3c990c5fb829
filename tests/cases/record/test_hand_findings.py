"""Findings by hand, seen by whom their rule says, and remarks about a community as a whole: both on telephones."""

from __future__ import annotations

import pytest

from cases.record import exchange
from cases.record.supervision import SupervisorRemark, hold_session
from cases.record.supervision_lists import list_remarks
from tests.worlds.homes.case_world import (
    COUNSELLOR,
    ELSEWHERE,
    NURSE,
    TODAY,
    UAT,
    WORKER,
    Phone,
    assessing,
    code,
    opening,
)
from tests.worlds.homes.ledger_world import COUNTY

CASE = code("C", 1)
# A code whose finding is the team's, and one of who found it and the case manager.
PAPERS, HARM = "VAI_02", "VFV_03"


@pytest.fixture
def phone(ledger):
    made = Phone(1)
    exchange(ledger, made.message(opening(made, CASE)), actor=WORKER)
    return made


def adding(phone, number, found, **body):
    said = {"code": found, "on_day": TODAY, "word": "văzut la vizită", **body}
    return phone.change("finding.add", CASE, finding_id=code("F", number), **said)


def seen_by(ledger, who, number):
    (case,) = exchange(ledger, Phone(number).message(), actor=who).cases
    return {each["code"] for each in case["findings"]}, {each["need"] for each in case["needs"]}


def test_a_finding_by_hand_is_seen_by_whom_its_rule_says(ledger, phone):
    from cases.record.record_exchange import instruments_of

    rules = {rule.code: rule for rule in instruments_of(None)("").rules}
    medical = next(each for each in rules.values() if each.sees == "medical" and each.needs)
    other = Phone(2)
    changes = [adding(other, 1, PAPERS), adding(other, 2, medical.code, edition=""), adding(other, 3, HARM)]
    answer = exchange(ledger, other.message(*changes), actor=COUNSELLOR)
    assert {each.result for each in answer.results} == {"applied"}
    (case,) = answer.cases
    assert {each["code"] for each in case["findings"]} == {PAPERS, HARM}, "the nurse's is not of who found it"
    assert seen_by(ledger, NURSE, 3)[0] == {PAPERS, medical.code}
    codes, needs = seen_by(ledger, WORKER, 4)  # the case manager
    assert codes == {PAPERS, HARM}
    assert set(rules[HARM].needs) <= needs
    assert not set(rules[HARM].needs) & seen_by(ledger, NURSE, 3)[1]
    assert set(medical.needs) <= needs, "of an illness the need is everybody's"
    assert {each["word"] for each in case["findings"]} == {"văzut la vizită"}


def test_an_assessment_that_never_asked_leaves_a_finding_by_hand_and_the_same_code_is_one(ledger, phone):
    again = [adding(phone, 1, PAPERS), adding(phone, 2, PAPERS), assessing(phone, CASE, 1, answers={"born": "1956"})]
    (case,) = exchange(ledger, phone.message(*again), actor=WORKER).cases
    assert [(each["code"], each["ended_on"]) for each in case["findings"] if each["code"] == PAPERS] == [(PAPERS, "")]


@pytest.mark.parametrize(
    ("found", "body", "said"),
    [
        (PAPERS, {"word": ""}, "câteva cuvinte"),
        (PAPERS, {"word": "0744 123 456"}, "telefon"),
        (PAPERS, {"on_day": "2026-03-03"}, "viitor"),
        (PAPERS, {"edition": "instrument-2020"}, "nu este cunoscută"),
        ("VXX_01", {}, "nu este în chestionar"),
        ("VAI_99", {}, "nu este în chestionar"),
    ],
)
def test_a_finding_that_cannot_be_is_refused_in_words(ledger, phone, found, body, said):
    (outcome,) = exchange(ledger, phone.message(adding(phone, 1, found, **body)), actor=WORKER).results
    assert outcome.result == "refused"
    assert said in outcome.reason


def remark(ledger, words, *, uat=UAT, asks=True, due_on="", on_day=TODAY):
    hold_session(ledger, "BC", on_day, "team", [SupervisorRemark(uat, "", words, asks, due_on)], actor=COUNTY)


def told(ledger, who, number=9):
    return [(each["remark"], each["state"]) for each in exchange(ledger, Phone(number).message(), actor=who).remarks]


def test_remarks_about_a_community_reach_each_telephone_of_its_team_until_they_are_seen_to(ledger, clock, phone):
    remark(ledger, "afișați programul", due_on="2026-03-20")
    remark(ledger, "bine lucrat", asks=False)
    remark(ledger, "demult", asks=False, on_day="2026-01-30")
    assert sorted(told(ledger, NURSE)) == [("afișați programul", "open"), ("bine lucrat", "done")]
    assert told(ledger, ELSEWHERE, 8) == []
    asked = next(each for each in exchange(ledger, phone.message(), actor=WORKER).remarks if each["asks"])
    assert asked["due_on"] == "2026-03-20"
    done = phone.change("remark.done", remark_id=asked["remark_id"], on_day=TODAY)
    answer = exchange(ledger, phone.message(done), actor=WORKER)
    assert [each.result for each in answer.results] == ["applied"]
    assert told(ledger, NURSE) == [("bine lucrat", "done")]
    assert not list_remarks(ledger, actor=COUNTY, only_open=True)
    clock.move(days=31)
    assert told(ledger, NURSE) == []


def test_nobody_settles_a_remark_about_another_community_or_about_a_case_as_one_of_the_team(ledger, phone):
    remark(ledger, "afișați programul")
    said = [SupervisorRemark(UAT, CASE, "fără scop", asks=True)]
    hold_session(ledger, "BC", TODAY, "case", said, actor=COUNTY)
    waiting = {each.case_ref: each.remark_id for each in list_remarks(ledger, actor=COUNTY, only_open=True)}
    far = Phone(8)
    for change, who, by in (
        (far.change("remark.done", remark_id=waiting[""], on_day=TODAY), ELSEWHERE, far),
        (phone.change("remark.done", remark_id=waiting[CASE], on_day=TODAY), WORKER, phone),
        (phone.change("remark.done", CASE, remark_id=waiting[""], on_day=TODAY), WORKER, phone),
        (phone.change("remark.done", household=code("H", 1), remark_id=waiting[""], on_day=TODAY), WORKER, phone),
    ):
        (outcome,) = exchange(ledger, by.message(change), actor=who).results
        assert outcome.result == "refused"
    assert len(list_remarks(ledger, actor=COUNTY, only_open=True)) == 2
