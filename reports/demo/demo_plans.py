"""Plans of a few invented communities: adopted with work under way, sent back by the county unit, still a draft.

Everything is made up and each reason says so. It goes through the same functions as a team's presses, with a clock of
its own. Only in a demonstration, and only where no plan is there yet.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from cases.community.community_plan import list_plans
from cases.community.plan_counts import plans_of_nation
from cases.community.plan_drafting import ActionTerms, add_action, add_priority, begin_plan
from cases.community.plan_steps import adopt_plan, note_progress, remark_plan
from core.errors import HomeError, UnknownCodeError
from core.i18n import N_, _
from referrals.records.vocabulary import Actor
from reports.demo.demo_cases import COMMUNITY, COUNTY
from reports.indicators.report_data import communities_of

if TYPE_CHECKING:
    from datetime import date

    from referrals.ledger.ledger import Ledger
    from referrals.workflow.directory import Directory

INVENTED = N_("(plan inventat, pentru demonstrație)")
_ADMIN = Actor("admin", "demo")
_NEARBY, _ELSEWHERE = 2, 4  # communities of the county, and of others, that have a plan too
_BEGUN, _ADOPTED, _WORKED, _REMARKED = 150, 140, 60, 12  # days before today
# Kind and code, reason, and the actions: what, who, how many days from today it is due, how far it is, what came of it.
_Action = tuple[str, str, int, str, str]
_PLAN: tuple[tuple[str, str, str, tuple[_Action, ...]], ...] = (
    (
        "need", "identity-papers", N_("Fără act de identitate nu se pot cere ajutoare sau un medic de familie."),
        (
            (N_("Caravana de evidență a persoanelor vine în sat de două ori pe an"), "town_hall", 20, "begun", ""),
            (N_("Listă, fără nume pe hârtie, a celor ajutați să depună cererea"), "social", -45, "done",
             N_("Cererile au fost depuse; actele se ridică de la ghișeu.")),
        ),
    ),
    (
        "category", "MF", N_("Cei evaluați fără medic de familie ajung la urgențe pentru lucruri simple."),
        (
            (N_("Înțelegere cu cabinetul din comuna vecină: o zi de consultații pe lună la dispensar"), "family_doctor",
             -40, "begun", ""),
            (N_("Înscrierea copiilor fără medic de familie"), "medical", 60, "planned", ""),
        ),
    ),
    (
        "need", "no-income", N_("Vârstnicii singuri și familiile fără venit cer cel mai des ajutor."),
        (
            (N_("Program de primire a cererilor de venit minim, o zi pe săptămână, în satele fără autobuz"),
             "social_service", 90, "planned", ""),
            (N_("Cursuri scurte de calificare, cu locuri pentru comună"), "employment", 10, "given_up",
             N_("Agenția nu are curs în județ anul acesta; se cere din nou la anul.")),
        ),
    ),
)  # fmt: skip


def seed_demo_plans(directory: Directory, *, today: date) -> None:
    """Keep invented plans of this year: of the community of the tour, of two of its county, of four of others.

    Parameters
    ----------
    directory
        Of a demonstration.
    today
        Day from which the others are counted.

    Raises
    ------
    HomeError
        In a live home.
    """
    if not directory.home.is_demo:
        raise HomeError("plans are invented in a demonstration only")
    if plans_of_nation(directory.ledger, actor=_ADMIN).communities:
        return
    team = _team(COUNTY, COMMUNITY)
    _make(directory.ledger, team, today, _PLAN)
    _note_work(directory.ledger, team, today)
    nearby, elsewhere = _others(directory)
    for place, (county, uat) in enumerate([*nearby, *elsewhere]):
        _make(directory.ledger, _team(county, uat), today, _PLAN[: 1 + place % 2], is_adopted=place != 1)
    for county, uat in nearby[:1]:
        _send_back(directory.ledger, county, uat, today)


def _team(county: str, uat: int) -> Actor:
    return Actor("team", "demo-team", county, uat, profession="social")


def _others(directory: Directory) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Return communities of the project's list: some of the tour's county, and one each of some others."""
    try:
        listed = communities_of(directory)
    except UnknownCodeError:  # a home without the list
        return [], []
    pairs = sorted((str(county), int(uat)) for county, uat in zip(listed["county"], listed["uat_siruta"], strict=True))
    nearby = [pair for pair in pairs if pair[0] == COUNTY and pair[1] != COMMUNITY][:_NEARBY]
    first: dict[str, tuple[str, int]] = {}
    for pair in pairs:
        if pair[0] != COUNTY:
            first.setdefault(pair[0], pair)
    return nearby, list(first.values())[:_ELSEWHERE]


def _at(ledger: Ledger, today: date, days: int) -> Ledger:
    """Return the ledger as of a day before today."""
    then = datetime.combine(today - timedelta(days=days), time(9), UTC)
    return replace(ledger, clock=lambda: then)


def _make(
    ledger: Ledger,
    team: Actor,
    today: date,
    chosen: tuple[tuple[str, str, str, tuple[_Action, ...]], ...],
    *,
    is_adopted: bool = True,
) -> None:
    then = _at(ledger, today, _BEGUN)
    plan_id = begin_plan(then, today.year, actor=team)
    for kind, code, reason, actions in chosen:
        priority = add_priority(then, plan_id, kind, code, f"{_(reason)} {_(INVENTED)}", actor=team)
        for what, who, days, _state, _result in actions:
            due = today + timedelta(days=days)
            # Early in a year nothing can be late yet.
            term = f"{due:%d.%m.%Y}" if due.year >= today.year else f"{today.year}"
            add_action(then, priority, ActionTerms(_(what), who, term), actor=team)
    if is_adopted and team.uat_siruta is not None:
        (draft,) = list_plans(ledger, team.uat_siruta, team.county, actor=team)
        adopt_plan(_at(ledger, today, _ADOPTED), plan_id, version=draft.version, actor=team)


def _note_work(ledger: Ledger, team: Actor, today: date) -> None:
    """Say of the actions of the tour's plan how far they are."""
    values = {
        _(what): (state, _(result) if result else "") for *_head, each in _PLAN for what, _w, _d, state, result in each
    }
    then = _at(ledger, today, _WORKED)
    for action in list_plans(ledger, COMMUNITY, COUNTY, actor=team)[0].actions:
        state, result = values[action.what]
        if state != "planned":
            note_progress(then, action.action_id, state, result, version=action.version, actor=team)


def _send_back(ledger: Ledger, county: str, uat: int, today: date) -> None:
    unit = Actor("county", "demo-county", county)
    plan = list_plans(ledger, uat, county, actor=unit)[0]
    words = _("La acte de identitate scrieți și ce face echipa între două veniri ale caravanei.")
    remark_plan(_at(ledger, today, _REMARKED), plan.plan_id, words, sends_back=True, version=plan.version, actor=unit)
