"""What a forged telephone, a colleague who is too curious, or another team could try with the exchange."""

from __future__ import annotations

import json

import pytest

from cases.instrument.instrument_editions import BUILT_IN, read_instrument
from cases.record import exchange
from core.errors import BadValueError
from tests.worlds.homes.case_world import (
    COUNSELLOR,
    ELSEWHERE,
    NO_PAPERS,
    NURSE,
    TODAY,
    WORKER,
    Phone,
    assessing,
    code,
    opening,
    planning,
)
from tests.worlds.homes.ledger_world import refer

CASE, OTHER = code("C", 1), code("C", 2)
BEATEN = {"born": "1956", "sex": "F", "safe": "violence"}
SECRET = ("VFV_03", "violence", "domestic-violence")


def sent(ledger, phone, *changes, actor=WORKER, **message):
    return exchange(ledger, {**phone.message(*changes), **message}, actor=actor)


def results(answer):
    return [each.result for each in answer.results]


def told(answer):
    return json.dumps(answer.as_json(), ensure_ascii=False)


@pytest.fixture
def team(ledger, known_members):
    """A ledger in which the three members have accounts, and a case of the social worker with a restricted finding."""
    phone = Phone(1)
    assert set(results(sent(ledger, phone, opening(phone, CASE), assessing(phone, CASE, 1, answers=BEATEN)))) == {
        "applied"
    }
    return ledger


@pytest.mark.parametrize("actor", [NURSE, COUNSELLOR])
def test_nobody_becomes_the_manager_to_read_what_is_restricted(team, actor):
    phone = Phone(2)
    take = phone.change("case.set", CASE, base=9, owner=actor.account)
    leave = phone.change("case.set", CASE, base=9, owner="")
    answer = sent(team, phone, take, leave, actor=actor)
    assert results(answer) == ["refused", "refused"]
    assert not [word for word in SECRET if word in told(answer)]
    mine = Phone(1).change("case.set", CASE, base=9, owner=actor.account)
    assert results(sent(team, Phone(1), mine)) == ["applied"], "the manager hands it over"
    assert "VFV_03" in told(sent(team, phone, actor=actor))


@pytest.mark.parametrize("actor", [NURSE, COUNSELLOR])
def test_nobody_joins_a_case_into_an_own_one_to_read_what_is_restricted(team, actor):
    phone = Phone(2)
    own = opening(phone, OTHER, opened_on="2026-01-05")
    join = phone.change("case.join", CASE, into=OTHER, on_day=TODAY)
    answer = sent(team, phone, own, join, actor=actor)
    assert results(answer) == ["applied", "refused"]
    assert not [word for word in SECRET if word in told(answer)]


def test_a_case_has_a_manager_of_its_team_from_the_beginning(team):
    phone = Phone(2)
    assert results(sent(team, phone, opening(phone, OTHER, owner=ELSEWHERE.account))) == ["refused"]
    assert results(sent(team, phone, opening(phone, code("C", 3), owner=NURSE.account))) == ["applied"]


@pytest.mark.parametrize("stranger", [ELSEWHERE.account, "U-22222222"])
def test_an_item_is_answered_for_by_somebody_of_the_team_alone(team, stranger):
    phone = Phone(2)
    plan = planning(phone, CASE, 1)
    named = planning(phone, CASE, 2)
    named["body"]["items"][1]["account"] = stranger
    said = {"need": "identity-papers", "action": "SAI_09", "member": "social", "due_on": "2026-03-20"}
    more = [phone.change("item.add", CASE, item_id=code("I", n), plan_id=code("P", 1), account=who, **said)
            for n, who in enumerate((stranger, NURSE.account, ""), start=7)]  # fmt: skip
    given = [
        phone.change("item.set", CASE, base=1, item_id=code("I", 100), account=who) for who in (stranger, NURSE.account)
    ]
    answer = sent(team, phone, plan, named, *more, *given)
    assert results(answer) == ["applied", "refused", "refused", "applied", "applied", "refused", "applied"]
    reasons = {each.reason for each in answer.results if each.result == "refused"}
    assert reasons == {"Responsabilul unei acțiuni trebuie să fie din echipa comunității."}
    (case,) = answer.cases
    assert {each["account"] for each in case["items"]} == {NURSE.account, ""}
    assert [each["plan_id"] for each in case["plans"]] == [code("P", 1)], "nothing of the plan that named somebody else"


def test_another_team_reads_and_changes_nothing_whatever_it_names(team):
    mine, theirs = Phone(1), Phone(9)
    sent(team, mine, planning(mine, CASE, 1))
    every = [
        theirs.change("case.set", CASE, base=1, note="x"),
        theirs.change("note.add", CASE, note_id=code("N", 1), on_day=TODAY, text="x"),
        theirs.change("reading.add", CASE),
        theirs.change("plan.agree", CASE, plan_id=code("P", 1), how="said", on_day=TODAY),
        theirs.change("item.done", CASE, item_id=code("I", 100), on_day=TODAY),
        theirs.change("case.close", CASE, closed_on=TODAY, outcome="lost", reason="x"),
        theirs.change("case.join", CASE, into=OTHER, on_day=TODAY),
        theirs.change("move.accept", CASE, move_id=code("M", 1), on_day=TODAY),
        assessing(theirs, CASE, 7),
        opening(theirs, CASE),
    ]
    answer = sent(team, theirs, *every, actor=ELSEWHERE)
    assert set(results(answer)) <= {"refused", "waiting"}
    assert (answer.cases, answer.households) == ((), ())
    own = [opening(theirs, OTHER), theirs.change("item.done", OTHER, item_id=code("I", 100), on_day=TODAY),
           theirs.change("plan.agree", OTHER, plan_id=code("P", 1), how="said", on_day=TODAY)]  # fmt: skip
    assert results(sent(team, theirs, *own, actor=ELSEWHERE)) == ["applied", "refused", "refused"]
    (case,) = sent(team, mine).cases
    assert (case["note"], case["plans"][0]["state"], {each["state"] for each in case["items"]}) == (
        "",
        "draft",
        {"planned"},
    )


