"""Plans counted: of each community for its county, sums for the nation, which reads no text and no few communities."""

from __future__ import annotations

import pytest

from cases.community.plan_counts import plans_of_county, plans_of_nation
from cases.community.plan_drafting import add_priority, begin_plan
from cases.community.plan_steps import adopt_plan, note_progress, remark_plan
from core.errors import NotAllowedError
from core.i18n import use_language
from referrals.records.vocabulary import Actor
from tests.cases.community.plan_world import YEAR, adopted, drafted, plans_of
from tests.worlds.homes.case_world import ELSEWHERE, UAT, WORKER
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL


def team(number, county="CJ"):
    return Actor("team", f"U-T{number}", county, 54_000 + number, profession="social")


def test_a_county_counts_its_plans_and_what_is_late(ledger, clock):
    assert plans_of_county(ledger, "BC", actor=COUNTY).lines() == ["Nicio comunitate din județ nu are încă un plan."]
    plan = adopted(ledger)
    drafted(ledger, ELSEWHERE)
    adopted(ledger, team(1))
    clock.move(days=150)  # the first term has passed
    mine, theirs = plans_of_county(ledger, "BC", actor=COUNTY).rows
    assert (mine.uat_siruta, mine.state, mine.priorities, mine.actions, mine.done, mine.late) == (
        UAT,
        "adopted",
        2,
        2,
        0,
        1,
    )
    assert (theirs.uat_siruta, theirs.state, theirs.late) == (ELSEWHERE.uat_siruta, "draft", 0)
    note_progress(ledger, plan.actions[0].action_id, "done", "a venit", version=1, actor=WORKER)
    begin_plan(ledger, YEAR, actor=WORKER)
    in_force = plans_of(ledger)[1]
    remark_plan(ledger, plan.plan_id, "bun", sends_back=False, version=in_force.version, actor=COUNTY)
    mine, _theirs = plans_of_county(ledger, "BC", actor=COUNTY).rows
    assert (mine.done, mine.late, mine.has_draft, mine.open_remarks) == (1, 0, True, 1)
    assert mine.state_words == "2026: adoptat; o variantă nouă în lucru"
    assert "acțiuni 2, făcute 1, întârziate 0" in plans_of_county(ledger, "BC", actor=COUNTY).lines()[0]


def test_a_remark_about_a_replaced_plan_waits_for_the_county_as_for_the_team(ledger):
    old = adopted(ledger)
    draft_id = begin_plan(ledger, YEAR, actor=WORKER)
    adopt_plan(ledger, draft_id, version=plans_of(ledger)[0].version, actor=WORKER)
    replaced = next(each for each in plans_of(ledger) if each.plan_id == old.plan_id)
    assert replaced.state == "replaced"
    remark_plan(ledger, old.plan_id, "de ce?", sends_back=False, version=replaced.version, actor=COUNTY)
    (mine,) = plans_of_county(ledger, "BC", actor=COUNTY).rows
    assert mine.open_remarks == sum(remark.is_open for plan in plans_of(ledger) for remark in plan.remarks) == 1


@pytest.mark.parametrize("who", [WORKER, NATIONAL, ADMIN, Actor("county", "ujss-cj", "CJ")])
def test_nobody_else_counts_the_plans_of_a_county(ledger, who):
    with pytest.raises(NotAllowedError):
        plans_of_county(ledger, "BC", actor=who)


def test_the_nation_sees_that_there_is_a_plan_and_sums_and_no_text(ledger):
    adopted(ledger)
    for number in range(4):
        adopted(ledger, team(number))
    for reader in (NATIONAL, ADMIN):
        found = plans_of_nation(ledger, actor=reader)
        assert found.counties == (
            {"county": "BC", "adopted": 1, "drafts": 0, "actions": 2, "done": 0, "late": 0},
            {"county": "CJ", "adopted": 4, "drafts": 0, "actions": 8, "done": 0, "late": 0},
        )
        assert {each["communities"] for each in found.priorities} == {5}
        assert len(found.communities) == 5
        said = f"{found.as_json()}{found.lines()}"
        assert not [text for text in ("Caravana", "întâlnit", "Înscrierea", "town_hall", "Y-") if text in said]
    for who in (WORKER, COUNTY):
        with pytest.raises(NotAllowedError):
            plans_of_nation(ledger, actor=who)


def test_what_few_communities_chose_is_not_told(ledger):
    assert plans_of_nation(ledger, actor=NATIONAL).lines() == ["Nicio comunitate nu are încă un plan."]
    for number in range(6):
        who = team(number)
        if number == 0:
            plan_id = drafted(ledger, who).plan_id
            add_priority(ledger, plan_id, "need", "domestic-violence", "motiv", actor=who)
        else:
            adopted(ledger, who)
    found = plans_of_nation(ledger, actor=NATIONAL)
    assert sorted((each["code"], each["communities"]) for each in found.priorities) == [
        ("MF", 5),
        ("identity-papers", 5),
    ]
    with use_language("en"):
        assert any("communities 5" in line for line in found.lines())
