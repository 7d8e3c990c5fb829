"""The figures of a month as they are typed: fields beside last month's, a draft that keeps itself, then a check.

Nothing is filed before the check was seen: a table of last month, now and the difference, with what speaks against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from core.errors import MapError
from core.i18n import _
from pages.common import markup
from pages.figures_panels import report_html
from referrals.monthly import drafts
from reports.indicators.indicators import bounds
from reports.views import monthly_check, monthly_steps, monthly_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from referrals.ledger.ledger import Ledger
    from referrals.monthly.figure_checks import Bound, CheckedFigure
    from referrals.records.vocabulary import Actor
    from reports.views.monthly_view import OpenedMonth


def _name(opened: OpenedMonth) -> str:
    """Return which month it is, as a part of keys."""
    return f"{opened.uat}_{opened.month}"


@st.fragment
def draw_entry(ledger: Ledger, actor: Actor, opened: OpenedMonth) -> None:
    """Ask for the figures, or show them for the check before they are filed.

    Parameters
    ----------
    ledger
        Where they go.
    actor
        Who types; the ledger decides what that role may.
    opened
        The month, its figures and its draft, which is written into.
    """
    if st.session_state.get("monthly_checking") == _name(opened):
        _draw_check(ledger, actor, opened)
    else:
        _draw_fields(ledger, actor, opened)


def _draw_fields(ledger: Ledger, actor: Actor, opened: OpenedMonth) -> None:
    """Ask for the figures: all groups on a desk; a phone shows one of them, with the way to the next."""
    marked = (*opened.marked, *st.session_state.get(f"monthly_marked_{_name(opened)}", ()))
    groups = monthly_view.field_groups(marked)
    here = st.session_state.get(_step(opened), 1)
    is_led_to = st.session_state.pop(f"monthly_led_{_name(opened)}", False)
    refused = st.session_state.get(f"monthly_refused_{_name(opened)}", False)
    before, faults = dict(opened.draft), monthly_steps.field_faults(opened)
    with st.container(key="hs-form-monthly"):
        for number, (title, some) in enumerate(groups, start=1):
            with st.container(key=f"hs-group-{'here' if here in (number, monthly_steps.ALL) else 'other'}-{number}"):
                words = monthly_steps.progress_words(number, groups)
                st.html(report_html.render_group_title(title, words, is_led_to=is_led_to and here == number))
                # Row by row, so that on a phone, where columns fold, the order stays.
                for pair in (some[n : n + 2] for n in range(0, len(some), 2)):
                    for column, bound in zip(st.columns(2), pair, strict=False):
                        with column:
                            _ask_figure(opened, bound, faults if refused else {}, is_marked=bound.code in marked)
        if opened.draft != before:
            _save(ledger, actor, opened)
        checking = _offer_steps(opened, here, len(groups))
        st.html(markup.render_quiet(_("Ce scrieți se păstrează singur, ca ciornă, până depuneți raportul.")))
    if checking:
        st.session_state[f"monthly_refused_{_name(opened)}"] = True
        if faults := monthly_steps.field_faults(opened):
            _go_to(opened, monthly_steps.group_of(groups, faults))
            st.rerun()
    if checking or refused:
        try:
            monthly_view.check_typed(ledger, opened, actor=actor)
        except MapError as error:
            st.html(markup.render_notice(_("Nu s-a putut"), [str(error)], kind="refusal"))
            return
    if checking:
        st.session_state.pop(f"monthly_refused_{_name(opened)}", None)
        st.session_state["monthly_checking"] = _name(opened)
        st.rerun()


def _step(opened: OpenedMonth) -> str:
    """Return where it is kept which group a phone shows."""
    return f"monthly_step_{_name(opened)}"


def _go_to(opened: OpenedMonth, number: int) -> None:
    """Show a group, all of them for `ALL`, and lead the eye and the ear to its head."""
    st.session_state[_step(opened)] = number
    st.session_state[f"monthly_led_{_name(opened)}"] = True


def _offer_steps(opened: OpenedMonth, here: int, last: int) -> bool:
    """Offer the check, and on a phone the other groups; tell whether the check is asked for.

    A phone is offered the check in the last group, and in each of them once every figure is there.
    """
    is_ready = not monthly_steps.field_faults(opened)
    offers_check = is_ready or here in (monthly_steps.ALL, last)
    with st.container(key=f"hs-check-{'everywhere' if offers_check else 'desk'}"):
        checking = st.button(_("Verificați și depuneți"), type="primary", key="monthly_check")
    with st.container(key="hs-steps-monthly", horizontal=True):
        if here == monthly_steps.ALL:
            st.button(
                _("Câte un grup pe pagină"), type="tertiary", key="monthly_one", on_click=_go_to, args=(opened, 1)
            )
            return checking
        if here < last:
            kind: Literal["primary", "secondary"] = "secondary" if offers_check else "primary"
            st.button(_("Continuați"), type=kind, key="monthly_next", on_click=_go_to, args=(opened, here + 1))
        if here > 1:
            st.button(_("Înapoi"), key="monthly_before", on_click=_go_to, args=(opened, here - 1))
        whole = (opened, monthly_steps.ALL)
        st.button(_("Toate pe o pagină"), type="tertiary", key="monthly_all", on_click=_go_to, args=whole)
    return checking


def _save(ledger: Ledger, actor: Actor, opened: OpenedMonth) -> None:
    try:
        drafts.save_draft(
            ledger, opened.county, opened.uat, opened.month, opened.draft, actor=actor, bounds=bounds("community")
        )
    except MapError as error:
        st.html(markup.render_notice(_("Ciorna nu s-a putut păstra"), [str(error)], kind="refusal"))


def _ask_figure(opened: OpenedMonth, bound: Bound, faults: Mapping[str, str], *, is_marked: bool) -> None:
    """Ask for one figure: yes or no where only that can be said. What it may be is said by the core, in our words."""
    key = f"monthly_{_name(opened)}_{bound.code}"
    value = opened.typed.get(bound.code)
    hint = monthly_view.field_hint(bound, opened, st.session_state.get(key, value))
    label = f"{_(bound.name)} :small[{hint}]"
    with st.container(key=f"hs-{'marked' if is_marked else 'figure'}-{bound.code}"):
        if bound.is_yes_no:
            count = st.segmented_control(
                label, (1, 0), default=value, format_func={1: _("Da"), 0: _("Nu")}.__getitem__, key=key
            )
        else:
            count = st.number_input(label, value=value, step=1, placeholder=_("necompletat"), key=key)
        if count == opened.typed.get(bound.code) and bound.code in faults:
            st.html(markup.render_field_error(faults[bound.code], key))
    if count != opened.undrafted.get(bound.code) or bound.code in opened.draft:
        opened.draft[bound.code] = count


def _draw_check(ledger: Ledger, actor: Actor, opened: OpenedMonth) -> None:
    """Show what is about to be filed: nothing is filed without having been seen beside last month's."""
    checked = monthly_view.check_typed(ledger, opened, actor=actor)
    st.html(markup.render_heading(_("Verificați și depuneți"), _("nimic nu este depus încă")))
    wrong = [each for each in checked if each.contradiction]
    unsure = [each for each in checked if each.warning]
    if wrong:
        lines = [each.contradiction for each in wrong]
        st.html(markup.render_notice(_("Cifrele se contrazic și nu pot fi depuse așa"), lines, kind="refusal"))
    st.html(report_html.render_checked(checked, opened.counted, caption=_("Cifrele raportului")))
    with st.container(key="hs-form-check"):
        _offer_changes(opened, [each for each in checked if each.contradiction or each.warning])
        said_yes = monthly_check.said_yes(unsure)
        yes = bool(unsure) and not wrong and st.checkbox(said_yes, key=f"monthly_yes_{_name(opened)}")
        with st.container(horizontal=True):
            filed = not wrong and st.button(_("Depuneți raportul"), type="primary", key="monthly_send")
            if st.button(_("Schimbați cifrele"), key="monthly_change"):
                _back(opened, ())
    if filed:
        confirmed = {each.bound.code: each.now for each in unsure if each.now is not None} if yes else {}
        do_step(lambda: _file(ledger, actor, opened, confirmed), monthly_view.filed_words(opened.month))


