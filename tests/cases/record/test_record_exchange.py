"""What a telephone sends is kept once, what may not be is refused in words, and each member gets what is for them."""

from __future__ import annotations

import re

import pytest

from cases.figures.open_needs import open_needs
from cases.instrument.instrument_editions import BUILT_IN, read_instrument
from cases.record import exchange
from cases.record.record_checks import case_faults
from cases.record.team_agenda import agenda_of
from cases.rules.case_vocabulary import field_words
from core.errors import BadValueError, NotAllowedError
from referrals.case_erasure import case_digest
from referrals.records.ledger_errors import UnknownCaseError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import (
    COUNSELLOR,
    ELSEWHERE,
    NO_PAPERS,
    NURSE,
    TODAY,
    UAT,
    WORKER,
    Phone,
    assessing,
    code,
    opening,
    planning,
)
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, everything, refer

CASE = code("C", 1)


def sent(ledger, phone, *changes, actor=WORKER, since=0):
    return exchange(ledger, phone.message(*changes, since=since), actor=actor)


def results(answer) -> list[str]:
    return [each.result for each in answer.results]


def only(answer) -> dict:
    (case,) = answer.cases
    return case


def test_a_case_goes_from_noted_to_watched_by_its_facts(ledger):
    phone = Phone(1)
    assert only(sent(ledger, phone, opening(phone, CASE)))["state"] == "noted"
    assert only(sent(ledger, phone, assessing(phone, CASE, 1)))["state"] == "assessed"
    plan = planning(phone, CASE, 1)
    assert only(sent(ledger, phone, plan))["state"] == "assessed"
    agreed = phone.change("plan.agree", CASE, plan_id=code("P", 1), how="signed", on_day=TODAY)
    assert only(sent(ledger, phone, agreed))["state"] == "planned"
    begun = phone.change("item.begin", CASE, item_id=code("I", 100), on_day=TODAY)
    assert only(sent(ledger, phone, begun))["state"] == "active"
    done = [phone.change("item.done", CASE, item_id=code("I", n), on_day=TODAY, result="worked") for n in (100, 101)]
    assert only(sent(ledger, phone, *done))["state"] == "watched"
    close = phone.change("case.close", CASE, closed_on=TODAY, outcome="goals_met", findings_end="resolved")
    closed = only(sent(ledger, phone, close))
    assert (closed["state"], closed["outcome"]) == ("closed", "goals_met")
    assert {each["ending"] for each in closed["findings"] if each["level"] != "info"} == {"resolved"}
    opened = only(sent(ledger, phone, phone.change("case.reopen", CASE, on_day=TODAY)))
    assert opened["state"] == "assessed"
    assert only(sent(ledger, phone, planning(phone, CASE, 2)))["plans"][-1]["number"] == 2
    assert ledger.verify_audit() == []


def test_findings_needs_and_level_are_computed_by_the_edition(ledger):
    phone = Phone(1)
    case = only(sent(ledger, phone, opening(phone, CASE), assessing(phone, CASE, 1)))
    assert {"VAI_02", "VSV_01"} <= {each["code"] for each in case["findings"]}
    assert case["level"] == "high"
    assert case["level_at_least"], "most was not asked"
    needs = {each["need"]: each for each in case["needs"]}
    assert needs["identity-papers"]["codes"] == ["VAI_02"]
    assert needs["identity-papers"]["priority"] == 2
    assert case["assessments"][0]["complete"] is False
    later = assessing(
        phone, CASE, 2, kind="review", answers={**NO_PAPERS, "id_card": "yes"}, endings={"VAI_02": "resolved"}
    )
    case = only(sent(ledger, phone, later))
    ended = {each["code"]: each["ending"] for each in case["findings"] if each["ended_on"]}
    assert ended["VAI_02"] == "resolved"
    assert next(each for each in case["needs"] if each["need"] == "identity-papers")["ended_on"] == TODAY


def test_the_same_message_sent_twice_is_one(ledger):
    phone = Phone(1)
    message = phone.message(opening(phone, CASE), assessing(phone, CASE, 1))
    first = exchange(ledger, message, actor=WORKER)
    before = everything(ledger)
    again = exchange(ledger, message, actor=WORKER)
    assert results(first) == ["applied", "applied"]
    assert [(each.result, each.reason) for each in again.results] == [("repeated", "applied")] * 2
    after = everything(ledger)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"audit", "audit_chains", "case_devices"}, "only that it was here and what it read"
    assert again.next == first.next


