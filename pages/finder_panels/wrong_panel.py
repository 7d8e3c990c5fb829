"""A wrong fact of a service: what it is, then the field that belongs to it; no first press sends anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from api.forms.form_fields import Fields
from api.forms.wrong_form import WrongForm, right_hint, wrong_choices
from core.i18n import _
from pages.common import markup, shared
from pages.finder_panels.action_state import NeedContext, RefusedFieldError, draw_trouble, safely, tell
from referrals.field import field_reports
from referrals.workflow import field_intake

if TYPE_CHECKING:
    from providers.finder.answer import Offer

_LONGEST_DAY = 20


def draw_wrong_panel(_asked: NeedContext, offer: Offer, here: str) -> None:
    """Draw the panel of „Greșit?”."""
    note = _("Unitatea județeană verifică, iar lista arată îndoiala de pe acum.")
    st.html(markup.render_panel_title(_("Ce este greșit?"), offer.name, note))
    words = dict(wrong_choices())
    what = st.radio(
        _("Ce este greșit?"),
        tuple(words),
        index=None,
        key="ce",
        format_func=words.__getitem__,
        label_visibility="collapsed",
    )
    draw_trouble(here, "ce")
    if what == "closed":
        for name, label in (("din", _("Din ziua")), ("pana", _("Până în ziua"))):
            st.text_input(label, key=name, max_chars=_LONGEST_DAY, placeholder=_("zz.ll.aaaa"))
        draw_trouble(here, "pana")
    elif what and (hint := right_hint(what)):
        st.text_input(hint, key="corect", max_chars=60)
        draw_trouble(here, "corect")
    st.button(
        _("Trimiteți"),
        key=f"send-{here}",
        type="primary",
        on_click=safely,
        args=(here, _report, here, offer.service_id),
    )


def _report(here: str, service_id: str) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        return
    pairs = [(name, st.session_state.get(name)) for name in ("ce", "corect", "din", "pana")]
    form = WrongForm.parse(Fields.from_pairs(pairs))
    if not isinstance(form, WrongForm):
        raise RefusedFieldError(form)
    field_intake.report_wrong(
        shared.directory(home), service_id, what=form.what, actor=actor, value=form.value, note=form.note
    )
    tell(here, _("Mulțumim. Sesizarea a fost transmisă: {what}.").format(what=field_reports.what_label(form.what)))
