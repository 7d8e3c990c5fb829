"""Scenarios of „Acoperire”, kept in the session: named, put side by side, deleted, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import streamlit as st

from core.i18n import _
from pages.common import markup, page_elements
from pages.coverage_panels import coverage_plan_html
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import PersonalDataError

if TYPE_CHECKING:
    from providers.planning.county_plan import CountyPlan

_KEPT, _DELETED, _COUNT, _SHOW = "cov_plans", "cov_deleted", "cov_count", "cov_show_next"
_REFUSED = "cov_name_refused"
MOST = 8
MOST_LETTERS = 60


@dataclass(frozen=True)
class Scenario:
    """A plan of this session.

    Attributes
    ----------
    number
        Never given twice.
    plan
        The plan.
    said
        Name given by hand; empty where none was.
    """

    number: int
    plan: CountyPlan
    said: str = ""

    @property
    def name(self) -> str:
        """The name on screen."""
        return f"{self.number}. {self.said or self.plan.title}"


def kept(code: str, county: str | None) -> list[Scenario]:
    """Return the scenarios of this session for this question, in the order in which they were made."""
    return [s for s in _all() if (s.plan.code, s.plan.county) == (code, county)]


def _all() -> list[Scenario]:
    return cast("list[Scenario]", st.session_state.get(_KEPT, []))


def keep(made: CountyPlan) -> None:
    """Keep a plan; of more than MOST the oldest goes."""
    number = int(st.session_state.get(_COUNT, 0)) + 1
    st.session_state[_COUNT] = number
    st.session_state[_KEPT] = [*_all(), Scenario(number, made)][-MOST:]
    st.session_state.pop(_DELETED, None)
    st.session_state[_SHOW] = number  # what was just found is what the map shows


def choose_shown(scenarios: list[Scenario]) -> Scenario | None:
    """Ask which state the map shows: now, or after a scenario."""
    if not scenarios:
        return None
    names = {0: _("acum"), **{s.number: _("după {name}").format(name=s.name) for s in scenarios}}
    wanted = st.session_state.pop(_SHOW, st.session_state.get("cov_shown", 0))
    st.session_state["cov_shown"] = wanted if wanted in names else 0
    at = st.selectbox(_("Harta arată"), list(names), format_func=lambda n: names.get(n, ""), key="cov_shown")
    return next((s for s in scenarios if s.number == at), None)


def listed(scenarios: list[Scenario]) -> None:
    """Show the scenarios kept, each with its name to change and a way to delete it; two of them side by side."""
    _undo()
    if _REFUSED in st.session_state:
        page_elements.refusal(st.session_state.pop(_REFUSED))
    if not scenarios:
        st.html(markup.render_quiet(_("Niciun scenariu încă: alegeți ce căutați și apăsați „Calculați”.")))
        return
    if len(scenarios) > 1:
        names = {s.number: s.name for s in scenarios}
        with st.container(key="hs-row-compare", horizontal=True):
            first = st.selectbox(_("Comparați"), list(names), format_func=lambda n: names.get(n, ""), key="cov_first")
            second = st.selectbox(
                _("cu"), list(names), index=len(names) - 1, format_func=lambda n: names.get(n, ""), key="cov_second"
            )
        of = {s.number: s for s in scenarios}
        if first in of and second in of:
            st.html(coverage_plan_html.render_comparison(*((of[n].plan, of[n].name) for n in (first, second))))
    for scenario in reversed(scenarios):
        st.html(coverage_plan_html.render_plan(scenario.plan, scenario.name))
        _handle(scenario)


def _handle(scenario: Scenario) -> None:
    key = scenario.number
    with st.container(key=f"hs-row-scenario-{key}", horizontal=True):
        st.text_input(
            _("Numele scenariului"), value=scenario.said, key=f"cov_name_{key}", max_chars=MOST_LETTERS, width=320,
            placeholder=_("de pildă: varianta ieftină"), on_change=_rename, args=(key,),
        )  # fmt: skip
        st.button(_("Ștergeți scenariul {n}").format(n=key), key=f"cov_delete_{key}", on_click=_delete, args=(key,))


def _rename(number: int) -> None:
    typed = str(st.session_state.get(f"cov_name_{number}", ""))[:MOST_LETTERS]
    try:
        said = refuse_personal(typed, field=_("Numele scenariului"))  # it is printed in the files of the plan
    except PersonalDataError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state[_KEPT] = [replace(s, said=said) if s.number == number else s for s in _all()]


def _delete(number: int) -> None:
    st.session_state[_DELETED] = next((s for s in _all() if s.number == number), None)
    st.session_state[_KEPT] = [s for s in _all() if s.number != number]


def _undo() -> None:
    """Offer to take the last deletion back."""
    gone = cast("Scenario | None", st.session_state.get(_DELETED))
    if gone is None:
        return
    st.html(markup.render_done(_("Scenariul „{name}” a fost șters.").format(name=gone.name)))
    st.button(_("Restaurați"), key="cov_undo", on_click=_restore)


def _restore() -> None:
    gone = cast("Scenario | None", st.session_state.pop(_DELETED, None))
    if gone is not None:
        st.session_state[_KEPT] = sorted([*_all(), gone], key=lambda s: s.number)
