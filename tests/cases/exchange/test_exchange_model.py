"""Three telephones exchange at random, lose answers and send out of order; a model of twenty lines says what must stand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from cases.exchange import CaseBook, ExchangeContext, exchange_changes, parse_change
from cases.exchange.exchange_errors import RefusedChangeError
from cases.exchange.referred_items import follow_referral
from cases.instrument.instrument_editions import BUILT_IN, read_instrument
from cases.rules.case_states import state_of_case
from tests.worlds.homes.case_world import NURSE, TODAY, UAT, WORKER, Phone, assessing, code, opening, planning
from tests.worlds.homes.ledger_world import MONDAY

INSTRUMENT = read_instrument(BUILT_IN).instrument
CASES = [code("C", n) for n in (1, 2, 3)]
VALUES = {
    "relation": ("head", "partner", "child", "kin"),
    "sex": ("F", "M"),
    "born": ("1956", "1957", "2019-03"),
    "note": ("a", "b", "c", "d"),
    "next_review": ("2026-05-01", "2026-06-01"),
}


def context(device: str, account: str = WORKER.account, now=MONDAY, **more) -> ExchangeContext:
    return ExchangeContext(
        account, "social", "BC", UAT, device, now, now.date().isoformat(),
        members={WORKER.account: "social", NURSE.account: "medical"}, instrument_of=lambda _name: INSTRUMENT, **more,
    )  # fmt: skip


@dataclass
class Model:
    """What must stand: each change once, in the order in which it first arrived whole."""

    seen: set = field(default_factory=set)
    added: set = field(default_factory=set)
    version: dict = field(default_factory=lambda: dict.fromkeys(CASES, 1))
    values: dict = field(default_factory=dict)
    last: dict = field(default_factory=dict)  # case and field → version and device that set it
    conflicts: list = field(default_factory=list)

    def take(self, device: str, change: dict) -> None:
        if change["change_id"] in self.seen:
            return
        self.seen.add(change["change_id"])
        case = change["case_ref"]
        if change["kind"] != "case.set":
            self.added.add(change["body"].get("visit_id") or change["body"]["note_id"])
            return
        is_set = False
        for name, value in change["body"].items():
            at, by = self.last.get((case, name), (0, ""))
            if self.values[case, name] == value:
                continue
            if at > change["base"] and by != device:
                self.conflicts.append((case, name, self.values[case, name], value))
                continue
            self.values[case, name], self.last[case, name] = value, (self.version[case] + 1, device)
            is_set = True
        self.version[case] += is_set


@dataclass
class Telephone:
    phone: Phone
    made: list = field(default_factory=list)  # not acknowledged yet
    versions: dict = field(default_factory=lambda: dict.fromkeys(CASES, 1))
    copy: dict = field(default_factory=dict)

    def work(self, dice: random.Random, number: int) -> None:
        case = dice.choice(CASES)
        match dice.randrange(4):
            case 0:
                change = self.phone.change(
                    "visit.add", case, visit_id=code("V", number), members=["social"], on_day=TODAY
                )
            case 1:
                change = self.phone.change("note.add", case, note_id=code("N", number), on_day=TODAY, text="x")
            case _:
                names = dice.sample(list(VALUES), dice.randint(1, 2))
                body = {name: dice.choice(VALUES[name]) for name in names}
                change = self.phone.change("case.set", case, base=self.versions[case], **body)
        self.made.append(change)

    def exchange(self, book: CaseBook, model: Model, dice: random.Random, *, safely: bool = False) -> None:
        size = len(self.made) if safely else dice.randint(0, len(self.made))
        sent = self.made[:size]
        arrives = [parse_change(each) for each in sent]
        outcomes = exchange_changes(book, arrives, context(self.phone.device_id))
        for change in sent:
            model.take(self.phone.device_id, change)
        assert {each.result for each in outcomes} <= {"applied", "repeated", "conflict"}
        if safely or dice.random() > 0.3:  # the answer arrives
            del self.made[:size]
            self.versions = {ref: book.get("cases", ref)["version"] for ref in CASES}
            self.copy = state_of(book)


def state_of(book: CaseBook) -> dict:
    return {
        "values": {(ref, name): book.get("cases", ref)[name] for ref in CASES for name in VALUES},
        "versions": {ref: book.get("cases", ref)["version"] for ref in CASES},
        "added": {
            row.get("visit_id") or row["note_id"] for t in ("visits", "case_notes") for row in book.tables[t].values()
        },
        "conflicts": sorted(
            (row["case_ref"], row["field"], row["kept"].strip('"'), row["other"].strip('"'))
            for row in book.tables["case_conflicts"].values()
        ),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_random_exchanges_of_three_telephones_come_to_what_the_model_says(seed):
    dice, book, model = random.Random(seed), CaseBook(), Model()
    first = Phone(99)
    begun = [opening(first, ref, born="1956", sex="F") for ref in CASES]
    exchange_changes(book, [parse_change(each) for each in begun], context(first.device_id))
    model.values = state_of(book)["values"]
    telephones = [Telephone(Phone(n)) for n in (1, 2, 3)]
    number = 1000
    for _turn in range(1000):
        one = dice.choice(telephones)
        for _change in range(dice.randint(0, 3)):
            number += 1
            one.work(dice, number)
        one.exchange(book, model, dice)
    for one in [*telephones, *telephones]:
        one.exchange(book, model, dice, safely=True)
    found = state_of(book)
    assert found["values"] == model.values
    assert found["versions"] == model.version
    assert found["added"] == model.added
    assert found["conflicts"] == sorted(model.conflicts)
    assert len(found["conflicts"]) > 20, "the dice made two telephones meet"
    assert all(one.copy == found for one in telephones)
    assert model.seen <= set(book.tables["case_changes"])


def take(book: CaseBook, who: ExchangeContext, *changes: dict) -> list[str]:
    return [each.result for each in exchange_changes(book, [parse_change(each) for each in changes], who)]


@pytest.fixture
def book():
    made = CaseBook()
    phone = Phone(1)
    assert (
        take(made, context(phone.device_id), opening(phone, CASES[0]), assessing(phone, CASES[0], 1)) == ["applied"] * 2
    )
    return made


def test_what_comes_before_what_it_needs_waits_and_is_applied_then(book):
    phone, second = Phone(1), Phone(2)
    plan, begin = (
        planning(phone, CASES[0], 1),
        second.change("item.begin", CASES[0], item_id=code("I", 100), on_day=TODAY),
    )
    agree = second.change("plan.agree", CASES[0], plan_id=code("P", 1), how="said", on_day=TODAY)
    assert take(book, context("D2"), agree, begin) == ["waiting", "waiting"]
    assert take(book, context("D2"), agree) == ["repeated"]
    assert take(book, context("D1"), plan) == ["applied"]
    assert book.get("cases", CASES[0])["state"] == "active"
    assert [book.get("case_changes", each["change_id"])["result"] for each in (agree, begin)] == ["applied"] * 2


def test_a_copy_of_unsent_work_counts_once_whichever_account_brings_it(book):
    phone = Phone(1)
    visit = phone.change("visit.add", CASES[0], visit_id=code("V", 1), members=["social"], on_day=TODAY)
    note = phone.change("note.add", CASES[0], note_id=code("N", 1), on_day=TODAY, text="x")
    assert take(book, context("D1"), visit) == ["applied"]
    assert take(book, context("D2", NURSE.account), visit, note) == ["repeated", "applied"]
    other = {**visit, "body": {**visit["body"], "minutes": "60+"}}
    assert take(book, context("D2", NURSE.account), other) == ["refused"], "the number of a change is nobody else's"
    elsewhere = ExchangeContext("U-ELSE2222", "social", "BC", 22898, "D9", MONDAY, TODAY)
    assert take(book, elsewhere, visit) == ["refused"]
    assert [len(book.tables[name]) for name in ("visits", "case_notes")] == [1, 1]


def test_what_waited_five_days_is_shown_as_a_conflict_and_not_lost(book):
    phone = Phone(2)
    late = phone.change("item.done", CASES[0], item_id=code("I", 500), on_day=TODAY)
    assert take(book, context("D2"), late) == ["waiting"]
    assert take(book, context("D2", now=MONDAY + timedelta(days=4))) == []
    assert book.get("case_changes", late["change_id"])["result"] == "waiting"
    take(book, context("D2", now=MONDAY + timedelta(days=5)))
    assert book.get("case_changes", late["change_id"])["result"] == "conflict"
    (conflict,) = book.tables["case_conflicts"].values()
    assert (conflict["field"], conflict["other_change"]) == ("item.done", late["change_id"])
    settle = phone.change("conflict.settle", CASES[0], conflict_id=conflict["conflict_id"], choose="kept")
    assert take(book, context("D2", now=MONDAY + timedelta(days=5)), settle) == ["applied"]


def test_the_case_manager_chooses_between_two_values(book):
    phone, second = Phone(1), Phone(2)
    take(book, context("D1"), phone.change("case.set", CASES[0], base=2, relation="head"))
    other = second.change("case.set", CASES[0], base=2, relation="kin", note="singur")
    assert take(book, context("D2", NURSE.account), other) == ["conflict"]
    case = book.get("cases", CASES[0])
    assert (case["relation"], case["note"]) == ("head", "singur"), "another field is kept"
    (conflict,) = book.tables["case_conflicts"].values()
    settle = second.change("conflict.settle", CASES[0], conflict_id=conflict["conflict_id"], choose="other")
    assert take(book, context("D2", NURSE.account), settle) == ["refused"]
    mine = phone.change("conflict.settle", CASES[0], conflict_id=conflict["conflict_id"], choose="other")
    assert take(book, context("D1"), mine) == ["applied"]
    assert case["relation"] == "kin"


def test_the_manager_who_is_away_for_five_days_holds_nobody_up(book):
    phone = Phone(2)
    plan, agree = planning(phone, CASES[0], 1), phone.change(
        "plan.agree", CASES[0], plan_id=code("P", 1), how="said", on_day=TODAY
    )  # fmt: skip
    again = {**agree, "change_id": code("K", 77_000)}
    assert take(book, context("D2", NURSE.account), plan, agree) == ["applied", "refused"]
    assert take(book, context("D2", NURSE.account, MONDAY + timedelta(days=5)), again) == ["applied"]


@pytest.mark.parametrize(
    ("state", "item_state", "case_state"),
    [
        ("held", "planned", "planned"),
        ("asked", "planned", "planned"),
        ("accepted", "begun", "active"),
        ("started", "begun", "active"),
        ("completed", "done", "active"),
        ("declined", "planned", "planned"),
        ("expired", "planned", "planned"),
        ("cancelled", "planned", "planned"),
        ("broken_off", "planned", "planned"),
    ],
)
def test_an_item_follows_its_referral_through_all_its_states(book, state, item_state, case_state):
    phone, who = Phone(1), context("D1")
    agree = phone.change("plan.agree", CASES[0], plan_id=code("P", 1), how="said", on_day=TODAY)
    assert take(book, who, planning(phone, CASES[0], 1), agree) == ["applied"] * 2
    book.load("referrals", [{"referral_id": "R-2", "case_ref": CASES[0], "uat_siruta": 22889, "state": state}])
    refer = phone.change("item.refer", CASES[0], item_id=code("I", 100), referral_id="R-2")
    assert take(book, who, refer) == ["applied"]
    item = book.get("plan_items", code("I", 100))
    assert item["state"] == item_state
    assert item["result"] == ("unknown" if state == "completed" else "")
    assert book.get("cases", CASES[0])["state"] == case_state
    assert follow_referral(book, item, state, who) is False, "it follows once"


def test_two_cases_are_joined_and_parted_again_with_all_that_was_in_them():
    book, phone = CaseBook(), Phone(1)
    older, newer = CASES[0], CASES[1]
    take(book, context("D1"), opening(phone, older, opened_on="2026-02-01"), opening(phone, newer),
         assessing(phone, newer, 1), phone.change("visit.add", newer, visit_id=code("V", 1), members=["social"], on_day=TODAY))  # fmt: skip
    join = phone.change("case.join", newer, into=older, on_day=TODAY)
    wrong = phone.change("case.join", older, into=newer, on_day=TODAY)
    assert take(book, context("D1"), wrong, join) == ["refused", "applied"]
    assert (book.get("cases", older)["state"], book.get("cases", newer)["state"]) == ("assessed", "closed")
    assert book.get("visits", code("V", 1))["case_ref"] == older
    assert not book.of_case("case_spells", newer)[0]["is_counted"]
    late = phone.change("case.unjoin", newer, on_day=TODAY)
    assert take(book, context("D1", now=MONDAY + timedelta(days=31)), late) == ["refused"]
    assert take(book, context("D1"), phone.change("case.unjoin", newer, on_day=TODAY)) == ["applied"]
    assert (book.get("cases", older)["state"], book.get("cases", newer)["state"]) == ("noted", "assessed")
    assert book.get("visits", code("V", 1))["case_ref"] == newer
    assert {row["need"] for row in book.of_case("case_needs", newer) if not row["ended_on"]} >= {"identity-papers"}
    assert all(row["ended_on"] for row in book.of_case("case_needs", older))


def test_closing_asks_for_what_is_open(book):
    phone, who = Phone(1), context("D1")
    take(book, who, planning(phone, CASES[0], 1),
         phone.change("plan.agree", CASES[0], plan_id=code("P", 1), how="said", on_day=TODAY))  # fmt: skip
    said = {"closed_on": TODAY, "outcome": "goals_met"}
    lacking = (
        {},
        {"items_reason": "x"},
        {"findings_end": "resolved"},
        {"items_reason": "x", "findings_end": "no_longer"},
    )
    for more in lacking:
        assert take(book, who, phone.change("case.close", CASES[0], **said, **more)) == ["refused"], more
    whole = {"items_reason": "x", "findings_end": "resolved"}
    assert take(book, who, phone.change("case.close", CASES[0], **said, **whole)) == ["applied"]
    case = book.get("cases", CASES[0])
    facts = (book.of_case(name, CASES[0]) for name in ("assessments", "plans", "plan_items"))
    assert case["state"] == state_of_case(case, *facts) == "closed"
    assert take(book, who, phone.change("need.add", CASES[0], need="no-income", on_day=TODAY)) == ["refused"]
    visit = phone.change("visit.add", CASES[0], visit_id=code("V", 3), members=["social"], on_day=TODAY)
    assert take(book, who, visit) == ["applied"], "it was made while the case was open"
    old = context("D1", now=MONDAY + timedelta(days=200))
    take(book, old, phone.change("case.reopen", CASES[0], on_day=TODAY))
    late = {"closed_on": "2026-09-15", "outcome": "lost"}
    assert take(book, old, phone.change("case.close", CASES[0], **late)) == ["refused"]
    assert take(book, old, phone.change("case.close", CASES[0], **late, reason="nu mai este aici")) == ["applied"]


def test_a_case_moves_to_another_community_only_when_confirmed(book):
    phone = Phone(1)
    move = {"move_id": code("M", 1), "on_day": TODAY}
    there = ExchangeContext("U-ELSE2222", "social", "BC", 22898, "D9", MONDAY, TODAY)
    second, item = Phone(2), {"item_id": code("I", 100)}
    given = [planning(phone, CASES[0], 1), phone.change("item.set", CASES[0], base=1, account=NURSE.account, **item)]
    assert take(book, context("D1"), *given) == ["applied", "applied"]
    other = second.change("item.set", CASES[0], base=1, account=WORKER.account, **item)
    assert take(book, context("D2", NURSE.account), other) == ["conflict"]
    assert take(book, context("D1"), phone.change("move.offer", CASES[0], to_uat=22898, **move)) == ["applied"]
    assert take(book, there, phone.change("move.accept", CASES[0], **move)) == ["refused"]
    book.set("case_moves", book.get("case_moves", code("M", 1)), state="confirmed")
    assert take(book, there, phone.change("move.accept", CASES[0], **move)) == ["applied"]
    case = book.get("cases", CASES[0])
    assert (case["uat_siruta"], case["owner"]) == (22898, "U-ELSE2222")
    assert book.moved_from == {CASES[0]: UAT}
    assert {row["account"] for row in book.of_case("plan_items", CASES[0])} == {""}, "who answered for it is not there"
    (conflict,) = book.tables["case_conflicts"].values()
    settle = phone.change("conflict.settle", CASES[0], conflict_id=conflict["conflict_id"], choose="other")
    assert take(book, there, settle) == ["refused"]
    spells = [(row["uat_siruta"], row["begun_as"], row["ended_as"]) for row in book.of_case("case_spells", CASES[0])]
    assert spells == [(UAT, "opened", "moved"), (22898, "moved", "")]
    assert take(
        book, context("D1"), phone.change("note.add", CASES[0], note_id=code("N", 1), on_day=TODAY, text="x")
    ) == ["refused"]


def test_a_level_is_raised_with_a_word_and_lowered_by_the_manager(book):
    phone = Phone(2)
    nurse = context("D2", NURSE.account)
    silent = phone.change("case.set", CASES[0], base=9, level_said="urgent")
    raised = phone.change("case.set", CASES[0], base=9, level_said="urgent", level_reason="fără mâncare")
    lowered = phone.change("case.set", CASES[0], base=9, level_said="low", level_reason="s-a rezolvat")
    assert take(book, nurse, silent, raised, lowered) == ["refused", "applied", "refused"]
    assert take(book, context("D1"), {**lowered, "change_id": code("K", 88_000)}) == ["applied"]


def test_a_change_of_an_unknown_edition_or_question_is_refused(book):
    phone = Phone(1)
    nowhere = ExchangeContext(WORKER.account, "social", "BC", UAT, "D1", MONDAY, TODAY)
    assert take(book, nowhere, assessing(phone, CASES[0], 5)) == ["refused"]
    assert take(book, context("D1"), assessing(phone, CASES[0], 6, answers={"h_people": "3"})) == ["refused"]
    with pytest.raises(RefusedChangeError):
        parse_change({**opening(phone, CASES[1]), "base": -1})
