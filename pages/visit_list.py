"""„Lista pentru persoană”: services kept for one visit, in the order chosen, and their sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from api.visit_list import entries_of, step_words
from api.visit_list.visit_list_pages import ADDRESS, SHEET
from core.i18n import _
from core.templating import render_macro
from pages.common import markup, shared
from pages.common.screen_wording import action_label
from pages.common.sitemap import FINDER, LIST
from referrals.visit_list import change_list, list_kept, offered_languages

if TYPE_CHECKING:
    from api.visit_list import ListEntry

_DONE = "list-done"
_TEMPLATE = "screen/visit_list.html"


def page() -> None:
    """Show the list of this session with the steps that may be taken, and lead to its sheet."""
    purpose = _("Servicii păstrate împreună pentru o vizită. Pe foaie nu este nimic despre persoană.")
    st.html(markup.render_title(_("Lista pentru persoană"), purpose))
    home = shared.home()
    if shared.actor(home) is None:
        st.html(markup.render_sign_in(is_demo=home.is_demo, onward=f"/{LIST}"))
        return
    if done := st.session_state.pop(_DONE, ""):
        st.html(markup.render_done(done))
    kept = list_kept(shared.session_id(home))
    if kept.before is not None:
        st.button(_("Anulați ultimul pas"), key="list-undo", on_click=_step, args=("inapoi",))
    entries = entries_of(shared.directory(home), kept.services, shared.origin())
    if not entries:
        advice = _("La un serviciu, apăsați „Păstrați pe listă”.")
        st.html(markup.render_notice(_("Lista este goală."), [advice]))
        st.html(markup.render_link(f"/{FINDER}", _("Găsiți un serviciu")))
        return
    st.html(render_macro(_TEMPLATE, "sheets", SHEET, [(each.code, each.name) for each in offered_languages()], ADDRESS))
    for place, entry in enumerate(entries, start=1):
        _draw(place, entry, is_last=place == len(entries))
    st.html(markup.render_quiet(_("Locurile se schimbă: sunați înainte de a porni.")))
    st.button(_("Goliți lista"), key="list-empty", on_click=_step, args=("goleste",))
    words = _("Goliți lista înainte de persoana următoare. După patru ore fără niciun pas se golește singură.")
    st.html(markup.render_quiet(words))


def _draw(place: int, entry: ListEntry, *, is_last: bool) -> None:
    st.html(render_macro(_TEMPLATE, "entry", place, entry))
    one = entry.service
    with st.container(horizontal=True, key=f"hs-row-list-{place}"):
        steps = (
            ("sus", _("Mai sus"), place > 1),
            ("jos", _("Mai jos"), not is_last),
            ("scoate", _("Scoateți"), True),
        )
        for step, words, is_there in steps:
            if is_there:
                # The step names the service, not its place: pressed twice on a slow network it moves no other one.
                args = (step, one.service_id)
                st.button(action_label(words, one.name), key=f"list-{step}-{place}", on_click=_step, args=args)


def _step(step: str, service_id: str = "") -> None:
    shared.activate_language()
    change_list(shared.session_id(shared.home()), step, service_id)
    st.session_state[_DONE] = step_words(step)


page()
