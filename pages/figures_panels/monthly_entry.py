"""The figures of a month as they are typed: fields beside last month's, a draft that keeps itself, then a check.

Nothing is filed before the check was seen: a table of last month, now and the difference, with what speaks against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, number
from pages.common import markup, shared
from pages.figures_panels import report_html
from referrals.monthly import figure_entry, monthly_reports
from referrals.monthly.figure_checks import refuse_missing
from referrals.monthly.figure_entry import Figure
from reports.indicators.indicators import bounds, indicators
from reports.views.figures_import import required

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from referrals.ledger.ledger import Ledger
    from referrals.monthly.figure_checks import Bound, CheckedFigure
    from referrals.records.vocabulary import Actor


@dataclass(frozen=True)
class MonthTyped:
    """The month that is typed. marked: codes of figures to correct, shown first; draft: what was typed and not kept."""

    county: str
    uat: int
    month: str
    known: dict[str, int]
    before: dict[str, int]
    marked: tuple[str, ...]
    draft: dict[str, int | None]

    @property
    def name(self) -> str:
        """Which one it is, as a part of keys."""
        return f"{self.uat}_{self.month}"

    def figures(self) -> list[Figure]:
        """Return what is typed, and what is known and was emptied."""
        codes = bounds("community")
        typed = {**self.known, **self.draft}
        return [
            Figure(self.county, self.uat, self.month, code, typed[code])
            for code in codes
            if typed.get(code) is not None or code in self.known
        ]


@st.fragment
def draw_entry(ledger: Ledger, actor: Actor, typed: MonthTyped) -> None:
    """Ask for the figures, or show them for the check before they are filed.

    Parameters
    ----------
    ledger
        Where they go.
    actor
        Who types; the ledger decides what that role may.
    typed
        The month.
    """
    if st.session_state.get("monthly_checking") == typed.name:
        _draw_check(ledger, actor, typed)
    else:
        _draw_fields(ledger, actor, typed)


def _draw_fields(ledger: Ledger, actor: Actor, typed: MonthTyped) -> None:
    marked = (*typed.marked, *st.session_state.get(f"monthly_marked_{typed.name}", ()))
    with st.container(key="hs-form-monthly"):
        for title, some in _groups(marked):
            st.html(markup.render_heading(title))
            # Row by row, so that on a phone, where columns fold, the order stays.
            for pair in (some[n : n + 2] for n in range(0, len(some), 2)):
                for column, bound in zip(st.columns(2), pair, strict=False):
                    with column:
                        _ask_figure(typed, bound, is_marked=bound.code in marked)
        st.html(markup.render_quiet(_("Ce scrieți rămâne ca ciornă pe server până depuneți sau păstrați cifrele.")))
        with st.container(horizontal=True):
            checking = st.button(_("Verificați și depuneți"), type="primary", key="monthly_check")
            kept = st.button(_("Păstrați cifrele"), key="monthly_keep")
    if kept:
        do_step(lambda: _keep(ledger, actor, typed), _("Cifrele sunt păstrate."))
    if checking:
        try:
            figures = typed.figures()
            figure_entry.check(ledger, figures, bounds("community"), actor=actor)
            refuse_missing({each.indicator: each.value for each in figures}, required(), bounds("community"))
        except MapError as error:
            st.html(markup.render_notice(_("Nu s-a putut"), [str(error)], kind="refusal"))
            return
        st.session_state["monthly_checking"] = typed.name
        st.rerun()


def _groups(marked: Sequence[str]) -> list[tuple[str, list[Bound]]]:
    """Group the fields as the indicators are, what is to be corrected first."""
    known = bounds("community")
    first = [known[code] for code in dict.fromkeys(marked) if code in known]
    rest = [bound for code, bound in known.items() if code not in marked]
    groups = [(_(name), list(some)) for name, some in groupby(rest, lambda bound: indicators()[bound.code].group)]
    return [(_("De corectat"), first), *groups] if first else groups


def _ask_figure(typed: MonthTyped, bound: Bound, *, is_marked: bool) -> None:
    """Ask for one figure: yes or no where only that can be said. What it may be is said by the core, in our words."""
    key = f"monthly_{typed.name}_{bound.code}"
    value = typed.draft[bound.code] if bound.code in typed.draft else typed.known.get(bound.code)
    label = f"{_(bound.name)} :small[{_hint(typed, bound)}]"
    with st.container(key=f"hs-{'marked' if is_marked else 'figure'}-{bound.code}"):
        if bound.is_yes_no:
            said = st.segmented_control(
                label, (1, 0), default=value, format_func={1: _("Da"), 0: _("Nu")}.__getitem__, key=key
            )
        else:
            said = st.number_input(label, value=value, step=1, placeholder=_("necompletat"), key=key)
    if said != typed.known.get(bound.code) or bound.code in typed.draft:
        typed.draft[bound.code] = said


def _hint(typed: MonthTyped, bound: Bound) -> str:
    """Say what a figure counts from, and what it was the month before."""
    before = typed.before.get(bound.code)
    last = "–" if before is None else {1: _("da"), 0: _("nu")}[before] if bound.is_yes_no else number(before)
    since = _("total, de la începutul proiectului") if bound.is_total else _("în ultima zi a lunii")
    return _("{since} · luna trecută: {value}").format(since=since, value=last)


def _draw_check(ledger: Ledger, actor: Actor, typed: MonthTyped) -> None:
    """Show what is about to be filed: nothing is filed without having been seen beside last month's."""
    found = figure_entry.check(ledger, typed.figures(), bounds("community"), actor=actor)
    checked = found[(typed.uat, typed.month)]
    st.html(markup.render_heading(_("Verificați și depuneți"), _("nimic nu este depus încă")))
    wrong = [each for each in checked if each.contradiction]
    unsure = [each for each in checked if each.warning]
    if wrong:
        lines = [each.contradiction for each in wrong]
        st.html(markup.render_notice(_("Cifrele se contrazic și nu pot fi depuse așa"), lines, kind="refusal"))
    st.html(report_html.render_checked(checked, caption=_("Cifrele raportului")))
    with st.container(key="hs-form-check"):
        _offer_changes(typed, [each for each in checked if each.contradiction or each.warning])
        yes = bool(unsure) and not wrong and st.checkbox(_said_yes(unsure), key=f"monthly_yes_{typed.name}")
        with st.container(horizontal=True):
            filed = not wrong and st.button(_("Depuneți raportul"), type="primary", key="monthly_send")
            if st.button(_("Schimbați cifrele"), key="monthly_change"):
                _back(typed, ())
    if filed:
        confirmed = {each.bound.code: each.now for each in unsure if each.now is not None} if yes else {}
        do_step(lambda: _file(ledger, actor, typed, confirmed), _("Raportul este depus. Unitatea județeană răspunde."))


