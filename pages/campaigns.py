"""„Campanii de locuri”: providers asked for their places at once, who answered, whom to call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import streamlit as st

from core.errors import MapError
from core.i18n import _, ngettext, number
from core.paging import PageOfMany
from core.text import collation_key
from pages.campaign_panels import draw_asked, draw_upload
from pages.common import campaign_markup, markup, shared
from pages.common.page_elements import draw_pages
from pages.common.screen_wording import label_text
from referrals.campaigns import campaign_steps, campaign_view
from referrals.campaigns.asked_services import asked_types
from referrals.records import roles
from reports.campaigns.campaign_files import FILE_KINDS, campaign_file

if TYPE_CHECKING:
    from referrals.campaigns.campaign_view import CampaignName
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_DONE, _NUMBER = "campaign-done", "campanie"


def page() -> None:
    """Draw the campaigns of whoever runs some: the open one first, then a new one, then all others."""
    st.html(
        markup.render_title(
            _("Campanii de locuri"), _("Cereți dintr-o dată furnizorilor locurile libere, fiecăruia printr-un link.")
        )
    )
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        st.html(markup.render_sign_in(is_demo=home.is_demo, onward="/campanii"))
        return
    if roles.reach(actor.role, "campaign.run") == "":
        words = _("Campaniile le pornește unitatea județeană sau administratorul.")
        st.html(markup.render_notice(_("Nu este pentru rolul dumneavoastră"), [words]))
        return
    directory = shared.directory(home)
    if done := st.session_state.pop(_DONE, ""):
        st.html(markup.render_done(done))
    every = campaign_view.campaign_names(directory, actor=actor)
    chosen = _chosen(every)
    if chosen:
        _campaign(directory, actor, chosen)
    _new(directory, actor, is_first=chosen is None)
    _others(every, chosen)
    draw_upload(directory, actor, done_key=_DONE)


def _chosen(every: list[CampaignName]) -> str | None:
    """Return the campaign that the address names, else the newest that goes on; None where there is none."""
    asked = str(st.query_params.get(_NUMBER, ""))[:20].upper()
    if any(one.number == asked for one in every):
        return asked
    return next((one.number for one in every if one.is_open), None)


def _campaign(directory: Directory, actor: Actor, chosen: str) -> None:
    who = str(st.session_state.get("campaign_who", ""))
    page_number = int(st.session_state.get("campaign_page", 1))
    shown = campaign_view.show_campaign(directory, chosen, actor=actor, who=who, page=page_number)
    st.html(campaign_markup.render_head(shown))
    with st.container(horizontal=True, key="hs-campaign-acts"):
        if shown.may_remind and st.button(
            _("Amintiți celor care nu au răspuns"), key="campaign_remind", type="primary"
        ):
            _remind(directory, actor, chosen)
        _downloads(directory, actor, chosen)
    here = next(code for code, _words, _count, is_here in shown.filters if is_here)
    words = {code: f"{name}: {number(count)}" for code, name, count, _here in shown.filters}
    st.segmented_control(
        _("Cine"), list(words), default=here, format_func=words.__getitem__, key="campaign_who", on_change=_first_page
    )
    with st.container(key="hs-campaign-list", gap=None):
        if not shown.lines:
            st.html(markup.render_quiet(_("Nimeni aici.")))
        for line in shown.lines:
            draw_asked(directory, actor, chosen, line, done_key=_DONE)
    draw_pages(PageOfMany(shown.page, shown.pages, slice(None)), "campaign_page")
    if shown.name.is_open:
        _stop(directory, actor, chosen)


def _first_page() -> None:
    st.session_state.pop("campaign_page", None)


def _remind(directory: Directory, actor: Actor, chosen: str) -> None:
    try:
        count = campaign_steps.remind(directory.ledger, chosen, actor=actor)
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    text = ngettext("Am pus la trimis {n} mesaj.", "Am pus la trimis {n} mesaje.", count)
    st.session_state[_DONE] = text.format(n=number(count))
    st.rerun()


def _file_of(directory: Directory, chosen: str, kind: str, *, actor: Actor, origin: str) -> bytes:
    return campaign_file(directory, chosen, kind, actor=actor, origin=origin)[0]


def _downloads(directory: Directory, actor: Actor, chosen: str) -> None:
    names = {"pdf": _("Foaia de tipărit (PDF)"), "xlsx": "XLSX", "csv": "CSV"}
    origin = shared.origin()
    for kind in FILE_KINDS:
        st.download_button(
            names[kind],
            partial(_file_of, directory, chosen, kind, actor=actor, origin=origin),
            f"campanie.{kind}",
            key=f"campaign_{kind}",
            on_click="ignore",
        )


def _stop(directory: Directory, actor: Actor, chosen: str) -> None:
    with st.expander(_("Opriți campania")):
        st.html(
            markup.render_quiet(
                _("Ce nu s-a trimis nu se mai trimite. Linkurile trimise mai primesc răspunsuri până expiră.")
            )
        )
        if not st.button(_("Opriți campania"), key="campaign_stop"):
            return
        try:
            campaign_steps.stop(directory.ledger, chosen, actor=actor)
        except MapError as error:
            st.html(markup.render_field_error(str(error)))
            return
        st.session_state[_DONE] = _("Campania este oprită. Linkurile trimise mai primesc răspunsuri până expiră.")
        st.rerun()


def _new(directory: Directory, actor: Actor, *, is_first: bool) -> None:
    st.html(markup.render_heading(_("Campanie nouă")))
    names = directory.snapshot().catalogue.county_names
    own = roles.only_county(actor)
    county = own
    if own is None:
        county = st.selectbox(
            _("Județul"),
            sorted(names, key=lambda code: collation_key(names[code])),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Alegeți județul"),
            key="campaign_county",
        )
    if not county:
        return
    known = asked_types(directory.snapshot(), county)
    types = st.multiselect(
        _("Numai unele tipuri de servicii"),
        list(known),
        format_func=lambda code: label_text(known[code]),
        placeholder=_("toate tipurile"),
        key="campaign_types",
    )
    plan = campaign_steps.plan(directory, county=county, service_types=types, actor=actor)
    st.html(
        campaign_markup.render_plan(
            campaign_view.plan_words(plan), campaign_view.off_words(directory) if plan.by_message else ""
        )
    )
    kind: Literal["primary", "secondary"] = "primary" if is_first else "secondary"
    if not st.button(_("Porniți campania"), key="campaign_start", type=kind, disabled=not plan.providers):
        return
    try:
        made, _asked = campaign_steps.start(directory, county=county, service_types=types, actor=actor)
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.query_params[_NUMBER] = made.campaign_id
    st.session_state[_DONE] = _("Campania a pornit. Mai jos sunt furnizorii de sunat și cei cărora li s-a scris.")
    st.rerun()


def _others(every: list[CampaignName], chosen: str | None) -> None:
    others = [one for one in every if one.number != chosen]
    if others:
        st.html(campaign_markup.render_campaigns(others))


page()
