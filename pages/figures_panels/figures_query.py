"""What „Rapoarte” is asked, and its address: an area, a period, an indicator; shared, bookmarked, gone back to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from core.errors import UnknownCodeError
from core.i18n import _
from core.text import collation_key
from pages.common.sitemap import FIGURES
from reports.indicators.indicators import NATION, indicators
from reports.indicators.period import months_between, parse_period
from reports.views.figures_import import opening_month
from reports.views.figures_view import area_level

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from reports.indicators.indicators import Level
    from reports.indicators.report_data import ReportData

AREA, PERIOD, INDICATOR = "zona", "perioada", "indicator"
FIRST = "BEN"  # the indicator shown when none was asked for
_ADDRESS = "reports_address"


@dataclass(frozen=True)
class FiguresQuery:
    """What the screen of figures shows.

    Attributes
    ----------
    level
        Level of the area.
    area
        RO, RO21, BC, or a SIRUTA code.
    period
        As `reports.indicators.parse_period` reads it.
    code
        Of the indicator on the map.
    usual
        The area on which the screen opens for whoever looks.
    """

    level: Level
    area: str
    period: str
    code: str
    usual: str = NATION


def link(facts: ReportData, asked: FiguresQuery, **other: str) -> str:
    """Write the address of a screen like this one. other: area, period or code instead of what is asked."""
    values = {AREA: asked.area, PERIOD: asked.period, INDICATOR: asked.code}
    values |= {{"area": AREA, "period": PERIOD, "code": INDICATOR}[name]: value for name, value in other.items()}
    query = _query(facts, values[AREA], values[PERIOD], values[INDICATOR], asked.usual)
    return f"/{FIGURES}" + (f"?{urlencode(query)}" if query else "")


def _query(facts: ReportData, area: str, period: str, code: str, usual: str) -> dict[str, str]:
    """Return what goes into an address: only what is not the first choice, so that the bare one is a screen too.

    An area is left out only where it is the first choice of everybody: who gets the address is of another.
    """
    whole = {
        AREA: (area, NATION if usual == NATION else ""),
        PERIOD: (period, _opening_month(facts)),
        INDICATOR: (code, FIRST),
    }
    return {name: value for name, (value, first) in whole.items() if value != first}


def _opening_month(facts: ReportData) -> str:
    """Return the month on which reports open, worked out once for the hundreds of links of a screen."""
    if "opening_month" not in facts.kept:
        facts.kept["opening_month"] = opening_month(facts.filed, facts.day)
    return str(facts.kept["opening_month"])


def periods(facts: ReportData) -> list[str]:
    """List what may be chosen: months that are over, the latest first, then quarters that are over."""
    months = months_between(*facts.months)[::-1]
    quarters = dict.fromkeys(f"{month[:4]}-T{(int(month[5:]) + 2) // 3}" for month in months)
    # What everybody may see of longer periods takes seconds to work out: the whole time is a file (`figures`).
    return [*months, *(text for text in quarters if parse_period(text).last <= facts.months[1])]


def load_query_parameters(facts: ReportData, usual: str) -> None:
    """Put what the address says into the fields, where it is not what the fields wrote there.

    So a link, a bookmark and the browser's way back lead to the same screen.

    Parameters
    ----------
    facts
        What reports read: the areas, periods and indicators that there are.
    usual
        The area of an address that names none.

    Raises
    ------
    UnknownCodeError
        For an area or an indicator that there is not, or a period without figures.
    BadValueError
        For what is no period.
    """
    values = {name: st.query_params.get(name, "") for name in (AREA, PERIOD, INDICATOR)}
    if values == st.session_state.get(_ADDRESS):
        return
    state: dict[str, Any] = dict(_fields(facts, values[AREA] or usual))
    if values[PERIOD]:
        text = parse_period(values[PERIOD]).text
        if text not in periods(facts):
            raise UnknownCodeError(_("Pentru „{period}” nu sunt cifre de arătat.").format(period=values[PERIOD][:20]))
        state["reports_period"] = text
    else:
        state["reports_period"] = _opening_month(facts)
    if values[INDICATOR] and values[INDICATOR] not in indicators():
        raise UnknownCodeError(_("Nu există indicatorul „{code}”.").format(code=values[INDICATOR][:20]))
    state["reports_indicator"] = values[INDICATOR] or FIRST
    st.session_state[_ADDRESS] = values
    st.session_state.update(state)


def _fields(facts: ReportData, area: str) -> dict[str, str]:
    level = area_level(facts, area)
    if level == "national":
        return {"reports_region": ""}
    row = facts.within(level, area).iloc[0]
    region, county = str(row["region"]), str(row["county"])
    fields = {"reports_region": region, f"reports_county_{region}": "" if level == "region" else county}
    return fields | {f"reports_place_{county}": area if level == "community" else ""}


def write(facts: ReportData, asked: FiguresQuery) -> None:
    """Put what is asked into the address, and keep what else stands there."""
    values = _query(facts, asked.area, asked.period, asked.code, asked.usual)
    now = st.query_params.to_dict()
    others = {name: value for name, value in now.items() if name not in (AREA, PERIOD, INDICATOR)}
    st.session_state[_ADDRESS] = {name: values.get(name, "") for name in (AREA, PERIOD, INDICATOR)}
    if now != {**others, **values}:
        st.query_params.from_dict({**others, **values})


def choose_period(facts: ReportData, at: DeltaGenerator) -> str:
    """Ask for a month or a quarter."""
    words = {text: parse_period(text).label() for text in periods(facts)}
    return str(at.selectbox(_("Perioada"), list(words), format_func=words.__getitem__, key="reports_period"))


def choose_area(facts: ReportData, at: DeltaGenerator) -> tuple[Level, str]:
    """Choose step by step: a region, in it a county, in it a community; each step may stay at the whole."""
    regions = {"": _("Toată țara"), **{code: facts.name_of("region", code) for code in facts.areas("region")}}
    region = at.selectbox(_("Regiunea"), list(regions), format_func=regions.__getitem__, key="reports_region")
    rows = facts.communities if not region else facts.within("region", str(region))
    names = dict(zip(rows["county"], rows["county_name"], strict=True))
    counties = {"": _("Toate județele"), **dict(sorted(names.items(), key=lambda pair: collation_key(pair[1])))}
    county = at.selectbox(
        _("Județul"), list(counties), format_func=counties.__getitem__, key=f"reports_county_{region}"
    )
    if not county:
        return ("region", str(region)) if region else ("national", NATION)
    inside = facts.within("county", str(county))
    known = dict(zip(inside["uat_siruta"].astype("str"), inside["name"], strict=True))
    places = {"": _("Toate comunitățile"), **known}
    place = at.selectbox(_("Comunitatea"), list(places), format_func=places.__getitem__, key=f"reports_place_{county}")
    return ("community", str(place)) if place else ("county", str(county))
