"""„Supervizare”: remarks that wait, and a session written down with what was said of each community and case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.consent_form import typed_day
from cases.record.supervision import MOST_REMARK, SupervisorRemark, hold_session
from cases.record.supervision_lists import list_remarks, settle_remark
from cases.rules.case_vocabulary import SUPERVISION_KINDS, supervision_label
from core.errors import BadValueError, MapError
from core.i18n import _, ngettext, number
from pages.case_panels import case_markup
from pages.case_panels.change_notices import make_change
from pages.common import markup
from providers.rules.wording import iso_day
from referrals.ledger.referral_request import validate_case_reference
from referrals.records.free_text import refuse_personal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.record.supervision_lists import RemarkShown
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_TURN, _MOST_SHOWN = "supervision-turn", 30


def draw_remarks(ledger: Ledger, actor: Actor, names: Mapping[int, str]) -> None:
    """Draw the remarks that wait, each with its button, and those that were seen to.

    Parameters
    ----------
    ledger
        Where the record is kept; it checks role and area at each press.
    actor
        A county unit, or a team that reads its own.
    names
        Of communities, by SIRUTA.
    """
    remarks = list_remarks(ledger, actor=actor)
    waiting = [each for each in remarks if each.is_open]
    st.html(markup.render_heading(_("Observații care așteaptă"), number(len(waiting))))
    if not waiting:
        st.html(markup.render_quiet(_("Nicio observație nu așteaptă.")))
    for each in waiting[:_MOST_SHOWN]:
        with st.container(key=f"hs-remark-{each.remark_id}"):
            st.html(case_markup.render_remark(_about(each, names), each.remark, _due(each), is_late=each.is_late))
            if st.button(_("S-a făcut"), key=f"remark-done-{each.remark_id}"):
                _settle(ledger, actor, each)
    _draw_older([each for each in remarks if not each.is_open], names)
    _say_more(len(waiting) - _MOST_SHOWN)


def _draw_older(remarks: list[RemarkShown], names: Mapping[int, str]) -> None:
    if not remarks:
        return
    count = ngettext("{n} observație", "{n} observații", len(remarks)).format(n=number(len(remarks)))
    with st.expander(_("Ședințele de până acum: {count}").format(count=count)):
        heads = (_("Ziua"), _("Felul"), _("Despre"), _("Observația"))
        rows = [
            (iso_day(each.on_day), supervision_label(each.kind), _about(each, names), each.remark)
            for each in remarks[:_MOST_SHOWN]
        ]
        st.html(case_markup.render_listing(_("Ședințe"), heads, rows))
        _say_more(len(remarks) - _MOST_SHOWN)


def _say_more(more: int) -> None:
    if more > 0:
        st.html(markup.render_quiet(ngettext("și încă {n} observație", "și încă {n} observații", more).format(n=more)))


def _about(remark: RemarkShown | SupervisorRemark, names: Mapping[int, str]) -> str:
    community = names.get(remark.uat_siruta, str(remark.uat_siruta))
    return f"{community} · {remark.case_ref}" if remark.case_ref else community


def _due(remark: RemarkShown) -> str:
    text = _("cerut la {day}").format(day=iso_day(remark.on_day))
    return f"{text} · {_('până la {day}').format(day=iso_day(remark.due_on))}" if remark.due_on else text


def _settle(ledger: Ledger, actor: Actor, remark: RemarkShown) -> None:
    done = _("Observația este notată ca făcută; echipa o vede la următorul schimb.")
    make_change(lambda: settle_remark(ledger, remark.remark_id, actor=actor), done)


def draw_session_form(ledger: Ledger, actor: Actor, names: Mapping[int, str]) -> None:
    """Ask what was said, remark by remark, and write it all as one session: it counts once for each community.

    Parameters
    ----------
    ledger
        Where the record is kept; it checks role and area when the session is written.
    actor
        A county unit.
    names
        Of its communities, by SIRUTA.
    """
    kept = f"supervision-lines-{actor.county}-{actor.account}"
    lines: list[SupervisorRemark] = st.session_state.setdefault(kept, [])
    st.html(markup.render_heading(_("Scrieți o ședință")))
    _remark_form(lines, names)
    if not lines:
        return
    st.html(case_markup.render_said([(_about(each, names), each.remark) for each in lines]))
    with st.form("hs-form-session"):
        kind = st.radio(_("Felul ședinței"), SUPERVISION_KINDS, index=1, format_func=supervision_label)
        day = st.text_input(
            _("Ziua ședinței"),
            f"{ledger.today():%d.%m.%Y}",
            max_chars=20,
            placeholder=_("zz.ll.aaaa"),
        )
        with st.container(horizontal=True):
            is_sent = st.form_submit_button(_("Scrieți ședința"), type="primary")
            is_dropped = st.form_submit_button(_("Renunțați"))
    if is_dropped:
        st.session_state[kept] = []
        st.rerun()
    if not is_sent:
        return

    def act() -> None:
        hold_session(ledger, actor.county, _day(day).isoformat(), str(kind), lines, actor=actor)
        st.session_state[kept] = []

    make_change(act, _("Ședința este scrisă. Echipele văd observațiile la următorul schimb."))


def _remark_form(lines: list[SupervisorRemark], names: Mapping[int, str]) -> None:
    turn = st.session_state.get(_TURN, 0)  # a new turn empties the fields
    with st.form(f"hs-form-remark-{turn}"):
        uat = st.selectbox(
            _("Comunitatea"), list(names), index=None, format_func=names.__getitem__,
            placeholder=_("Alegeți comunitatea"),
        )  # fmt: skip
        case = st.text_input(_("Cazul, dacă este despre unul"), max_chars=20, placeholder="C-XXXXX-XXXXX")
        remark = st.text_area(_("Observația, fără date personale"), max_chars=MOST_REMARK, height=100)
        asks = st.checkbox(_("Cere ceva echipei"))
        due = st.text_input(_("Până când (necompletat: fără termen)"), max_chars=20, placeholder=_("zz.ll.aaaa"))
        if not st.form_submit_button(_("Adăugați observația")):
            return
    try:
        lines.append(_typed(uat, case, remark, asks=asks, due=due))
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.session_state[_TURN] = turn + 1
    st.rerun()


def _typed(uat: int | None, case: str, remark: str, *, asks: bool, due: str) -> SupervisorRemark:
    """Return a remark that can be written; BadValueError and PersonalDataError where it cannot."""
    if uat is None:
        raise BadValueError(_("Alegeți comunitatea."))
    text = refuse_personal(remark, field=_("Observații"))
    if not text:
        raise BadValueError(_("Scrieți observația."))
    until = _day(due).isoformat() if due.strip() else ""
    ref = validate_case_reference(case) if case.strip() else ""
    return SupervisorRemark(uat, ref, text, asks=asks or bool(until), due_on=until)


def _day(text: str) -> date:
    found = typed_day(text)
    if found is None:
        raise BadValueError(_("„{text}” nu este o zi: scrieți zz.ll.aaaa.").format(text=text[:20]))
    return found
