"""What can be done with a service of an answer: refer, note what a call told, say that a fact is wrong.

Every step is taken in a callback, before the page is drawn anew: the answer below is already the one after
it, and a service that has left the list meanwhile still gets its word. Who may do what is the ledger's own
decision; here a button that would be refused is only not drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from api.http.service_links import FROM_FINDER, service_address
from core.i18n import _
from pages.common import markup, screen_wording, shared
from pages.common.screen_wording import action_label
from pages.common.sitemap import LIST
from pages.finder_panels import reach_on_map
from pages.finder_panels.action_state import (
    NeedContext,
    draw_trouble,
    may_refer,
    offer_key,
    open_panel,
    safely,
    toggle_panel,
)
from pages.finder_panels.call_panel import draw_call_panel, draw_told
from pages.finder_panels.refer_panel import CreatedReferral, FailedReferral, draw_made, draw_refer_panel, refer
from pages.finder_panels.wrong_panel import draw_wrong_panel
from providers.finder.answer import Result
from providers.finder.instructions import takes_referrals
from providers.rules.travel_words import time_words
from referrals.records import roles
from referrals.visit_list import keep_service, list_kept, need_to_keep
from referrals.workflow import referral_offers

if TYPE_CHECKING:
    from providers.finder.answer import Offer
    from referrals.records.vocabulary import Actor
    from referrals.workflow.field_intake import CallNoted

_PANELS = {"refer": draw_refer_panel, "places": draw_call_panel, "wrong": draw_wrong_panel}


def draw(asked: NeedContext, offer: Offer) -> None:
    """Draw the buttons of one service, and the panel of the one that was pressed.

    Parameters
    ----------
    asked
        The question, its answer and who asks.
    offer
        The service; one of a protected address has no buttons.
    """
    actor, here = asked.actor, offer_key(asked.number, offer.service_id)
    if offer.is_secret or not offer.service_id or (actor is None and not isinstance(offer, Result)):
        return
    with st.container(key=f"hs-acts-{here}", horizontal=True):
        if actor is not None:
            _draw_field_buttons(asked, actor, offer, here)
            _draw_keep(asked, offer, here)
        reach_on_map.draw_buttons(here, offer)
        page = f"{service_address(offer.service_id)}?{FROM_FINDER}"
        st.html(markup.render_link(page, _("Pagina serviciului")), width="content")
    if actor is None:
        return
    call_noted: CallNoted | None = st.session_state.get("told", {}).get(here)
    if call_noted:
        draw_told(here, call_noted, offer.name, may_refer=_may_refer_here(asked, actor, offer))
    made: CreatedReferral | None = st.session_state.get("made", {}).get(here)
    number = st.session_state.get("referred", {}).get(offer.service_id)
    if made is not None:
        draw_made(here, made)
    elif number:
        st.html(markup.render_link(f"/simplu/referire/{number}", _("referit azi: {number}").format(number=number)))
    if what := open_panel(here):
        with st.container(border=True, key=f"hs-do-{here}"):
            _PANELS[what](asked, offer, here)
            draw_trouble(here)
            st.button(_("Închideți"), key=f"close-{here}", on_click=toggle_panel, args=(here, what), type="tertiary")
    else:
        draw_trouble(here)


def _may_refer_here(asked: NeedContext, actor: Actor, offer: Offer) -> bool:
    return takes_referrals(offer) and may_refer(actor, asked.answer.query)


def _draw_field_buttons(asked: NeedContext, actor: Actor, offer: Offer, here: str) -> None:
    if _may_refer_here(asked, actor, offer):
        _panel_button(here, "refer", _("Referiți"), offer.name)
    if roles.allows(actor, "capacity.report", roles.NATION):
        _panel_button(here, "places", _("Am sunat"), offer.name)
    if roles.allows(actor, "field.report", roles.NATION):
        _panel_button(here, "wrong", _("Ceva este greșit"), offer.name)


def _draw_keep(asked: NeedContext, offer: Offer, here: str) -> None:
    """Draw the button that puts a service on the list for a person, or the way to the list."""
    kept = list_kept(shared.session_id(shared.home())).services
    if any(each.service_id == offer.service_id for each in kept):
        st.html(markup.render_link(f"/{LIST}", _("Este pe lista pentru persoană")), width="content")
        return
    label = action_label(_("Păstrați pe listă"), offer.name)
    need = need_to_keep(offer.service_type, asked.answer.query.wanted)
    st.button(label, key=f"keep-{here}", on_click=safely, args=(here, _keep, offer.service_id, need))


def _keep(service_id: str, need: str) -> None:
    keep_service(shared.session_id(shared.home()), service_id, need=need)


def show_notices(asked: NeedContext) -> None:
    """Say above the list what concerns services that are no longer in it, and offer the next best."""
    there = {offer_key(asked.number, offer.service_id) for offer in referral_offers.offers(asked.answer)}
    for here, made in st.session_state.get("made", {}).items():
        if made.number == asked.number and here not in there:
            draw_made(here, made)
    for here, value in st.session_state.get("told", {}).items():
        if here.startswith(f"{asked.number}-") and here not in there:
            draw_told(here, value, "", may_refer=False)
            draw_trouble(here)
    lost: FailedReferral | None = st.session_state.get("lost")
    if lost is None or lost.number != asked.number:
        return
    st.html(markup.render_notice(_("Locul a fost luat între timp"), [lost.words], kind="refusal"))
    after = next((r for r in asked.answer.visited if r.service_id != lost.service_id and takes_referrals(r)), None)
    if after is None:
        return
    st.html(markup.render_quiet(_next_words(after)))
    st.button(
        _("Referiți la {name}").format(name=screen_wording.label_text(after.name)),
        key=f"next-best-{asked.number}",
        type="primary",
        on_click=safely,
        args=(offer_key(asked.number, after.service_id), refer, asked.number, asked.answer.query, after.service_id),
        kwargs={"agreement": lost.agreement},
    )


def _next_words(after: Result) -> str:
    text = _("Următorul potrivit: {name}, la {minutes}. Acordul dat rămâne valabil.")
    return text.format(name=after.name, minutes=time_words(after.minutes, after.travel))


def _panel_button(here: str, what: str, words: str, name: str) -> None:
    st.button(
        action_label(words, name),
        key=f"{what}-{here}",
        type="primary" if what == "refer" else "secondary",
        on_click=toggle_panel,
        args=(here, what),
    )