def _offer_changes(opened: OpenedMonth, doubted: list[CheckedFigure]) -> None:
    for each in doubted:
        label = _("Schimbați: {name}").format(name=_(each.bound.name))
        if st.button(label, key=f"monthly_change_{each.bound.code}"):
            _back(opened, (each.bound.code,))


def _back(opened: OpenedMonth, marked: tuple[str, ...]) -> None:
    """Come back to the fields, those to correct first."""
    st.session_state.pop("monthly_checking", None)
    st.session_state[f"monthly_marked_{_name(opened)}"] = marked
    _go_to(opened, 1)
    st.rerun()


def _file(ledger: Ledger, actor: Actor, opened: OpenedMonth, confirmed: dict[str, int]) -> None:
    monthly_view.file_typed(ledger, opened, confirmed, actor=actor)
    st.session_state.pop("monthly_checking", None)
    st.session_state.pop(f"monthly_marked_{_name(opened)}", None)
    close_month()


def close_month() -> None:
    """Go back from a report to the list of months, whose address names none."""
    st.query_params.pop(report_html.MONTH, None)


def do_step(step: Callable[[], object], text: str) -> None:
    """Take a step; a refusal is shown where it happened, success after the page is drawn anew.

    Parameters
    ----------
    step
        What is done, without arguments.
    text
        What is said once it is done.
    """
    try:
        step()
    except MapError as error:
        lines = getattr(error, "lines", None) or [str(error)]
        st.html(markup.render_notice(_("Nu s-a putut"), lines, kind="refusal"))
        return
    st.session_state["monthly_said"] = text
    st.rerun()
