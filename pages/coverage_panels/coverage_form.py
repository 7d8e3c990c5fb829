"""The question of „Acoperire” on the application's screen: its fields, and the address that they are kept in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from core.i18n import _
from core.text import collation_key
from pages.common import markup
from providers.finder import search_terms
from providers.planning.coverage_measures import NAMED, default_measure, measure_label, measure_note
from providers.rules.wording import minute_words
from reports.planning.coverage_question import (
    COUNTY,
    MEASURE,
    MINUTES,
    REACHES,
    SCENARIO,
    SERVICE,
    USUAL_REACH,
    CoverageQuestion,
    parse_question,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.planning.coverage_question import ScenarioQuestion

TAB = "fila"
TABS = ("lipsuri", "ajutor", "vecini", "masuri")
_OURS = (SERVICE, COUNTY, MINUTES, MEASURE, SCENARIO, TAB)
_ADDRESS = "cov_address"
_LOADED = "cov_loaded"


def load_address(counties: Mapping[str, str], own_county: str | None) -> None:
    """Put what the address says into the fields, where it is not what the fields wrote there.

    Parameters
    ----------
    counties
        Names of the counties by their letters.
    own_county
        Letters of the only county that whoever looks may ask about; None = all.

    Raises
    ------
    UnknownCodeError, BadValueError, PersonalDataError
        As `reports.planning.coverage_question.parse_question`; the fields stay as they were.
    """
    values = {name: tuple(st.query_params.get_all(name)) for name in _OURS}
    if values != st.session_state.get(_ADDRESS):
        st.session_state[_ADDRESS] = values
        asked = parse_question(values, counties, own_county=own_county)
        st.session_state["cov_serviciu"] = asked.service or None
        st.session_state["cov_judet"] = asked.county
        st.session_state["cov_reach"] = asked.minutes
        st.session_state["cov_measured"], st.session_state["cov_measure"] = asked.service or None, asked.measure
        st.session_state["cov_tab"] = next((tab for tab in values[TAB] if tab in TABS), TABS[0])
        st.session_state[_LOADED] = asked.scenarios
    st.session_state.setdefault("cov_reach", USUAL_REACH)
    st.session_state.setdefault("cov_tab", TABS[0])
    if own_county:
        st.session_state["cov_judet"] = own_county


def loaded_scenarios() -> tuple[ScenarioQuestion, ...]:
    """Return, once, the scenarios that an address brought."""
    return cast("tuple[ScenarioQuestion, ...]", st.session_state.pop(_LOADED, ()))


def write_address(asked: CoverageQuestion, scenarios: tuple[ScenarioQuestion, ...]) -> None:
    """Put what is asked into the address, and keep what else stands there.

    Parameters
    ----------
    asked
        The question.
    scenarios
        Those kept for it.
    """
    by_name: dict[str, list[str]] = {}
    for name, value in replace(asked, scenarios=scenarios).fields():
        by_name.setdefault(name, []).append(value)
    if (tab := st.session_state.get("cov_tab")) in TABS[1:]:
        by_name[TAB] = [str(tab)]
    st.session_state[_ADDRESS] = {name: tuple(by_name.get(name, ())) for name in _OURS}
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    wanted = {name: values for name, values in now.items() if name not in _OURS} | by_name
    if now != wanted:
        plain: dict[str, Any] = {name: v[0] if len(v) == 1 else v for name, v in wanted.items()}
        st.query_params.from_dict(plain)


def ask_question(counties: Mapping[str, str], own_county: str | None) -> CoverageQuestion | None:
    """Draw the fields.

    Parameters
    ----------
    counties
        Names of the counties by their letters.
    own_county
        Letters of the only county that may be chosen; None = all.

    Returns
    -------
    CoverageQuestion or None
        None while no service is chosen.
    """
    known = search_terms.all_search_terms()
    words = {
        code: _("Nevoie: {name}").format(name=term.label) if term.is_need else term.label
        for code, term in known.items()
    }
    by_name = sorted(known.values(), key=lambda term: (term.is_need, collation_key(term.label)))
    choices = [own_county] if own_county else ["", *sorted(counties, key=lambda c: collation_key(counties[c]))]
    with st.container(key="hs-form"), st.container(key="hs-row-cov", horizontal=True):
        code = st.selectbox(
            _("Serviciul sau nevoia"), [term.code for term in by_name], index=None, key="cov_serviciu", width=560,
            format_func=words.__getitem__,
            placeholder=_("alegeți sau scrieți câteva litere"),
        )  # fmt: skip
        county = st.selectbox(
            _("Județul"), choices, key="cov_judet", width=210,
            format_func=lambda c: counties.get(c, _("toată țara")),
        )  # fmt: skip
        reach = st.selectbox(_("Timpul maxim"), REACHES, key="cov_reach", width=130, format_func=minute_words)
        if st.session_state.get("cov_measured") != code and code is not None:
            # Another service is shown first by the measure that its type has; a choice then stays.
            st.session_state["cov_measured"], st.session_state["cov_measure"] = code, default_measure(code)
        measure = st.selectbox(_("Ce măsurăm"), NAMED, key="cov_measure", width=170, format_func=measure_label)
    if code is None:
        return None
    st.html(markup.render_quiet(measure_note(code, measure)))
    return CoverageQuestion(code, county or "", int(reach), measure)


def tab_words(tab: str) -> str:
    """Name a part of the answer."""
    return {
        "lipsuri": _("Unde lipsește"), "ajutor": _("Ce ar ajuta"), "vecini": _("Vecini"),
        "masuri": _("Pentru specialiști"),
    }[tab]  # fmt: skip


def choose_tab() -> str:
    """Ask which part of the answer is shown."""
    chosen = st.segmented_control(
        _("Părțile răspunsului"), TABS, format_func=tab_words, key="cov_tab", label_visibility="collapsed",
        required=True,
    )  # fmt: skip
    return str(chosen or TABS[0])


def show_calls() -> None:
    """Turn to the part with the telephone calls; of a button."""
    st.session_state["cov_tab"] = "ajutor"
    st.session_state["cov_led"] = True


def was_led_to_calls() -> bool:
    """Whether the button just led to the calls, which then take the focus and come into view; said once."""
    return bool(st.session_state.pop("cov_led", False))
