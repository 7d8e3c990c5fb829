"""A team that has a plan of community services: drawn up, adopted, read as whoever may."""

from __future__ import annotations

from cases.community.community_plan import CommunityPlan, list_plans
from cases.community.plan_drafting import ActionTerms, add_action, add_priority, begin_plan
from cases.community.plan_steps import adopt_plan
from tests.worlds.homes.case_world import COUNTY_LETTERS, WORKER

YEAR = 2026
PAPERS = ("need", "identity-papers")
DOCTOR = ("category", "MF")
CARAVAN = ActionTerms("Caravana de evidență a persoanelor vine în sat", "town_hall", "06.2026")
SIGNING = ActionTerms("Înscrierea celor fără medic de familie", "medical", "2026")


def plans_of(ledger, actor=WORKER) -> list[CommunityPlan]:
    return list_plans(ledger, WORKER.uat_siruta, COUNTY_LETTERS, actor=actor)


def drafted(ledger, actor=WORKER, *, year: int = YEAR) -> CommunityPlan:
    """Draw up a plan of two priorities with an action each."""
    plan_id = begin_plan(ledger, year, actor=actor)
    for chosen, terms in ((PAPERS, CARAVAN), (DOCTOR, SIGNING)):
        priority = add_priority(ledger, plan_id, *chosen, "cel mai des întâlnit la evaluare", actor=actor)
        add_action(ledger, priority, terms, actor=actor)
    return next(
        each for each in list_plans(ledger, actor.uat_siruta, actor.county, actor=actor) if each.plan_id == plan_id
    )


def adopted(ledger, actor=WORKER, *, year: int = YEAR) -> CommunityPlan:
    plan = drafted(ledger, actor, year=year)
    adopt_plan(ledger, plan.plan_id, version=plan.version, actor=actor)
    return next(
        each for each in list_plans(ledger, actor.uat_siruta, actor.county, actor=actor) if each.plan_id == plan.plan_id
    )
