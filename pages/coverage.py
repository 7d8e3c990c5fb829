"""„Acoperire”: where a service is out of reach or full, whom that leaves out, and what to do next about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geo.coverage_map import class_map
from geo.drawing import Marker
from geo.errors import MapError
from geo.language import _, number
from pages import coverage_html, coverage_plan, markup, shared
from providers import wanted
from providers.coverage_tables import by_level, concentration, gaps, quantiles, report_ages, spread_of_minutes
from reports.coverage_files import SHARES, brief, coverage_workbook, csv_bytes, geopackage, source_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.home import Home
    from providers.coverage import Coverage
    from providers.coverage_supply import Basis
    from providers.coverage_tables import Level
    from providers.siting_plan import Plan

HEIGHT = 460  # pixels
REACHES = (15, 30, 45, 60)
BASES_SHOWN: tuple[Basis, ...] = ("now", "reported", "licensed")
_MOST_GAPS = 20
_MOST_FLOWS = 12
_EVEN = 0.02  # a concentration index this near to 0 says that poor and rich are alike far (assumed)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Asked:
    """What the screen was asked. county: None = the whole country."""

    code: str
    county: str | None
    reach: int
    basis: Basis
    measure: str


def page() -> None:
    """Read the question, compute, draw; in words what cannot be."""
    st.html(markup.title(_("Acoperire"), _("Unde lipsește un serviciu, câți oameni rămân fără loc și ce ar ajuta.")))
    home = shared.home()
    asked = _question(home, shared.own_county(shared.actor(home)))
    if asked is None:
        st.html(_first_steps())
        return
    try:
        with st.spinner(_("Calculez pentru toată țara…")):
            found = shared.coverage(home, asked.code, reach_minutes=float(asked.reach), basis=asked.basis)
    except MapError as error:
        st.html(markup.notice(_("Nu se poate calcula deocamdată"), [str(error)]))
        return
    missing = shared.not_imported(shared.catalogue(home), found.types)
    if missing:
        words = _("Registre încă neimportate aici: {names}. Fără ele, toți oamenii apar fără loc.")
        st.html(markup.notice(_("Nu avem încă toate datele"), [words.format(names=", ".join(missing))]))
    elif found.supply.services.empty and not found.is_protected:
        words = _("Niciun serviciu de acest fel nu este în registrele importate.")
        st.html(markup.notice(_("Niciun serviciu"), [words]))
    if found.areas["people"].sum() == 0:
        st.html(markup.notice(_("Nimeni nu are nevoie"), [_("După regula de mai jos nu este nimeni de numărat.")]))
    if found.is_protected:
        _protected(found, asked)
    else:
        _draw(home, found, asked)
    st.html(markup.sources([], extra=source_lines(found)))


def _question(home: Home, only: str | None) -> Asked | None:
    known = wanted.everything()
    counties = shared.gazetteer(home).counties
    names = dict(sorted(zip(counties["county"], counties["name"], strict=True), key=lambda pair: pair[1]))
    choices = [only] if only else ["", *names]
    for key, options in (("serviciu", known), ("judet", choices)):
        given = st.query_params.get(key)
        if given in options and f"cov_{key}" not in st.session_state:
            st.session_state[f"cov_{key}"] = given
    with st.container(key="hs-form"):
        with st.container(key="hs-row", horizontal=True):
            code = st.selectbox(
                _("Serviciul sau nevoia"), list(known), index=None, key="cov_serviciu", width=420,
                format_func=lambda c: known[c].label, placeholder=_("alegeți sau scrieți câteva litere"),
            )  # fmt: skip
            county = st.selectbox(
                _("Județul"), choices, key="cov_judet", width=220,
                format_func=lambda c: names.get(c, _("toată țara")),
            )  # fmt: skip
        with st.container(key="hs-row-cov", horizontal=True):
            reach = st.selectbox(
                _("Pragul"), REACHES, index=1, key="cov_reach", width=150,
                format_func=lambda m: _("{n} minute").format(n=m),
            )  # fmt: skip
            words = {"now": _("libere acum"), "reported": _("ultimul raport"), "licensed": _("licențiate")}
            basis = st.selectbox(
                _("Ce locuri se numără"), BASES_SHOWN, key="cov_basis", width=200, format_func=lambda b: words[b]
            )
            measure = st.selectbox(
                _("Ce arată harta"), coverage_html.MEASURES, key="cov_measure", width=340,
                format_func=coverage_html.measure_name,
            )  # fmt: skip
    if code is None:
        return None
    return Asked(code, county or None, int(reach), basis, measure)


def _first_steps() -> str:
    return markup.steps(
        _("Cum începeți"),
        [
            _("Alegeți serviciul sau nevoia și județul."),
            _("Harta și lista arată unde rămân oameni fără loc și de ce."),
            _("Mai jos încercați ce ar ajuta: locuri în plus, un serviciu nou sau o echipă mobilă."),
        ],
        _("Cifrele despre oameni sunt estimări: fiecare are regula și sursa scrise în josul paginii."),
    )


def _protected(found: Coverage, asked: Asked) -> None:
    rows = by_level(found, "county" if asked.county else "national", county=asked.county)
    words = _("Serviciile cu adresă protejată se numără numai pe județ; nu au hartă, drum sau locuri pe ecran.")
    st.html(markup.notice(_("Adresă protejată"), [words]))
    st.html(coverage_html.figures(rows.iloc[0]))


def _draw(home: Home, found: Coverage, asked: Asked) -> None:
    level: Level = "uat" if asked.county else "county"
    rows = by_level(found, level, county=asked.county)
    whole = by_level(found, "county" if asked.county else "national", county=asked.county)
    if found.supply.has_unlimited and asked.measure.startswith("places"):
        st.html(
            markup.quiet(_("Aceste servicii primesc pe oricine: locurile la un om nu au sens. Alegeți altă măsură."))
        )
    plans = coverage_plan.kept(asked.code, asked.county)
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        shown = coverage_plan.choose_shown(plans)
        _map(home, found, asked, rows, shown)
    with right:
        st.html(coverage_html.figures(whole.iloc[0]))
        st.html(coverage_html.distribution(spread_of_minutes(found, county=asked.county)))
    _gap_list(found, asked)
    st.html(coverage_html.explained())
    _more(home, found, asked, rows)
    if asked.county:
        coverage_plan.panel(found, asked.county, plans)
    else:
        st.html(markup.quiet(_("Pentru a încerca ce ar ajuta, alegeți un județ.")))
    _downloads(home, found, asked, plans)


def _map(home: Home, found: Coverage, asked: Asked, rows: pd.DataFrame, plan: Plan | None) -> None:
    areas, is_approximate = shared.outlined(home, asked.county)
    key = "uat_siruta" if asked.county else "county"
    measured, limits = _measured(rows, asked, plan, key)
    grades = {
        str(code): int(np.searchsorted(limits, value, side="left")) + 1
        for code, value in measured.items()
        if not pd.isna(value)
    }
    names = dict(zip(shared.gazetteer(home).counties["county"], shared.gazetteer(home).counties["name"], strict=True))
    facts = {str(r[key]): _facts(r, asked, names) for r in rows.to_dict("records")}
    label = _("Harta: {measure}").format(measure=coverage_html.measure_name(asked.measure))
    with st.container(key="hs-map"):
        st_folium(
            # A new map at each run: a folium.Map shown twice stays blank the second time.
            class_map(
                areas, grades, facts, label=label, marks=_marks(found, plan),
                note=_("Date demonstrative") if home.is_demo else "",
            ),
            key="coverage_map", height=HEIGHT, use_container_width=True, returned_objects=[],
        )  # fmt: skip
        words = coverage_html.limits_words(asked.measure, limits)
        st.html(coverage_html.legend(words, is_approximate=is_approximate))


def _measured(rows: pd.DataFrame, asked: Asked, plan: Plan | None, key: str) -> tuple[pd.Series[Any], Sequence[float]]:
    """Return the measure of every area and the limits of its classes; by a plan, how things stand after it."""
    if asked.measure == "left_out" or plan is not None:
        left = rows.set_index(key)[f"unmet_{asked.basis}"].astype("float64")
        if plan is not None:
            left = plan.uats.set_index("uat_siruta")["unmet_after"].astype("float64")
        people = rows.set_index(key)["people"].astype("float64")
        return left / people.where(people > 0), SHARES
    values = rows.set_index(key)[asked.measure].astype("float64")
    if asked.measure == "minutes_mean":
        return values, (15.0, 30.0, 60.0)
    there = values.dropna()
    limits = [float(v) for v in np.quantile(there, (0.25, 0.5, 0.75))] if len(there) else [1.0, 2.0, 3.0]
    return values, limits


def _facts(row: dict[Any, Any], asked: Asked, names: dict[str, str]) -> list[str]:
    def say(value: Any, digits: int = 0) -> str:
        return _("nu se știe") if pd.isna(value) else number(float(value), digits)

    name = str(row.get("name") or names.get(row["county"], row["county"]))
    left = row[f"unmet_{asked.basis}"]
    return [
        name,
        _("Au nevoie: {n}").format(n=say(row["people"])),
        _("Fără loc: {n}").format(n=say(left)),
        _("Minute, în medie: {n}").format(n=say(row["minutes_mean"])),
    ]


def _marks(found: Coverage, plan: Plan | None) -> list[Marker]:
    """Mark what a plan opens, numbered, where it is."""
    if plan is None:
        return []
    spots = found.people.areas.assign(site_id=found.people.areas["area_id"].astype("str"))
    services = found.supply.services.rename(columns={"service_id": "site_id"})
    points = pd.concat([spots[["site_id", "lat", "lon"]], services[["site_id", "lat", "lon"]]]).set_index("site_id")
    marks = []
    for r in plan.openings.to_dict("records"):
        at = points.loc[r["site_id"]]
        lines = (_("{n} locuri").format(n=number(r["places"])), _("{n} oameni").format(n=number(r["people"])))
        marks.append(Marker(r["order"], float(at["lat"]), float(at["lon"]), r["name"], lines, is_confirmed=True))
    return marks


def _gap_list(found: Coverage, asked: Asked) -> None:
    ranked = gaps(found, county=asked.county)
    if ranked.empty:
        st.html(markup.notice(_("Nicio lipsă"), [_("După locurile libere acum, nimeni nu rămâne fără loc.")]))
    else:
        st.html(coverage_html.gap_table(ranked.head(_MOST_GAPS), len(ranked)))


def _more(home: Home, found: Coverage, asked: Asked, rows: pd.DataFrame) -> None:
    names = dict(zip(shared.gazetteer(home).counties["county"], shared.gazetteer(home).counties["name"], strict=True))
    with st.expander(_("Toate unitățile, vechimea rapoartelor, cine trece granița județului")):
        st.html(coverage_html.report_table(report_ages(found, county=asked.county)))
        st.html(markup.quiet(" ".join(_spread_words(found, asked))))
        flows = found.flows[found.flows["from_county"] != found.flows["to_county"]]
        if asked.county:
            flows = flows[(flows["from_county"] == asked.county) | (flows["to_county"] == asked.county)]
        flows = flows[flows["people"] >= 0.05].sort_values("people", ascending=False)  # noqa: PLR2004 - prints as 0,1
        if flows.empty:
            st.html(markup.quiet(_("Nimeni nu trece granița județului pentru un loc.")))
        else:
            st.html(coverage_html.flow_table(flows.head(_MOST_FLOWS), names))
        table = rows if asked.county else rows.assign(name=rows["county"].map(names))
        st.html(coverage_html.level_table(table, "name", asked.basis, caption=_("Toate unitățile")))


def _spread_words(found: Coverage, asked: Asked) -> list[str]:
    said = []
    parts = quantiles(found, (0.1, 0.5, 0.9), county=asked.county)
    if parts:
        a, b, c = (number(v) for v in parts)
        said.append(
            _("Un om din zece ajunge în {a} minute, jumătate în cel mult {b}, nouă din zece în cel mult {c}.").format(
                a=a, b=b, c=c
            )
        )
    index = concentration(found, county=asked.county)
    if index is not None:
        even = _("Săracii și ceilalți sunt la fel de departe")
        words = (
            even
            if abs(index) < _EVEN
            else (_("Cei mai săraci sunt mai departe") if index < 0 else _("Cei mai săraci sunt mai aproape"))
        )
        said.append(_("{words} (indice de concentrare {n}).").format(words=words, n=number(index, 2)))
    return said


def _downloads(home: Home, found: Coverage, asked: Asked, plans: Sequence[Plan]) -> None:
    name = f"acoperire-{asked.code}-{asked.county or 'RO'}" + ("-demonstrativ" if home.is_demo else "")
    today = datetime.now(UTC).date()
    level: Level = "uat" if asked.county else "county"
    with st.container(key="hs-row-download", horizontal=True):
        st.download_button(
            _("Descărcați CSV"), lambda: csv_bytes(by_level(found, level, county=asked.county)), f"{name}.csv",
            "text/csv", key="cov_csv",
        )  # fmt: skip
        st.download_button(
            _("Descărcați XLSX"),
            lambda: coverage_workbook(found, made_on=today, is_demo=home.is_demo, county=asked.county, level=level),
            f"{name}.xlsx", XLSX, key="cov_xlsx",
        )  # fmt: skip
        st.download_button(
            _("Descărcați GeoPackage"), lambda: geopackage(found, level, home, county=asked.county), f"{name}.gpkg",
            "application/geopackage+sqlite3", key="cov_gpkg",
        )  # fmt: skip
        if asked.county:
            county = str(asked.county)
            where = shared.area_name(home, county)
            st.download_button(
                _("Descărcați PDF, două pagini"),
                lambda: brief(found, home, county=county, county_name=where, made_on=today,
                              plan=plans[-1] if plans else None),
                f"{name}.pdf", "application/pdf", key="cov_pdf",
            )  # fmt: skip


page()
