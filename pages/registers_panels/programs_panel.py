"""Other programs, for who looks after the home: their keys, and where they are told of what happens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _
from core.text import collation_key
from pages.common import markup, page_elements, register_html
from pages.common.screen_wording import label_text
from referrals.interchange import api_tokens
from referrals.webhooks import program_view, subscriptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from referrals.records.vocabulary import Actor
    from referrals.webhooks.program_view import ProgramLine
    from referrals.workflow.directory import Directory

_SAID, _SECRET = "programs_said", "programs_secret"


def draw_programs(directory: Directory, who: Actor) -> None:
    """List keys and subscriptions, and draw what may be done with each.

    Parameters
    ----------
    directory
        The home; areas are named by its gazetteer.
    who
        Who looks after it; the ledger checks the role of each step.
    """
    shown = program_view.show_programs(directory, actor=who)
    st.html(markup.render_heading(_("Alte programe")))
    if value := st.session_state.pop(_SAID, ""):
        st.html(markup.render_done(value))
    if secret := st.session_state.pop(_SECRET, ""):
        st.html(markup.render_quiet(_("Secretul, arătat o singură dată. Copiați-l acum:")))
        st.code(secret, language=None, wrap_lines=True)
        st.html(register_html.render_copy(secret))
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_tokens(directory, shown.tokens, who)
    with right:
        _draw_webhooks(directory, shown.webhooks, shown.tokens, shown.warning, who)


def _draw_tokens(directory: Directory, tokens: tuple[ProgramLine, ...], who: Actor) -> None:
    with st.expander(_("Cheile programelor ({n})").format(n=len(tokens))):
        for each in tokens:
            st.html(register_html.render_facts_card(each.title, list(each.lines)))
        if not tokens:
            st.html(markup.render_quiet(_("Nicio cheie încă.")))
    names = {each.number: f"{each.title} ({each.number})" for each in tokens if each.is_open}
    if names:
        with st.container(key="hs-form-token"):
            st.html(markup.render_heading(_("O cheie existentă")))
            chosen = _choose(_("Cheia"), names, "token-chosen")
            if chosen:
                days = st.text_input(_("Câte zile este bună cheia nouă"), str(api_tokens.USUAL_DAYS), key="token-days")
                with st.container(horizontal=True, key="hs-row-token"):
                    if st.button(_("Faceți altă cheie în locul ei"), key="token-replace"):
                        _act(lambda: _replaced(directory, chosen, days, who))
                sure = st.checkbox(program_view.sure_words("revoke"), key=f"token-sure-{chosen}")
                if st.button(_("Retrageți cheia acum"), key="token-revoke", disabled=not sure):
                    _act(lambda: _revoked(directory, chosen, who))
    _draw_new_token(directory, who)


def _draw_new_token(directory: Directory, who: Actor) -> None:
    roles = program_view.role_choices()
    table = directory.gazetteer.counties
    counties = dict(zip(table["county"], table["name"], strict=True))
    scopes = dict(zip(api_tokens.SCOPES, program_view.scope_words(), strict=True))
    with st.container(key="hs-form-new-token"):
        st.html(markup.render_heading(_("O cheie nouă")))
        name = st.text_input(_("Pentru ce program"), key="token-name", max_chars=80)
        role = str(st.selectbox(_("Ca cine întreabă"), list(roles), format_func=roles.__getitem__, key="token-role"))
        place = county = services = ""
        if role == "county":
            ordered = sorted(counties, key=lambda letters: collation_key(counties[letters]))
            county = str(_choose(_("Județul"), {each: counties[each] for each in ordered}, "token-county") or "")
        elif role == "team":
            place = st.text_input(
                _("Comunitatea echipei"), key="token-place", placeholder=_("de exemplu: Parincea, Bacău")
            )
        elif role == "provider":
            services = st.text_input(_("Codurile serviciilor"), key="token-services", placeholder="social:mmps:1")
        wanted = st.multiselect(
            _("Ce poate cere"),
            list(scopes),
            ["read"],
            format_func=scopes.__getitem__,
            placeholder=_("Alegeți"),
            key="token-scopes",
        )
        days = st.text_input(_("Câte zile este bună, cel mult un an"), str(api_tokens.USUAL_DAYS), key="token-new-days")
        if st.button(_("Faceți cheia"), key="token-make"):
            _act(
                lambda: _made(
                    *program_view.make_token(
                        directory, name, role=role, place=place, county=county, services=services, scopes=wanted,
                        days=days, actor=who,
                    )
                )
            )  # fmt: skip


def _made(made: api_tokens.ApiToken, secret: str) -> str:
    st.session_state[_SECRET] = secret
    return _("Cheia {id} este făcută.").format(id=made.token_id)


def _replaced(directory: Directory, token_id: str, days: str, who: Actor) -> str:
    made, secret = program_view.change_token(directory, token_id, days=days, actor=who)
    st.session_state[_SECRET] = secret
    words = _("Cheia {id} îi ia locul celei vechi, care mai este bună cel mult 7 zile.")
    return words.format(id=made.token_id)


def _revoked(directory: Directory, token_id: str, who: Actor) -> str:
    gone = api_tokens.revoke_token(directory.ledger, token_id, actor=who)
    return _("Cheia {id} este retrasă: nu mai deschide nimic.").format(id=gone.token_id)


def _draw_webhooks(
    directory: Directory,
    hooks: tuple[ProgramLine, ...],
    tokens: tuple[ProgramLine, ...],
    warning: str,
    who: Actor,
) -> None:
    with st.expander(_("Programe anunțate ({n})").format(n=len(hooks))):
        if warning:
            st.html(markup.render_quiet(warning))
        for each in hooks:
            st.html(register_html.render_facts_card(each.title, list(each.lines)))
        if not hooks:
            st.html(markup.render_quiet(_("Niciun program nu este anunțat.")))
    if hooks:
        with st.container(key="hs-form-webhook"):
            st.html(markup.render_heading(_("Un program anunțat")))
            chosen = _choose(_("Abonamentul"), {each.number: f"{each.title} ({each.number})" for each in hooks}, "hook")
            for one in (each for each in hooks if each.number == chosen):
                with st.container(horizontal=True, key="hs-row-webhook"):
                    for code, words in one.steps:
                        if st.button(words, key=f"hook-{code}"):
                            _act(partial(_stepped, directory, one.number, code, who))
                sure = st.checkbox(program_view.sure_words("remove"), key=f"hook-sure-{chosen}")
                if st.button(_("Ștergeți abonamentul"), key="hook-remove", disabled=not sure):
                    _act(partial(_stepped, directory, one.number, "remove", who))
    open_tokens = {each.number: f"{each.title} ({each.number})" for each in tokens if each.is_open}
    if not open_tokens:
        return
    kinds = dict(zip(subscriptions.KINDS, program_view.kind_words(), strict=True))
    with st.container(key="hs-form-new-webhook"):
        st.html(markup.render_heading(_("Anunțați un program")))
        token = _choose(_("Cheia lui, cu dreptul „webhook”"), open_tokens, "hook-token")
        address = st.text_input(
            _("Adresa la care primește"), key="hook-address", max_chars=500,
            placeholder="https://program.example.ro/primeste",
        )  # fmt: skip
        about = st.multiselect(
            _("Despre ce"), list(kinds), format_func=kinds.__getitem__, placeholder=_("Alegeți"), key="hook-kinds"
        )
        if st.button(_("Porniți anunțurile"), key="hook-make", disabled=token is None):
            _act(lambda: _subscribed(directory, token or "", address, about, who))


def _stepped(directory: Directory, number: str, step: str, who: Actor) -> str:
    text, secret = program_view.take_step(directory, number, step, actor=who)
    if secret:
        st.session_state[_SECRET] = secret
    return text


def _subscribed(directory: Directory, token_id: str, address: str, kinds: list[str], who: Actor) -> str:
    made, secret = program_view.subscribe(directory, token_id, address, kinds, actor=who)
    st.session_state[_SECRET] = secret
    return _("Abonamentul {number} este pornit.").format(number=made.webhook_id)


def _choose(words: str, names: dict[str, str], key: str) -> str | None:
    chosen: str | None = st.selectbox(
        words, list(names), index=None, key=key, format_func=lambda each: label_text(names[each]),
        placeholder=_("Alegeți"),
    )  # fmt: skip
    return chosen


def _act(change: Callable[[], str]) -> None:
    """Do what changes a key or a subscription; say at the top of the section what was done."""
    try:
        st.session_state[_SAID] = change()
    except MapError as error:
        page_elements.refusal(error)
        return
    st.rerun()
