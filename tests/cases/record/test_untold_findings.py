"""That a case has findings which somebody may not see is told by no refusal, and by nothing that vanishes."""

from __future__ import annotations

import pytest

from cases.record import exchange
from cases.record.record_exchange import instruments_of
from tests.worlds.homes.case_world import COUNSELLOR, NURSE, TODAY, WORKER, Phone, assessing, code, opening

CASE, OTHER, OLDER = code("C", 1), code("C", 2), code("C", 3)
BEATEN = {"born": "1956", "sex": "F", "safe": "violence"}
QUIET = {"born": "1956", "sex": "F", "safe": "none"}
HELP = "domestic-violence"


def outcomes(ledger, phone, *changes, actor):
    return exchange(ledger, phone.message(*changes), actor=actor).results


def results(ledger, phone, *changes, actor=WORKER):
    return [each.result for each in outcomes(ledger, phone, *changes, actor=actor)]


def shown(ledger, ref, who):
    """Return a case as a colleague's new telephone gets it."""
    cases = exchange(ledger, Phone(70 + (WORKER, NURSE, COUNSELLOR).index(who)).message(), actor=who).cases
    return next(each for each in cases if each["case_ref"] == ref)


def open_needs(ledger, ref, who):
    return {each["need"] for each in shown(ledger, ref, who)["needs"] if not each["ended_on"]}


@pytest.fixture
def team(ledger, known_members):
    return ledger


def stated(phone, ref=CASE):
    return phone.change("need.add", ref, need=HELP, on_day=TODAY)


@pytest.mark.parametrize("who", [NURSE, COUNSELLOR])
def test_a_colleague_cannot_find_out_by_joining_whether_anything_is_restricted(team, who):
    phone, other = Phone(1), Phone(2)
    made = [opening(phone, CASE), assessing(phone, CASE, 1, answers=BEATEN),
            opening(phone, OTHER), assessing(phone, OTHER, 2, answers=QUIET)]  # fmt: skip
    assert set(results(team, phone, *made)) == {"applied"}
    for into in ("", code("C", 9), OLDER):
        assert results(team, other, opening(other, OLDER, opened_on="2026-01-05"), actor=who)
        tries = [other.change("case.join", ref, into=into or ref, on_day=TODAY) for ref in (CASE, OTHER)]
        said = {(each.result, each.reason) for each in outcomes(team, other, *tries, actor=who)}
        assert len(said) == 1, said
    older = other.change("case.join", OTHER, into=OLDER, on_day=TODAY)
    assert results(team, phone, {**older, "change_id": code("K", 990_001)}) == ["applied"], "its manager joins it"


def test_a_manager_closes_a_case_of_which_only_the_nurse_sees_what_is_open(team):
    phone, nurse = Phone(1), Phone(2)
    illness = next(each.code for each in instruments_of(None)("").rules if each.sees == "medical")
    assert results(team, phone, opening(phone, CASE), assessing(phone, CASE, 1, answers=QUIET)) == ["applied"] * 2
    open_ones = [each for each in shown(team, CASE, WORKER)["findings"] if each["level"] != "info"]
    ends = [phone.change("finding.end", CASE, finding_id=each["finding_id"], ending="resolved", on_day=TODAY)
            for each in open_ones]  # fmt: skip
    found = nurse.change("finding.add", CASE, finding_id=code("F", 1), code=illness, on_day=TODAY, word="la vizită")
    assert set(results(team, phone, *ends)) <= {"applied"}
    assert results(team, nurse, found, actor=NURSE) == ["applied"]
    assert illness not in {each["code"] for each in shown(team, CASE, WORKER)["findings"]}
    close = phone.change("case.close", CASE, closed_on=TODAY, outcome="goals_met")
    assert results(team, phone, close) == ["applied"], "its telephone has nothing to ask about"
    assert {each["ending"] for each in shown(team, CASE, NURSE)["findings"] if each["code"] == illness} == {"no_longer"}


def test_what_the_manager_sees_open_is_still_to_be_explained(team):
    phone = Phone(1)
    assert results(team, phone, opening(phone, CASE), assessing(phone, CASE, 1, answers=BEATEN)) == ["applied"] * 2
    close = phone.change("case.close", CASE, closed_on=TODAY, outcome="goals_met")
    assert results(team, phone, close) == ["refused"]


def test_a_need_that_a_colleague_stated_stays_when_the_manager_finds_what_is_restricted(team):
    phone, other = Phone(1), Phone(2)
    assert results(team, phone, opening(phone, CASE)) == ["applied"]
    assert results(team, other, stated(other), actor=COUNSELLOR) == ["applied"]
    assert HELP in open_needs(team, CASE, COUNSELLOR)
    assert results(team, phone, assessing(phone, CASE, 1, answers=BEATEN)) == ["applied"]
    for who in (COUNSELLOR, NURSE, WORKER):
        assert HELP in open_needs(team, CASE, who)
    assert "VFV_03" not in str(shown(team, CASE, COUNSELLOR))


