"""„Noutăți”: what was told to the account, and how it wants to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from api.message_choices import rhythm_choices
from core.errors import MapError
from core.i18n import _
from pages.common import markup, shared, today_markup
from referrals.delivery import news_list, own_settings

if TYPE_CHECKING:
    from referrals.delivery.own_settings import OwnSettings
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_DONE = "news-done"
_LANGUAGES = {"ro": "Română", "en": "English"}


def page() -> None:
    """List the news of whoever is signed in, and ask how they are to come."""
    purpose = _("Ce s-a întâmplat în ultimele 30 de zile cu referirile și locurile de care răspundeți.")
    st.html(markup.render_title(_("Noutăți"), purpose))
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        st.html(markup.render_sign_in(is_demo=home.is_demo, onward="/noutati"))
        return
    directory = shared.directory(home)
    if done := st.session_state.pop(_DONE, ""):
        st.html(markup.render_done(done))
    lines = news_list.list_news(directory, actor=actor)
    if any(line.is_new for line in lines) and st.button(_("Marcați tot ca citit"), key="news_read", type="primary"):
        news_list.mark_read(directory.ledger, actor=actor, until=max(line.message_id for line in lines))
        st.session_state[_DONE] = _("Noutățile sunt marcate ca citite.")
        st.rerun()
    st.html(markup.render_heading(_("Ultimele 30 de zile")))
    st.html(today_markup.render_news(lines))
    st.html(markup.render_heading(_("Cum primiți noutățile")))
    own = own_settings.read_own_settings(directory, actor=actor)
    if own is None:
        st.html(markup.render_quiet(_("Fără un cont nu se trimit mesaje: noutățile se citesc aici.")))
        return
    _settings(directory, actor, own)


def _settings(directory: Directory, actor: Actor, own: OwnSettings) -> None:
    if not own.is_on:
        st.html(markup.render_quiet(_("Mesajele sunt oprite în această instituție: noutățile se citesc aici.")))
    rhythms = dict(rhythm_choices())
    texts = _("Pentru SMS, dacă nu aveți e-mail.") if own.has_texts else _("Pentru SMS; instituția nu le trimite încă.")
    hours: list[int | None] = [None, *range(24)]
    quiet = own.choice.quiet or (None, None)
    with st.form("hs-form-news"):
        email = st.text_input(_("E-mail"), own.email, max_chars=120, placeholder=own.login or None)
        phone = st.text_input(_("Telefon mobil"), own.phone, max_chars=40)
        st.html(markup.render_quiet(texts))
        rhythm = st.radio(
            _("Cât de des?"), list(rhythms), list(rhythms).index(own.choice.rhythm), format_func=rhythms.__getitem__
        )
        first, last = st.columns(2)
        begin = first.selectbox(
            _("Liniște de la"), hours, hours.index(quiet[0]), format_func=_hour_words, key="news_quiet_from"
        )
        end = last.selectbox(
            _("Liniște până la"), hours, hours.index(quiet[1]), format_func=_hour_words, key="news_quiet_until"
        )
        language = st.radio(
            _("Limba mesajelor"),
            list(_LANGUAGES),
            list(_LANGUAGES).index(own.choice.language),
            format_func=_LANGUAGES.__getitem__,
        )
        st.html(
            markup.render_quiet(
                _(
                    "Ce nu mai este valabil până la ziua aleasă nu se mai trimite. Dacă ați oprit mesajele prin linkul "
                    "dintr-un mesaj, porniți-le tot de acolo."
                )
            )
        )
        if not st.form_submit_button(_("Salvați")):
            return
    try:
        own_settings.save_own_settings(
            directory,
            actor=actor,
            email=email.strip(),
            phone=phone.strip(),
            rhythm=rhythm,
            language=language,
            quiet=None if begin is None or end is None else (begin, end),
        )
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.session_state[_DONE] = _("Am notat cum primiți noutățile.")
    st.rerun()


def _hour_words(hour: int | None) -> str:
    return _("fără") if hour is None else f"{hour}:00"


page()
