"""The telephone calls of „Acoperire”: whom to call, and what was said, noted as a report of places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from api.forms.form_fields import Fields
from api.forms.places_form import MOST_PLACES, PlacesForm, status_choices
from core.errors import MapError
from core.i18n import _
from pages.common import markup, shared
from pages.coverage_panels import coverage_html
from referrals.records import roles
from referrals.workflow import field_intake

if TYPE_CHECKING:
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
    st.html(coverage_html.render_calls(answer))
    if _TOLD in st.session_state:
        is_done, words = st.session_state.pop(_TOLD)
        st.html(
            markup.render_done(words) if is_done else markup.render_notice(_("Nu s-a notat"), [words], kind="refusal")
        )
    if actor is None or not answer.calls or not roles.allows(actor, "capacity.report", roles.NATION):
        return
    by_id = {call.service_id: call for call in answer.calls}
    words = dict(
        [*status_choices(), *((each, field_intake.outcome_label(each)) for each in field_intake.CALL_OUTCOMES)]
    )
    with st.expander(_("Am sunat: notați ce ați aflat")), st.container(key="hs-row-call", horizontal=True):
        st.selectbox(
            _("La cine ați sunat?"), list(by_id), format_func=lambda each: _call_words(by_id[each]), key="cov_called",
            width=420,
        )  # fmt: skip
        st.selectbox(_("Ce a spus?"), list(words), format_func=words.__getitem__, key="cov_said", width=260)
        if st.session_state.get("cov_said") == "free":
            st.number_input(_("Câte locuri libere?"), 0, MOST_PLACES, None, key="cov_free", width=190)
        st.button(_("Notați"), key="cov_note", on_click=_note, args=(home, actor))


def _call_words(call: CallLine) -> str:
    return f"{call.order}. {call.name}"


def _note(home: Home, actor: Actor) -> None:
    """Write down what was said; the directory checks the role again."""
    directory = shared.directory(home)
    service_id, status = str(st.session_state["cov_called"]), str(st.session_state["cov_said"])
    free = st.session_state.get("cov_free")
    try:
        if status in field_intake.CALL_OUTCOMES:
            done = field_intake.note_call(directory, service_id, outcome=status, actor=actor)
        else:
            pairs = [("stare", status), ("locuri", "" if free is None else str(int(free)))]
            said = PlacesForm.parse(Fields.from_pairs(pairs))
            if not isinstance(said, PlacesForm):
                st.session_state[_TOLD] = (False, said.words)
                return
            field_intake.note_places(directory, service_id, status=said.status, free=said.free, actor=actor)
            done = _("Am notat. Cifrele de sus țin seama de ce ați aflat.")
    except MapError as error:
        st.session_state[_TOLD] = (False, str(error))
        return
    st.session_state[_TOLD] = (True, done)
