"""The queue in the application: what is looked for, views with a name, one step for several referrals."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import MapError
from core.i18n import _
from pages.common import markup, referral_markup
from pages.common.screen_wording import label_text
from referrals.queue import (
    ReferralFilter,
    bulk_choices,
    list_views,
    saved_views,
    take_steps,
    undo_steps,
)
from referrals.queue.queue_filter import age_choices, left_choices, need_choices, state_choices
from referrals.records.vocabulary import OPEN
from referrals.workflow import worklist

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from referrals.queue import BulkOutcome
    from referrals.queue.saved_views import SavedView
    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

_FIELDS = ("number", "state", "left_days", "need", "uat_siruta", "least_days", "is_own")
_OUTCOME, _PART = "queue_outcome", "queue_part"
_PAGES = ("queue_page", "county_queue_page")  # which page of the list is shown


def draw_filters(directory: Directory, actor: Actor, every: Sequence[Referral]) -> ReferralFilter:
    """Ask for what is looked for among referrals, by fields or by a view that has a name.

    Parameters
    ----------
    directory
        Names of places, and the ledger with the views.
    actor
        Whose queue it is.
    every
        All referrals of its area.

    Returns
    -------
    ReferralFilter
        What is looked for now; a queue that is opened anew begins with the view that comes first.
    """
    views = list_views(directory.ledger, actor=actor)
    if _key("number") not in st.session_state:
        _fill(saved_views.first_view(views))
    _view_picker(views)
    wanted = _asked(directory, actor, every)
    if st.session_state.get("queue_last") != wanted:  # what is found anew begins at its first page
        st.session_state["queue_last"] = wanted
        for name in _PAGES:
            st.session_state.pop(name, None)
    _manage(directory, actor, views, wanted)
    return wanted


def _key(name: str) -> str:
    return f"queue_{name}"


def _fill(wanted: ReferralFilter) -> None:
    for name in _FIELDS:
        st.session_state[_key(name)] = getattr(wanted, name)
    if wanted.part:
        st.session_state[_PART] = wanted.part


def _view_picker(views: Sequence[SavedView]) -> None:
    if not views:
        return
    by_name = {view.name: view.wanted for view in views}

    def choose() -> None:
        _fill(by_name.get(str(st.session_state.get("queue_view")), ReferralFilter()))

    st.pills(
        _("Vederi salvate"), list(by_name), key="queue_view", format_func=label_text, on_change=choose, default=None
    )


def _asked(directory: Directory, actor: Actor, every: Sequence[Referral]) -> ReferralFilter:
    is_county = actor.role == "county"
    places = {each.uat_siruta for each in every} if is_county else set()
    names = sorted((directory.gazetteer.place_of(None, uat).name, uat) for uat in places)
    number = st.text_input(_("Căutați după număr"), key=_key("number"), max_chars=20, placeholder="R-…")
    is_open = any(st.session_state.get(_key(name)) for name in _FIELDS if name != "number")
    with st.expander(_("Filtre"), expanded=is_open, key="queue-filters"), st.container(key="hs-form-queue"):
        first, second, third = st.columns(3)
        values: dict[str, Any] = {
            "state": _select(first, _("Stare"), "state", dict(state_choices()), ""),
            "left_days": _select(second, _("Termen"), "left_days", dict(left_choices()), 0),
            "need": _select(third, _("Nevoia"), "need", dict(need_choices(every)), ""),
        }
        first, second, third = st.columns(3)
        values["least_days"] = _select(first, _("Vechime"), "least_days", dict(age_choices()), 0)
        if is_county:
            values["uat_siruta"] = _select(
                second, _("Comunitatea"), "uat_siruta", {uat: name for name, uat in names}, 0
            )
        is_own = third.checkbox(_("Numai ale mele"), key=_key("is_own"))
    return ReferralFilter(number=number.strip(), is_own=is_own, part=str(st.session_state.get(_PART) or ""), **values)


def _select(where: Any, label: str, name: str, words: dict[Any, str], blank: Any) -> Any:
    if st.session_state.get(_key(name)) not in (blank, *words):
        st.session_state[_key(name)] = blank  # what was looked for is not in the queue any more
    return where.selectbox(
        label, [blank, *words], format_func=lambda code: label_text(words.get(code, _("toate"))), key=_key(name)
    )


def _manage(directory: Directory, actor: Actor, views: Sequence[SavedView], wanted: ReferralFilter) -> None:
    """Keep what is looked for under a name; call a view otherwise, open with it, or forget it."""
    may_keep = bool(actor.account) and not wanted.is_blank and not wanted.number
    if not may_keep and not views:
        return
    ledger = directory.ledger
    with st.expander(_("Păstrați sau schimbați vederile"), key="queue-views"):
        if may_keep:
            name = st.text_input(_("Păstrați filtrele de acum sub un nume"), max_chars=40, key="queue_name")
            if st.button(_("Păstrați"), key="queue_keep"):
                _do(lambda: saved_views.save_view(ledger, name, wanted, actor=actor))
        if not views:
            return
        first = {view.name for view in views if view.is_first}
        chosen = st.selectbox(_("Vederea"), [view.name for view in views], key="queue_chosen", format_func=label_text)
        new_name = st.text_input(_("Numele nou"), max_chars=40, key="queue_new_name")
        with st.container(horizontal=True):
            if st.button(_("Redenumiți"), key="queue_rename"):
                _do(lambda: saved_views.rename_view(ledger, chosen, new_name, actor=actor))
            if chosen in first and st.button(_("Nu o mai deschideți prima"), key="queue_none"):
                _do(lambda: saved_views.open_with_view(ledger, "", actor=actor))
            if chosen not in first and st.button(_("Deschideți cu ea"), key="queue_first"):
                _do(lambda: saved_views.open_with_view(ledger, chosen, actor=actor))
            if st.button(_("Ștergeți"), key="queue_delete"):
                _do(lambda: saved_views.delete_view(ledger, chosen, actor=actor))


def _do(change: Callable[[], object]) -> None:
    try:
        change()
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.rerun()


def draw_bulk(directory: Directory, actor: Actor, shown: Sequence[Referral]) -> None:
    """Note one step of several referrals at once, and say what was done and what was refused; it may be taken back.

    Parameters
    ----------
    directory
        The ledger, which checks each referral on its own.
    actor
        Who notes.
    shown
        The referrals that the page shows; those that are open may be marked.
    """
    _say_outcome(directory, actor)
    some = {each.referral_id: each for each in shown if each.state in OPEN}
    if len(some) < 2:  # noqa: PLR2004 - one alone has its own buttons
        return
    with st.expander(_("Notați la mai multe deodată"), key="queue-bulk"):
        numbers = st.multiselect(
            _("Referirile"),
            list(some),
            format_func=lambda number: label_text(f"{number} · {worklist.need_words(some[number])}"),
            placeholder=_("Alegeți referirile"),
            key="bulk_numbers",
        )
        words = dict(bulk_choices())
        choice = st.selectbox(_("Ce s-a întâmplat?"), list(words), format_func=words.__getitem__, key="bulk_step")
        why = {"": _("fără motiv"), **dict(worklist.reasons())}
        reason = st.selectbox(_("De ce?"), list(why), format_func=why.__getitem__, key="bulk_reason")
        if st.button(_("Notați"), key="bulk_take", type="primary"):
            key = st.session_state.setdefault("bulk_key", secrets.token_urlsafe(12))
            _keep_outcome(lambda: take_steps(directory.ledger, numbers, choice, reason=reason, actor=actor, key=key))


def _keep_outcome(step: Callable[[], BulkOutcome]) -> None:
    try:
        st.session_state[_OUTCOME] = step()
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    for name in ("bulk_numbers", "bulk_key"):
        st.session_state.pop(name, None)
    st.rerun()


def _say_outcome(directory: Directory, actor: Actor) -> None:
    outcome: BulkOutcome | None = st.session_state.get(_OUTCOME)
    if outcome is None:
        return
    st.html(referral_markup.render_outcome(outcome))
    with st.container(horizontal=True):
        if outcome.may_undo and st.button(_("Anulați ce s-a notat"), key="bulk_undo"):
            _keep_outcome(lambda: undo_steps(directory.ledger, outcome.done, actor=actor))
        if st.button(_("Am înțeles"), key="bulk_close"):
            del st.session_state[_OUTCOME]
            st.rerun()
