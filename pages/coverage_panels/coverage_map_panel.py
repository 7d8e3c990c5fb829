"""The map of „Acoperire”: a measure by area, or how things stand after a scenario, with what it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from core.i18n import _, ngettext, number
from geo.maps.answer_map import Marker
from geo.maps.class_map import class_map
from pages.common import map_view, shared
from pages.coverage_panels import coverage_html
from providers.planning.coverage_measures import LEFT_OUT, NAMED, left_out_words
from reports.planning.coverage_files import SHARES
from reports.planning.plan_report import opening_words, what_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.storage.home import Home
    from geo.spatial.travel import TravelBasis
    from providers.planning.county_plan import CountyPlan
    from providers.planning.supply import SupplyBasis


@dataclass(frozen=True)
class CoverageMapQuery:
    """What the screen was asked. county: None = the whole country."""

    code: str
    county: str | None
    reach: int
    basis: SupplyBasis
    measure: str


def draw_map(
    home: Home, asked: CoverageMapQuery, rows: pd.DataFrame, plan: CountyPlan | None, *, travel: TravelBasis
) -> None:
    """Draw the areas by class of the measure; with a plan, by people left out after it, and what it opens.

    Parameters
    ----------
    home
        Whose outlines are drawn.
    asked
        County and measure.
    rows
        Table of the level shown, `coverage_tables.by_level`.
    plan
        The plan on screen; None = none.
    travel
        What minutes rest on.
    """
    areas, is_approximate = shared.outlined(home, asked.county)
    key = "uat_siruta" if asked.county else "county"
    measure = asked.measure if plan is None else "free" if asked.basis == "now" else "balance"
    measured, limits = _measured(rows, measure, plan, key)
    grades = {
        str(code): int(np.searchsorted(limits, value, side="left")) + 1
        for code, value in measured.items()
        if not pd.isna(value)
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
                note=_("Date demonstrative") if home.is_demo else "",
            ),
            key="coverage_map",
        )  # fmt: skip
        words = coverage_html.limits_words(measure, limits)
        st.html(coverage_html.render_legend(words, travel, is_approximate=is_approximate))


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
    def say(value: Any, digits: int = 0) -> str:
        return _("nu se știe") if pd.isna(value) else number(float(value), digits)

    name = str(row.get("name") or names.get(row["county"], row["county"]))
    lines = [
        name,
        _("Au nevoie: {n}").format(n=say(row["people"])),
        *(f"{left_out_words(m).capitalize()}: {say(row[LEFT_OUT[m]])}" for m in NAMED),
        _("Minute, în medie: {n}").format(n=say(row["minutes_mean"])),
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
             ngettext("{n} persoană", "{n} persoane", r["people"]).format(n=number(r["people"]))),
            is_confirmed=r["what"] == "new",
        )
        for r in plan.openings.to_dict("records")
    ]  # fmt: skip
