"""What a member may not see of a case it does not change either, and is not told that it is there."""

from __future__ import annotations

import pytest

from cases.figures.figure_queries import UNCOUNTED, open_findings, uncounted_cases
from cases.figures.open_needs import open_needs
from cases.record import exchange
from tests.worlds.homes.case_world import (
    COUNSELLOR,
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


VIOLENCE = "domestic-violence"
OTHER = code("C", 3)


class Steps:
    """What a colleague does in a case: the same in two cases, with ids that differ by `shift`."""

    def __init__(self, phone, case, shift):
        self.phone, self.case, self.shift = phone, case, shift

    def __call__(self, change_kind, /, **body):
        return self.phone.change(change_kind, self.case, **body)

    def id(self, letter, number):
        return code(letter, self.shift + number)

    def plan(self, number):
        return self("plan.add", plan_id=self.id("P", number), kind="sci", on_day=TODAY)

    def item(self, number, action="SAI_09"):
        said = {"need": VIOLENCE, "action": action, "member": "social", "due_on": "2026-03-20"}
        return self("item.add", item_id=self.id("I", number), plan_id=self.id("P", number), **said)

    def find(self, number, found=HARM):
        return self("finding.add", finding_id=self.id("F", number), code=found, on_day=TODAY, word="spus")

    def ask(self, number, **answers):
        return assessing(self.phone, self.case, self.shift + number, answers={"born": "1956", "sex": "F", **answers})


def adding(steps):
    return steps("need.add", need=VIOLENCE, on_day=TODAY, priority=4)


def ended(steps):
    return steps("need.end", need=VIOLENCE, on_day=TODAY)


OWN = {
    "added": lambda s: [adding(s)],
    "set": lambda s: [adding(s), s.phone.change("need.set", s.case, base=1, need=VIOLENCE, declined=True)],
    "ended": lambda s: [adding(s), ended(s)],
    "ended and added": lambda s: [adding(s), ended(s), adding(s)],
    "planned": lambda s: [adding(s), s.plan(5), s.item(5)],
    "planned for no need": lambda s: [s.plan(5), s.item(5)],
    "wished": lambda s: [s.ask(5, wishes=VIOLENCE)],
    "asked": lambda s: [adding(s), s.ask(5, safe="none")],
    "found too": lambda s: [s.find(5), s.plan(5), s.item(5)],
    "found too and ended": lambda s: [s.find(5), s("finding.end", finding_id=s.id("F", 5), ending="not_confirmed",
                                                   on_day=TODAY)],
}  # fmt: skip


def seen_in(ledger, who, case, shift):
    """What somebody sees of needs, findings and own items of a case, ids written alike for both cases."""
    cases = exchange(ledger, Phone(300 + len(who.account) + ord(who.account[2])).message(), actor=who).cases
    (shown,) = (each for each in cases if each["case_ref"] == case)
    text = repr([sorted(map(repr, shown["needs"])), sorted(map(repr, shown["findings"])),
                 [each for each in shown["items"] if each["plan_id"] == code("P", shift + 5)]])  # fmt: skip
    for letter in "AFIP":
        text = text.replace(code(letter, shift + 5), f"{letter}-5")
    return text


@pytest.mark.parametrize("hides_first", [True, False])
@pytest.mark.parametrize("own", OWN)
def test_a_case_in_which_a_colleague_hides_something_looks_like_one_in_which_nobody_does(ledger, own, hides_first):
    manager, other = Phone(1), Phone(2)
    hiding = Steps(manager, CASE, 0)
    opened = [opening(manager, CASE), opening(manager, OTHER)]
    hidden = [hiding.find(1), hiding.plan(1), hiding.item(1, "adăpost")]
    assert set(results(ledger, manager, *opened, *(hidden if hides_first else []), actor=WORKER)) == {"applied"}
    said = [results(ledger, other, *OWN[own](Steps(other, case, shift)), actor=COUNSELLOR)
            for case, shift in ((CASE, 0), (OTHER, 1000))]  # fmt: skip
    assert said[0] == said[1]
    if not hides_first:
        assert set(results(ledger, manager, *hidden, actor=WORKER)) == {"applied"}
    for who in (COUNSELLOR, NURSE):
        assert seen_in(ledger, who, CASE, 0) == seen_in(ledger, who, OTHER, 1000)
    shown = {each["case_ref"]: each for each in exchange(ledger, Phone(8).message(), actor=WORKER).cases}[CASE]
    assert HARM in {each["code"] for each in shown["findings"] if not each["ended_on"]}
    (need,) = (each for each in shown["needs"] if each["need"] == VIOLENCE)
    assert (need["ended_on"], need["priority"]) == ("", 1), "the manager has one need, and it stays"
    assert need["codes"] == [HARM]
    if hides_first:
        nurses = exchange(ledger, Phone(9).message(), actor=NURSE).cases
        assert "adăpost" not in repr(nurses), "what was planned for it before stays hidden"


def test_a_need_that_both_a_member_and_a_hidden_finding_bring_is_one_person(ledger):
    phone, other = Phone(1), Phone(2)
    steps = [opening(phone, CASE), Steps(phone, CASE, 0).find(1)]
    results(ledger, phone, *steps, actor=WORKER)
    before = [row for row in open_needs(ledger, actor=COUNTY, county="BC").rows if row["need"] == VIOLENCE]
    assert [row["uat_siruta"] for row in before] == [None], "of the county alone"
    results(ledger, other, Steps(other, CASE, 0).find(2), adding(Steps(other, CASE, 0)), actor=COUNSELLOR)
    assert results(ledger, Phone(3), adding(Steps(Phone(3), CASE, 0)), actor=NURSE) == ["applied"]
    after = [row for row in open_needs(ledger, actor=COUNTY, county="BC").rows if row["need"] == VIOLENCE]
    assert [row["uat_siruta"] for row in after] == [UAT]
    rows = open_needs(ledger, actor=NURSE, county="BC", uat_siruta=UAT).rows
    assert [row["people"] for row in rows if row["need"] == VIOLENCE] == [1]
