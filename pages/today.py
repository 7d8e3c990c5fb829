"""„Astăzi”: what waits for whoever is signed in, each thing with its action."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from core.errors import MapError
from core.i18n import _
from pages.common import markup, shared, today_markup
from pages.common.call_taps import draw_undo
from pages.common.screen_wording import label_text
from pages.referrals_panels import draw_signals
from referrals.today import county_today, work_items
from referrals.workflow import county_worklist, field_intake, next_best, ride_sharing, worklist
from reports.views.national_today import national_today
from reports.views.today_reports import late_reports, waiting_reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Actor, Referral
    from referrals.today.work_items import WorkItem
    from referrals.workflow.directory import Directory
    from referrals.workflow.field_intake import CallNoted

_DONE = "done"  # where the panels of „Referiri” say it too
_NOTED = "today-noted"


def page() -> None:
    """Draw what waits for the role."""
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        st.html(markup.render_title(_("Astăzi"), _("Ce este de făcut acum, ce este în curs și ce vine în comună.")))
        st.html(markup.render_sign_in(is_demo=home.is_demo, onward="/astazi"))
        return
    directory = shared.directory(home)
    st.html(today_markup.render_day(work_items.day_words(directory)))
    if done := st.session_state.pop(_DONE, ""):
        st.html(markup.render_done(done))
    noted: CallNoted | MapError | None = st.session_state.pop(_NOTED, None)
    if isinstance(noted, MapError):
        st.html(markup.render_field_error(str(noted)))
    elif noted is not None:
        st.html(markup.render_done(noted.words))
        draw_undo(noted, "today", noted.words, partial(_take_back, directory, actor))
    if actor.role == "team":
        _team(directory, actor)
    elif actor.role == "county":
        _county(directory, actor)
    else:
        st.html(today_markup.render_nation(national_today(directory, actor=actor)))


def _team(directory: Directory, actor: Actor) -> None:
    every = directory.ledger.list_referrals(actor=actor)
    day = work_items.team_today(directory, every, actor=actor, now=directory.ledger.clock())
    reports = waiting_reports(directory, actor=actor)
    st.html(markup.render_heading(_("De făcut acum"), str(len(day.items) + len(reports))))
    sought = work_items.sought_again(day.items, actor)
    for place, item in enumerate(day.items):
        with st.container(key=f"hs-work-{item.referral.referral_id}"):
            _item(directory, actor, item, is_first=place == 0)
            if item.referral.referral_id in sought:
                _next(directory, actor, item.referral, day.tried.get(item.referral.case_ref, frozenset()))
    if reports or not day.items:
        st.html(today_markup.render_reports(reports))
    st.html(today_markup.render_under_way(day))
    st.html(today_markup.render_coming(work_items.coming_lines(directory, actor=actor), _("În comuna dumneavoastră")))
    st.html(today_markup.render_papers(actor.county))


def _item(directory: Directory, actor: Actor, item: WorkItem, *, is_first: bool) -> None:
    number = item.referral.referral_id
    st.html(today_markup.render_item(item))
    with st.container(horizontal=True, key=f"hs-work-acts-{number}"):
        if item.phones:
            st.html(today_markup.render_calls(item), width="content")
        for step in item.steps:
            if work_items.step_reasons(item, step):
                continue
            words, key = work_items.step_words(item, step), f"today-{step}-{number}"
            if st.button(words, key=key, type="primary" if is_first and step in ("accept", "start") else "secondary"):
                _take(directory, actor, item.referral, step)
        if item.kind == "accepted":
            st.html(today_markup.render_slip(number), width="content")
        if item.kind in ("expiring", "call_me") and st.button(_("Nu răspunde"), key=f"today-unanswered-{number}"):
            _unanswered(directory, actor, item.referral)
    for step in item.steps:
        if reasons := work_items.step_reasons(item, step):
            _reasoned(directory, actor, item, step, reasons)


def _reasoned(directory: Directory, actor: Actor, item: WorkItem, step: Action, reasons: list[tuple[str, str]]) -> None:
    """Ask for the reason, each one press: what was said on the telephone."""
    number = item.referral.referral_id
    with st.expander(f"{work_items.step_words(item, step)} · {number}"), st.container(horizontal=True):
        for code, words in reasons:
            if st.button(words, key=f"today-{step}-{code}-{number}"):
                _take(directory, actor, item.referral, step, code)


def _next(directory: Directory, actor: Actor, referral: Referral, tried: frozenset[str]) -> None:
    """Offer the next services, nearest first: one press each, and the agreement already given goes with it."""
    number = referral.referral_id
    offers = next_best.next_bests(directory, referral, tried)
    if not offers:
        words = _("Nu mai este alt serviciu potrivit. Întrebați unitatea județeană de suport și supervizare.")
        st.html(today_markup.render_none(words))
    for place, offer in enumerate(offers):
        with st.container(horizontal=True, key=f"hs-work-next-{number}-{place}"):
            st.html(today_markup.render_next(offer))
            if st.button(_("Referiți"), key=f"today-next-{number}-{place}", help=label_text(offer.name)):
                _move(directory, actor, referral, offer.service_id)
    query = next_best.question_of(directory, referral)
    asked = {"loc": str(query.origin.locality_siruta or query.origin.uat_siruta)}
    if not ride_sharing.is_sensitive(
        referral.need, referral.service_type
    ):  # a sensitive need never stands in an address
        asked["nevoie"] = referral.need
    st.html(markup.render_link(f"/gasiti?{urlencode(asked)}", _("Căutați din nou cu aceleași date")))


def _take(directory: Directory, actor: Actor, referral: Referral, step: Action, reason: str = "") -> None:
    number = referral.referral_id
    key = st.session_state.setdefault(f"key-today-{step}-{number}-{reason}", secrets.token_urlsafe(12))
    words = _("{number}: {step}.").format(number=number, step=worklist.step_done(step))
    _do(lambda: directory.ledger.transition(number, step, actor=actor, reason=reason, key=key), words)


def _unanswered(directory: Directory, actor: Actor, referral: Referral) -> None:
    words = _("{number}: am notat că nu a răspuns nimeni.").format(number=referral.referral_id)

    def note() -> None:
        outcome = field_intake.NO_ANSWER
        noted = field_intake.note_call(directory, referral.service_id, outcome=outcome, actor=actor)
        st.session_state[_NOTED] = replace(noted, words=words)

    _do(note, "")


def _take_back(directory: Directory, actor: Actor, noted: CallNoted) -> None:
    shared.activate_language()
    try:
        st.session_state[_DONE] = field_intake.take_back(
            directory, report_id=noted.report_id, unanswered=noted.unanswered, actor=actor
        )
    except MapError as error:
        st.session_state[_NOTED] = error


def _move(directory: Directory, actor: Actor, referral: Referral, service_id: str) -> None:
    key = st.session_state.setdefault(f"key-today-{referral.referral_id}-{service_id}", secrets.token_urlsafe(12))
    _do(
        lambda: next_best.move(directory, referral, service_id, actor=actor, idempotency_key=key),
        _("S-a făcut referirea: cazul {case} este mutat.").format(case=referral.case_ref),
    )


def _do(step: Callable[[], object], words: str) -> None:
    """Take a step and draw the page anew; a refusal is said where it happened."""
    try:
        step()
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.session_state[_DONE] = words
    st.rerun()


def _county(directory: Directory, actor: Actor) -> None:
    every = directory.ledger.list_referrals(actor=actor)
    reports = waiting_reports(directory, actor=actor)
    today = county_today.county_today(directory, every, actor=actor, now=directory.ledger.clock())
    signals = county_worklist.signals(directory, actor=actor)
    count = len(signals) + len(reports) + len(today.followed) + today.entries
    st.html(markup.render_heading(_("De făcut acum"), str(count)))
    draw_signals(directory, actor, signals)
    if reports or today.followed or not signals:
        st.html(today_markup.render_county_work(today, reports))
    st.html(today_markup.render_county(today, late_reports(directory, actor=actor)))
    coming = work_items.coming_lines(directory, actor=actor)
    st.html(today_markup.render_coming(coming, _("Vine în județ săptămâna aceasta")))
    st.html(today_markup.render_papers(actor.county))


page()
