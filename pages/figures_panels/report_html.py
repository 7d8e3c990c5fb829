"""What „Rapoarte” says, made ready for its templates: figures against targets, areas, a funnel, definitions.

No Streamlit here. Facts in, markup out: how it looks is in templates/screen/figures.html, which escapes every text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext, number, written_day
from core.templating import render_macro
from pages.common import community_html
from referrals.workflow.worklist import moment_words
from reports.indicators.indicators import indicator, indicators, targets
from reports.indicators.period import parse_period
from reports.views import monthly_view
from reports.views.report_views import SIDE_BY_SIDE, format_value, target_words
from reports.views.shortfalls import area_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from core.storage.editions import Manifest
    from referrals.monthly.figure_checks import CheckedFigure
    from reports.indicators.indicators import Indicator, Level
    from reports.views.monthly_view import MonthLine
    from reports.views.report_views import ReportView
    from reports.views.shortfalls import Shortfall

REPORT, MONTH = "raport", "luna"  # of the address at which a monthly report opens
KEY_FIGURES = ("COMM", "BEN", "TEAM-FULL", "RAP-RATE", "REF", "REF-DONE", "REF-NOPLACE", "UNMET")
_HALF_A_POINT = 0.5  # per cent: what rounds to no change is none
_SMALLEST = 0.05  # of a mean, which is written with one decimal
STEPS = ("REF", "REF-ACC", "REF-DONE", "REF-DECL", "REF-EXP", "REF-CANC", "REF-BROKEN", "REF-OPEN")

_draw = partial(render_macro, "screen/figures.html")


@dataclass(frozen=True)
class KeyFigure:
    """A figure on its tile. change: since the month before, as a signed number; said: the same in words."""

    name: str
    address: str
    value: str
    change: str
    said: str
    is_chosen: bool


@dataclass(frozen=True)
class FailingFigure:
    """A figure below its target. share: of the target that is reached."""

    name: str
    address: str
    words: str
    change: str
    share: float


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator with what explains it. address: where it opens to its rows; blank where it has none."""

    name: str
    value: str
    facts: tuple[str, ...]
    address: str


def render_failing(
    view: ReportView,
    failing: Sequence[Shortfall],
    here: dict[str, float | None],
    before: dict[str, float | None],
    *,
    leads_to: Callable[[str], str],
) -> Markup:
    """Draw what is furthest from its target. leads_to: from a code to the address where a figure opens to its rows."""
    cards = [
        FailingFigure(
            _(each.indicator.name),
            leads_to(each.indicator.code),
            each.words,
            _change(each.indicator, here[each.indicator.code], before.get(each.indicator.code))[1],
            each.share,
        )
        for each in failing
    ]
    is_known = any(value is not None for value in here.values())
    return _draw("failing", cards, has_targets=is_known and area_target(view, indicator("RAP-RATE")) is not None)


def render_tiles(
    view: ReportView,
    here: dict[str, float | None],
    before: dict[str, float | None],
    *,
    chosen: str = "",
    leads_to: Callable[[str], str] = "".join,
) -> Markup:
    """Draw the key figures in a row, each in two lines: its name, then its value and change.

    chosen: the one that the map shows. leads_to: from a code to the address where a figure opens to its rows.
    """
    tiles = []
    for code in KEY_FIGURES:
        one, value = indicator(code), here[code]
        sign, said = _change(one, value, before.get(code))
        words = format_value(one, value, hidden=view.is_hidden(code))
        tiles.append(KeyFigure(_(one.name), leads_to(code), words, sign, said, is_chosen=code == chosen))
    return _draw("tiles", tiles)


def _change(one: Indicator, value: float | None, before: float | None) -> tuple[str, str]:
    """Say the change since the month before, short and in words; nothing where one of them is unknown."""
    if value is None or before is None:
        return "", ""
    change = 100 * (value - before) if one.is_share else value - before
    if abs(change) < (_HALF_A_POINT if one.is_share else _SMALLEST):
        return "=", _("la fel ca luna dinainte")
    sign = ("+" if change > 0 else "−") + number(abs(change), 0 if one.is_share or abs(change) >= 1 else 1)
    if one.is_share:
        said = ngettext(
            "{n} punct procentual față de luna dinainte",
            "{n} puncte procentuale față de luna dinainte",
            round(abs(change)),
        ).format(n=sign)
        return sign, said
    return sign, _("{change} față de luna dinainte").format(change=sign)


def edition_words(edition: Manifest) -> str:
    """Name a source with its day; the id of the edition is in the files."""
    words = _("{title}, la {day}").format(
        title=_(edition.source.title) or edition.kind, day=written_day(date.fromisoformat(edition.as_of))
    )
    return words + (" " + _("(date sintetice)") if edition.source.synthetic else "")


def render_funnel(view: ReportView, here: dict[str, float | None]) -> Markup:
    """Draw what became of referrals as bars with their numbers."""
    first = here["REF"] or 0
    rows = []
    for code in STEPS:
        one, value = indicator(code), here[code]
        words = format_value(one, value, hidden=view.is_hidden(code))
        share = 0.0 if value is None or not first else value / first
        note = f" ({number(100 * share)}\N{NO-BREAK SPACE}%)" if value is not None and first else ""
        rows.append((_(one.name), share, words + note))
    return _draw("bars", _("Ce s-a întâmplat cu referirile"), _heads(_("Stare"), _("Parte"), _("Câte")), rows)


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
    """Say of a month of a community how its report stands."""
    return _draw("month", line)


def render_checked(checked: Sequence[CheckedFigure], *, caption: str) -> Markup:
    """Put the figures of a month beside those of the month before, with what speaks against each."""
    first, *numbers, last = monthly_view.checked_heads()
    heads = [*_heads(first), *((words, "hs-num") for words in numbers), *_heads(last)]
    return _draw("checked", caption, heads, monthly_view.checked_rows(checked))


def render_history(table: pd.DataFrame) -> Markup:
    """List what a community said of a month, the newest first."""
    heads = _heads(_("Când"), _("Indicator"), _("Valoare"), _("De unde"))
    known = indicators()
    origins = {"import": _("fișier"), "screen": _("ecran")}
    rows = [
        (
            moment_words(row["entered_at"]),
            _(known[row["indicator"]].name) if row["indicator"] in known else row["indicator"],
            _("ștearsă") if pd.isna(row["value"]) else monthly_view.figure_words(row["indicator"], row["value"]),
            origins.get(row["source"], row["source"]),
        )
        for row in table.to_dict("records")
    ]
    return _draw("history", heads, rows)


def _heads(*words: str) -> list[tuple[str, str]]:
    """Head columns that have no class."""
    return [(each, "") for each in words]


def render_notes(lines: Sequence[str], *, community: str = "") -> Markup:
    """Say something beside the figures, and lead from a community's to its sheet. community: its code, or blank."""
    return _draw("notes", lines, f"{community_html.SHEET}{community}" if community else "")
