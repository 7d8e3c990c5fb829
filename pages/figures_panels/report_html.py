"""What „Rapoarte” says, made ready for its templates: figures against targets, areas, a funnel, definitions.

No Streamlit here. Facts in, markup out: how it looks is in templates/screen/figures.html, which escapes every text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, number
from core.templating import render_macro
from pages.common import community_html
from referrals.workflow.worklist import moment_words
from reports.indicators.indicators import indicator, indicators, targets
from reports.indicators.period import parse_period
from reports.views import figures_view, monthly_check, monthly_counts
from reports.views.report_views import SIDE_BY_SIDE, format_value, target_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup

    from referrals.monthly.figure_checks import CheckedFigure
    from reports.indicators.indicators import Indicator, Level
    from reports.views.figures_view import Values
    from reports.views.monthly_view import MonthLine
    from reports.views.report_views import ReportView

REPORT, MONTH = "raport", "luna"  # of the address at which a monthly report opens

_draw = partial(render_macro, "screen/figures.html")


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator with what explains it. address: where it opens to its rows; blank where it has none."""

    name: str
    value: str
    facts: tuple[str, ...]
    address: str


def render_failing(view: ReportView, here: Values, before: Values, *, leads_to: Callable[[str], str]) -> Markup:
    """Draw what is furthest from its target. leads_to: from a code to the address where a figure opens to its rows."""
    failing, has_targets = figures_view.failing_figures(view, here, before, leads_to)
    return _draw("failing", failing, has_targets=has_targets)


def render_group_title(title: str, progress: str, *, is_led_to: bool) -> Markup:
    """Head a group of fields of a monthly report. progress: which one it is; is_led_to: it takes the focus."""
    return _draw("group_title", title, progress, is_led_to)


def render_tiles(
    view: ReportView, here: Values, before: Values, *, chosen: str = "", leads_to: Callable[[str], str] = "".join
) -> Markup:
    """Draw the key figures in a row, each in two lines: its name, then its value and change.

    chosen: the one that the map shows. leads_to: from a code to the address where a figure opens to its rows.
    """
    return _draw("tiles", figures_view.tile_figures(view, here, before, chosen, leads_to))


def render_funnel(view: ReportView, here: Values) -> Markup:
    """Draw what became of referrals as bars with their numbers."""
    heads = _heads(_("Stare"), _("Parte"), _("Câte"))
    return _draw("bars", _("Ce s-a întâmplat cu referirile"), heads, figures_view.funnel_rows(view, here))


def render_shares(caption: str, first: str, rows: Sequence[tuple[str, float, str]]) -> Markup:
    """Draw parts of a whole as bars. first: head of their names; rows: name, share from 0 to 1, words."""
    return _draw("bars", caption, _heads(first, _("Parte"), _("Câte")), rows)


def render_months(one: Indicator, table: pd.DataFrame) -> Markup:
    """List an indicator month by month with bars. table: `month` and the indicator."""
    top = table[one.code].max()
    rows = []
    for row in table.to_dict("records"):
        value = None if pd.isna(row[one.code]) else float(row[one.code])
        share = value / top if value and top > 0 else 0.0
        rows.append((parse_period(str(row["month"])).label(), share, format_value(one, value)))
    caption = _("{indicator}, luna de lună").format(indicator=_(one.name))
    return _draw("bars", caption, _heads(_("Luna"), _("Parte"), _("Valoare")), rows)


def render_areas(view: ReportView, level: Level, table: pd.DataFrame, leads_to: Callable[[str], str]) -> Markup:
    """Put areas side by side: the same few indicators, hidden and unknown told apart in words; names lead down."""
    first = {"region": _("Regiunea"), "county": _("Județul"), "community": _("Comunitatea")}[level]
    shown = [indicator(code) for code in SIDE_BY_SIDE]
    rows = []
    for row in table.to_dict("records"):
        area = str(row["area"])
        values = [format_value(one, row[one.code], hidden=view.is_hidden(one.code, level, area)) for one in shown]
        rows.append((str(row["name"]), leads_to(area), values))
    caption = {"region": _("Pe regiuni"), "county": _("Pe județe"), "community": _("Pe comunități")}[level]
    return _draw("areas", caption, _heads(first, *(_(one.name) for one in shown)), rows)


def render_indicators(view: ReportView, table: pd.DataFrame, leads_to: Callable[[str], str]) -> Markup:
    """List every indicator with its definition, its parts and every version of its target, group by group.

    leads_to: from a code to the address where the figure opens to its rows; blank where it has none.
    """
    groups: dict[str, list[IndicatorLine]] = {}
    for row in table.to_dict("records"):
        line = _indicator_line(view, row, leads_to(str(row["code"])))
        groups.setdefault(str(row["group"]), []).append(line)
    return _draw("indicators", [(_(name), lines) for name, lines in groups.items()])


def _indicator_line(view: ReportView, row: dict[Any, Any], address: str) -> IndicatorLine:
    one = indicator(str(row["code"]))
    facts = [_(one.definition), _("Cod {code}, {unit}.").format(code=one.code, unit=_(one.unit))]
    if one.denominator and not pd.isna(row["numerator"]) and not pd.isna(row["denominator"]):
        facts.append(
            _("{top} împărțit la {below}.").format(top=number(row["numerator"]), below=number(row["denominator"]))
        )
    if view.level == "national":
        for target, said_target in zip(targets().get(one.code, ()), target_words(one), strict=True):
            note = f" ({_(target.note)})" if target.note else ""
            facts.append(
                _("Ținta {version}: {value}, din {source}{note}.").format(
                    version=target.version, value=said_target, source=_(target.source), note=note
                )
            )
    words = format_value(one, row["value"], hidden=view.is_hidden(one.code))
    return IndicatorLine(_(one.name), words, tuple(facts), address)


def render_month(line: MonthLine) -> Markup:
    """Render of a month of a community how its report stands."""
    return _draw("month", line)


def render_checked(checked: Sequence[CheckedFigure], counted: Mapping[str, int], *, caption: str) -> Markup:
    """Put the figures of a month beside those of the month before, with what cases count and what speaks against each.

    counted: what cases count of them, by code.
    """
    first, *numbers, last = monthly_check.checked_heads()
    rows = monthly_check.checked_rows(checked, counted)
    doubts = _heads(last) if any(doubts for _values, doubts in rows) else []
    heads = [*_heads(first), *((words, "hs-num") for words in numbers), *doubts]
    return _draw("checked", caption, heads, rows)


def render_history(table: pd.DataFrame) -> Markup:
    """List what a community said of a month, the newest first."""
    heads = _heads(_("Când"), _("Indicator"), _("Valoare"), _("De unde"))
    known = indicators()
    origins = {"import": _("fișier"), "screen": _("ecran"), monthly_counts.FROM_CASES: _("cazuri")}
    rows = [
        (
            moment_words(row["entered_at"]),
            _(known[row["indicator"]].name) if row["indicator"] in known else row["indicator"],
            _("ștearsă") if pd.isna(row["value"]) else monthly_check.figure_words(row["indicator"], row["value"]),
            origins.get(row["source"], row["source"]),
        )
        for row in table.to_dict("records")
    ]
    return _draw("history", heads, rows)


def _heads(*words: str) -> list[tuple[str, str]]:
    """Head columns that have no class."""
    return [(each, "") for each in words]


def render_notes(lines: Sequence[str], *, community: str = "") -> Markup:
    """Render something beside the figures, and lead from a community's to its sheet. community: its code, or blank."""
    return _draw("notes", lines, f"{community_html.SHEET}{community}" if community else "")
