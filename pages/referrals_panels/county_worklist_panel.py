"""A county unit's desk on „Referiri”: signals accepted or refused, its queue with filters, its providers and links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, ngettext
from pages.common import markup, shared
from pages.common.page_elements import draw_pages, shown_page
from pages.common.screen_wording import label_text
from pages.referrals_panels import county_worklist_html
from pages.referrals_panels.queue_panel import draw_bulk, draw_filters
from referrals.campaigns import provider_invitations
from referrals.queue import ReferralFilter, filter_referrals
from referrals.search_gaps import gap_parts, search_gaps
from referrals.workflow import county_worklist, field_intake
from reports.views.county_queue import queue_workbook

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.county_worklist import Signal
    from referrals.workflow.directory import Directory

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ON_A_PAGE = 25
_MOST_PROVIDERS = 30


def draw_signals(directory: Directory, actor: Actor, waiting: list[Signal]) -> None:
    """Draw what teams reported as wrong, each with its two buttons, and the way back from the last decision.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    actor
        A county unit; the ledger checks its county at each press.
    waiting
        What `county_worklist.signals` says.
    """
    _undo_button(directory, actor)
    for signal in waiting:
        with st.container(key=f"hs-ref-signal-{signal.report_id}"):
            st.html(county_worklist_html.render_signal(signal))
            _settle_buttons(directory, actor, signal)


def _settle_buttons(directory: Directory, actor: Actor, signal: Signal) -> None:
    value = ""
    if signal.value_label:
        value = st.text_input(signal.value_label, value=signal.value, key=f"signal-value-{signal.report_id}")
    with st.container(horizontal=True):
        accepted = st.button(_("Acceptați"), key=f"signal-accept-{signal.report_id}", type="primary")
        refused = st.button(_("Respingeți"), key=f"signal-reject-{signal.report_id}")
    if not accepted and not refused:
        return
    try:
        field_intake.settle(directory, signal.report_id, accept=accepted, actor=actor, value=value if accepted else "")
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    text = _("Semnalul {n} este acceptat: {service}.") if accepted else _("Semnalul {n} este respins: {service}.")
    st.session_state["done"] = text.format(n=signal.report_id, service=signal.service)
    st.session_state["desk_decided"] = signal.report_id
    st.rerun()


def _undo_button(directory: Directory, actor: Actor) -> None:
    """Offer to take the last decision back."""
    decided = st.session_state.get("desk_decided")
    if not decided or not st.button(_("Anulați decizia"), key="signal-undo"):
        return
    del st.session_state["desk_decided"]
    try:
        st.session_state["done"] = field_intake.undo_settling(directory, decided, actor=actor)
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.rerun()


def draw_queue(home: Home, directory: Directory, actor: Actor, every: list[Referral]) -> None:
    """Draw the county's queue: its parts, what is looked for, a page of rows, and all of them as a spreadsheet.

    Parameters
    ----------
    home
        The home.
    directory
        For names, and the ledger.
    actor
        A county unit.
    every
        All referrals of the county.
    """
    table = county_worklist.queue_table(directory, every)
    counts = {part: int((table["part"] == part).sum()) for part in county_worklist.PARTS}
    st.html(markup.render_heading(_("Coada județului")))
    wanted = draw_filters(directory, actor, every) if every else ReferralFilter()
    st.session_state.setdefault("queue_part", "open")
    part = st.segmented_control(
        _("Care"),
        county_worklist.PARTS,
        format_func=lambda each: f"{county_worklist.part_label(each)}: {counts[each]}",
        key="queue_part",
    )
    now = directory.ledger.clock()
    kept = {each.referral_id: each for each in filter_referrals(every, wanted, now=now, account=actor.account)}
    # Who looks for a number finds it in whichever part it is.
    found = county_worklist.filter_queue(table, part="" if wanted.number else part or "", kept=kept)
    page = shown_page(len(found), _ON_A_PAGE, "county_queue_page")
    rows = found.iloc[page.rows]
    draw_bulk(directory, actor, [kept[number] for number in rows["referral_id"]])
    if found.empty:
        st.html(markup.render_quiet(_("Nicio referire aici.")))
        return
    st.html(county_worklist_html.render_queue(rows))
    draw_pages(page, "county_queue_page")
    st.download_button(
        _("Descărcați XLSX"),
        lambda: queue_workbook(found, is_demo=home.is_demo),
        "coada-judetului.xlsx",
        XLSX,
        key="desk_xlsx",
        on_click="ignore",
    )


def draw_gaps(directory: Directory, actor: Actor) -> None:
    """Draw what was searched in the county and not found.

    Parameters
    ----------
    directory
        Names and ledger.
    actor
        A county unit.
    """
    found = search_gaps(directory.ledger, actor=actor)
    st.html(markup.render_gaps(gap_parts(found, directory.gazetteer)))


def draw_providers(directory: Directory, actor: Actor) -> None:
    """Draw the county's providers with the age of their last report, and make a link for one of them.

    Parameters
    ----------
    directory
        Catalogue, places and ledger.
    actor
        A county unit.
    """
    with st.expander(_("Furnizorii județului: cine nu a raportat locurile")):
        words = st.text_input(_("Nume sau localitate"), key="desk_words")
        everybody = st.checkbox(_("Arată și furnizorii cu raport proaspăt"), key="provider_fresh")
        table = county_worklist.providers_table(directory, actor=actor, words=words, only_old=not everybody)
        if table.empty:
            st.html(markup.render_quiet(_("Niciun furnizor aici.")))
            return
        _draw_list(directory, actor, 0 if words else int((~table["is_fresh"]).sum()))
        names = dict(zip(table["service_id"], table["name"], strict=True))
        chosen = st.selectbox(
            _("Cui trimiteți linkul?"),
            list(names),
            index=None,
            format_func=lambda code: label_text(names[code]),
            placeholder=_("Alegeți furnizorul"),
            key="provider_chosen",
        )
        if st.button(_("Link nou"), key="provider_link", type="primary", disabled=chosen is None) and chosen:
            _make_link(directory, actor, chosen, names[chosen])
        st.html(county_worklist_html.render_providers(table.head(_MOST_PROVIDERS)))
        more = len(table) - _MOST_PROVIDERS
        if more > 0:
            text = ngettext("și încă {n} furnizor", "și încă {n} furnizori", more)
            st.html(markup.render_quiet(text.format(n=more)))


def _draw_list(directory: Directory, actor: Actor, count: int) -> None:
    """Offer a list with a link for each provider without a fresh report; what was made stays until it is left."""
    if not count:
        return
    st.html(markup.render_quiet(provider_invitations.explained()))
    made = st.session_state.get("desk_list")
    with st.container(horizontal=True):
        begin = st.button(provider_invitations.list_label(count), key="desk_list_make")
        more = made is not None and made.next and st.button(_("Următoarea listă"), key="desk_list_more")
    if begin or more:
        try:
            made = provider_invitations.invite_providers(
                directory, actor=actor, origin=shared.origin(), after=made.next if more and made else 0
            )
        except MapError as error:
            st.html(markup.render_field_error(str(error)))
            return
        st.session_state["desk_list"] = made
        st.rerun(scope="app")
    if made is not None:
        st.html(county_worklist_html.render_invitations(made))


def _make_link(directory: Directory, actor: Actor, service_id: str, name: str) -> None:
    try:
        token = county_worklist.make_places_link(directory, service_id, actor=actor)
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.html(county_worklist_html.render_link(name, f"{shared.origin()}/l/{token}"))