def test_a_need_stated_after_it_was_found_is_shown_to_who_stated_it_without_what_was_found(team):
    phone, other = Phone(1), Phone(2)
    assert results(team, phone, opening(phone, CASE), assessing(phone, CASE, 1, answers=BEATEN)) == ["applied"] * 2
    assert HELP not in open_needs(team, CASE, COUNSELLOR)
    assert results(team, other, stated(other), actor=COUNSELLOR) == ["applied"]
    (need,) = (each for each in shown(team, CASE, COUNSELLOR)["needs"] if each["need"] == HELP)
    assert (need["codes"], need["origin"], need["priority"], need["ended_on"]) == ([], "member", 3, "")
    (whole,) = (each for each in shown(team, CASE, WORKER)["needs"] if each["need"] == HELP)
    assert whole["codes"] == ["VFV_03"], "its manager still reads why"
    assert results(team, phone, assessing(phone, CASE, 2, answers=BEATEN, kind="full")) == ["applied"]
    assert HELP in open_needs(team, CASE, COUNSELLOR)


def test_a_need_that_the_team_knows_of_stays_before_it_when_cases_are_joined(team):
    phone, other = Phone(1), Phone(2)
    made = [opening(phone, OLDER, opened_on="2026-01-05"), assessing(phone, OLDER, 1, answers=BEATEN),
            opening(phone, CASE)]  # fmt: skip
    assert set(results(team, phone, *made)) == {"applied"}
    assert results(team, other, stated(other), actor=COUNSELLOR) == ["applied"]
    assert results(team, phone, phone.change("case.join", CASE, into=OLDER, on_day=TODAY)) == ["applied"]
    assert HELP in open_needs(team, OLDER, COUNSELLOR)


def test_an_open_need_is_not_lost_where_the_older_case_has_had_it_and_ended_it(team):
    phone = Phone(1)
    made = [opening(phone, OLDER, opened_on="2026-01-05"), stated(phone, OLDER),
            phone.change("need.end", OLDER, need=HELP, on_day=TODAY), opening(phone, CASE), stated(phone),
            phone.change("case.join", CASE, into=OLDER, on_day=TODAY)]  # fmt: skip
    assert set(results(team, phone, *made)) == {"applied"}
    assert HELP in open_needs(team, OLDER, WORKER)
    assert results(team, phone, phone.change("case.unjoin", CASE, on_day=TODAY)) == ["applied"]
    assert HELP in open_needs(team, CASE, WORKER)
    assert HELP not in open_needs(team, OLDER, WORKER)


def test_danger_that_a_colleague_did_not_ask_about_stays_danger(team):
    phone, other = Phone(1), Phone(2)
    assert results(team, phone, opening(phone, CASE), assessing(phone, CASE, 1, answers=BEATEN)) == ["applied"] * 2
    before = shown(team, CASE, WORKER)
    assert before["level"] == "urgent"
    unasked = assessing(other, CASE, 2, answers={"born": "1956", "sex": "F", "id_card": "yes"}, kind="review")
    assert results(team, other, unasked, actor=COUNSELLOR) == ["applied"]
    for who in (WORKER, COUNSELLOR):
        after = shown(team, CASE, who)
        assert (after["level"], after["next_review"]) == ("urgent", before["next_review"])


def test_what_is_found_by_hand_raises_the_level_and_never_lowers_it(team):
    phone = Phone(1)
    assert results(team, phone, opening(phone, CASE), assessing(phone, CASE, 1, answers=QUIET)) == ["applied"] * 2
    assert shown(team, CASE, WORKER)["level"] != "urgent"
    for number, found in enumerate(("VFV_03", "VAI_02"), start=1):
        said = {"finding_id": code("F", number), "code": found, "on_day": TODAY, "word": "văzut la vizită"}
        assert results(team, phone, phone.change("finding.add", CASE, **said)) == ["applied"]
        assert shown(team, CASE, WORKER)["level"] == "urgent"


def test_a_need_keeps_what_it_comes_of_as_long_as_that_stands(team):
    """Of two findings with one need the need ends with the second, whoever found them."""
    phone, other = Phone(1), Phone(2)
    rules = instruments_of(None)("").rules
    hidden = [each for each in rules if each.sees == "restricted" and each.needs]
    one, two = next((a, b) for a in hidden for b in hidden if a.code < b.code and set(a.needs) & set(b.needs))
    need = next(iter(set(one.needs) & set(two.needs)))
    ids = {one.code: code("F", 1), two.code: code("F", 2)}

    def adding(phone, rule):
        said = {"finding_id": ids[rule.code], "code": rule.code, "on_day": TODAY, "word": "spus"}
        return phone.change("finding.add", CASE, **said)

    assert results(team, phone, opening(phone, CASE), adding(phone, one)) == ["applied"] * 2
    assert results(team, other, adding(other, two), actor=COUNSELLOR) == ["applied"]
    end = phone.change("finding.end", CASE, finding_id=ids[one.code], ending="no_longer", on_day=TODAY)
    assert results(team, phone, end) == ["applied"]
    assert need in open_needs(team, CASE, WORKER)
