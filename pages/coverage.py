"""„Acoperire”: where a service is out of reach or full, whom that leaves out, and what to do next about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, number
from pages.common import markup, page_elements, shared
from pages.coverage_panels import (
    coverage_calls,
    coverage_form,
    coverage_html,
    coverage_plan,
    coverage_plan_html,
    coverage_scenarios,
)
from pages.coverage_panels.coverage_downloads import downloads
from pages.coverage_panels.coverage_map_panel import draw_map
from providers.planning.candidate_sites import neighbour_services
from providers.planning.coverage_tables import by_level, concentration, quantiles, report_ages, spread_of_minutes
from providers.rules.wording import average_words, register_words
from referrals.records import roles
from reports.planning.coverage_answer import coverage_answer
from reports.planning.coverage_files import source_lines
from reports.planning.coverage_question import COUNTY, CoverageQuestion, other_county_words
from reports.planning.kept_plans import may_plan
from reports.planning.waiting_people import waiting_people, waiting_words

if TYPE_CHECKING:
    import pandas as pd

    from core.storage.home import Home
    from pages.coverage_panels.coverage_scenarios import Scenario
    from providers.planning.coverage_tables import CoverageLevel
    from providers.planning.effective_coverage import Coverage
    from referrals.records.vocabulary import Actor
    from reports.planning.coverage_answer import CoverageAnswer

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
    own, names = shared.own_county(actor), _county_names(home)
    if words := other_county_words(st.query_params.get(COUNTY, ""), names, own_county=own):
        st.html(markup.render_quiet(words))
    try:
        coverage_form.load_address(names, own)
    except MapError as error:
        page_elements.refusal(error)
    asked = coverage_form.ask_question(names, own)
    if asked is None:
        coverage_form.write_address(CoverageQuestion("", own or str(st.session_state.get("cov_judet") or "")), ())
        st.html(_first_steps())
        return
    try:
        with st.spinner(_("Calculez pentru toată țara…")):
            found = shared.coverage(home, asked.service, reach_minutes=float(asked.minutes), basis=asked.basis)
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
    if found.is_protected:
        _protected(found, asked)
        coverage_form.write_address(asked, ())
    else:
        _draw(home, found, asked, actor)
    st.html(markup.render_sources([], extra=source_lines(found)))


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


def _protected(found: Coverage, asked: CoverageQuestion) -> None:
    rows = by_level(found, "county" if asked.county else "national", county=asked.county or None)
    words = _("Serviciile cu adresă protejată se numără numai pe județ; nu au hartă, drum sau locuri pe ecran.")
    st.html(markup.render_notice(_("Adresă protejată"), [words]))
    st.html(coverage_html.render_main_figures(rows.iloc[0]))


def _draw(home: Home, found: Coverage, asked: CoverageQuestion, actor: Actor | None) -> None:
    county, names = asked.county or None, _county_names(home)
    is_planned = bool(county) and may_plan(actor)
    if is_planned:
        coverage_plan.compute_loaded(home, found, asked)
    scenarios = coverage_scenarios.kept(asked) if is_planned else []
    coverage_form.write_address(asked, tuple(s.asked for s in scenarios))
    level: CoverageLevel = "uat" if county else "county"
    rows = by_level(found, level, county=county)
    plans = [(s.name, s.plan) for s in scenarios]
    answer = coverage_answer(found, asked, county_names=names, plans=plans)
    tab = str(st.session_state.get("cov_tab") or coverage_form.TABS[0])
    special = str(st.session_state.get("cov_special") or "") if tab == "masuri" else ""
    with st.container(key="hs-wide"):
        left, right = st.columns([7, 5], gap="medium")
    # The numbers first: on a telephone the columns stand under each other, and style.css puts the answer above the map.
    with right, st.container(key="hs-cov-answer"):
        st.html(coverage_html.render_answer(answer, f"{asked.service}|{asked.county}"))
        if answer.calls:
            st.button(_("Vedeți telefoanele"), key="cov_see_calls", on_click=coverage_form.show_calls)
        shown = coverage_scenarios.choose_shown(scenarios)
    with left:
        draw_map(home, found, asked, rows, shown.plan if shown else None, special=special)
    tab = coverage_form.choose_tab()
    if tab == "ajutor":
        _help(home, found, asked, answer, scenarios, actor, shown)
    elif tab == "vecini":
        _over_the_border(found, asked, names)
    elif tab == "masuri":
        _special(found, asked, rows, names)
    else:
        _missing(found, asked, answer, rows, names)
    downloads(home, found, asked, shown)


def _missing(
    found: Coverage, asked: CoverageQuestion, answer: CoverageAnswer, rows: pd.DataFrame, names: dict[str, str]
) -> None:
    """Show where the service is missing: the gaps with their reasons, people by minutes, every unit."""
    if answer.gaps:
        st.html(coverage_html.render_gaps(answer))
    else:
        st.html(markup.render_notice(_("Nicio lipsă"), [_("După această măsură, nimeni nu rămâne fără acces.")]))
    # markdown keeps the SVG of the chart, which st.html takes out; every text in it is escaped
    spread = spread_of_minutes(found, county=asked.county or None)
    st.markdown(coverage_html.render_distribution(spread), unsafe_allow_html=True)
    with st.expander(_("Toate unitățile")):
        table = rows if asked.county else rows.assign(name=rows["county"].map(names))
        st.html(coverage_html.render_levels(table, "name", asked.basis, caption=_("Toate unitățile")))


def _help(
    home: Home,
    found: Coverage,
    asked: CoverageQuestion,
    answer: CoverageAnswer,
    scenarios: list[Scenario],
    actor: Actor | None,
    shown: Scenario | None,
) -> None:
    """Show what would help: the telephone calls first, then plans, side by side."""
    if not asked.county:
        st.html(markup.render_quiet(_("Pentru a încerca ce ar ajuta, alegeți un județ.")))
    else:
        coverage_calls.draw(home, answer, actor)
        if scenarios:
            st.html(coverage_html.render_plan_table(answer))
        if may_plan(actor):
            coverage_plan.panel(home, found, asked)
            coverage_scenarios.listed(scenarios)
        else:
            st.html(markup.render_quiet(_("Scenariile le pregătește unitatea județeană.")))
    if actor is not None and roles.reach(actor.role, "counts.read"):
        _waiting(home, found, asked, actor, shown)


def _waiting(home: Home, found: Coverage, asked: CoverageQuestion, actor: Actor, shown: Scenario | None) -> None:
    """Show what the order of arrival loses; the ledger counts what this actor may see, and no more."""
    if actor.role == "county" and asked.county != actor.county:
        return
    waiting = waiting_people(
        found, shared.directory(home).ledger, actor=actor, now=datetime.now(UTC), county=asked.county,
        plan=shown.plan if shown else None,
    )  # fmt: skip
    st.html(coverage_plan_html.render_waiting(waiting_words(waiting, plan_title=shown.name if shown else "")))


def _county_names(home: Home) -> dict[str, str]:
    counties = shared.gazetteer(home).counties
    return dict(zip(counties["county"], counties["name"], strict=True))


def _over_the_border(found: Coverage, asked: CoverageQuestion, names: dict[str, str]) -> None:
    """Show what the neighbours offer, and who turns to whom over a border."""
    if asked.county:
        _neighbours(found, asked.county, names)
    flows = found.flows[found.flows["from_county"] != found.flows["to_county"]]
    if asked.county:
        flows = flows[(flows["from_county"] == asked.county) | (flows["to_county"] == asked.county)]
    flows = flows[flows["people"] >= 0.05].sort_values("people", ascending=False)  # noqa: PLR2004 - less is nobody
    if flows.empty:
        st.html(markup.render_quiet(_("Nicio persoană nu se adresează altui județ pentru un loc.")))
    else:
        st.html(coverage_html.render_flows(flows.head(_MOST_FLOWS), names))


def _special(found: Coverage, asked: CoverageQuestion, rows: pd.DataFrame, names: dict[str, str]) -> None:
    """Show what specialists ask for: every figure, other measures on the map, the spread, the age of reports."""
    st.selectbox(
        _("Pe hartă"), ("", *coverage_html.SPECIAL), key="cov_special", width=320,
        format_func=coverage_html.measure_option,
    )  # fmt: skip
    if found.supply.has_unlimited and str(st.session_state.get("cov_special")).startswith("places"):
        st.html(
            markup.render_quiet(
                _("Aceste servicii primesc pe oricine: locurile la un om nu au sens. Alegeți altă măsură.")
            )
        )
    county = asked.county or None
    whole = by_level(found, "county" if county else "national", county=county)
    st.html(coverage_html.render_main_figures(whole.iloc[0]))
    st.html(coverage_html.render_report_ages(report_ages(found, county=county)))
    st.html(markup.render_quiet(" ".join(_spread_words(found, asked))))
    table = rows if county else rows.assign(name=rows["county"].map(names))
    with st.expander(_("Toate unitățile")):
        st.html(coverage_html.render_special(table, caption=_("Locuri la 1.000 de oameni")))
    st.html(coverage_html.render_measures())


def _neighbours(found: Coverage, county: str, names: dict[str, str]) -> None:
    """Show what the neighbours offer: their services within reach of this county's people, who may go there."""
    offered = neighbour_services(found, county)
    if offered.empty:
        st.html(
            markup.render_quiet(
                _("Niciun serviciu al altui județ nu este accesibil persoanelor de aici în timpul maxim.")
            )
        )
        return
    st.html(coverage_html.render_neighbours(offered.head(_MOST_NEIGHBOURS), names))


def _spread_words(found: Coverage, asked: CoverageQuestion) -> list[str]:
    items = []
    parts = quantiles(found, (0.1, 0.5, 0.9), county=asked.county or None)
    if parts:
        a, b, c = (average_words(v) for v in parts)
        items.append(
            _("10 % dintre persoane ajung în cel mult {a}, 50 % în cel mult {b}, 90 % în cel mult {c}.").format(
                a=a, b=b, c=c
            )
        )
    index = concentration(found, county=asked.county or None)
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
        items.append(_("{words} (indice de concentrare {n}).").format(words=words, n=number(index, 2)))
    return items


page()