def _said_yes(unsure: list[CheckedFigure]) -> str:
    names = ", ".join(_(each.bound.name) for each in unsure)
    return _("Da, am verificat și cifrele sunt bune: {names}").format(names=names)


def _offer_changes(typed: MonthTyped, doubted: list[CheckedFigure]) -> None:
    for each in doubted:
        label = _("Schimbați: {name}").format(name=_(each.bound.name))
        if st.button(label, key=f"monthly_change_{each.bound.code}"):
            _back(typed, (each.bound.code,))


def _back(typed: MonthTyped, marked: tuple[str, ...]) -> None:
    """Come back to the fields, those to correct first."""
    st.session_state.pop("monthly_checking", None)
    st.session_state[f"monthly_marked_{typed.name}"] = marked
    st.rerun()


def _keep(ledger: Ledger, actor: Actor, typed: MonthTyped) -> None:
    figure_entry.enter(ledger, typed.figures(), bounds("community"), actor=actor)
    typed.draft.clear()


def _file(ledger: Ledger, actor: Actor, typed: MonthTyped, confirmed: dict[str, int]) -> None:
    known = bounds("community")
    yes = {(typed.uat, typed.month): confirmed}
    figure_entry.enter(ledger, typed.figures(), known, actor=actor, confirmed=yes)
    monthly_reports.file(
        ledger, typed.county, typed.uat, typed.month, actor=actor,
        bounds=known, required=required(), confirmed=confirmed,
    )  # fmt: skip
    typed.draft.clear()
    st.session_state.pop("monthly_checking", None)
    st.session_state.pop(f"monthly_marked_{typed.name}", None)


def do_step(step: Callable[[], object], said: str) -> None:
    """Take a step; a refusal is shown where it happened, success after the page is drawn anew.

    Parameters
    ----------
    step
        What is done, without arguments.
    said
        What is said once it is done.
    """
    try:
        step()
    except MapError as error:
        lines = getattr(error, "lines", None) or [str(error)]
        st.html(markup.render_notice(_("Nu s-a putut"), lines, kind="refusal"))
        return
    st.session_state["monthly_said"] = said
    st.rerun()


def draft_of(actor: Actor, uat: int, month: str) -> dict[str, int | None]:
    """Return the draft of an account for a community's month; who writes into it keeps it on the server.

    Parameters
    ----------
    actor
        Whose draft: its role, account and area are part of what it is kept under, so nobody else's is found.
    uat, month
        The community and month.

    Returns
    -------
    dict
        Values by the indicator's code.
    """
    return shared.monthly_draft(str(shared.home().path), (actor.role, actor.account, actor.county), uat, month)
