"""„Resurse locale”: what teams know and no register has, what comes on some days, and who checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.exporting import csv_bytes
from core.i18n import _, ngettext, number
from core.templating import render_macro
from pages.common import markup, page_elements, shared
from providers.finder import search_terms
from referrals.local import local_intake, local_lists
from referrals.local.local_intake import LocalTyped

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.local.local_lists import LocalLine
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_DONE, _TURN = "local-done", "local-turn"
_TEMPLATE = "screen/local.html"


def page() -> None:
    """Show what the county knows with the steps that may be taken, and the form of a new entry."""
    st.html(
        markup.render_title(
            _("Resurse locale"),
            _("Ce știu echipele și nu este în niciun registru: parohii, voluntari, microbuze, caravane și zilele lor."),
        )
    )
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        st.html(markup.render_sign_in(is_demo=home.is_demo, onward="/local"))
        return
    directory = shared.directory(home)
    if done := st.session_state.pop(_DONE, ""):
        st.html(markup.render_done(done))
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        _list(directory, actor)
    with right:
        if local_intake.may_add(actor):
            _form(home, directory, actor)


def _list(directory: Directory, actor: Actor) -> None:
    found = local_lists.lines(directory, actor=actor)
    count = ngettext("{n} resursă", "{n} resurse", len(found)).format(n=number(len(found)))
    st.html(markup.render_heading(_("Știute de echipele din județ"), count))
    if not found:
        advice = _("Adăugați parohia, voluntarii, microbuzul sau caravana pe care le știți.")
        st.html(markup.render_notice(_("Nicio resursă locală."), [advice]))
    for line in found[: local_lists.MOST_SHOWN]:
        _card(directory, actor, line)
    if (more := len(found) - local_lists.MOST_SHOWN) > 0:
        st.html(markup.render_quiet(ngettext("și încă {n} resursă", "și încă {n} resurse", more).format(n=more)))
    st.download_button(
        _("Calendarul (CSV)"),
        lambda: csv_bytes(local_lists.calendar_table(directory, actor=actor)),
        "calendar.csv",
        "text/csv",
        key="local-calendar",
        on_click="ignore",
    )


def _card(directory: Directory, actor: Actor, line: LocalLine) -> None:
    st.html(render_macro(_TEMPLATE, "entry", line))
    if not line.steps:
        return
    with st.container(horizontal=True, key=f"hs-row-local-{line.entry_id}"):
        for step in line.steps:
            if st.button(local_lists.step_label(step), key=f"local-{step}-{line.entry_id}"):
                _step(directory, actor, line, step)


def _step(directory: Directory, actor: Actor, line: LocalLine, step: str) -> None:
    try:
        local_intake.do_step(directory, line.entry_id, step, actor=actor)
    except MapError as error:
        page_elements.refusal(error)
        return
    st.session_state[_DONE] = f"{line.name}: {local_lists.step_done(step)}"
    st.rerun()


def _form(home: Home, directory: Directory, actor: Actor) -> None:
    terms = {each.code: each.label for each in search_terms.all_search_terms().values() if each.is_need}
    turn = st.session_state.get(_TURN, 0)  # a new turn empties the fields
    own = "" if actor.uat_siruta is None else shared.gazetteer(home).place_of(None, actor.uat_siruta).label
    with st.form(f"local-{turn}"):
        st.html(markup.render_heading(_("Adăugați o resursă")))
        words = _(
            "Despre instituții și grupuri, nu despre persoane ajutate. Telefonul: al instituției, sau al cuiva care "
            "este de acord."
        )
        st.html(markup.render_quiet(words))
        name = st.text_input(_("Denumire"), placeholder=_("parohie, filială, grup, caravană"), max_chars=120)
        offers = st.text_area(_("Ce oferă"), max_chars=500, height=80)
        place = st.text_input(_("Localitatea"), value=own, max_chars=80)
        needs = st.multiselect(
            _("La ce nevoie ajută?"), list(terms), format_func=terms.__getitem__, placeholder=_("Alegeți din listă")
        )
        taken = st.text_input(_("Cine este primit"), max_chars=200)
        hours = st.text_input(_("Program"), placeholder=_("luni–vineri 9–13"), max_chars=120)
        phone = st.text_input(_("Telefon"), placeholder=_("0234 000 000, și pentru programare"), max_chars=60)
        days = st.text_input(
            _("Zilele în care vine (necompletat: mereu)"),
            placeholder=_("joi; prima joi din lună; 3.12.2026"),
            max_chars=300,
        )
        serves = st.radio(
            _("Pentru cine"),
            ["county", "uat"],
            format_func={"county": _("tot județul"), "uat": _("numai comuna")}.__getitem__,
            horizontal=True,
        )
        review = st.text_input(_("De reconfirmat până la"), placeholder=_("necompletat: peste 6 luni"), max_chars=20)
        is_sent = st.form_submit_button(_("Adăugați"), type="primary")
    if not is_sent:
        return
    typed = LocalTyped(
        name, offers, place, tuple(needs), taken=taken, hours=hours, phone=phone, serves=str(serves), days=days,
        review=review,
    )  # fmt: skip
    try:
        made = local_intake.add(directory, typed, actor=actor)
    except MapError as error:
        page_elements.refusal(error)
        return
    st.session_state[_TURN] = turn + 1
    st.session_state[_DONE] = _(
        "Resursa {n} apare de acum în răspunsuri, ca neverificată, până o verifică unitatea județeană."
    ).format(n=made.entry_id)
    st.rerun()


page()
