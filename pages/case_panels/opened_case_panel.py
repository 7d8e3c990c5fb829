"""„Supervizare”: one case opened with a reason for three hours, and moves of cases that wait for the county unit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from cases.record.county_access import confirm_move, opened_cases, read_case, request_access, waiting_moves
from cases.rules.case_terms import term
from core.errors import MapError
from core.i18n import _, number
from core.romanian_calendar import BUCHAREST
from pages.case_panels import case_markup
from pages.case_panels.case_sheet import sheet_of
from pages.case_panels.change_notices import make_change
from pages.case_panels.logged_reading import forget, read_once
from pages.common import markup
from providers.rules.wording import iso_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_SHOWN, _CASE = "supervision-shown", "supervision-case"
_TURN = "supervision-opening"


def draw_opening(home: Home, ledger: Ledger, actor: Actor) -> None:
    """Ask which case and why, and show those that are open: each reading is in the audit log, and its team sees it.

    Parameters
    ----------
    home
        For the words of codes.
    ledger
        Where the record is kept; it checks role, county, reason and hours.
    actor
        A county unit.
    """
    opened = opened_cases(ledger, actor=actor)
    for ref, until in opened.items():
        with st.container(horizontal=True, key=f"hs-row-case-{ref}"):
            st.html(markup.render_quiet(f"{ref} · {_until(until)}"), width="content")
            if st.button(_("Citiți cazul {case}").format(case=ref), key=f"case-read-{ref}"):
                st.session_state[_SHOWN] = ref
                forget(_CASE)
    shown = st.session_state.get(_SHOWN)
    if shown in opened:
        _show(home, ledger, actor, shown, opened[shown])
    else:
        forget(_CASE)
    _ask(ledger, actor)


def _show(home: Home, ledger: Ledger, actor: Actor, case_ref: str, until: datetime) -> None:
    try:
        seen = read_once(
            _CASE, (actor.account, case_ref, until), ledger.clock(),
            lambda: read_case(ledger, case_ref, actor=actor, home=home),
        )  # fmt: skip
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.html(case_markup.render_case(sheet_of(seen.case, home), _until(until)))
    if st.button(_("Închideți fișa"), key="case-hide"):
        del st.session_state[_SHOWN]
        forget(_CASE)
        st.rerun()


def _until(until: datetime) -> str:
    return _("deschis până la ora {time}").format(time=f"{until.astimezone(BUCHAREST):%H:%M}")


def _ask(ledger: Ledger, actor: Actor) -> None:
    turn = st.session_state.get(_TURN, 0)
    with st.form(f"hs-form-open-{turn}"):
        st.html(markup.render_heading(_("Deschideți un caz")))
        words = _(
            "Un caz se deschide numai cu un motiv, pentru {n} ore. Motivul rămâne scris și echipa îl vede. Ce ține de "
            "medic sau de managerul de caz nu se arată."
        )
        st.html(markup.render_quiet(words.format(n=term("access_hours"))))
        ref = st.text_input(_("Codul cazului"), max_chars=20, placeholder="C-XXXXX-XXXXX")
        reason = st.text_area(_("De ce îl deschideți, fără date personale"), max_chars=200, height=80)
        if not st.form_submit_button(_("Deschideți cazul"), type="primary"):
            return

    def act() -> None:
        request_access(ledger, ref, reason, actor=actor)
        st.session_state[_TURN] = turn + 1
        st.session_state[_SHOWN] = ref.strip().upper()

    make_change(act, _("Cazul este deschis pentru {n} ore; echipa vede motivul.").format(n=term("access_hours")))


def draw_moves(ledger: Ledger, actor: Actor, name_of: Callable[[int], str]) -> None:
    """Draw the cases that a team of the county offers to another community, each with its button.

    Parameters
    ----------
    ledger
        Where the record is kept; it checks role and county.
    actor
        A county unit.
    name_of
        Names a community by its SIRUTA.
    """
    moves = waiting_moves(ledger, actor=actor)
    st.html(markup.render_heading(_("Mutări de confirmat"), number(len(moves))))
    if not moves:
        st.html(markup.render_quiet(_("Nicio mutare nu așteaptă.")))
    for move in moves:
        ref = move["case_ref"]
        way = _("din {first} la {last}").format(first=name_of(move["from_uat"]), last=name_of(move["to_uat"]))
        with st.container(key=f"hs-move-{ref}"):
            when = _("oferit la {day}").format(day=iso_day(move["offered_on"]))
            st.html(case_markup.render_remark(ref, way, when, is_late=False))
            if st.button(_("Confirmați mutarea"), key=f"move-confirm-{ref}"):
                done = _("Mutarea cazului {case} este confirmată; o primește echipa cealaltă.").format(case=ref)
                make_change(partial(confirm_move, ledger, ref, actor=actor), done)
