"""The telephone calls of „Acoperire”: whom to call, and what was said, noted as a report of places."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.places_form import PlacesForm
from core.errors import MapError
from core.i18n import _
from pages.common import markup, shared
from pages.common.call_taps import draw_call_taps, draw_undo, forget_typed
from pages.coverage_panels import coverage_form, coverage_html
from referrals.records import roles
from referrals.workflow import field_intake
from referrals.workflow.field_intake import CallNoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.storage.home import Home
    from referrals.records.vocabulary import Actor
    from reports.planning.coverage_answer import CallLine, CoverageAnswer

_TOLD = "cov_told"


def draw(home: Home, answer: CoverageAnswer, actor: Actor | None) -> None:
    """List the calls, and let who may note what a call told.

    Parameters
    ----------
    home
        Where it is noted.
    answer
        The answer on screen.
    actor
        Who is at the screen.
    """
    st.html(coverage_html.render_calls(answer, is_led_to=coverage_form.was_led_to_calls()))
    if actor is None or not roles.allows(actor, "capacity.report", roles.NATION):
        return
    if answer.calls:
        _draw_taps(home, answer, actor)
    _draw_told(home, actor)


def _draw_taps(home: Home, answer: CoverageAnswer, actor: Actor) -> None:
    by_id = {call.service_id: call for call in answer.calls}
    st.html(markup.render_heading(_("Am sunat: ce a spus?")))
    with st.container(key="hs-form-call"):
        called = st.selectbox(
            _("La cine ați sunat?"), list(by_id), format_func=lambda each: _call_words(by_id[each]), key="cov_called"
        )
        draw_call_taps(
            "cov",
            note=partial(_note, home, actor, str(called)),
            note_call=partial(_note_call, home, actor, str(called)),
        )


def _draw_told(home: Home, actor: Actor) -> None:
    """Say what was noted, with the way back from a slip of the finger."""
    outcome: CallNoted | MapError | None = st.session_state.pop(_TOLD, None)
    if isinstance(outcome, MapError):
        st.html(markup.render_notice(_("Nu s-a notat"), [str(outcome)], kind="refusal"))
    elif outcome is not None:
        st.html(markup.render_done(outcome.words))
        draw_undo(outcome, "cov", outcome.words, partial(_take_back, home, actor))


def _call_words(call: CallLine) -> str:
    return f"{call.order}. {call.name}"


def _note(home: Home, actor: Actor, service_id: str, status: str, free: int | None) -> None:
    """Write down what was said of places; the directory checks the role again."""

    def act() -> CallNoted:
        form = PlacesForm.of(status, free)
        noted = field_intake.note_places(
            shared.directory(home), service_id, status=form.status, free=form.free, actor=actor
        )
        forget_typed()
        return replace(noted, words=f"{noted.words} {_('Cifrele de sus țin seama de ce ați aflat.')}")

    _tell(act)


def _note_call(home: Home, actor: Actor, service_id: str, outcome: str) -> None:
    _tell(lambda: field_intake.note_call(shared.directory(home), service_id, outcome=outcome, actor=actor))


def _take_back(home: Home, actor: Actor, call_noted: CallNoted) -> None:
    _tell(
        lambda: CallNoted(
            field_intake.take_back(
                shared.directory(home), report_id=call_noted.report_id, unanswered=call_noted.unanswered, actor=actor
            )
        )
    )


def _tell(act: Callable[[], CallNoted]) -> None:
    """Take a step and keep what is said of it for the page that is drawn next."""
    shared.activate_language()
    try:
        st.session_state[_TOLD] = act()
    except MapError as error:
        st.session_state[_TOLD] = error
