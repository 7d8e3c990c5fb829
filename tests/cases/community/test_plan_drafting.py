"""A draft is written by its own team alone; what two people change is never overwritten unseen."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from cases.community.community_plan import PlanChangedError
from cases.community.plan_drafting import (
    MOST_ACTIONS,
    MOST_PRIORITIES,
    ActionTerms,
    add_action,
    add_priority,
    begin_plan,
    drop_action,
    drop_priority,
    raise_priority,
    set_action,
    set_reason,
)
from cases.community.plan_steps import adopt_plan, note_progress
from core.errors import BadValueError, MapError, NotAllowedError, UnknownCodeError
from providers.rules.needs import needs
from referrals.database.models import audit
from referrals.records.ledger_errors import PersonalDataError
from referrals.records.vocabulary import Actor
from tests.cases.community.plan_world import CARAVAN, DOCTOR, PAPERS, SIGNING, YEAR, adopted, drafted, plans_of
from tests.worlds.homes.case_world import ELSEWHERE, NURSE, WORKER
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL

SAME_NUMBER = Actor("team", "U-CLUJ2222", "CJ", WORKER.uat_siruta + 1)


def last(ledger):
    return plans_of(ledger)[0]


def test_a_draft_has_priorities_in_rank_and_actions_by_term(ledger):
    plan = drafted(ledger)
    assert (plan.year, plan.number, plan.state, plan.made_on, plan.adopted_on) == (YEAR, 1, "draft", "2026-03-02", "")
    assert [(each.kind, each.code, each.rank) for each in plan.priorities] == [(*PAPERS, 1), (*DOCTOR, 2)]
    assert [(each.responsible, each.due_on, each.state) for each in plan.actions] == [
        ("town_hall", "2026-06-30", "planned"), ("medical", "2026-12-31", "planned"),
    ]  # fmt: skip
    assert not any(each.is_late for each in plan.actions)
    first = plan.priorities[0]
    add_action(ledger, first.priority_id, ActionTerms("O listă a celor fără acte", "social", "04.2026"), actor=NURSE)
    assert [each.due_on for each in last(ledger).priorities[0].actions] == ["2026-04-30", "2026-06-30"]


def test_priorities_change_places_and_an_empty_one_goes(ledger):
    plan = drafted(ledger)
    third = add_priority(ledger, plan.plan_id, "need", "no-income", "mulți vârstnici singuri", actor=WORKER)
    raise_priority(ledger, third, version=1, actor=WORKER)
    assert [each.code for each in last(ledger).priorities] == ["identity-papers", "no-income", "MF"]
    first, second, _third = last(ledger).priorities
    raise_priority(ledger, first.priority_id, version=first.version, actor=WORKER)
    assert [each.code for each in last(ledger).priorities] == ["identity-papers", "no-income", "MF"]
    with pytest.raises(BadValueError, match="întâi acțiunile"):
        drop_priority(ledger, first.priority_id, version=first.version, actor=WORKER)
    drop_priority(ledger, second.priority_id, version=second.version, actor=WORKER)
    assert [(each.code, each.rank) for each in last(ledger).priorities] == [("identity-papers", 1), ("MF", 2)]
    (action,) = last(ledger).priorities[0].actions
    drop_action(ledger, action.action_id, version=action.version, actor=WORKER)
    assert last(ledger).priorities[0].actions == ()


def test_who_saw_an_older_row_overwrites_nothing(ledger):
    plan = drafted(ledger)
    priority, action = plan.priorities[0], plan.actions[0]
    set_reason(ledger, priority.priority_id, "al colegei", version=priority.version, actor=NURSE)
    terms = ActionTerms("altceva", "school", "2027")
    set_action(ledger, action.action_id, terms, version=action.version, actor=NURSE)
    for late in (
        lambda: set_reason(ledger, priority.priority_id, "al meu", version=priority.version, actor=WORKER),
        lambda: raise_priority(ledger, priority.priority_id, version=priority.version, actor=WORKER),
        lambda: drop_priority(ledger, priority.priority_id, version=priority.version, actor=WORKER),
        lambda: set_action(ledger, action.action_id, SIGNING, version=action.version, actor=WORKER),
        lambda: drop_action(ledger, action.action_id, version=action.version, actor=WORKER),
        lambda: adopt_plan(ledger, plan.plan_id, version=plan.version, actor=WORKER),
    ):
        with pytest.raises(PlanChangedError):
            late()
    kept = last(ledger)
    assert (kept.state, kept.priorities[0].reason, kept.actions[0].what) == ("draft", "al colegei", "altceva")
    set_reason(ledger, priority.priority_id, "al meu", version=kept.priorities[0].version, actor=WORKER)
    assert last(ledger).priorities[0].reason == "al meu"


def test_of_many_writers_at_once_one_is_first_and_the_others_are_told(ledger):
    priority = drafted(ledger).priorities[0]
    told, begun, start = [], [], threading.Barrier(6)

    def write(number):
        start.wait()
        try:
            set_reason(ledger, priority.priority_id, f"motivul {number}", version=priority.version, actor=WORKER)
            told.append(number)
        except PlanChangedError:
            told.append(None)
        try:
            begun.append(begin_plan(ledger, YEAR + 1, actor=NURSE))
        except BadValueError:
            begun.append(None)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (first,) = [number for number in told if number is not None]
    (next_year,) = [number for number in begun if number is not None]
    found = {each.year: each for each in plans_of(ledger)}
    assert (len(told), found[YEAR].priorities[0].reason, found[YEAR + 1].plan_id) == (6, f"motivul {first}", next_year)
    assert ledger.verify_audit() == []


def test_what_is_pressed_twice_is_one_and_what_is_there_is_not_chosen_again(ledger):
    plan = drafted(ledger)
    again = add_action(ledger, plan.priorities[0].priority_id, CARAVAN, actor=WORKER)
    assert again == plan.actions[0].action_id
    with pytest.raises(BadValueError, match="deja în plan"):
        add_priority(ledger, plan.plan_id, *PAPERS, "încă o dată", actor=WORKER)
    with pytest.raises(BadValueError, match="deja o ciornă"):
        begin_plan(ledger, YEAR, actor=WORKER)


def test_a_plan_has_an_end(ledger):
    plan = drafted(ledger)
    others = [code for code in needs() if code != PAPERS[1]]
    for code in others[: MOST_PRIORITIES - 2]:
        add_priority(ledger, plan.plan_id, "need", code, "motiv", actor=WORKER)
    with pytest.raises(BadValueError, match="cel mult"):
        add_priority(ledger, plan.plan_id, "need", others[MOST_PRIORITIES], "motiv", actor=WORKER)
    first = plan.priorities[0].priority_id
    for number in range(MOST_ACTIONS - 1):
        add_action(ledger, first, replace(CARAVAN, what=f"venirea {number} a caravanei"), actor=WORKER)
    with pytest.raises(BadValueError, match="cel mult"):
        add_action(ledger, first, replace(CARAVAN, what="încă una"), actor=WORKER)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        (ActionTerms("", "school", "2026"), BadValueError),
        (ActionTerms("x" * 301, "school", "2026"), BadValueError),
        (ActionTerms("sunați la 0744 123 456", "school", "2026"), PersonalDataError),
        (ActionTerms("o acțiune", "Ion Popescu", "2026"), BadValueError),
        (ActionTerms("o acțiune", "", "2026"), BadValueError),
        (ActionTerms("o acțiune", "school", "cândva"), BadValueError),
    ],
)
def test_an_action_that_cannot_be_is_refused(ledger, terms, error):
    plan = drafted(ledger)
    with pytest.raises(error):
        add_action(ledger, plan.priorities[0].priority_id, terms, actor=WORKER)
    with pytest.raises(error):
        set_action(ledger, plan.actions[0].action_id, terms, version=1, actor=WORKER)
    assert last(ledger) == plan


@pytest.mark.parametrize(
    ("kind", "code"), [("need", "no-such"), ("category", "XX"), ("person", "identity-papers"), ("need", "MF")]
)
def test_a_priority_is_one_of_the_lists(ledger, kind, code):
    plan = drafted(ledger)
    with pytest.raises(UnknownCodeError):
        add_priority(ledger, plan.plan_id, kind, code, "motiv", actor=WORKER)


@pytest.mark.parametrize("year", [YEAR - 2, YEAR + 6, 0])
def test_a_plan_is_for_a_year_that_can_be_planned(ledger, year):
    with pytest.raises(BadValueError):
        begin_plan(ledger, year, actor=WORKER)


@pytest.mark.parametrize("who", [COUNTY, NATIONAL, ADMIN, ELSEWHERE, SAME_NUMBER, Actor("provider", "link:L")])
def test_nobody_but_its_team_writes_a_plan(ledger, who):
    plan = drafted(ledger)
    priority, action = plan.priorities[0], plan.actions[0]
    same = {"version": 1, "actor": who}
    for write in (
        lambda: add_priority(ledger, plan.plan_id, "need", "no-income", "motiv", actor=who),
        lambda: set_reason(ledger, priority.priority_id, "altul", **same),
        lambda: raise_priority(ledger, plan.priorities[1].priority_id, **same),
        lambda: drop_priority(ledger, priority.priority_id, **same),
        lambda: add_action(ledger, priority.priority_id, SIGNING, actor=who),
        lambda: set_action(ledger, action.action_id, SIGNING, **same),
        lambda: drop_action(ledger, action.action_id, **same),
    ):
        with pytest.raises((NotAllowedError, UnknownCodeError)):
            write()
    assert last(ledger) == plan
    if who.role != "team":
        with pytest.raises(NotAllowedError):
            begin_plan(ledger, YEAR + 1, actor=who)


def test_a_plan_in_force_is_changed_by_a_new_one_that_begins_with_all_of_it(ledger):
    plan = adopted(ledger)
    for write in (
        lambda: add_priority(ledger, plan.plan_id, "need", "no-income", "motiv", actor=WORKER),
        lambda: set_action(ledger, plan.actions[0].action_id, SIGNING, version=1, actor=WORKER),
    ):
        with pytest.raises(BadValueError, match="variantă nouă"):
            write()
    new = begin_plan(ledger, YEAR, actor=NURSE)
    draft, in_force = plans_of(ledger)
    assert (draft.plan_id, draft.number, draft.state) == (new, 2, "draft")
    assert in_force == plan
    assert [each.name for each in draft.priorities] == [each.name for each in plan.priorities]
    assert [each.what for each in draft.actions] == [each.what for each in plan.actions]
    assert not {each.action_id for each in draft.actions} & {each.action_id for each in plan.actions}


def test_the_next_year_begins_with_what_is_not_ended(ledger):
    plan = adopted(ledger)
    caravan = plan.actions[0]
    note_progress(ledger, caravan.action_id, "done", "a venit de două ori", version=caravan.version, actor=WORKER)
    begin_plan(ledger, YEAR + 1, actor=WORKER)
    draft = plans_of(ledger)[0]
    assert [(each.what, each.due_on) for each in draft.actions] == [(SIGNING.what, f"{YEAR + 1}-12-31")]
    assert [each.code for each in draft.priorities] == [PAPERS[1], DOCTOR[1]]


def test_each_writing_is_in_the_audit_log_without_its_text(ledger):
    plan = drafted(ledger)
    with ledger.store.read() as connection:
        rows = connection.execute(select(audit).where(audit.c.action.startswith("community_plan."))).mappings().all()
    assert [row["action"].partition(".")[2] for row in rows] == ["begin", "priority", "action", "priority", "action"]
    assert {row["account"] for row in rows} == {WORKER.account}
    assert rows[0]["subject"] == plan.plan_id
    said = str(rows)
    assert not [text for text in ("Caravana", "întâlnit") if text in said]


def test_a_row_that_is_gone_is_said_to_be_gone(ledger):
    plan = drafted(ledger)
    action = plan.actions[0]
    drop_action(ledger, action.action_id, version=action.version, actor=NURSE)
    for number in (action.action_id, "N-22222-22222", "'; DROP TABLE community_plans; --"):
        with pytest.raises(MapError):
            set_action(ledger, number, SIGNING, version=1, actor=WORKER)
