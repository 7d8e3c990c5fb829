"""What a member may not see of a case it does not change either, and is not told that it is there."""

from __future__ import annotations

import pytest

from cases.figures.figure_queries import UNCOUNTED, open_findings, uncounted_cases
from cases.record import exchange
from tests.worlds.homes.case_world import (
    COUNSELLOR,
    NURSE,
    TODAY,
    WORKER,
    Phone,
    assessing,
    code,
    opening,
)

CASE = code("C", 1)
HARM, SPARED = "VFV_03", "VFV_02"  # both restricted; the second was not found
BEATEN = {"born": "1956", "sex": "F", "safe": "violence"}


def results(ledger, phone, *changes, actor):
    return [each.result for each in exchange(ledger, phone.message(*changes), actor=actor).results]


def open_codes(ledger, who):
    cases = exchange(ledger, Phone(77 + len(who.account)).message(), actor=who).cases
    return {each["code"] for case in cases for each in case["findings"] if not each["ended_on"]}


def counted(ledger, *, restricted):
    """How often each finding is open, as a month's figures count it."""
    with ledger.store.read() as connection:
        aside = {UNCOUNTED: list(connection.execute(uncounted_cases()).scalars())}
        rows = connection.execute(open_findings(TODAY[:7], None, restricted=restricted), aside).all()
    return {code_: count for _uat, code_, count in rows}


@pytest.fixture
def medical(ledger):
    """The code of a finding that only the medical member sees."""
    from cases.record.record_exchange import instruments_of

    return next(each.code for each in instruments_of(None)("").rules if each.sees == "medical")


@pytest.fixture
def case(ledger, medical):
    """A case of the social worker: somebody is beaten there, and the nurse found an illness."""
    phone, nurse = Phone(1), Phone(2)
    made = (opening(phone, CASE), assessing(phone, CASE, 1, answers=BEATEN))
    assert results(ledger, phone, *made, actor=WORKER) == ["applied"] * 2
    found = nurse.change(
        "finding.add", CASE, finding_id=code("F", 1), code=medical, on_day=TODAY, word="văzut la vizită"
    )
    assert results(ledger, nurse, found, actor=NURSE) == ["applied"]
    return ledger


def ending(phone, finding):
    return phone.change("finding.end", CASE, finding_id=finding, ending="not_confirmed", on_day=TODAY)


@pytest.mark.parametrize("who", [NURSE, COUNSELLOR])
def test_what_is_restricted_is_not_ended_by_who_does_not_see_it_nor_told_apart_from_nothing(case, who):
    phone = Phone(9)
    there, absent = (ending(phone, f"{code('A', 1)}:{each}") for each in (HARM, SPARED))
    said = exchange(case, phone.message(there, absent), actor=who).results
    assert len({(each.result, each.reason) for each in said}) == 1, "what is hidden is answered as what is not there"
    assert HARM in open_codes(case, WORKER)


@pytest.mark.parametrize("kind", ["need.set", "need.end"])
def test_a_need_of_what_is_restricted_is_the_managers_alone(case, kind):
    phone = Phone(9)
    body = {"declined": True} if kind == "need.set" else {"on_day": TODAY}
    changes = [phone.change(kind, CASE, need=each, **body) for each in ("domestic-violence", "crisis-support")]
    said = exchange(case, phone.message(*changes), actor=COUNSELLOR).results
    assert len({(each.result, each.reason) for each in said}) == 1
    (shown,) = exchange(case, Phone(8).message(), actor=WORKER).cases
    (need,) = (each for each in shown["needs"] if each["need"] == "domestic-violence")
    assert (need["declined"], need["ended_on"]) == (False, "")


def test_an_illness_is_ended_by_the_nurse_and_by_who_found_it(case, medical):
    phone, other = Phone(9), Phone(10)
    assert results(case, phone, ending(phone, code("F", 1)), actor=WORKER) == ["waiting"]
    own = other.change("finding.add", CASE, finding_id=code("F", 5), code=HARM, on_day=TODAY, word="spus la școală")
    assert medical in open_codes(case, NURSE)
    nurse = Phone(2)
    assert results(case, nurse, ending(nurse, code("F", 1)), actor=NURSE) == ["applied"]
    assert medical not in open_codes(case, NURSE)
    # Somebody who is no nurse and wrote an illness down takes it back before it was sent.
    mine = [other.change("finding.add", CASE, finding_id=code("F", 6), code=medical, on_day=TODAY, word="spus"),
            ending(other, code("F", 6))]  # fmt: skip
    assert results(case, other, own, *mine, actor=COUNSELLOR) == ["applied"] * 3


def test_the_manager_ends_what_is_restricted(case):
    phone = Phone(1)
    assert results(case, phone, ending(phone, f"{code('A', 1)}:{HARM}"), actor=WORKER) == ["applied"]
    assert HARM not in open_codes(case, WORKER)


def test_who_adds_what_a_colleague_found_and_hid_keeps_its_own_words_and_it_counts_once(case):
    phone = Phone(9)
    add = phone.change("finding.add", CASE, finding_id=code("F", 7), code=HARM, on_day=TODAY, word="spus la școală")
    assert results(case, phone, add, actor=COUNSELLOR) == ["applied"]
    (mine,) = exchange(case, phone.message(), actor=COUNSELLOR).cases
    harm = [(each["finding_id"], each["word"]) for each in mine["findings"] if each["code"] == HARM]
    assert harm == [(code("F", 7), "spus la școală")]
    (all_of_it,) = exchange(case, Phone(8).message(), actor=WORKER).cases
    assert [each["code"] for each in all_of_it["findings"]].count(HARM) == 2
    assert counted(case, restricted=True) == {HARM: 1}


def test_a_code_of_two_joined_cases_counts_once_and_ends_whole(ledger):
    phone, older = Phone(1), code("C", 2)
    made = [opening(phone, older, opened_on="2026-02-01"), opening(phone, CASE),
            assessing(phone, older, 2), assessing(phone, CASE, 1),
            phone.change("case.join", CASE, into=older, on_day=TODAY)]  # fmt: skip
    assert set(results(ledger, phone, *made, actor=WORKER)) == {"applied"}
    assert counted(ledger, restricted=False)["VAI_02"] == 1
    again = assessing(phone, older, 3, answers={"born": "1956", "sex": "F", "id_card": "yes", "income": "none"})
    assert results(ledger, phone, again, actor=WORKER) == ["applied"]
    assert "VAI_02" not in open_codes(ledger, WORKER)


def test_who_asks_anew_sees_what_it_found_itself(case):
    phone = Phone(9)
    asked = assessing(phone, CASE, 5, answers=BEATEN)
    assert results(case, phone, asked, actor=COUNSELLOR) == ["applied"]
    assert open_codes(case, COUNSELLOR) >= {HARM}
    again = assessing(phone, CASE, 6, answers=BEATEN)
    assert results(case, phone, again, actor=COUNSELLOR) == ["applied"]
    (all_of_it,) = exchange(case, Phone(8).message(), actor=WORKER).cases
    assert [each["code"] for each in all_of_it["findings"]].count(HARM) == 2, "one a finder, however often"
