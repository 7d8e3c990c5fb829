"""Telephones of teams: when each was last here, what it has not sent, and a lost one shut out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from api.field_work.shell_files import files_digest
from cases.record.field_devices import devices_of, shut_out
from cases.rules.case_vocabulary import member_label
from core.errors import BadValueError
from core.i18n import _, ngettext, number
from pages.case_panels import case_markup
from pages.case_panels.change_notices import make_change
from pages.common import markup
from pages.common.page_elements import draw_pages, shown_page
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cases.record.field_devices import FieldDevice
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_ON_A_PAGE = 25
_ACTIVE = "active"


def draw_devices(ledger: Ledger, actor: Actor, name_of: Callable[[int], str]) -> None:
    """List the telephones that an actor sees, and let it shut one out; a county unit also lets one in again.

    Parameters
    ----------
    ledger
        Where they are kept; it checks role and area at each press.
    actor
        A member of a team, who shuts the own telephones out alone, or a county unit.
    name_of
        Names a community by its SIRUTA.
    """
    found = [each for each in devices_of(ledger, actor=actor) if not each.is_desk]
    st.html(markup.render_heading(_("Telefoanele echipei") if actor.role == "team" else _("Telefoanele echipelor"),
                                  number(len(found))))  # fmt: skip
    if not found:
        st.html(markup.render_quiet(_("Niciun telefon nu a făcut încă schimb.")))
        return
    _draw_list(found, actor, name_of)  # beside a form its last columns would be cut at 768 px
    own = [each for each in found if actor.role != "team" or each.account == actor.account]
    left, right = st.columns(2, gap="medium")
    with left:
        _out_form(ledger, actor, [each for each in own if each.state == _ACTIVE], name_of)
    with right:
        if actor.role != "team":
            _in_form(ledger, actor, [each for each in own if each.state != _ACTIVE], name_of)


def _draw_list(found: Sequence[FieldDevice], actor: Actor, name_of: Callable[[int], str]) -> None:
    shown = shown_page(len(found), _ON_A_PAGE, "devices_page")
    heads = (_("Telefonul"), _("Al cui"), _("Ultimul schimb"), _("Starea"), _("Netrimise"))
    rows = [
        (
            each.device_id, _whose(each, actor, name_of), _last(each), state_words(each.state),
            f"{number(each.unsent)} · {_('de mult')}" if each.is_late else number(each.unsent),
        )
        for each in found[shown.rows]
    ]  # fmt: skip
    st.html(case_markup.render_listing(_("Telefoane"), heads, rows, numbers=1))
    draw_pages(shown, "devices_page")


def _whose(device: FieldDevice, actor: Actor, name_of: Callable[[int], str]) -> str:
    if device.account == actor.account:
        return _("al dumneavoastră")
    who = f"{member_label(device.profession)}, {device.account}" if device.profession else device.account
    return who if actor.role == "team" else f"{name_of(device.uat_siruta)}: {who}"


def _last(device: FieldDevice) -> str:
    """Say when a telephone was here, and whether it has the page of today."""
    version = _("pagina de acum") if device.shell == files_digest() else _("o pagină mai veche")
    return f"{moment_words(datetime.fromisoformat(device.last_seen))} · {version}"


def state_words(state: str) -> str:
    """Return what a telephone's state is called."""
    return {"active": _("lucrează"), "lost": _("scos: pierdut"), "revoked": _("scos de unitatea județeană")}[state]


def _out_form(ledger: Ledger, actor: Actor, own: Sequence[FieldDevice], name_of: Callable[[int], str]) -> None:
    with st.form("hs-form-device-out", clear_on_submit=True):
        st.html(markup.render_heading(_("Un telefon pierdut")))
        st.html(
            markup.render_quiet(
                _(
                    "De la următorul schimb nu mai primește și nu mai trimite nimic. Datele de pe el sunt criptate; "
                    "ce nu a trimis rămâne pe el. Îl lasă din nou numai unitatea județeană."
                )
            )
        )
        chosen = _choice(_("Telefonul pierdut"), own, actor, name_of)
        is_sure = st.checkbox(_("Telefonul este pierdut, sau nu mai este al echipei"))
        if not st.form_submit_button(_("Scoateți telefonul"), type="primary"):
            return

    def act() -> None:
        if chosen is None or not is_sure:
            raise BadValueError(_("Alegeți telefonul și spuneți că este pierdut."))
        shut_out(ledger, chosen, "lost" if actor.role == "team" else "revoked", actor=actor)

    late = next((each.unsent for each in own if each.device_id == chosen), 0)
    words = _("Telefonul {device} este scos.").format(device=chosen)
    if late:
        more = ngettext("Pe el a rămas {n} schimbare netrimisă.", "Pe el au rămas {n} schimbări netrimise.", late)
        words = f"{words} {more.format(n=number(late))}"
    make_change(act, words)


def _in_form(ledger: Ledger, actor: Actor, out: Sequence[FieldDevice], name_of: Callable[[int], str]) -> None:
    if not out:
        return
    with st.form("hs-form-device-in", clear_on_submit=True):
        st.html(markup.render_heading(_("Un telefon găsit")))
        st.html(markup.render_quiet(_("Face schimb din nou, și trimite ce a rămas pe el.")))
        chosen = _choice(_("Telefonul găsit"), out, actor, name_of)
        if not st.form_submit_button(_("Lăsați telefonul din nou")):
            return

    def act() -> None:
        if chosen is None:
            raise BadValueError(_("Alegeți telefonul."))
        shut_out(ledger, chosen, _ACTIVE, actor=actor)

    make_change(act, _("Telefonul {device} lucrează din nou.").format(device=chosen))


def _choice(label: str, devices: Sequence[FieldDevice], actor: Actor, name_of: Callable[[int], str]) -> str | None:
    words = {each.device_id: f"{each.device_id} · {_whose(each, actor, name_of)}" for each in devices}
    chosen: str | None = st.selectbox(
        label, list(words), index=None, format_func=words.__getitem__, placeholder=_("Alegeți telefonul")
    )
    return chosen
