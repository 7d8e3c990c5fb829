"""A row for every template, and for every macro of a file of macros: what it is rendered with, given some text.

The text stands wherever a register, a file or a person may put theirs: words, not addresses or classes of ours.
`tests/core/test_hostile_templates.py` renders each row and misses the templates and macros that have none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from pages.coverage_panels.coverage_html import Bar, BarDrawing, Gap
from pages.coverage_panels.coverage_plan_html import PlanCard
from pages.figures_panels.ranking_html import RankedArea
from pages.figures_panels.report_html import IndicatorLine, KeyFigure, WaitingReport
from providers.finder.offer_view import AnswerView, OfferView, Phone, PlacesBadge, Travel


@dataclass(frozen=True)
class Call:
    """What a macro is called with; `caller` in `named` stands for what `{% call %}` writes."""

    values: tuple[Any, ...] = ()
    named: Mapping[str, Any] | None = None


def given(*values: Any, **named: Any) -> Call:
    """Write a call as it is written in a template."""
    return Call(values, named)


def offer(t: str) -> OfferView:
    """Return an offer that says a text wherever it can."""
    return OfferView(
        service_id=t, name=t, what=t, travel=Travel(t, t, is_approximate=True), not_visited=t,
        places=PlacesBadge("free", t, t), cautions=(t, t), phones=(Phone("0234512345", t), Phone("112", t)), address=t,
        hours=t, licence=t, precision=t, checks=t, steps=(t, t), details=((t, t), (t, t)),
    )  # fmt: skip


def _heads(t: str) -> list[tuple[str, str]]:
    return [(t, ""), (t, "hs-num"), ("", ""), (t, "hs-num")]


def _six_heads(t: str) -> tuple[tuple[str, str], ...]:
    return (*_heads(t), (t, "hs-num"), (t, "hs-num"))


def _ranked(t: str) -> RankedArea:
    return RankedArea(place=t, name=t, address="/rapoarte", mark=t, made_of=t, value=t, grade=2, share=0.5)


def _gap(t: str) -> Gap:
    return Gap(1, t, "/comunitati", t, t, t, t, Phone("0234512345", t), t, t)


FILES: dict[str, Callable[[str], dict[str, Any]]] = {
    "screen/offer.html": lambda t: {"o": offer(t), "place": 2, "css": "hs-call"},
    "screen/comparison.html": lambda t: {
        "items": [(1, offer(t), SimpleNamespace(type_name=t, organization=t, hours=t))] * 2,
    },
    "screen/sources.html": lambda t: {"lines": [t, t]},
    "plain/offer.html": lambda t: {"o": offer(t), "may_refer": True, "may_note": True, "level": 3},
    "plain/badge.html": lambda t: {"places": PlacesBadge("free", t, t)},
    "plain/calls.html": lambda t: {"phones": [Phone("112", t)]},
    "plain/sources.html": lambda t: {"lines": [t, t]},
    "plain/answer.html": lambda t: {
        "v": AnswerView(t, t, (), (t,)), "blocks": [(t, t, [t, t])], "hidden": "", "elsewhere": [t], "elsewhere_count": 9,
        "protected": "", "is_short": True, "excluded": [SimpleNamespace(name=t, minutes=5.0, words=t)],
        "excluded_count": 9, "minute_words": lambda _minutes: t,
    },
    "documents/county_pack.html": lambda t: {
        "pack": SimpleNamespace(title=t, is_demo=True), "said": t, "policy": "default-src 'none'", "style": "", "script": "",
        "emergency": [(t, t, "112")], "sources": [t],
        "sections": [(t, 3, [(t, [SimpleNamespace(words=t, kind=t, place=t, phones=[(t, "112"), (t, "")], facts=[t, t],
                                                  entry=SimpleNamespace(name=t, email=t))])])],
    },
}  # fmt: skip

MACROS: dict[str, dict[str, Callable[[str], Call]]] = {
    "screen/_macros.html": {
        "about": lambda t: given(Travel(t, t, is_approximate=True)),
        "badge": lambda t: given(PlacesBadge("free", t, t)),
        "chip": lambda t: given(t, "hs-how"),
        "link": lambda t: given("/registre", t),
        "phone": lambda t: given(Phone("112", t)),
        "paragraphs": lambda t: given([t, t]),
        "cautions": lambda t: given([t, t]),
        "quiet": given,
        "calls": lambda t: given(offer(t).phones),
        "title": lambda t: given(t, t),
        "heading": lambda t: given(t, t),
        "notice": lambda t: given(t, [t, t]),
        "card": lambda t: given(t, caller=lambda: t),
        "details": lambda t: given(t, caller=lambda: t),
        "facts": lambda t: given([(t, t), (t, t)]),
        "legend": lambda t: given([("hs-key-here", t)]),
        "map_notes": lambda t: given([("hs-key-here", t)], t),
        "kpi": lambda t: given(t, "/rapoarte", t, t, (0.5, t), is_current=True),
        "table": lambda t: given(t, _heads(t), [t, t], caller=lambda row: row),
        "cells": lambda t: given(_heads(t), [t, t, t, t]),
        "label": lambda t: given(_heads(t), 1),
    },
    "screen/page.html": {
        "brand": lambda t: given(),
        "other_language": lambda t: given("?lang=en", "en", t),
        "demo": lambda t: given(),
        "foot": lambda t: given("find"),
        "sign_in": lambda t: given(t, "/referiri"),
        "way": lambda t: given("/intra", t),
        "steps": lambda t: given(t, [t, t], t),
        "field_error": given,
        "understood": given,
        "done": given,
    },
    "screen/finder.html": {
        "answer_top": given,
        "danger": lambda t: given([(Phone("112", t), SimpleNamespace(name=t, words=t))]),
        "need_heading": lambda t: given(2, t),
        "choose_role": lambda t: given(),
        "more_elsewhere": lambda t: given([(t, 2), (t, 1)], 3, has_protected=True),
        "why_not": lambda t: given([(t, t, t), (t, "", t)]),
        "referred": lambda t: given("R-1", t, t),
        "trip": lambda t: given(t, t, [(SimpleNamespace(name=t, locality=t), t, t, PlacesBadge("free", t, t))], t, [(t, [t])]),
        "separate_ways": lambda t: given([(t, [t, t])]),
    },
    "screen/communities.html": {
        "formula": given,
        "units": lambda t: given(t, [{"address": "/comunitati", "name": t, "marks": t, "code": 3, "words": t, "figures": [t, t, t, t]}]),
        "sheet_title": lambda t: given("/comunitati", t, t),
        "atlas_facts": lambda t: given([(t, t), (t, t)], "/rapoarte", t),
        "county": lambda t: given(t, [("/comunitati", t), ("/comunitati", t)]),
        "missing": lambda t: given(t, [(t, [(t, t)])], [t, t], [t, t]),
        "within": lambda t: given(
            30, [(t, t, [{"kind": t, "nearest": t, "minutes": t, "is_travelled": True, "places": t}])]
        ),
    },
    "screen/referrals.html": {
        "who": given,
        "step_done": given,
        "referral": lambda t: given(
            {
                "number": "R-1", "case": t, "service": t, "need": t, "state": t, "has_place": True, "since": t, "reason": t,
                "is_urgent": True, "next": t, "is_open": True,
            }
        ),
        "offer_line": lambda t: given(t, t),
        "counts": lambda t: given([(t, ""), (t, ""), (t, "")], [(t, t, t, t)]),
    },
    "screen/registers.html": {
        "holdings": lambda t: given([{"title": t, "is_imported": True, "waiting": t, "day": t, "age": t, "loaded": t, "rejected": t},
                                     {"title": t, "is_imported": False, "waiting": t}]),
        "edition": lambda t: given(t, [(t, t, ""), (t, t, "ro")]),
        "standing": lambda t: given(t, [t, t]),
        "difference": lambda t: given(t, [(t, t, t, t)]),
    },
    "screen/figures.html": {
        "key_figures": lambda t: given([KeyFigure(t, "/rapoarte", t, t, (0.5, t), is_chosen=True)]),
        "bars": lambda t: given(t, _heads(t)[:3], [(t, 0.5, t), (t, 0.0, t)]),
        "areas": lambda t: given(t, _heads(t), [(t, "/rapoarte", [t, t, t])]),
        "indicators": lambda t: given([(t, [IndicatorLine(t, t, (t, t), "/rapoarte")])]),
        "queue": lambda t: given([*_heads(t), (t, "")], [WaitingReport(t, t, t, t, t, is_late=True)]),
        "closed_report": lambda t: given(_heads(t)[:2], [(t, t)]),
        "history": lambda t: given(_heads(t), [(t, t, t, t)]),
        "notes": lambda t: given([t, t], "/comunitati"),
    },
    "screen/ranking.html": {
        "path": lambda t: given([(t, "/rapoarte"), (t, "")]),
        "map_legend": lambda t: given([("hs-dot-1", t)]),
        "folded": lambda t: given(t, [t, t]),
        "ranking": lambda t: given(t, _heads(t), [_ranked(t)], t, [_ranked(t)]),
        "places": lambda t: given(t, _heads(t), [_ranked(t)]),
    },
    "screen/coverage.html": {
        "measures": lambda t: given([t, t]),
        "main_figures": lambda t: given([(t, t)]),
        "gaps": lambda t: given(t, _six_heads(t), [_gap(t)], t, [_gap(t)]),
        "gap_table": lambda t: given(t, _six_heads(t), [_gap(t)]),
        "first_call": lambda t: given(_gap(t)),
        "plain_table": lambda t: given(t, _heads(t), [(t, t, t, t)]),
        "legend": lambda t: given([("hs-class-1", t)], t),
        "distribution": lambda t: given(
            t, t, BarDrawing((Bar(t, t, "5", "18", "9", "91", is_out_of_reach=True),), 310, 26, 16, 68, 76),
            _heads(t)[:3], [(t, t, t)],
        ),
    },
    "screen/coverage_plan.html": {
        "plan_card": lambda t: given(
            PlanCard(t, t, (t,), t, _six_heads(t), [(t,) * 7], (t, t), t, (*_heads(t),), [(t, t, t, t)])
        ),
        "openings": lambda t: given(t, _six_heads(t), [(t,) * 7]),
        "comparison": lambda t: given(_heads(t)[:3], [(t, t, t)]),
        "waiting": lambda t: given([t, t]),
    },
}  # fmt: skip