PERSONAL = ["Ion, CNP 2560412040011", "sunați la 0722 123 456", "scrieți la ana@example.ro", "CI seria XC nr 123456"]


@pytest.mark.parametrize("words", PERSONAL)
@pytest.mark.parametrize(
    ("kind", "field", "body"),
    [
        ("case.set", "note", {}),
        ("case.set", "level_reason", {"level_said": "high"}),
        ("visit.add", "note", {"visit_id": code("V", 1), "members": ["social"], "on_day": TODAY}),
        ("note.add", "text", {"note_id": code("N", 1), "on_day": TODAY}),
        ("plan.add", "goal", {"plan_id": code("P", 9), "kind": "sci", "on_day": TODAY}),
        ("case.reopen", "word", {"on_day": TODAY}),
    ],
)
def test_no_field_takes_who_a_person_is(sqlite_ledger, kind, field, body, words):
    phone = Phone(1)
    said = {"base": 1} if kind == "case.set" else {}
    change = phone.change(kind, CASE, **said, **body, **{field: words})
    answer = sent(sqlite_ledger, phone, opening(phone, CASE), change)
    assert results(answer) == ["applied", "refused"]
    reason = answer.results[1].reason
    assert reason.lower().startswith(field_words()[field]), "it names the field as the telephone does"
    assert "date personale" in reason
    assert not any(word in str(everything(sqlite_ledger)) for word in ("2560412040011", "0722", "ana@", "123456"))


def test_a_field_for_a_name_or_a_number_is_refused_whatever_it_is_called(sqlite_ledger):
    phone = Phone(1)
    wrong = [opening(phone, code("C", 5 + n), **{name: "x"}) for n, name in enumerate(("name", "cnp", "tel", "adresa"))]
    answer = sent(sqlite_ledger, phone, *wrong)
    assert results(answer) == ["refused"] * 4
    assert all("fără nume, CNP, telefon sau adresă" in each.reason for each in answer.results)
    answers = {**NO_PAPERS, "wishes": "2560412040011"}
    ref = code("C", 20)
    answer = sent(sqlite_ledger, phone, opening(phone, ref), assessing(phone, ref, 7, answers=answers))
    assert results(answer) == ["applied", "refused"]


def test_a_day_to_come_and_a_kind_nobody_knows_are_refused(sqlite_ledger):
    phone = Phone(1)
    answer = sent(
        sqlite_ledger,
        phone,
        opening(phone, CASE, opened_on="2026-03-03"),
        phone.change("case.burn", CASE),
        {"kind": []},
    )
    assert results(answer) == ["refused"] * 3
    assert "viitor" in answer.results[0].reason
    with pytest.raises(BadValueError):
        exchange(sqlite_ledger, {"device": "x", "changes": []}, actor=WORKER)
    with pytest.raises(BadValueError):
        exchange(sqlite_ledger, phone.message(*[{}] * 201), actor=WORKER)


def test_only_a_team_works_and_only_in_its_community(ledger):
    phone, other = Phone(1), Phone(2)
    sent(ledger, phone, opening(phone, CASE))
    for actor in (COUNTY, ADMIN, Actor("national", "umi")):
        with pytest.raises(NotAllowedError):
            exchange(ledger, Phone(9).message(), actor=actor)
    answer = sent(ledger, other, other.change("note.add", CASE, note_id=code("N", 1), text="x", on_day=TODAY),
                  actor=ELSEWHERE)  # fmt: skip
    assert results(answer) == ["refused"]
    assert "altei comunități" in answer.results[0].reason
    assert answer.cases == ()
    with pytest.raises(NotAllowedError, match="altui coleg"):
        sent(ledger, phone, actor=NURSE)


SICK = {"born": "1956", "sex": "F", "id_card": "no", "illness": "VSG_01", "disease": "VSG_HIV", "safe": "violence"}


def test_each_profession_gets_only_the_findings_it_may_see(ledger):
    phone, second, third = Phone(1), Phone(2), Phone(3)
    sent(ledger, phone, opening(phone, CASE), assessing(phone, CASE, 1, answers=SICK), actor=NURSE)
    sent(ledger, phone, phone.change("case.set", CASE, base=5, owner=""), actor=NURSE)
    mine = only(sent(ledger, phone, actor=NURSE))
    colleague = only(sent(ledger, second, actor=WORKER))
    teacher = only(sent(ledger, third, actor=COUNSELLOR))
    assert {"VAI_02", "VSG_HIV", "VFV_03"} <= {each["code"] for each in mine["findings"]}
    for other in (colleague, teacher):
        assert {each["code"] for each in other["findings"]} & {"VSG_HIV", "VFV_03"} == set()
        assert "VAI_02" in {each["code"] for each in other["findings"]}
        assert {"illness", "disease", "safe"} & set(other["assessments"][0]["answers"]) == set()
        said = str(other)
        assert "VSG_HIV" not in said
        assert "VFV_03" not in said
        assert "violence" not in said
    assert {"illness", "disease", "safe"} <= set(mine["assessments"][0]["answers"])


