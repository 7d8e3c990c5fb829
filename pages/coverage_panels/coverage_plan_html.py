"""Scenarios of „Acoperire”, made ready for their templates: one as a card, who waits.

No Streamlit here. Facts in, markup out: how it looks is in templates/screen/coverage_plan.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from core.i18n import _, number
from core.templating import render_macro
from pages.coverage_panels.coverage_html import format_way, known
from reports.planning.plan_report import opening_words, plan_words, uats_table, what_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from providers.planning.county_plan import CountyPlan

_MOST_UATS = 40
_UNKNOWN_WAY = "–"

_draw = partial(render_macro, "screen/coverage_plan.html")
_Heads = tuple[tuple[str, str], ...]  # words and class of each column
_Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class PlanCard:
    """A scenario in words. title: blank where the name says it; captions tell the regions of a page apart."""

    name: str
    title: str
    lines: tuple[str, ...]
    openings_caption: str
    openings_heads: _Heads
    openings: _Rows
    days: tuple[str, ...]
    changes_caption: str
    changes_heads: _Heads
    changes: _Rows


def render_plan(plan: CountyPlan, name: str) -> Markup:
    """Draw one scenario: what it does, where, on which days, and every UAT before and after."""
    openings_heads = (
        ("#", "hs-num"), (_("Unde"), ""), (_("Locuri"), "hs-num"), (_("Oameni"), "hs-num"), (_("Drum"), "hs-num"),
        (_("Lei pe an"), "hs-num"),
    )  # fmt: skip
    changes_heads = (
        (_("Unitatea"), ""), (_("Fără loc înainte"), "hs-num"), (_("Fără loc după"), "hs-num"),
        (_("Drum înainte"), "hs-num"), (_("Drum după"), "hs-num"),
    )  # fmt: skip
    changes, total = _changes(plan)
    changes_caption = f"{name}: {_('Înainte și după, unde se schimbă ceva')}"
    if total > len(changes):
        changes_caption += ", " + _("primele {n} din {total}").format(n=len(changes), total=number(total))
    card = PlanCard(
        name=name,
        title=plan.title if plan.title not in name else "",
        lines=tuple(plan_words(plan)),
        openings_caption=f"{name}: {_('Ce se deschide sau crește')}",
        openings_heads=openings_heads,
        openings=_openings(plan),
        days=tuple(
            _("Echipa {n}, {day}: {name}").format(n=r["team"], day=_(r["day"]), name=r["name"])
            for r in plan.rounds.to_dict("records")
        ),
        changes_caption=changes_caption,
        changes_heads=changes_heads,
        changes=changes,
    )
    return _draw("plan_card", card)


def _openings(plan: CountyPlan) -> _Rows:
    return [
        (
            str(r["order"]), opening_words(r, plan.county), what_words(r["what"]), known(r["places"]),
            known(r["people"]), _way(r["minutes"]), known(r["lei"]),
        )
        for r in plan.openings.to_dict("records")
    ]  # fmt: skip


def _changes(plan: CountyPlan) -> tuple[_Rows, int]:
    """List UATs where something changes, the most helped first, and say how many there are in all."""
    uats = uats_table(plan)
    uats = uats[uats["gained"] > 0].sort_values(["gained", "uat_siruta"], ascending=[False, True])
    rows: _Rows = [
        (
            str(r["name"]), known(r["unmet_before"]), known(r["unmet_after"]), _way(r["minutes_before"]),
            _way(r["minutes_after"]),
        )
        for r in uats.head(_MOST_UATS).to_dict("records")
    ]  # fmt: skip
    return rows, len(uats)


def _way(value: Any) -> str:
    return format_way(value, _UNKNOWN_WAY)


def render_waiting(lines: Iterable[str]) -> Markup:
    """Draw what the order of arrival loses, in sentences."""
    return _draw("waiting", list(lines))
