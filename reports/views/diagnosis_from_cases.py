"""What the cases of a community add to its diagnosis, and its plan to complete: needs in their order, with blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.figures.community_diagnosis import GROUPS, category_words, diagnosis_in, group_words
from cases.figures.told_counts import rounding_words
from core.i18n import _, ngettext, number
from core.storage.import_kinds import AUTHORITY
from providers.rules.needs import need_answers
from providers.rules.taxonomy import service_type
from reports.output.pdf import PdfColumn, heading, paragraph, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cases.figures.community_diagnosis import CommunityDiagnosis
    from referrals.workflow.directory import Directory
    from reports.output.pdf import ReportPdf

_NEAR_MINUTES = 60
_MOST_NEEDS = 15
_BLANK = "…………………………"


def write_from_cases(paper: ReportPdf, uat_siruta: int, near: pd.DataFrame, directory: Directory) -> None:
    """Write the two sections, in fives: who holds a paper is not known. Nothing where the community has no case.

    near: the nearest service of every type, as `reports.documents.diagnosis.near_types` has it.
    """
    found = diagnosis_in(directory.ledger, uat_siruta)
    if not found.people:
        return
    _write_found(paper, found)
    if found.needs:
        _write_plan(paper, found, near)


def _write_found(paper: ReportPdf, found: CommunityDiagnosis) -> None:
    heading(paper, _("Ce s-a găsit la evaluare"), rounding_words())
    said = _("Oameni cu un caz deschis: {n}. Evaluați: {assessed}, din ei cu întrebări fără răspuns: {gaps}.")
    paragraph(
        paper,
        said.format(n=number(found.people), assessed=number(found.assessed), gaps=number(found.with_gaps)),
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
    table(paper, columns, rows, size=8)


def _write_plan(paper: ReportPdf, found: CommunityDiagnosis, near: pd.DataFrame) -> None:
    words = _(
        "Nevoile din cazuri, întâi cele cu cei mai mulți oameni fără o referire acceptată. Echipa alege prioritățile "
        "și scrie motivul, acțiunea, cine răspunde și anul."
    )
    heading(paper, _("Planul comunității, de completat"), words)
    minutes = dict(zip(near["service_type"], near["minutes"], strict=True))
    rows = []
    for place, each in enumerate(found.needs[:_MOST_NEEDS], 1):
        counts = (number(each.people), number(each.unanswered), number(each.refused))
        rows.append((f"{place}. {each.name}", *counts, _answered(each.need, minutes), _BLANK))
    columns = [
        PdfColumn(_("Nevoia"), 2.6),
        PdfColumn(_("Oameni"), 0.8, "R"),
        PdfColumn(_("Fără răspuns"), 0.9, "R"),
        PdfColumn(_("Fără locuri"), 0.8, "R"),
        PdfColumn(_("La cel mult o oră"), 1.5),
        PdfColumn(_("Motivul, acțiunea, cine, anul"), 3),
    ]
    table(paper, columns, rows, size=8)


def _answered(need: str, minutes: Mapping[str, float]) -> str:
    """Say what answers a need within an hour: kinds of services, an authority, which every place has, or nothing."""
    types = {answer.service_type for answer in need_answers().get(need, ())}
    near = sorted(minutes[kind] for kind in types if minutes.get(kind, _NEAR_MINUTES + 1) <= _NEAR_MINUTES)
    said = []
    if near:
        words = ngettext("{n} fel, de la {minutes} min", "{n} feluri, de la {minutes} min", len(near))
        said.append(words.format(n=number(len(near)), minutes=number(near[0])))
    if any(service_type(kind).registry == AUTHORITY for kind in types):
        said.append(_("o autoritate publică"))
    return "; ".join(said) or "–"
