"""After any sequence of changes, from several telephones, the state that is kept is the one that follows from facts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.record import exchange
from cases.record.record_checks import case_faults
from cases.rules.case_vocabulary import STATES
from referrals.database.models import CASE_TABLES
from referrals.database.tables.exchange_tables import case_devices
from tests.worlds.homes.case_world import NURSE, TODAY, WORKER, Phone, assessing, code, opening, planning
from tests.worlds.homes.ledger_world import ADMIN

CASES = [code("C", n) for n in (1, 2, 3)]
ITEMS = [code("I", n) for n in (100, 101, 200, 201)]
KINDS = (
    "assess", "plan", "agree", "begin", "done", "not_done", "cancel", "close", "mistake", "reopen", "join", "unjoin",
    "visit", "erase", "owner",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(1, 2), st.sampled_from(ITEMS), st.booleans()),
    max_size=25,
)


def as_change(phone: Phone, step: tuple, number: int, shift: int) -> dict | None:  # noqa: C901  (a case a kind)
    kind, which, plan, item, _flag = step
    case = CASES[which]
    item = code("I", 1000 * (which + 1) + shift + plan * 10 + ITEMS.index(item) % 2)
    match kind:
        case "assess":
            return assessing(phone, case, shift + number, kind="review")
        case "plan":
            made = planning(phone, case, 1, 0)
            made["body"]["plan_id"] = code("P", 100 * (which + 1) + shift + plan)
            made["body"]["items"] = [
                {"item_id": code("I", 1000 * (which + 1) + shift + plan * 10 + n), "need": "no-income",
                 "action": "SSN_13", "member": "social", "due_on": "2026-04-01"}
                for n in (0, 1)
            ]  # fmt: skip
            return made
        case "agree":
            plan_id = code("P", 100 * (which + 1) + shift + plan)
            return phone.change("plan.agree", case, plan_id=plan_id, how="said", on_day=TODAY)
        case "begin" | "done":
            return phone.change(f"item.{kind}", case, item_id=item, on_day=TODAY)
        case "not_done" | "cancel":
            return phone.change(f"item.{kind}", case, item_id=item, on_day=TODAY, reason="nu a fost nevoie")
        case "close":
            return phone.change(
                "case.close", case, closed_on=TODAY, outcome="partly_met", reason="gata", items_reason="gata",
                findings_end="no_longer",
            )  # fmt: skip
        case "mistake":
            return phone.change("case.close", case, closed_on=TODAY, outcome="by_mistake")
        case "reopen":
            return phone.change("case.reopen", case, on_day=TODAY)
        case "join":
            return phone.change("case.join", case, into=CASES[(which + 1) % 3], on_day=TODAY)
        case "unjoin":
            return phone.change("case.unjoin", case, on_day=TODAY)
        case "visit":
            visit = code("V", 10_000 + shift + number)
            return phone.change("visit.add", case, visit_id=visit, members=["social"], on_day=TODAY, items=[item])
        case "owner":
            return phone.change("case.set", case, base=1, owner="")
    return None


def hold(ledger, steps, shift) -> None:
    phones = (Phone(1 + shift), Phone(2 + shift))
    exchange(ledger, phones[0].message(*(opening(phones[0], case) for case in CASES)), actor=WORKER)
    for number, step in enumerate(steps):
        if step[0] == "erase":
            ledger.erase_case(CASES[step[1]], actor=ADMIN)
            continue
        is_second = step[4]
        change = as_change(phones[is_second], step, number, shift)
        if change is not None:
            exchange(ledger, phones[is_second].message(change), actor=NURSE if is_second else WORKER)
    assert case_faults(ledger) == []
    assert ledger.verify_audit() == []


def test_a_sequence_of_these_reaches_every_state(sqlite_ledger):
    """What the random sequences are made of can lead anywhere, so that they do not hold by doing nothing."""
    seen = set()
    way = [
        ("assess", 0),
        ("plan", 0),
        ("agree", 0),
        ("begin", 0),
        ("done", 0),
        ("assess", 1),
        ("close", 1),
        ("erase", 2),
    ]
    for end in range(len(way) + 1):
        empty(sqlite_ledger)
        hold(sqlite_ledger, [(kind, which, 1, ITEMS[0], False) for kind, which in way[:end]], 0)
        with sqlite_ledger.store.read() as connection:
            seen |= set(connection.exec_driver_sql("SELECT state FROM cases").scalars())
    last = [("assess", 0), ("plan", 0), ("agree", 0), ("done", 0)]
    empty(sqlite_ledger)
    hold(sqlite_ledger, [*((k, w, 1, ITEMS[0], False) for k, w in last), ("done", 0, 1, ITEMS[1], False)], 0)
    with sqlite_ledger.store.read() as connection:
        seen |= set(connection.exec_driver_sql("SELECT state FROM cases").scalars())
    assert seen == set(STATES)


@settings(
    deadline=None,
    max_examples=40,
    report_multiple_bugs=False,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_the_state_kept_is_the_state_derived(sqlite_ledger, steps):
    empty(sqlite_ledger)
    hold(sqlite_ledger, steps, 0)


@pytest.mark.postgres
@settings(
    deadline=None,
    max_examples=8,
    report_multiple_bugs=False,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_the_same_on_postgresql(postgres_ledger, steps):
    empty(postgres_ledger)
    hold(postgres_ledger, steps, 0)


def test_a_state_that_was_tampered_with_is_told(sqlite_ledger):
    phone = Phone(1)
    exchange(sqlite_ledger, phone.message(opening(phone, CASES[0])), actor=WORKER)
    with sqlite_ledger.store.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET state = 'watched'")
    (fault,) = case_faults(sqlite_ledger)
    assert "watched ≠ noted" in fault
    assert CASES[0] not in fault, "a code of a case does not belong in a log"


def empty(ledger) -> None:
    with ledger.store.write() as connection:
        for table in (*CASE_TABLES, case_devices):
            connection.execute(table.delete())
