"""„Acoperire”: where a service is out of reach or full, whom that leaves out, and what to do next about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, number
from core.text import collation_key
from pages.common import markup, shared
from pages.coverage_panels import coverage_html, coverage_plan, coverage_plan_html, coverage_scenarios
from pages.coverage_panels.coverage_downloads import downloads
from pages.coverage_panels.coverage_map_panel import CoverageMapQuery, draw_map
from providers.finder import search_terms
from providers.planning.coverage_border import neighbours
from providers.planning.coverage_measures import BASIS_OF, NAMED, default_measure, left_out_words
from providers.planning.coverage_tables import by_level, concentration, gaps, quantiles, report_ages, spread_of_minutes
from providers.rules.wording import average_words, minute_words, register_words
from referrals.records import roles
from reports.planning.coverage_files import source_lines
from reports.planning.waiting_people import waiting_people, waiting_words

if TYPE_CHECKING:
    import pandas as pd

    from core.storage.home import Home
    from pages.coverage_panels.coverage_scenarios import Scenario
    from providers.planning.coverage_measures import CoverageMeasure
    from providers.planning.coverage_tables import CoverageLevel
    from providers.planning.effective_coverage import Coverage
    from referrals.records.vocabulary import Actor

REACHES = (15, 30, 45, 60)
_MOST_GAPS = 20
_MOST_FLOWS = 12
_MOST_NEIGHBOURS = 30
_EVEN = 0.02  # a concentration index this near to 0 says that poor and rich are alike far (assumed)


def page() -> None:
    """Read the question, compute, draw; in words what cannot be."""
    st.html(
        markup.render_title(_("Acoperire"), _("Unde lipsește un serviciu, câte persoane rămân fără el și ce ar ajuta."))
    )
    home = shared.home()
    actor = shared.actor(home)
    asked = _question(home, shared.own_county(actor))
    if asked is None:
        st.html(_first_steps())
        return
    try:
        with st.spinner(_("Calculez pentru toată țara…")):
            found = shared.coverage(home, asked.code, reach_minutes=float(asked.reach), basis=asked.basis)
    except MapError as error:
        st.html(markup.render_notice(_("Nu se poate calcula deocamdată"), [str(error)]))
        return
    missing = [register_words(kind) for kind in shared.snapshot(home).catalogue.missing_kinds(found.types)]
    if missing:
        words = _("Registre încă neimportate aici: {names}. Fără ele, toate persoanele apar fără serviciu.")
        st.html(markup.render_notice(_("Nu avem încă toate datele"), [words.format(names=", ".join(missing))]))
    elif found.supply.services.empty and not found.is_protected:
        words = _("Niciun serviciu de acest tip nu este în registrele importate.")
        st.html(markup.render_notice(_("Niciun serviciu"), [words]))
    if found.areas["people"].sum() == 0:
        st.html(
            markup.render_notice(_("Nimeni nu are nevoie"), [_("După regula de mai jos nu este nimeni de numărat.")])
        )
    if found.is_protected:
        _protected(found, asked)
    else:
        _draw(home, found, asked, actor)
    st.html(markup.render_sources([], extra=source_lines(found)))


def _question(home: Home, only: str | None) -> CoverageMapQuery | None:
    known = search_terms.all_search_terms()
    counties = shared.gazetteer(home).counties
    names = dict(
        sorted(zip(counties["county"], counties["name"], strict=True), key=lambda pair: collation_key(pair[1]))
    )
    choices = [only] if only else ["", *names]
    for key, options in (("serviciu", known), ("judet", choices)):
        given = st.query_params.get(key)
        if given in options and f"cov_{key}" not in st.session_state:
            st.session_state[f"cov_{key}"] = given
    given = st.query_params.get("minute")
    st.session_state.setdefault("cov_reach", int(given) if given and given in map(str, REACHES) else REACHES[1])
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
                _("Timpul maxim"), REACHES, key="cov_reach", width=150,
                format_func=minute_words,
            )  # fmt: skip
            if st.session_state.get("cov_measured") != code and code is not None:
                # Another service is shown first by the measure that its type has; a choice then stays.
                st.session_state["cov_measured"], st.session_state["cov_measure"] = code, default_measure(code)
            measure = st.selectbox(
                _("Ce măsurăm"), coverage_html.MEASURES, key="cov_measure", width=220,
                format_func=coverage_html.measure_option,
            )  # fmt: skip
    if code is None:
        return None
    st.html(markup.render_quiet(coverage_html.measure_caption(measure)))
    basis = BASIS_OF[measure] if measure in NAMED else "now"
    return CoverageMapQuery(code, county or None, int(reach), basis, measure)


def _first_steps() -> str:
    return markup.render_steps(
        _("Cum începeți"),
        [
            _("Alegeți serviciul sau nevoia și județul."),
            _("Harta și lista arată unde rămân persoane fără serviciu sau fără loc și de ce."),
            _("Mai jos încercați ce ar ajuta: locuri în plus, un serviciu nou sau o echipă mobilă."),
        ],
        _("Cifrele despre oameni sunt estimări: fiecare are regula și sursa scrise în josul paginii."),
    )


def _protected(found: Coverage, asked: CoverageMapQuery) -> None:
    rows = by_level(found, "county" if asked.county else "national", county=asked.county)
    words = _("Serviciile cu adresă protejată se numără numai pe județ; nu au hartă, drum sau locuri pe ecran.")
    st.html(markup.render_notice(_("Adresă protejată"), [words]))
    st.html(coverage_html.render_main_figures(rows.iloc[0]))


def _draw(home: Home, found: Coverage, asked: CoverageMapQuery, actor: Actor | None) -> None:
    level: CoverageLevel = "uat" if asked.county else "county"
    rows = by_level(found, level, county=asked.county)
    whole = by_level(found, "county" if asked.county else "national", county=asked.county)
    if found.supply.has_unlimited and asked.measure.startswith("places"):
        st.html(
            markup.render_quiet(
                _("Aceste servicii primesc pe oricine: locurile la un om nu au sens. Alegeți altă măsură.")
            )
        )
    scenarios = coverage_scenarios.kept(asked.code, asked.county)
    with st.container(key="hs-wide"):
        left, right = st.columns([1.5, 1], gap="medium")
    with left:
        shown = coverage_scenarios.choose_shown(scenarios)
        draw_map(home, asked, rows, shown.plan if shown else None, travel=found.travel.basis)
    with right:
        st.html(coverage_html.render_main_figures(whole.iloc[0]))
        # markdown keeps the SVG of the chart, which st.html takes out; every text in it is escaped
        st.markdown(
            coverage_html.render_distribution(spread_of_minutes(found, county=asked.county)), unsafe_allow_html=True
        )
    _gap_list(home, found, asked)
    st.html(coverage_html.render_measures())
    _more(home, found, asked, rows)
    if asked.county and _may_plan(actor):
        coverage_plan.panel(found, asked.county)
        coverage_scenarios.listed(scenarios)
    elif asked.county:
        st.html(markup.render_quiet(_("Scenariile le pregătește unitatea județeană.")))
    else:
        st.html(markup.render_quiet(_("Pentru a încerca ce ar ajuta, alegeți un județ.")))
    if actor is not None and roles.reach(actor.role, "counts.read"):
        _waiting(home, found, asked, actor, shown)
    downloads(home, found, asked, shown)


def _may_plan(actor: Actor | None) -> bool:
    """Whether somebody plans services: a community team does not; in a demonstration anybody may try."""
    return actor is None or actor.role in ("county", "national", "admin")


def _waiting(home: Home, found: Coverage, asked: CoverageMapQuery, actor: Actor, shown: Scenario | None) -> None:
    """Show what the order of arrival loses; the ledger counts what this actor may see, and no more."""
    if actor.role == "county" and asked.county != actor.county:
        return
    waiting = waiting_people(
        found, shared.directory(home).ledger, actor=actor, now=datetime.now(UTC), county=asked.county or "",
        plan=shown.plan if shown else None,
    )  # fmt: skip
    st.html(coverage_plan_html.render_waiting(waiting_words(waiting, plan_title=shown.name if shown else "")))


def _gap_list(home: Home, found: Coverage, asked: CoverageMapQuery) -> None:
    measure: CoverageMeasure = asked.measure if asked.measure in NAMED else "free"
    ranked = gaps(found, county=asked.county, measure=measure)
    if ranked.empty:
        st.html(markup.render_notice(_("Nicio lipsă"), [_("După această măsură, nimeni nu rămâne fără acces.")]))
    else:
        names = {} if asked.county else _county_names(home)
        words = left_out_words(measure)
        st.html(coverage_html.render_gaps(ranked.head(_MOST_GAPS), len(ranked), names, words))


def _county_names(home: Home) -> dict[str, str]:
    counties = shared.gazetteer(home).counties
    return dict(zip(counties["county"], counties["name"], strict=True))


def _more(home: Home, found: Coverage, asked: CoverageMapQuery, rows: pd.DataFrame) -> None:
    names = _county_names(home)
    with st.expander(_("Toate unitățile, vechimea rapoartelor, persoane care se adresează altui județ")):
        st.html(coverage_html.render_report_ages(report_ages(found, county=asked.county)))
        st.html(markup.render_quiet(" ".join(_spread_words(found, asked))))
        if asked.county:
            _neighbours(found, asked.county, names)
        flows = found.flows[found.flows["from_county"] != found.flows["to_county"]]
        if asked.county:
            flows = flows[(flows["from_county"] == asked.county) | (flows["to_county"] == asked.county)]
        flows = flows[flows["people"] >= 0.05].sort_values("people", ascending=False)  # noqa: PLR2004 - prints as 0,1
        if flows.empty:
            st.html(markup.render_quiet(_("Nicio persoană nu se adresează altui județ pentru un loc.")))
        else:
            st.html(coverage_html.render_flows(flows.head(_MOST_FLOWS), names))
        table = rows if asked.county else rows.assign(name=rows["county"].map(names))
        st.html(coverage_html.render_levels(table, "name", asked.basis, caption=_("Toate unitățile")))


def _neighbours(found: Coverage, county: str, names: dict[str, str]) -> None:
    """Show what the neighbours offer: their services within reach of this county's people, who may go there."""
    offered = neighbours(found, county)
    if offered.empty:
        st.html(
            markup.render_quiet(
                _("Niciun serviciu al altui județ nu este accesibil persoanelor de aici în timpul maxim.")
            )
        )
        return
    st.html(coverage_html.render_neighbours(offered.head(_MOST_NEIGHBOURS), names))


def _spread_words(found: Coverage, asked: CoverageMapQuery) -> list[str]:
    said = []
    parts = quantiles(found, (0.1, 0.5, 0.9), county=asked.county)
    if parts:
        a, b, c = (average_words(v) for v in parts)
        said.append(
            _("10 % dintre persoane ajung în cel mult {a}, 50 % în cel mult {b}, 90 % în cel mult {c}.").format(
                a=a, b=b, c=c
            )
        )
    index = concentration(found, county=asked.county)
    if index is not None:
        even = _("Persoanele din zonele marginalizate și celelalte au de parcurs distanțe similare")
        words = (
            even
            if abs(index) < _EVEN
            else (
                _("Persoanele din zonele marginalizate sunt mai departe")
                if index < 0
                else _("Persoanele din zonele marginalizate sunt mai aproape")
            )
        )
        said.append(_("{words} (indice de concentrare {n}).").format(words=words, n=number(index, 2)))
    return said


page()
