"""A plan of community services in words, for whoever may read it. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.community.community_plan import action_words, late_words
from core.i18n import _, ngettext, number
from providers.rules.wording import iso_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.community.community_plan import CommunityPlan
    from cases.community.plan_vocabulary import PriorityCode
    from cases.figures.community_diagnosis import CommunityDiagnosis


@dataclass(frozen=True)
class PriorityLines:
    """A priority: rank and name, reason, how many people it is about, its actions (what, who and when, if late)."""

    name: str
    reason: str
    people: str
    actions: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class PlanSheet:
    """A plan as a sheet: its title, a line about it, its priorities in their order."""

    title: str
    note: str
    priorities: tuple[PriorityLines, ...]


def sheet_of_plan(plan: CommunityPlan, people: Mapping[PriorityCode, str]) -> PlanSheet:
    """Say a plan in words.

    Parameters
    ----------
    plan
        The plan.
    people
        From `people_of_diagnosis`: how many people each need or category is about, as its reader may be told.

    Returns
    -------
    PlanSheet
        What is not counted is said of no number.
    """
    since = [_("din {day}").format(day=iso_day(plan.adopted_on or plan.made_on)), late_words(plan)]
    if plan.returned_on:
        since.insert(1, _("trimis înapoi la {day}").format(day=iso_day(plan.returned_on)))
    return PlanSheet(
        plan.title,
        " · ".join(since),
        tuple(
            PriorityLines(
                f"{each.rank}. {each.name}",
                each.reason,
                people.get((each.kind, each.code), ""),
                tuple((said.what, said.line(is_short=True), said.late) for said in map(action_words, each.actions)),
            )
            for each in plan.priorities
        ),
    )


def people_of_diagnosis(found: CommunityDiagnosis) -> dict[PriorityCode, str]:
    """Say of each counted need and category how many people it is about: those with most people waiting first."""
    values: dict[PriorityCode, str] = {}
    for need in found.needs:
        people = ngettext("{n} om", "{n} oameni", need.people).format(n=number(need.people))
        values["need", need.need] = _("{people}, fără răspuns {open}").format(
            people=people, open=number(need.unanswered)
        )
    for category in found.categories:
        count = category.people["all"]
        values["category", category.category] = ngettext("{n} om", "{n} oameni", count).format(n=number(count))
    return values
