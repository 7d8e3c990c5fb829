"""The map of „Acoperire”: a measure by area, or how things stand after a scenario, with what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from core.i18n import _, ngettext, number
from geo.maps.answer_map import Marker
from geo.maps.class_map import NOBODY, NOT_KNOWN, ServicePoint, class_map
from pages.common import map_view, shared
from pages.coverage_panels import coverage_html
from providers.planning.coverage_measures import LEFT_OUT, NAMED, left_out_words
from providers.planning.coverage_tables import gaps
from providers.rules.wording import phone_words
from reports.planning.coverage_answer import COMMUNITY_SHEET, people_words
from reports.planning.coverage_brief import SHARES
from reports.planning.plan_report import opening_words, what_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.storage.home import Home
    from providers.planning.county_plan import CountyPlan
    from providers.planning.effective_coverage import Coverage
    from reports.planning.coverage_question import CoverageQuestion


_RANKS = {"municipality": 0, "town": 1, "commune": 2}  # of names on the map


def draw_map(
    home: Home,
    found: Coverage,
    asked: CoverageQuestion,
    rows: pd.DataFrame,
    plan: CountyPlan | None,
    *,
    special: str = "",
) -> None:
    """Draw the areas by class of the measure; with a plan, by people left out after it, and what it opens.

    Parameters
    ----------
    home
        Whose outlines are drawn.
    found
        The coverage on screen.
    asked
        County and measure.
    rows
        Table of the level shown, `coverage_tables.by_level`.
    plan
        The plan on screen; None = none.
    special
        A measure for specialists in the place of the one asked for; empty = none.
    """
    areas, is_approximate = shared.outlined(home, asked.county or None)
    key = "uat_siruta" if asked.county else "county"
    measure = special or asked.measure
    if plan is not None:
        measure = "free" if asked.basis == "now" else "balance"
    measured, limits = _measured(rows, measure, plan, key)
    unknown = _unknown_areas(found, asked) if measure in NAMED and plan is None else set()
    grades = {
        str(code): _grade(value, float(people), code in unknown, limits)
        for code, value, people in zip(measured.index, measured, rows.set_index(key)["people"], strict=True)
    }
    counties = shared.gazetteer(home).counties
    names = dict(zip(counties["county"], counties["name"], strict=True))
    after = {} if plan is None else plan.uats.set_index("uat_siruta")["unmet_after"].to_dict()
    facts = {str(r[key]): _facts(r, names, after.get(r[key])) for r in rows.to_dict("records")}
    label = _("Harta: {measure}").format(measure=coverage_html.measure_name(measure))
    if plan is not None:
        label += ", " + _("după scenariu")
    with st.container(key="hs-map"):
        map_view.show(
            class_map(
                areas, grades, facts, label=label, marks=_marks(plan),
                names=_names(home, asked.county) if asked.county else (),
                services=_service_points(found, asked.county) if asked.county else (),
                sheet=(_("Fișa comunei"), COMMUNITY_SHEET) if asked.county else None,
                note=_("Date demonstrative") if home.is_demo else "",
            ),
            key="coverage_map",
        )  # fmt: skip
        words = coverage_html.limits_words(measure, limits)
        st.html(
            coverage_html.render_legend(
                words, _unknown_words(measure), found.travel.basis, is_approximate=is_approximate
            )
        )


def _grade(value: Any, people: float, is_unknown: bool, limits: Sequence[float]) -> int:  # noqa: FBT001
    if people <= 0:
        return NOBODY
    if is_unknown or pd.isna(value):
        return NOT_KNOWN
    return int(np.searchsorted(limits, value, side="left")) + 1


def _unknown_areas(found: Coverage, asked: CoverageQuestion) -> set[Any]:
    """List the communes where most of those left out depend on a telephone call."""
    if asked.measure != "free" or not asked.county:
        return set()
    ranked = gaps(found, county=asked.county, measure="free")
    return set(ranked.loc[ranked["reason"] == "unknown", "uat_siruta"])


def _unknown_words(measure: str) -> str:
    return _("nu se știe dacă sunt locuri: sunați") if measure == "free" else _("nu se știe")


def _names(home: Home, county: str) -> tuple[tuple[str, float, float], ...]:
    """Name the communes and towns of a county at their seats, the towns first."""
    uats = shared.gazetteer(home).uats
    ours = uats[(uats["county"] == county) & uats["kind"].isin(list(_RANKS))]
    ours = ours.sort_values("kind", key=lambda kinds: kinds.map(_RANKS), kind="stable")
    return tuple(zip(ours["name"], ours["lat"].astype(float), ours["lon"].astype(float), strict=True))


def _service_points(found: Coverage, county: str) -> list[ServicePoint]:
    """Place the services of a county to which people go; none of a protected address is in a coverage."""
    services = found.supply.services
    ours = services[(services["county"] == county) & (services["delivery"] == "at_site") & services["lat"].notna()]
    return [
        ServicePoint(r["lat"], r["lon"], str(r["name"]), _service_lines(r), _service_state(r["places_now"]))
        for r in ours.to_dict("records")
    ]


def _service_state(places: Any) -> str:
    return "ask" if pd.isna(places) else "free" if places > 0 else "full"


def _service_lines(row: dict[Any, Any]) -> tuple[str, ...]:
    state = coverage_html.service_words()[_service_state(row["places_now"])]
    return tuple(filter(None, (state, phone_words(row["phone"] if isinstance(row["phone"], str) else None))))


def _measured(
    rows: pd.DataFrame, measure: str, plan: CountyPlan | None, key: str
) -> tuple[pd.Series[Any], Sequence[float]]:
    """Return the measure of every area and the limits of its classes; by a plan, how things stand after it."""
    if measure in NAMED:
        left = rows.set_index(key)[LEFT_OUT[measure]].astype("float64")
        if plan is not None:
            left = plan.uats.set_index("uat_siruta")["unmet_after"].astype("float64")
        people = rows.set_index(key)["people"].astype("float64")
        return left / people.where(people > 0), SHARES
    values = rows.set_index(key)[measure].astype("float64")
    if measure == "minutes_mean":
        return values, (15.0, 30.0, 60.0)
    there = values.dropna()
    limits = [float(v) for v in np.quantile(there, (0.25, 0.5, 0.75))] if len(there) else [1.0, 2.0, 3.0]
    return values, limits


def _facts(row: dict[Any, Any], names: dict[str, str], after: int | None) -> list[str]:
    def say(value: Any) -> str:
        return _("nu se știe") if pd.isna(value) else number(float(value))

    name = str(row.get("name") or names.get(row["county"], row["county"]))
    lines = [
        name,
        _("Au nevoie: {n}").format(n=say(row["people"])),
        *(f"{left_out_words(m).capitalize()}: {say(row[LEFT_OUT[m]])}" for m in NAMED),
        _("Drumul mediu: {n}").format(n=coverage_html.format_way(row["minutes_mean"], _("nimeni nu ajunge"))),
    ]
    return lines if after is None else [*lines, _("Fără loc după scenariu: {n}").format(n=say(after))]


def _marks(plan: CountyPlan | None) -> list[Marker]:
    """Mark what a plan opens, numbered, where it is."""
    if plan is None:
        return []
    return [
        Marker(
            r["order"], r["lat"], r["lon"], opening_words(r, plan.county),
            (what_words(r["what"]), ngettext("{n} loc", "{n} locuri", r["places"]).format(n=number(r["places"])),
             people_words(r["people"])),
            is_confirmed=r["what"] == "new",
        )
        for r in plan.openings.to_dict("records")
    ]  # fmt: skip
