"""„Referiri”: what is open and about to run out, what to do next, the next best after a refusal, and the counts."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import MapError
from geo.language import _, ngettext
from pages import markup, referral_markup, shared, wording
from referrals import following, referring, roles
from referrals.following import step_label

if TYPE_CHECKING:
    import pandas as pd

    from geo.home import Home
    from referrals.desk import Desk
    from referrals.facts import Actor, Referral
    from referrals.life import Action

_MOST_SHOWN = 15


def page() -> None:
    """Read who asks, list what is theirs, draw it with its buttons."""
    st.html(markup.title(_("Referiri"), _("Ce este deschis, ce expiră curând și ce urmează de făcut.")))
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        st.html(referral_markup.sign_in(is_demo=home.is_demo))
        return
    desk = shared.desk(home)
    st.html(referral_markup.who(shared.actor_words(home, actor)))
    _say_what_was_done()
    if actor.role in ("team", "county"):
        _work(home, desk, actor)
    else:
        _counts(home, desk, actor)


def _work(home: Home, desk: Desk, actor: Actor) -> None:
    every = following.of_table(desk.ledger.referrals(actor=actor))
    waiting, lost = following.open_ones(every), following.to_move(every)
    if not waiting and not lost:
        advice = _("Găsiți întâi un serviciu, apoi apăsați „Referiți”.")
        st.html(markup.notice(_("Nu aveți referiri deschise"), [advice]))
    tried: dict[str, set[str]] = {}
    for each in every:
        tried.setdefault(each.case_ref, set()).add(each.service_id)
    _list(desk, actor, _("De mutat la alt serviciu"), lost, tried)
    _list(desk, actor, _("Deschise"), waiting, tried)
    _counts(home, desk, actor)
    if every:
        _export(home, desk, every)


def _list(desk: Desk, actor: Actor, title: str, some: list[Referral], tried: dict[str, set[str]]) -> None:
    """List referrals with their buttons. tried: services of each case, not to be offered to it again."""
    if not some:
        return
    count = ngettext("{n} referire", "{n} referiri", len(some)).format(n=len(some))
    st.html(markup.heading(title, count))
    for referral in some[:_MOST_SHOWN]:
        with st.container(key=f"hs-ref-{referral.referral_id}"):
            name = referring.service_name(desk, referral.service_id)
            st.html(referral_markup.card(referral, name, referral_markup.need_words(referral)))
            if referral.state in following.LOST:
                _offer_next(desk, actor, referral, tried[referral.case_ref], _("Referiți la: {name}"))
            else:
                _buttons(desk, actor, referral, tried[referral.case_ref])
    if len(some) > _MOST_SHOWN:
        st.html(markup.quiet(_("Restul sunt în fișierul de la capătul paginii.")))


def _buttons(desk: Desk, actor: Actor, referral: Referral, tried: set[str]) -> None:
    steps = following.steps_for(actor, referral)
    plain = [step for step in steps if not following.takes_reason(step)]
    with st.container(horizontal=True):
        for step in plain:
            _step_button(desk, actor, referral, step)
    reasoned = [step for step in steps if following.takes_reason(step)]
    if not reasoned:
        return
    with st.expander(_("Refuz, anulare, mutare · {number}").format(number=referral.referral_id)):
        _reasoned(desk, actor, referral, reasoned)
        if referral.state in ("held", "asked", "accepted"):
            _offer_next(desk, actor, referral, tried, _("Mutați la: {name}"))


def _step_button(desk: Desk, actor: Actor, referral: Referral, step: Action) -> None:
    label = step_label(step)
    if st.button(label, key=f"{step}-{referral.referral_id}", type="primary" if step == "accept" else "secondary"):
        _take(desk, actor, referral, step)


def _reasoned(desk: Desk, actor: Actor, referral: Referral, steps: list[Action]) -> None:
    words = dict(following.reasons())
    reason = st.selectbox(
        _("Motivul"),
        list(words),
        index=None,
        key=f"reason-{referral.referral_id}",
        format_func=words.__getitem__,
        placeholder=_("Alegeți motivul"),
    )
    with st.container(horizontal=True):
        for step in steps:
            missing = reason is None and following.needs_reason(step)
            key = f"{step}-{referral.referral_id}"
            if st.button(step_label(step), key=key, disabled=missing):
                _take(desk, actor, referral, step, reason or "")


def _take(desk: Desk, actor: Actor, referral: Referral, step: Action, reason: str = "") -> None:
    """Take the step and draw the page anew: what can be done next has changed."""
    key = st.session_state.setdefault(f"key-{step}-{referral.referral_id}-{reason}", secrets.token_urlsafe(12))
    try:
        desk.ledger.transition(referral.referral_id, step, actor=actor, reason=reason, key=key)
    except MapError as error:
        st.html(markup.field_error(str(error)))
        return
    st.session_state["done"] = _("{number}: {step}.").format(number=referral.referral_id, step=step_label(step).lower())
    st.rerun()


def _offer_next(desk: Desk, actor: Actor, referral: Referral, tried: set[str], words: str) -> None:
    """Offer the next service for the same need: one button, and the agreement already given goes with it."""
    if not roles.allows(actor, "referral.make", roles.Area(referral.county, referral.uat_siruta)):
        return
    offer = referring.next_best(desk, referral, tried)
    if offer is None:
        st.html(markup.quiet(_("Nu mai este alt serviciu potrivit. Întrebați unitatea județeană de sprijin.")))
        return
    st.html(referral_markup.offer_line(offer))
    if not st.button(words.format(name=wording.label_text(offer.name)), key=f"next-{referral.referral_id}"):
        return
    key = st.session_state.setdefault(f"key-next-{referral.referral_id}", secrets.token_urlsafe(12))
    try:
        made = referring.move(desk, referral, offer.service_id, actor=actor, idempotency_key=key)
    except MapError as error:
        st.html(markup.field_error(str(error)))
        return
    st.session_state["done"] = _("S-a făcut referirea {number}.").format(number=made.referral_id)
    st.rerun()


def _say_what_was_done() -> None:
    done = st.session_state.pop("done", "")
    if done:
        st.html(referral_markup.done(done))


def _counts(home: Home, desk: Desk, actor: Actor) -> None:
    """Count referrals of the area by state: by community in a county, by county in the nation."""
    if not roles.allows(actor, "counts.read", roles.Area(actor.county, actor.uat_siruta)):
        return
    counts = desk.ledger.referral_counts(actor=actor)
    if counts.empty:
        if actor.role not in ("team", "county"):
            st.html(markup.notice(_("Nu sunt încă referiri"), [_("Numerele apar după prima referire a unei echipe.")]))
        return
    by = "county" if actor.role in ("national", "admin") else "uat_siruta"
    st.html(markup.heading(_("Pe scurt"), _("câte referiri sunt în fiecare stare")))
    st.html(referral_markup.counts_table(counts, by, lambda code: shared.area_name(home, code)))


def _export(home: Home, desk: Desk, every: list[Referral]) -> None:
    names = {each.service_id: referring.service_name(desk, each.service_id) for each in every}
    table = following.table_out(every, names)
    with st.container(horizontal=True):
        st.download_button(
            _("Descărcați CSV"),
            lambda: following.csv_bytes(table),
            "referiri.csv",
            "text/csv",
            key="csv",
            on_click="ignore",
        )
        st.download_button(
            _("Descărcați XLSX"),
            lambda: _workbook(table, is_demo=home.is_demo),
            "referiri.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key="xlsx",
            on_click="ignore",
        )


def _workbook(table: pd.DataFrame, *, is_demo: bool) -> bytes:
    from reports.xlsx import Sheet, workbook

    title = _("Referiri")
    return workbook([Sheet(title, table)], title=title, made_on=datetime.now(UTC).date(), is_demo=is_demo)


page()
