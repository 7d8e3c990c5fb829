"""What the cases of a community add to its diagnosis, and its plan: the one in force, else blanks to complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.community.community_plan import action_words, adopted_plan, late_words
from cases.figures.community_diagnosis import GROUPS, category_words, diagnosis_in, group_words
from cases.figures.told_counts import rounding_words
from core.i18n import _, ngettext, number
from core.storage.import_kinds import AUTHORITY
from providers.rules.needs import need_answers
from providers.rules.taxonomy import service_type
from providers.rules.wording import iso_day
from reports.output.pdf import PdfColumn, heading, paragraph, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cases.community.community_plan import CommunityPlan
    from cases.figures.community_diagnosis import CommunityDiagnosis
    from referrals.workflow.directory import Directory
    from reports.output.pdf import ReportPdf

_NEAR_MINUTES = 60
_MOST_NEEDS = 15
_BLANK = "…………………………"


def write_from_cases(
    document: ReportPdf, uat_siruta: int, near: pd.DataFrame, directory: Directory, *, has_plan: bool = False
) -> None:
    """Write what was found, the needs in their order, and the plan; counts in fives: who holds a paper is not known.

    near: the nearest service of every type, as `reports.documents.diagnosis.near_types` has it. has_plan: whether the
    reader may read the plan in force; who may not is told that there is one. Counts of a community without a case, and
    the plan of one without a plan, are left out.
    """
    found, plan = diagnosis_in(directory.ledger, uat_siruta), adopted_plan(directory.ledger, uat_siruta)
    if found.people:
        _write_found(document, found)
        if found.needs:
            _write_needs(document, found, near, is_blank=plan is None)
    if plan is not None and has_plan:
        _write_stored_plan(document, plan)
    elif plan is not None:
        _write_plan_told(document, plan)


def _write_found(document: ReportPdf, found: CommunityDiagnosis) -> None:
    heading(document, _("Ce s-a găsit la evaluare"), rounding_words())
    text = _("Oameni cu un caz deschis: {n}. Evaluați: {assessed}, din ei cu întrebări fără răspuns: {gaps}.")
    paragraph(
        document,
        text.format(n=number(found.people), assessed=number(found.assessed), gaps=number(found.with_gaps)),
    )
    if not found.categories:
        return
    names = group_words()
    columns = [PdfColumn(_("Vulnerabilitatea"), 3.4)]
    columns += [PdfColumn(names[group].capitalize(), 1, "R") for group in GROUPS]
    columns.append(PdfColumn(_("Acum un an"), 1.1, "R"))
    rows = [
        (category_words(each.category), *(number(each.people[group]) for group in GROUPS), number(each.year_ago))
        for each in found.categories
    ]
    table(document, columns, rows, size=8)


def _write_needs(document: ReportPdf, found: CommunityDiagnosis, near: pd.DataFrame, *, is_blank: bool) -> None:
    if is_blank:
        words = _(
            "Nevoile din cazuri, întâi cele cu cei mai mulți oameni fără o referire acceptată. Echipa alege "
            "prioritățile și scrie motivul, acțiunea, cine răspunde și anul."
        )
        heading(document, _("Planul comunității, de completat"), words)
    else:
        words = _("Nevoile din cazuri, întâi cele cu cei mai mulți oameni fără o referire acceptată.")
        heading(document, _("De ce este nevoie"), words)
    minutes = dict(zip(near["service_type"], near["minutes"], strict=True))
    rows = []
    for place, each in enumerate(found.needs[:_MOST_NEEDS], 1):
        counts = (number(each.people), number(each.unanswered), number(each.refused))
        rows.append((f"{place}. {each.name}", *counts, _answered(each.need, minutes), *([_BLANK] if is_blank else [])))
    columns = [
        PdfColumn(_("Nevoia"), 2.6),
        PdfColumn(_("Oameni"), 0.8, "R"),
        PdfColumn(_("Fără răspuns"), 0.9, "R"),
        PdfColumn(_("Fără locuri"), 0.8, "R"),
        PdfColumn(_("La cel mult o oră"), 1.5),
    ]
    if is_blank:
        columns.append(PdfColumn(_("Motivul, acțiunea, cine, anul"), 3))
    table(document, columns, rows, size=8)


def _answered(need: str, minutes: Mapping[str, float]) -> str:
    """Say what answers a need within an hour: kinds of services, an authority, which every place has, or nothing."""
    types = {answer.service_type for answer in need_answers().get(need, ())}
    near = sorted(minutes[kind] for kind in types if minutes.get(kind, _NEAR_MINUTES + 1) <= _NEAR_MINUTES)
    items = []
    if near:
        words = ngettext("{n} fel, de la {minutes} min", "{n} feluri, de la {minutes} min", len(near))
        items.append(words.format(n=number(len(near)), minutes=number(near[0])))
    if any(service_type(kind).registry == AUTHORITY for kind in types):
        items.append(_("o autoritate publică"))
    return "; ".join(items) or "–"


def _write_stored_plan(document: ReportPdf, plan: CommunityPlan) -> None:
    """Write priorities with their reasons, and under each what is done about it."""
    words = _("Adoptat de echipă la {day}. {actions}").format(day=iso_day(plan.adopted_on), actions=late_words(plan))
    heading(document, _("Planul comunității pe {year}").format(year=plan.year), words)
    columns = [
        PdfColumn(_("Acțiunea"), 3.2),
        PdfColumn(_("Cine răspunde"), 1.8),
        PdfColumn(_("Termenul"), 0.9),
        PdfColumn(_("Cum este"), 1.1),
        PdfColumn(_("Ce a ieșit"), 2.2),
    ]
    for each in plan.priorities:
        paragraph(document, f"{each.rank}. {each.name}: {each.reason}")
        rows = [
            (said.what, said.responsible, said.term, said.progress, said.result or "–")
            for said in map(action_words, each.actions)
        ]
        table(document, columns, rows, size=8)


def _write_plan_told(document: ReportPdf, plan: CommunityPlan) -> None:
    """Say that there is a plan and how many priorities it has, to who does not read it."""
    count = ngettext("{n} prioritate", "{n} priorități", len(plan.priorities)).format(n=number(len(plan.priorities)))
    heading(document, _("Planul comunității pe {year}").format(year=plan.year))
    words = _(
        "Comunitatea are un plan adoptat la {day}, cu {priorities}. {actions} Îl citesc echipa și unitatea județeană."
    )
    paragraph(document, words.format(day=iso_day(plan.adopted_on), priorities=count, actions=late_words(plan)))