def test_neither_a_gap_nor_a_conflict_tells_what_a_member_may_not_see(ledger):
    mine, other = Phone(1), Phone(2)
    beaten = {"born": "1956", "sex": "F", "safe": "violence"}
    item = {"item_id": code("I", 1), "action": "SAI_09", "member": "social", "due_on": "2026-03-20"}
    plan = mine.change("plan.add", CASE, plan_id=code("P", 1), kind="sci", on_day=TODAY,
                       items=[{**item, "need": "domestic-violence"}])  # fmt: skip
    sent(ledger, mine, opening(mine, CASE), assessing(mine, CASE, 1, answers=beaten), plan)
    for phone, actor, kind in ((mine, WORKER, "8899"), (other, WORKER, "8790")):
        change = phone.change("item.set", CASE, base=1, item_id=code("I", 1), service_type=kind)
        sent(ledger, phone, change, actor=actor)
    shown, manager = only(sent(ledger, Phone(3), actor=COUNSELLOR)), only(sent(ledger, mine))
    assert [each["field"] for each in manager["conflicts"]] == ["service_type"]
    assert (shown["conflicts"], shown["items"][0]["need"]) == ([], "")
    unread = set(manager["assessments"][0]["gaps"]) - set(shown["assessments"][0]["gaps"])
    sees = {question.name: question.sees for question in read_instrument(BUILT_IN).instrument.questions}
    assert {sees[name] for name in unread} == {"medical"}
    assert {sees[name] for name in shown["assessments"][0]["gaps"]} == {"team"}


def test_erasing_a_case_erases_those_that_were_joined_into_it(ledger):
    phone = Phone(1)
    refs = [code("C", n) for n in (1, 2, 3)]
    sent(ledger, phone, *(opening(phone, ref, note=f"a {n}-a") for n, ref in enumerate(refs)))
    joins = [phone.change("case.join", ref, into=into, on_day=TODAY) for ref, into in zip(refs[1:], refs, strict=False)]
    assert results(sent(ledger, phone, *reversed(joins))) == ["applied", "applied"]
    assert ledger.erase_case(refs[0], actor=COUNTY) == 3
    left = str(everything(ledger))
    assert not [ref for ref in refs if ref in left]
    assert "-a'" not in left
    assert case_faults(ledger) == []


def test_erasing_a_case_leaves_its_name_in_no_joining_that_was_undone(ledger):
    phone = Phone(1)
    older, newer = code("C", 1), code("C", 2)
    sent(ledger, phone, opening(phone, older), opening(phone, newer))
    for kind, body in (("case.join", {"into": older}), ("case.unjoin", {})):
        assert results(sent(ledger, phone, phone.change(kind, newer, on_day=TODAY, **body))) == ["applied"]
    assert ledger.erase_case(older, actor=COUNTY) == 1
    left = str(everything(ledger))
    assert older not in left
    assert newer in left
    assert case_faults(ledger) == []


def test_erasing_a_case_leaves_counts_reaches_telephones_and_blanks_history(ledger):
    phone = Phone(1)
    house = code("H", 1)
    sent(
        ledger, phone, phone.change("household.open", household=house, people_6_17=2),
        opening(phone, CASE, household_id=house, note="vine însoțită"), assessing(phone, CASE, 1),
        phone.change("note.add", CASE, note_id=code("N", 1), on_day=TODAY, text="fără lemne de foc"),
        phone.change("visit.add", CASE, visit_id=code("V", 1), members=["social"], on_day=TODAY, note="plâns"),
    )  # fmt: skip
    seen = sent(ledger, phone).next
    made = refer(ledger, case_ref=None)
    assert ledger.erase_case(CASE, actor=ADMIN) == 1
    left = str(everything(ledger))
    for trace in (CASE, house, "însoțită", "lemne", "plâns", "identity-papers"):
        assert trace not in left, trace
    assert not re.search(r"\b1956\b", left)  # a year of birth; a digest may hold its digits
    assert "VAI_02" in left
    assert made.case_ref in left
    answer = sent(ledger, phone, since=seen)
    assert set(answer.gone) == {case_digest(CASE), case_digest(house)}  # nobody else of the house has a case
    late = sent(ledger, phone, phone.change("note.add", CASE, note_id=code("N", 2), on_day=TODAY, text="x"))
    assert results(late) == ["refused"]
    assert "șters" in late.results[0].reason
    assert ledger.erase_case(CASE, actor=ADMIN) == 0
    assert ledger.verify_audit() == []


