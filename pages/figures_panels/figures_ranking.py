"""„Rapoarte”, areas compared by one indicator: the map of communities, the ranking, who stands out; months of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from core.i18n import _, written_day
from geo.maps.dot_map import Dot, dot_map
from pages.common import map_view, markup, shared
from pages.figures_panels import ranking_html, report_html
from pages.figures_panels.figures_query import FIRST, link
from reports.indicators.indicators import indicator, indicators
from reports.views import figures_view
from reports.views.ranking import comparable, kinds_behind, ranking
from reports.views.report_views import BELOW, format_value, month_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.storage.home import Home
    from pages.figures_panels.figures_query import FiguresQuery
    from reports.indicators.indicators import Level
    from reports.views.ranking import Ranking
    from reports.views.report_views import ReportView


def indicator_asked(level: Level, *, is_public: bool) -> str:
    """Return the indicator that is chosen, before its field is drawn; the first where it cannot be compared here."""
    if st.session_state.get("reports_indicator") not in _codes(level, is_public=is_public):
        st.session_state["reports_indicator"] = FIRST
    return str(st.session_state["reports_indicator"])


def _codes(level: Level, *, is_public: bool) -> list[str]:
    below = BELOW.get(level, "community")
    return [code for code in indicators() if code in {*comparable(below, is_public=is_public)}]


def choose_indicator(level: Level, *, is_public: bool) -> str:
    """Ask which indicator the map and the ranking show.

    Parameters
    ----------
    level
        Level of the area on screen; the areas below it are compared.
    is_public
        Whether only what is published may be compared.

    Returns
    -------
    str
        Code of the indicator.
    """
    codes = _codes(level, is_public=is_public)
    words = _("Ce arată graficul") if level == "community" else _("Ce arată harta și clasamentul")
    names = {code: f"{_(indicators()[code].group)}: {_(indicators()[code].name)}" for code in codes}
    return str(st.selectbox(words, codes, format_func=names.__getitem__, key="reports_indicator"))


def draw(home: Home, view: ReportView, asked: FiguresQuery) -> None:
    """Ask for an indicator and draw the map and the ranking of what lies below an area; of a community, its months."""
    with st.container(key="hs-indicator"):
        choose_indicator(asked.level, is_public=view.is_public)
    one = indicator(asked.code)
    if asked.level == "community":
        _months(view, asked)
    else:
        with st.container(key="hs-wide"):
            left, right = st.columns([1.35, 1], gap="medium")
        with left:
            _map(home, view, asked)
        with right:
            _ranking(view, asked)
        # Of what everybody sees each month's hidden cells are worked out first: only when asked for.
        if st.checkbox(_("Arătați și luna de lună"), key="reports_months"):
            _months(view, asked)
    st.html(ranking_html.render_made_of(one, _lines(view, asked)))


def _lines(view: ReportView, asked: FiguresQuery) -> list[str]:
    """Name the sources and days behind a figure."""
    facts = view.gathered
    wanted = kinds_behind(indicator(asked.code))
    lines = [figures_view.edition_words(edition) for edition in facts.editions if edition.kind in wanted]
    made_on = written_day(facts.day)
    return [*lines, facts.sources[-1], _("Perioada: {period}. Citite la {day}.").format(
        period=view.period.label(), day=made_on)]  # fmt: skip


def _map(home: Home, view: ReportView, asked: FiguresQuery) -> None:
    if asked.code not in comparable("community", is_public=view.is_public):
        st.html(
            markup.render_quiet(_("Indicatorul se știe pe județe, nu pe comunități: harta comunităților nu îl arată."))
        )
        return
    ranked = ranking(view, "community", asked.code)
    inside = view.gathered.within(view.level, view.area)
    county = view.area if view.level == "county" else None
    areas, is_approximate = shared.outlined(home, county)
    if view.level == "region":
        letters = set(inside["county"])
        kept = [area for area in areas["features"] if area["properties"]["key"] in letters]
        areas = {**areas, "features": kept}
    with st.container(key="hs-map"):
        map_view.show(
            dot_map(
                areas,
                _dots(view, asked, ranked, inside),
                label=_("Harta: comunitățile după „{indicator}”; aceleași valori sunt în clasament").format(
                    indicator=_(ranked.indicator.name)
                ),
                words=_("Cifrele comunității"),
                is_approximate=is_approximate,
                note=_("Date demonstrative") if home.is_demo else "",
            ),
            key=f"reports_map_{view.level}_{view.area}",
        )
        st.html(ranking_html.render_legend(ranked))


def _dots(view: ReportView, asked: FiguresQuery, ranked: Ranking, inside: pd.DataFrame) -> Sequence[Dot]:
    one = ranked.indicator
    rows: dict[str, dict[Any, Any]] = {str(row["area"]): row for row in ranked.table.to_dict("records")}
    dots = []
    for place in inside.itertuples():
        row = rows[str(place.uat_siruta)]
        value = None if pd.isna(row["value"]) else float(row["value"])
        words = (
            format_value(one, value, hidden=bool(row["hidden"]))
            if value is not None or row["hidden"]
            else _("nu se știe")
        )
        lines = [f"{_(one.name)}: {words}", *([_("valoare atipică")] if row["outlier"] else [])]
        dots.append(
            Dot(
                float(str(place.lat)), float(str(place.lon)), str(row["name"]), tuple(lines), int(row["grade"]),
                stands_out=bool(row["outlier"]), address=link(view.gathered, asked, area=str(place.uat_siruta)),
            )
        )  # fmt: skip
    return dots


def _ranking(view: ReportView, asked: FiguresQuery) -> None:
    levels = _levels_below(asked.level, asked.code, is_public=view.is_public)
    with st.container(key="hs-form-compare", horizontal=True, vertical_alignment="center"):
        chosen = levels[-1]
        if len(levels) > 1:
            chosen = (
                st.segmented_control(
                    _("Comparați"), levels, default=levels[-1], format_func=ranking_html.level_words,
                    key=f"reports_compare_{asked.level}",
                )
                or levels[-1]
            )  # fmt: skip
        turned = st.checkbox(_("cel mai bine întâi"), key="reports_turned")
    ranked = ranking(view, chosen, asked.code)
    st.html(ranking_html.render_ranking(ranked, lambda area: link(view.gathered, asked, area=area), turned=turned))
    st.html(ranking_html.render_outliers(ranked))


def _levels_below(level: Level, code: str, *, is_public: bool) -> list[Level]:
    below: list[Level] = []
    while level in BELOW:
        level = BELOW[level]
        if code in comparable(level, is_public=is_public):
            below.append(level)
    return below


def _months(view: ReportView, asked: FiguresQuery) -> None:
    """Show an indicator month by month, as a table with bars."""
    table = month_table(view, most=6)
    st.html(report_html.render_months(indicator(asked.code), table[["month", asked.code]]))