@pytest.mark.parametrize(
    "answers",
    [
        {"id_card": "Nume Inventat"},
        {"safe": "none Strada_Mare"},
        {"wishes": "debts, nume inventat"},
        {"born": "vecin"},
        {"h_people": "trei"},
    ],
)
def test_words_are_no_answers(team, answers):
    phone = Phone(2)
    household = any(name.startswith("h_") for name in answers)
    home = code("H", 1)
    changes = [assessing(phone, CASE, 5, answers={**NO_PAPERS, **answers})]
    if household:
        about = phone.change("assessment.add", household=home, assessment_id=code("A", 6), kind="initial", on_day=TODAY,
                             edition="", answers=answers)  # fmt: skip
        changes = [phone.change("household.open", household=home), about]
    assert results(sent(team, phone, *changes))[-1] == "refused"


def test_every_answer_that_can_be_given_is_one(team):
    instrument = read_instrument(BUILT_IN).instrument
    phone, given = Phone(2), []
    for question in instrument.questions:
        if question.kind in ("one", "many") and not question.name.startswith("h_"):
            given += [{**NO_PAPERS, question.name: choice} for choice in instrument.choices[question.list_name]]
    assert len(given) > 80
    for at in range(0, len(given), 60):
        some = enumerate(given[at : at + 60], start=100 + at)
        answer = sent(team, phone, *(assessing(phone, CASE, number, answers=answers) for number, answers in some))
        assert set(results(answer)) == {"applied"}


@pytest.mark.parametrize("text", ["jum\ud83d", "\udc00", "a\x00b", "😀 întreg", "{n} <script>"])
def test_texts_that_no_database_takes_stop_no_exchange(team, text):
    phone = Phone(2)
    note = phone.change("note.add", CASE, note_id=code("N", 1), on_day=TODAY, text=text)
    answer = sent(team, phone, note, shell=text, unsent_since=text)
    assert results(answer) == ["applied"]
    (kept,) = answer.cases[0]["notes"]
    assert kept["text"] == "".join(sign for sign in text if sign != "\0" and not "\ud800" <= sign <= "\udfff").strip()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_first_and_the_last_moment_stop_no_exchange(team, moment):
    phone = Phone(2)
    note = {**phone.change("note.add", CASE, note_id=code("N", 1), on_day=TODAY, text="x"), "at": moment}
    assert results(sent(team, phone, note, unsent=1, unsent_since=moment)) == ["applied"]


@pytest.mark.parametrize("since", [2**63, 10**30, -1, 1.0, True, "1", None])
def test_a_place_that_cannot_be_is_refused_in_words(team, since):
    with pytest.raises(BadValueError, match="forma cunoscută"):
        sent(team, Phone(2), since=since)


def test_a_change_of_any_shape_is_refused_alone(team):
    phone = Phone(2)
    good = phone.change("note.add", CASE, note_id=code("N", 1), on_day=TODAY, text="x")
    odd = [None, 5, [], {}, {"kind": "note.add"}, {"kind": ["note.add"]}, {**good, "body": []}, {**good, "device_no": 2**80},
           {**good, "base": 2**80}, {**good, "case_ref": {}}, {**good, "case_ref": "C-" + "A" * 3000}, {**good, "body": {"text": {}}},
           {**good, "body": {**good["body"], "on_day": "2026-02-30"}}, {**good, "body": {**good["body"], "text": "x" * 30_000}}]  # fmt: skip
    answer = sent(team, phone, *odd, good)
    assert results(answer) == [*["refused"] * len(odd), "applied"]
    assert all(each.reason for each in answer.results[:-1])


def test_a_code_read_on_a_slip_opens_no_case_elsewhere_and_shows_no_referral(ledger):
    made = refer(ledger, case_ref=None, need="identity-papers", actor=WORKER, uat_siruta=WORKER.uat_siruta)
    theirs, mine = Phone(9), Phone(1)
    answer = sent(ledger, theirs, opening(theirs, made.case_ref), actor=ELSEWHERE)
    assert results(answer) == ["refused"]
    assert made.referral_id not in told(answer)
    assert results(sent(ledger, mine, opening(mine, made.case_ref))) == ["applied"], "its own team opens it"


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        (
            "note.add",
            {"note_id": code("N", 1), "on_day": TODAY, "text": "sunați la 0744 123 456"},
            "Nota: ștergeți numărul",
        ),
        ("note.add", {"note_id": code("N", 1), "on_day": "ieri", "text": "x"}, "Ziua: se așteaptă o zi"),
        ("note.add", {"note_id": code("N", 1), "text": "x"}, "Lipsește câmpul „ziua”"),
        ("case.set", {"born": "demult"}, "Nașterea: se așteaptă un an"),
        (
            "case.close",
            {"closed_on": TODAY, "outcome": "lost", "items_reason": "x" * 201},
            "Motivul acțiunilor neterminate:",
        ),
    ],
)
def test_a_refusal_names_a_field_as_the_telephone_does(team, kind, body, said):
    phone = Phone(2)
    (answer,) = sent(team, phone, phone.change(kind, CASE, **body)).results
    assert answer.result == "refused"
    assert answer.reason.startswith(said)