def test_records_closed_long_ago_are_forgotten_and_open_ones_are_not(ledger, clock):
    phone = Phone(1)
    other = code("C", 2)
    sent(ledger, phone, opening(phone, CASE), opening(phone, other),
         phone.change("case.close", CASE, closed_on=TODAY, outcome="declined", reason="nu dorește"))  # fmt: skip
    clock.move(days=731)
    assert ledger.due_for_erasure(actor=ADMIN).records == 1
    ledger.erase_old(actor=ADMIN)
    left = str(everything(ledger))
    assert CASE not in left
    assert other in left
    assert ledger.due_for_erasure(actor=ADMIN).records == 0


def _with_item_for_a_service(ledger, phone):
    """A case whose agreed plan waits for a referral for one need; returns where telephones stand then."""
    (said,) = planning(phone, CASE, 1, 1)["body"]["items"]
    plan = phone.change(
        "plan.add", CASE, plan_id=code("P", 1), kind="sci", on_day=TODAY,
        items=[said, {**said, "item_id": code("I", 200), "member": "provider", "action": "Referire la un serviciu"}],
    )  # fmt: skip
    agreed = phone.change("plan.agree", CASE, plan_id=code("P", 1), how="signed", on_day=TODAY)
    return sent(ledger, phone, opening(phone, CASE), assessing(phone, CASE, 1), plan, agreed).next


def test_a_referral_with_the_code_of_a_case_lands_in_the_item_that_waits_and_the_item_follows(ledger, clock):
    phone = Phone(1)
    seen = _with_item_for_a_service(ledger, phone)
    with pytest.raises(UnknownCaseError):
        refer(ledger, case_ref=CASE, need="identity-papers", actor=ELSEWHERE, uat_siruta=ELSEWHERE.uat_siruta)
    other = refer(ledger, case_ref=CASE, need="hrana", actor=WORKER)
    first = refer(ledger, case_ref=CASE, need="identity-papers", actor=WORKER)

    def told(since):
        answer = sent(ledger, phone, since=since)
        items = {each["item_id"]: each for case in answer.cases for each in case["items"]}
        return answer.next, items.get(code("I", 200)), items.get(code("I", 100))

    def kinds():
        tasks = agenda_of(ledger, UAT, "BC", actor=WORKER, until="2099-01-01").tasks
        return [each.kind for each in tasks if each.item_id == code("I", 200)]

    seen, item, own = told(seen)
    assert (item["referral_id"], item["referral_state"], item["state"]) == (first.referral_id, first.state, "planned")
    assert own["referral_id"] == "", "what the team does itself waits for nobody"
    assert other.referral_id != item["referral_id"]
    seen, item, _own = told(seen)
    assert item is None, "told once"
    clock.move(hours=1)
    ledger.transition(first.referral_id, "decline", reason="no_places", actor=WORKER)
    seen, item, _own = told(seen)
    assert (item["referral_state"], item["state"]) == ("declined", "planned")
    assert kinds() == ["choose"]
    assert told(seen)[1] is None
    second = refer(ledger, case_ref=CASE, need="identity-papers", actor=WORKER, replaces=first.referral_id)
    ledger.transition(second.referral_id, "accept", actor=WORKER)
    seen, item, _own = told(seen)
    assert (item["referral_id"], item["referral_state"], item["state"]) == (second.referral_id, "accepted", "begun")
    assert "identity-papers" not in {row["need"] for row in open_needs(ledger, actor=WORKER).rows}
    for step in ("start", "complete"):
        ledger.transition(second.referral_id, step, actor=WORKER)
    seen, item, _own = told(seen)
    assert (item["state"], item["result"]) == ("done", "unknown")
    assert kinds() == ["worked"], "whether it helped is asked"
    helped = phone.change("item.done", CASE, item_id=code("I", 200), on_day=TODAY, result="worked")
    assert results(sent(ledger, phone, helped)) == ["applied"]
    assert case_faults(ledger) == []
    assert ledger.verify_audit() == []
