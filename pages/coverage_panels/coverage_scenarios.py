"""Scenarios of „Acoperire”, kept in the session and in the address: named, deleted, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import streamlit as st

from core.i18n import _
from pages.common import markup, page_elements
from pages.coverage_panels import coverage_plan_html
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import PersonalDataError
from reports.planning.coverage_question import MOST_LETTERS, MOST_SCENARIOS

if TYPE_CHECKING:
    from providers.planning.county_plan import CountyPlan
    from reports.planning.coverage_question import CoverageQuestion, ScenarioQuestion

_KEPT, _DELETED, _COUNT, _SHOW = "cov_plans", "cov_deleted", "cov_count", "cov_show_next"
_REFUSED = "cov_name_refused"


@dataclass(frozen=True)
class Scenario:
    """A plan of this session.

    Attributes
    ----------
    number
        Never given twice.
    asked
        What was asked, with the name given by hand.
    plan
        The plan.
    """

    number: int
    asked: ScenarioQuestion
    plan: CountyPlan

    @property
    def name(self) -> str:
        """The name on screen."""
        return f"{self.number}. {self.asked.said or self.plan.title}"


def kept(asked: CoverageQuestion) -> list[Scenario]:
    """Return the scenarios of this session for this question, in the order in which they were made."""
    of = (asked.service, asked.county, asked.minutes, asked.basis)
    return [s for s in _all() if (s.plan.code, s.plan.county, s.plan.reach_minutes, s.plan.basis) == of]


def _all() -> list[Scenario]:
    return cast("list[Scenario]", st.session_state.get(_KEPT, []))


def keep(asked: ScenarioQuestion, made: CountyPlan, *, is_shown: bool = True) -> None:
    """Keep a plan; of more than fit an address the oldest goes.

    Parameters
    ----------
    asked
        What was asked, with its name.
    made
        What was found.
    is_shown
        Whether the map shows it at once.
    """
    number = int(st.session_state.get(_COUNT, 0)) + 1
    st.session_state[_COUNT] = number
    st.session_state[_KEPT] = [*_all(), Scenario(number, asked, made)][-MOST_SCENARIOS:]
    st.session_state.pop(_DELETED, None)
    if is_shown:
        st.session_state[_SHOW] = number


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
    """Show the scenarios kept, the newest first, each with its name to change and a way to delete it."""
    _undo()
    if _REFUSED in st.session_state:
        page_elements.refusal(st.session_state.pop(_REFUSED))
    if not scenarios:
        st.html(markup.render_quiet(_("Niciun scenariu încă: alegeți ce căutați și apăsați „Salvați scenariul”.")))
        return
    for scenario in reversed(scenarios):
        st.html(coverage_plan_html.render_plan(scenario.plan, scenario.name))
        _handle(scenario)


def _handle(scenario: Scenario) -> None:
    key = scenario.number
    with st.container(key=f"hs-row-scenario-{key}", horizontal=True):
        st.text_input(
            _("Numele scenariului {n}").format(n=key), value=scenario.asked.said, key=f"cov_name_{key}",
            max_chars=MOST_LETTERS, width=320, placeholder=_("de pildă: varianta ieftină"), on_change=_rename,
            args=(key,),
        )  # fmt: skip
        st.button(_("Ștergeți scenariul {n}").format(n=key), key=f"cov_delete_{key}", on_click=_delete, args=(key,))


def typed_name(key: str) -> str | None:
    """Return the name typed in a field; None where it says who a person is, which is then said on screen."""
    typed = str(st.session_state.get(key) or "")[:MOST_LETTERS]
    try:
        return refuse_personal(typed, field=_("Numele scenariului"))  # it is printed in files and stands in the address
    except PersonalDataError as error:
        st.session_state[_REFUSED] = error
        return None


def _rename(number: int) -> None:
    text = typed_name(f"cov_name_{number}")
    if text is not None:
        st.session_state[_KEPT] = [
            replace(s, asked=replace(s.asked, said=text)) if s.number == number else s for s in _all()
        ]


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
