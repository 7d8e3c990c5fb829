"""Accounts, for who looks after the home: who has one, a new one, a new password, a lost telephone, the end of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, ngettext, number
from core.text import collation_key
from pages.common import markup, page_elements, register_html
from pages.common.screen_wording import label_text
from referrals.accounts import account_sessions, accounts
from referrals.records.vocabulary import Actor
from referrals.workflow import role_words
from referrals.workflow.terminal import area_of_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from referrals.accounts.accounts import Account
    from referrals.workflow.directory import Directory

_SAID = "accounts_said"
_OPENS = "accounts_opens"  # the address that opens an account, shown once


def draw_accounts(directory: Directory, who: Actor) -> None:
    """List the accounts and draw what may be done with one.

    Parameters
    ----------
    directory
        The home; areas are named by its gazetteer.
    who
        Who looks after it; the ledger checks the role of each step.
    """
    every = sorted(accounts.listed(directory.ledger, actor=who), key=lambda each: collation_key(each.login))
    count = ngettext("{n} cont", "{n} conturi", len(every)).format(n=number(len(every)))
    st.html(markup.render_heading(_("Conturi"), count))
    _draw_said()
    if every:
        with st.expander(_("Toate conturile")):
            st.html(register_html.render_facts_card(_("Conturi"), [_line(directory, each) for each in every]))
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_invitation(directory, who)
    with right:
        _draw_one(directory, [each for each in every if each.state != "closed"], who)


def _line(directory: Directory, each: Account) -> str:
    state = {"invited": _("invitat, încă nedeschis"), "active": _("activ"), "closed": _("închis")}[each.state]
    actor = Actor(each.role, each.account_id, each.county, each.uat_siruta)
    return f"{each.login} · {role_words.actor_words(actor, directory.gazetteer)} · {state}"


def _draw_said() -> None:
    """Say what was done; an address that opens an account is there once, to be sent by who asked for it."""
    if value := st.session_state.pop(_SAID, ""):
        st.html(markup.render_done(value))
    if opens := st.session_state.pop(_OPENS, ""):
        st.html(markup.render_quiet(_("Trimiteți persoanei această adresă. Se arată o singură dată:")))
        st.code(opens, language=None, wrap_lines=True)
        st.html(register_html.render_copy(opens))


def _draw_invitation(directory: Directory, who: Actor) -> None:
    roles = {
        "team": _("Echipă comunitară"),
        "county": _("Unitate județeană"),
        "national": _("Nivel național"),
        "admin": _("Administrator"),
    }
    turn = st.session_state.get("accounts_turn", 0)  # the key changes after each, which empties the fields
    with st.container(key="hs-form-invite"):
        st.html(markup.render_heading(_("Un cont nou")))
        login = st.text_input(_("Numele contului"), key=f"invite-login-{turn}", placeholder="echipa.parincea")
        role = str(st.selectbox(_("Rolul"), list(roles), format_func=roles.__getitem__, key="invite-role"))
        place = county = ""
        if role == "team":
            hint = _("de exemplu: Parincea, Bacău")
            place = st.text_input(_("Comunitatea echipei"), key=f"invite-place-{turn}", placeholder=hint)
        elif role == "county":
            county = str(_choose_county(directory) or "")
        if st.button(_("Invitați"), key="invite"):
            _act(lambda: _invited(directory, login, role, place, county, who))


def _choose_county(directory: Directory) -> str | None:
    table = directory.gazetteer.counties
    names = dict(zip(table["county"], table["name"], strict=True))
    ordered = sorted(names, key=lambda letters: collation_key(names[letters]))
    chosen: str | None = st.selectbox(
        _("Județul"), ordered, index=None, format_func=names.__getitem__, key="invite-county",
        placeholder=_("Alegeți județul"),
    )  # fmt: skip
    return chosen


def _invited(directory: Directory, login: str, role: str, place: str, county: str, who: Actor) -> str:
    letters, uat = area_of_role(directory, role, place, county) if place or county else ("", None)
    code = accounts.invite(directory.ledger, login, role=role, county=letters, uat_siruta=uat, actor=who)  # type: ignore[arg-type]
    st.session_state["accounts_turn"] = st.session_state.get("accounts_turn", 0) + 1
    st.session_state[_OPENS] = _address(code)
    return _("Contul „{login}” este invitat. Invitația este valabilă 7 zile.").format(login=accounts.tidy_login(login))


def _address(code: str) -> str:
    """Write where an account is opened, as the browser of who asks reaches this server."""
    return f"{(st.context.url or '').partition('/registre')[0]}/invitatie?cod={code}"


def _draw_one(directory: Directory, open_ones: list[Account], who: Actor) -> None:
    """Choose an account, then end its sessions, give it a new password, or close it for good."""
    names = {each.account_id: each.login for each in open_ones}
    with st.container(key="hs-form-account"):
        st.html(markup.render_heading(_("Un cont existent")))
        chosen = st.selectbox(
            _("Contul"), list(names), index=None, key="end-account",
            format_func=lambda each: label_text(names[each]), placeholder=_("Alegeți contul"),
        )  # fmt: skip
        if chosen is None:
            st.html(markup.render_quiet(_("Un telefon pierdut, o parolă uitată, o persoană care a plecat.")))
            return
        with st.container(horizontal=True, key="hs-row-account"):
            if st.button(_("Încheiați sesiunile"), key="end-sessions"):
                _act(lambda: _ended(directory, chosen, who))
            if st.button(_("Parolă nouă"), key="account-reset"):
                _act(lambda: _reset(directory, names[chosen], who))
        sure = st.checkbox(_("Știu că un cont închis nu se mai deschide"), key=f"close-sure-{chosen}")
        if st.button(_("Închideți contul"), key="account-close", disabled=not sure):
            _act(lambda: _closed(directory, chosen, names[chosen], who))


def _ended(directory: Directory, account_id: str, who: Actor) -> str:
    ended = account_sessions.end_sessions(directory.ledger, account_id, actor=who)
    return ngettext("{n} sesiune încheiată.", "{n} sesiuni încheiate.", ended).format(n=number(ended))


def _reset(directory: Directory, login: str, who: Actor) -> str:
    st.session_state[_OPENS] = _address(accounts.offer_reset(directory.ledger, login, actor=who))
    words = _("Contul „{login}”: adresa pentru o parolă nouă este valabilă o oră, sau 7 zile dacă nu a fost deschis.")
    return words.format(login=login)


def _closed(directory: Directory, account_id: str, login: str, who: Actor) -> str:
    accounts.close(directory.ledger, account_id, actor=who)
    return _("Contul „{login}” este închis.").format(login=login)


def _act(change: Callable[[], str]) -> None:
    """Do what changes an account; say at the top of the section what was done."""
    try:
        st.session_state[_SAID] = change()
    except MapError as error:
        page_elements.refusal(error)
        return
    st.rerun()
