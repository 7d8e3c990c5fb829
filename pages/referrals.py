"""„Referiri”: what is open and about to run out, what to do next, the next best after a refusal, and the counts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.exporting import csv_bytes
from core.i18n import _, ngettext
from pages.common import markup, referral_markup, screen_wording, shared
from pages.common.page_elements import draw_pages, shown_page
from pages.referrals_panels import (
    county_worklist_html,
    draw_bulk,
    draw_filters,
    draw_gaps,
    draw_providers,
    draw_queue,
    draw_signals,
)
from referrals.answers import provider_words, referral_histories
from referrals.queue import ReferralFilter, filter_referrals, found_words
from referrals.records import roles
from referrals.workflow import county_worklist, next_best, referral_offers, worklist
from referrals.workflow.worklist import step_label

if TYPE_CHECKING:
    import pandas as pd

    from core.storage.home import Home
    from providers.finder.answer import Offer
    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

_ON_A_PAGE = 15


def page() -> None:
    """Read who asks, list what is theirs, draw it with its buttons."""
    st.html(markup.render_title(_("Referiri"), _("Ce este deschis, ce expiră curând și ce urmează de făcut.")))
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        st.html(markup.render_sign_in(is_demo=home.is_demo))
        return
    directory = shared.directory(home)
    st.html(referral_markup.render_who(shared.actor_words(home, actor)))
    _say_what_was_done()
    if actor.role in ("team", "county"):
        _work(home, directory, actor)
    else:
        _counts(home, directory, actor)


def _work(home: Home, directory: Directory, actor: Actor) -> None:
    every = directory.ledger.list_referrals(actor=actor)
    if actor.role == "county":
        signals = county_worklist.signals(directory, actor=actor)
        count = ngettext("{n} semnal din teren", "{n} semnale din teren", len(signals)).format(n=len(signals))
        st.html(markup.render_heading(_("De verificat"), count))
        draw_signals(directory, actor, signals)
        draw_queue(home, directory, actor, every)
        draw_providers(directory, actor)
        draw_gaps(directory, actor)
    else:
        _own_queue(directory, actor, every)
    _counts(home, directory, actor)
    if every:
        _export(home, directory, every)


def _own_queue(directory: Directory, actor: Actor, every: list[Referral]) -> None:
    """Draw what a team has to do, or what it looks for."""
    tried: dict[str, set[str]] = {}
    for each in every:
        tried.setdefault(each.case_ref, set()).add(each.service_id)
    wanted = draw_filters(directory, actor, every) if every else ReferralFilter()
    if not wanted.is_blank:
        now = directory.ledger.clock()
        found = filter_referrals(every, wanted, now=now, account=actor.account)
        _paged(directory, actor, [(found_words(len(found)), each) for each in found], tried)
        if not found:
            st.html(markup.render_heading(found_words(0)))
        return
    waiting, lost = worklist.open_referrals(every), worklist.awaiting_reassignment(every)
    if not waiting and not lost:
        advice = _("Găsiți întâi un serviciu, apoi apăsați „Referiți”.")
        st.html(markup.render_notice(_("Nu aveți referiri deschise"), [advice]))
    titled = [(_("De mutat la alt serviciu"), each) for each in lost]
    titled += [(_("Deschise"), each) for each in waiting if each.state != "started"]
    _paged(directory, actor, titled, tried)
    _at_service(directory, actor, [each for each in waiting if each.state == "started"], tried)
    _without_result(directory, every)


def _paged(directory: Directory, actor: Actor, titled: list[tuple[str, Referral]], tried: dict[str, set[str]]) -> None:
    """Draw one page of referrals with their buttons, each list under its title. tried: services of each case."""
    page = shown_page(len(titled), _ON_A_PAGE, "queue_page")
    draw_bulk(directory, actor, [each for _title, each in titled[page.rows]])
    lists: dict[str, list[Referral]] = {}
    for title, each in titled[page.rows]:
        lists.setdefault(title, []).append(each)
    for title, some in lists.items():
        whole = sum(of == title for of, _each in titled)
        st.html(markup.render_heading(title, ngettext("{n} referire", "{n} referiri", whole).format(n=whole)))
        _cards(directory, actor, some, tried)
    draw_pages(page, "queue_page")


def _at_service(directory: Directory, actor: Actor, some: list[Referral], tried: dict[str, set[str]]) -> None:
    """Fold the referrals whose person is at the service already: nothing presses there, and nothing is lost."""
    if some:
        with st.expander(worklist.at_service_words(len(some)), key="at-service"):
            _cards(directory, actor, some, tried)


def _cards(directory: Directory, actor: Actor, some: list[Referral], tried: dict[str, set[str]]) -> None:
    catalogue = directory.snapshot().catalogue
    words = provider_words(directory.ledger, {each.referral_id: each.state for each in some})
    histories = referral_histories(directory.ledger, some)
    for referral in some:
        with st.container(key=f"hs-ref-{referral.referral_id}"):
            name = referral_offers.name_in(catalogue, referral.service_id)
            phones = referral_offers.service_phones(catalogue, referral.service_id)
            answers = referral_markup.ReferralAnswers(words[referral.referral_id], histories[referral.referral_id])
            need = worklist.need_words(referral)
            st.html(referral_markup.render_referral(referral, name, need, phones, answers=answers))
            if referral.state in worklist.LOST:
                _offer_next(directory, actor, referral, tried[referral.case_ref], _("Referiți la: {name}"))
            else:
                _buttons(directory, actor, referral, tried[referral.case_ref])


def _without_result(directory: Directory, every: list[Referral]) -> None:
    """Say which referrals ended long ago without a result: nobody is to end in silence."""
    some = worklist.closed_without_result(every)
    if not some:
        return
    table = county_worklist.filter_queue(county_worklist.queue_table(directory, every), part="closed")
    with st.expander(f"{county_worklist.part_label('closed')}: {len(some)}"):
        st.html(county_worklist_html.render_queue(table))


def _buttons(directory: Directory, actor: Actor, referral: Referral, tried: set[str]) -> None:
    steps = worklist.steps_for(actor, referral)
    plain = [step for step in steps if not worklist.takes_reason(step)]
    with st.container(horizontal=True):
        for step in plain:
            _step_button(directory, actor, referral, step)
    reasoned = [step for step in steps if worklist.takes_reason(step)]
    if not reasoned:
        return
    number = referral.referral_id
    with st.expander(_("Refuz, anulare, mutare · {number}").format(number=number), key=f"fold-{number}"):
        for step in reasoned:
            with st.container(key=f"fold-{step}-{number}"):
                _reasoned(directory, actor, referral, step)
        if referral.state in ("held", "asked", "accepted"):
            _offer_next(directory, actor, referral, tried, _("Mutați la: {name}"))


def _step_button(directory: Directory, actor: Actor, referral: Referral, step: Action) -> None:
    label = step_label(step)
    if st.button(label, key=f"{step}-{referral.referral_id}", type="primary" if step == "accept" else "secondary"):
        _take(directory, actor, referral, step)


def _reasoned(directory: Directory, actor: Actor, referral: Referral, step: Action) -> None:
    """Ask the reason of one step; one that needs a reason is refused beside the field without it."""
    words = dict(worklist.reasons())
    reason = st.selectbox(
        _("{step}: motivul").format(step=step_label(step)),
        list(words),
        index=None,
        key=f"reason-{step}-{referral.referral_id}",
        format_func=words.__getitem__,
        placeholder=_("Alegeți motivul"),
    )
    if not st.button(step_label(step), key=f"{step}-{referral.referral_id}"):
        return
    if reason is None and worklist.needs_reason(step):
        st.html(markup.render_field_error(_("Alegeți motivul.")))
        return
    _take(directory, actor, referral, step, reason or "")


def _take(directory: Directory, actor: Actor, referral: Referral, step: Action, reason: str = "") -> None:
    """Take the step and draw the page anew: what can be done next has changed."""
    key = st.session_state.setdefault(f"key-{step}-{referral.referral_id}-{reason}", secrets.token_urlsafe(12))
    try:
        directory.ledger.transition(referral.referral_id, step, actor=actor, reason=reason, key=key)
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.session_state["done"] = _("{number}: {step}.").format(number=referral.referral_id, step=worklist.step_done(step))
    st.rerun()


def _offer_next(directory: Directory, actor: Actor, referral: Referral, tried: set[str], words: str) -> None:
    """Offer the next services for the same need, nearest first; the agreement already given goes with the case."""
    if not roles.allows(actor, "referral.make", roles.Area(referral.county, referral.uat_siruta)):
        return
    offers = next_best.next_bests(directory, referral, tried)
    if not offers:
        st.html(
            markup.render_quiet(
                _("Nu mai este alt serviciu potrivit. Întrebați unitatea județeană de suport și supervizare.")
            )
        )
        return
    _next_offer(directory, actor, referral, offers[0], words, f"next-{referral.referral_id}")
    if not (others := offers[1:]):
        return
    # Inside the fold of the other steps everything is unfolded already.
    is_folded = referral.state in worklist.LOST
    more = ngettext("Încă {n} variantă", "Încă {n} variante", len(others)).format(n=len(others))
    with st.expander(f"{more} · {referral.referral_id}") if is_folded else st.container():
        for place, offer in enumerate(others, start=1):
            _next_offer(directory, actor, referral, offer, words, f"next-{referral.referral_id}-{place}")


def _next_offer(directory: Directory, actor: Actor, referral: Referral, offer: Offer, words: str, key: str) -> None:
    st.html(referral_markup.render_offer_line(offer))
    if st.button(words.format(name=screen_wording.label_text(offer.name)), key=key):
        _move(directory, actor, referral, offer.service_id)


def _move(directory: Directory, actor: Actor, referral: Referral, service_id: str) -> None:
    key = st.session_state.setdefault(f"key-next-{referral.referral_id}-{service_id}", secrets.token_urlsafe(12))
    try:
        made = next_best.move(directory, referral, service_id, actor=actor, idempotency_key=key)
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.session_state["done"] = _("S-a făcut referirea {number}.").format(number=made.referral_id)
    st.rerun()


def _say_what_was_done() -> None:
    done = st.session_state.pop("done", "")
    if done:
        st.html(referral_markup.render_step_done(done))


def _counts(home: Home, directory: Directory, actor: Actor) -> None:
    """Count referrals of the area by state: by community in a county, by county in the nation."""
    if not roles.allows(actor, "counts.read", roles.Area(actor.county, actor.uat_siruta)):
        return
    counts = directory.ledger.referral_counts(actor=actor)
    if counts.empty:
        if actor.role not in ("team", "county"):
            st.html(
                markup.render_notice(
                    _("Nu sunt încă referiri"), [_("Numerele apar după prima referire a unei echipe.")]
                )
            )
        return
    by = "county" if actor.role in ("national", "admin") else "uat_siruta"
    st.html(markup.render_heading(_("Pe scurt"), _("câte referiri sunt în fiecare stare")))
    st.html(referral_markup.render_counts(counts, by, lambda code: shared.area_name(home, code)))


def _export(home: Home, directory: Directory, every: list[Referral]) -> None:
    catalogue = directory.snapshot().catalogue
    names = {each.service_id: referral_offers.name_in(catalogue, each.service_id) for each in every}
    table = worklist.worklist_table(every, names)
    with st.container(horizontal=True):
        st.download_button(
            _("Descărcați CSV"),
            lambda: csv_bytes(table),
            "referiri.csv",
            "text/csv",
            key="csv",
            on_click="ignore",
        )
        st.download_button(
            _("Descărcați XLSX"),
            lambda: _workbook(table, home),
            "referiri.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key="xlsx",
            on_click="ignore",
        )


def _workbook(table: pd.DataFrame, home: Home) -> bytes:
    from reports.output.xlsx import Sheet, workbook

    title = _("Referiri")
    return workbook(
        [Sheet(title, table)], title=title, made_on=shared.directory(home).ledger.today(), is_demo=home.is_demo
    )


page()
