"""„Găsiți un serviciu”: who is near, may take the person and has a free place; why not the others; and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _, ngettext
from geo.spatial.route import MOST_NEEDS
from pages.common import markup, shared
from pages.finder_panels import (
    answer_list,
    answer_markup,
    asked_question,
    kept_answer,
    result_map,
    search_form,
    trip_panel,
)
from pages.finder_panels.action_state import NeedContext
from providers.finder import search_terms
from providers.finder.answer_view import answer_view, first_hour_view
from providers.finder.relevant_facts import relevant_facts
from providers.output.answer_text import asked_line
from providers.rules.help_tables.first_hour import first_hours_of
from referrals.search_gaps import note_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.storage.home import Home
    from pages.finder_panels.kept_answer import KeptAnswer
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.answer import Answer, Query
    from referrals.records.vocabulary import Actor


def page() -> None:
    """Read the question, ask the core, draw the answer."""
    home = shared.home()
    actor = shared.actor(home)
    snapshot = shared.snapshot(home)
    asked_question.read_address(snapshot.gazetteer, actor)
    queries = asked_question.asked()
    if not queries:
        _question(home, snapshot, actor)
        return
    waiting = st.empty()
    is_new = not kept_answer.is_kept(snapshot, queries, actor)
    if is_new:
        waiting.html(answer_markup.render_waiting())
    kept = kept_answer.answers_to(snapshot, queries, actor)
    if is_new:
        note_answers(shared.directory(home).ledger, kept.now)
    asked_question.write_address(queries[0].origin, [query.wanted[0] for query in queries])
    _asked(snapshot, queries, kept.now)
    _top(home, snapshot, actor, kept)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _lists(actor, kept.now)
    waiting.empty()
    with right:
        result_map.draw(kept.now, home)
    used = {(source.kind, source.edition): source for answer in kept.now for source in answer.sources}
    st.html(markup.render_sources(used.values(), extra=[_("SIRUTA și punctele localităților")]))


def _question(home: Home, snapshot: Snapshot, actor: Actor | None) -> None:
    """Draw the form, and how to begin beside it."""
    st.html(markup.render_title(_("Găsiți un serviciu"), _("Cine este aproape, poate primi persoana și are loc.")))
    left, right = st.columns(2, gap="medium")
    with left:
        queries = search_form.ask(home, snapshot, actor)
    if queries:
        asked_question.ask(queries)
        kept_answer.ask_again()
        st.rerun()
    with right:
        st.html(_first_steps())
        st.html(markup.render_link("/harta", _("Știți numele serviciului? Căutați-l după nume")))


def _asked(snapshot: Snapshot, queries: Sequence[Query], answers: list[Answer]) -> None:
    """Say the question in one line, with the way to change it; and what of the person was not said and would decide."""
    with st.container(key="hs-asked", horizontal=True):
        st.html(answer_markup.render_asked(asked_line(answers)))
        st.button(_("Schimbați"), key="change", on_click=asked_question.change)
        if len(queries) < MOST_NEEDS:
            st.button(_("+ altă nevoie"), key="one_more", on_click=asked_question.change, kwargs={"is_more": True})
    decides = relevant_facts([query.wanted[0] for query in queries], snapshot.catalogue)
    if decides.age and queries[0].person.age is None:
        words = _("Vârsta nu este spusă: lista este pentru orice vârstă. Spuneți-o")
        st.button(words, key="say_age", type="tertiary", on_click=asked_question.change)


def _top(home: Home, snapshot: Snapshot, actor: Actor | None, kept: KeptAnswer) -> None:
    """Draw what stands above the list and the map: danger, the answer in a sentence, the way for several needs."""
    answers = kept.now
    dangers = dict.fromkeys(line for answer in answers for line in answer.emergency)
    cards = [first_hour_view(each) for each in first_hours_of(code for a in answers for code in a.query.wanted)]
    is_sensitive = any(answer.is_sensitive for answer in answers)
    if dangers or cards or is_sensitive:
        st.html(markup.render_answer_top(dangers, cards, is_sensitive=is_sensitive))
    several = len(answers) > 1
    first = answer_view(answers[0])
    words = first.summary
    if several:
        words = ngettext("{n} nevoie, un singur drum", "{n} nevoi, un singur drum", len(answers)).format(n=len(answers))
    with st.container(key="hs-sum"):
        st.html(answer_markup.render_summary(words, None if several else first.kinds))
        if kept.is_reordered:
            words = _("Ordinea s-a schimbat: reîmprospătați")
            st.button(words, key="refresh", type="tertiary", on_click=kept_answer.ask_again)
    if several:
        trip_panel.one_trip(shared.directory(home), snapshot, answers, actor)


def _lists(actor: Actor | None, answers: list[Answer]) -> None:
    """Draw the answers, one a need: numbers run through all of them, as on the map."""
    shown = 0
    for number, answer in enumerate(answers):
        if len(answers) > 1:
            label = search_terms.all_search_terms()[answer.query.wanted[0]].label
            st.html(markup.render_need_heading(number + 1, label))
        answer_list.draw(NeedContext(number, answer, actor, shown))
        shown += len(answer.listed)
    if actor is None and shared.home().is_demo:
        st.html(markup.render_choose_role())
    answer_list.draw_comparison([result for answer in answers for result in answer.listed])


def _first_steps() -> str:
    return markup.render_steps(
        _("Cum începeți"),
        [
            _("Scrieți localitatea în care se află persoana."),
            _("Alegeți de ce are nevoie, în cuvinte obișnuite."),
            _("Apăsați „Căutați”: vedeți cine este aproape, cine are loc și la ce număr sunați."),
        ],
        _("Nu scrieți nume, CNP sau telefon: nu este nevoie de ele și nu se păstrează nimic despre persoană."),
    )


page()
