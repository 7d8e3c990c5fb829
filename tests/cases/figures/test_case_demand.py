"""Open needs by community and kind of service: counted as an obvious loop counts them, told as decision 0065 says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cases.figures.case_demand import OpenNeed, counted_needs, demand_from_cases, demand_state, told_people
from cases.record import exchange
from cases.record.record_exchange import instruments_of
from providers.rules.needs import answer_rows
from providers.rules.person import Person
from referrals.database.models import referrals
from referrals.database.tables.case_tables import case_needs, cases, plan_items
from referrals.records.ledger_errors import UnknownCaseError
from tests.worlds.examples import examples
from tests.worlds.homes.case_world import ELSEWHERE, TODAY, UAT, WORKER, Phone, assessing, code, opening, planning
from tests.worlds.homes.ledger_world import refer, terms

PAPERS, DESK = "identity-papers", "AUT-SPCLEP"  # a need, and the office that answers it first
INSTRUMENT = instruments_of(None)("")
PEOPLE = [f"C-{n}" for n in range(9)]
NEEDS = ("no-income", PAPERS, "birth-certificate")


def open_cases(ledger, numbers, actor=WORKER, **said) -> Phone:
    phone = Phone(numbers[0])
    for number in numbers:
        ref = code("C", number)
        answer = exchange(
            ledger, phone.message(opening(phone, ref), assessing(phone, ref, number, **said)), actor=actor
        )
        assert {each.result for each in answer.results} == {"applied"}, answer.results
    return phone


def demand(ledger, of=PAPERS):
    return demand_from_cases(ledger, of, INSTRUMENT)


def test_open_needs_are_people_until_a_referral_is_accepted(sqlite_ledger):
    assert demand_state(sqlite_ledger) == ""
    open_cases(sqlite_ledger, range(1, 7))
    state = demand_state(sqlite_ledger)
    open_cases(sqlite_ledger, [7])
    assert demand_state(sqlite_ledger) != state
    state = demand_state(sqlite_ledger)
    assert demand(sqlite_ledger) == {UAT: 5}, "seven, told in fives"
    assert demand(sqlite_ledger, DESK) == {UAT: 5}
    for number in (1, 2, 3):
        made = refer(sqlite_ledger, terms(f"social:mmps:{number}"), need=PAPERS, case_ref=code("C", number))
        assert demand(sqlite_ledger) == {UAT: 5}, "asked is not accepted"
        sqlite_ledger.transition(made.referral_id, "accept", actor=WORKER)
    assert demand(sqlite_ledger) == {UAT: 0}, "four are left, and are not told"
    assert demand_state(sqlite_ledger) != state


def test_a_referral_made_from_an_item_answers_the_need_of_the_item(sqlite_ledger):
    phone = open_cases(sqlite_ledger, range(1, 6))
    case = code("C", 1)
    exchange(sqlite_ledger, phone.message(planning(phone, case, 1, items=1)), actor=WORKER)
    made = refer(sqlite_ledger, terms(), need="other-words", case_ref=case)
    tied = phone.change("item.refer", case, item_id=code("I", 100), referral_id=made.referral_id)
    exchange(sqlite_ledger, phone.message(tied), actor=WORKER)
    assert demand(sqlite_ledger) == {UAT: 5}
    sqlite_ledger.transition(made.referral_id, "accept", actor=WORKER)
    assert demand(sqlite_ledger) == {UAT: 0}


def test_a_community_that_has_not_assessed_five_people_keeps_the_rule(sqlite_ledger):
    open_cases(sqlite_ledger, range(1, 5))
    phone = Phone(50)
    exchange(sqlite_ledger, phone.message(opening(phone, code("C", 50))), actor=WORKER)
    assert demand(sqlite_ledger) == {}
    open_cases(sqlite_ledger, range(11, 16), actor=ELSEWHERE)
    assert demand(sqlite_ledger) == {ELSEWHERE.uat_siruta: 5}


@pytest.mark.parametrize("of", ["domestic-violence", "8899CZ-VD-I", "AUT-DGASPC", "child-neglect"])
def test_needs_of_restricted_findings_are_counted_for_no_community(sqlite_ledger, of):
    beaten = {"born": "1956", "sex": "F", "safe": "violence"}
    open_cases(sqlite_ledger, range(1, 8), answers=beaten)
    assert demand(sqlite_ledger, of) == {}


def test_a_type_counts_those_whom_it_answers_first_of_their_age():
    assert PAPERS in counted_needs(DESK)
    first = counted_needs("MED-GP")
    assert all(any(r.service_type == "MED-GP" and r.role == "first" for r in answer_rows(n)) for n in first)
    ageing = next(
        row for n in counted_needs("EDU-HIGH") for row in answer_rows(n)
        if row.service_type == "EDU-HIGH" and row.age_min and row.role == "first"
    )  # fmt: skip
    young = [OpenNeed(UAT, ref, ageing.need, 3, "F") for ref in PEOPLE]
    assert told_people(young, "EDU-HIGH", [UAT]) == {UAT: 0}
    assert told_people(young, ageing.need, [UAT]) == {UAT: 5}


OPEN = st.builds(
    OpenNeed, st.sampled_from((1, 2)), st.sampled_from(PEOPLE), st.sampled_from(NEEDS),
    st.sampled_from((None, 3, 40)), st.sampled_from(("", "F")),
)  # fmt: skip


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(OPEN, max_size=60), st.sampled_from((*NEEDS, DESK, "AUT-SPAS")))
def test_people_are_told_as_the_obvious_loop_counts_them(found, of):
    told = told_people(found, of, [1, 2, 3])
    for uat in (1, 2, 3):
        told_of = []
        for need in NEEDS:
            if need not in counted_needs(of):
                continue
            who = []
            for each in found:
                person = Person(each.age, each.sex or None)
                types = [row.service_type for row in answer_rows(need, person)]
                if (each.uat_siruta, each.need) == (uat, need) and (of == need or of in types):
                    who.append(each.case_ref)
            if len(set(who)) >= 5:
                told_of += who
        assert told[uat] == 5 * (len(set(told_of)) // 5)


STEP = st.tuples(
    st.integers(1, 9), st.sampled_from(("end", "decline", "restrict", "close", "refer", "asked", "item")),
)  # fmt: skip


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(st.lists(STEP, max_size=8))
def test_what_the_database_says_is_what_a_walk_over_its_rows_says(case_book, steps):
    ledger, before = case_book
    with ledger.store.write() as connection:
        for table, rows in before.items():
            connection.execute(table.delete())
            if rows:
                connection.execute(table.insert(), rows)
        for number, step in steps:
            _step(connection, code("C", number), step)
    assert demand(ledger) == {UAT: 5 * (_walked(ledger) // 5)}


@pytest.fixture
def case_book(sqlite_ledger):
    open_cases(sqlite_ledger, range(1, 10))
    phone = Phone(90)
    for number in range(1, 10):
        exchange(sqlite_ledger, phone.message(planning(phone, code("C", number), number, items=1)), actor=WORKER)
        refer(sqlite_ledger, terms(f"social:mmps:{number}"), need=PAPERS, case_ref=code("C", number))
    with sqlite_ledger.store.read() as connection:
        tables = (referrals, plan_items, case_needs, cases)
        return sqlite_ledger, {t: [dict(r) for r in connection.execute(select(t)).mappings()] for t in tables}


def _step(connection, ref, step) -> None:
    mine, whose = case_needs.c.case_ref == ref, referrals.c.case_ref == ref
    match step:
        case "end":
            connection.execute(case_needs.update().where(mine).values(ended_on=TODAY))
        case "decline":
            connection.execute(case_needs.update().where(mine).values(declined=True))
        case "restrict":
            connection.execute(case_needs.update().where(mine).values(sees="restricted"))
        case "close":
            connection.execute(cases.update().where(cases.c.case_ref == ref).values(state="closed"))
        case "refer":
            connection.execute(referrals.update().where(whose).values(state="started"))
        case "asked":
            connection.execute(referrals.update().where(whose).values(state="declined"))
        case _:
            made = connection.execute(select(referrals.c.referral_id).where(whose)).scalar_one()
            item = plan_items.update().where(plan_items.c.case_ref == ref).values(referral_id=made)
            connection.execute(item)
            connection.execute(referrals.update().where(whose).values(state="completed", need="x"))


def _walked(ledger) -> int:
    with ledger.store.read() as connection:
        rows = {t: list(connection.execute(select(t)).mappings()) for t in (cases, case_needs, referrals, plan_items)}
    people = 0
    for case in rows[cases]:
        for need in rows[case_needs]:
            if need["case_ref"] != case["case_ref"] or need["need"] != PAPERS:
                continue
            is_open = not need["ended_on"] and not need["declined"] and need["sees"] != "restricted"
            answered = False
            for made in rows[referrals]:
                by_item = [i for i in rows[plan_items] if i["referral_id"] == made["referral_id"]
                           and i["case_ref"] == case["case_ref"] and i["need"] == PAPERS]  # fmt: skip
                is_mine = made["case_ref"] == case["case_ref"] and made["need"] == PAPERS
                if (by_item or is_mine) and made["state"] in ("accepted", "started", "completed"):
                    answered = True
            people += is_open and case["state"] not in ("closed", "erased") and not answered
    return people if people >= 5 else 0


def test_a_case_of_the_record_is_referred_by_its_own_community_alone(sqlite_ledger):
    open_cases(sqlite_ledger, [1])
    case = code("C", 1)
    with pytest.raises(UnknownCaseError):
        refer(sqlite_ledger, terms(), case_ref=case, uat_siruta=ELSEWHERE.uat_siruta, actor=ELSEWHERE)
    assert refer(sqlite_ledger, terms(), case_ref=case, actor=WORKER).case_ref == case
    with pytest.raises(UnknownCaseError):
        refer(sqlite_ledger, terms("social:mmps:2"), case_ref=code("C", 2), actor=WORKER)
