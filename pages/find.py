"""„Găsiți un serviciu”: who is near, may take the person and has a free place; why not the others; and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import markup, shared
from pages.finder_panels import comparison, offer_actions, result_map, search_form, trip_panel, unmet_button
from pages.finder_panels.action_state import NeedContext, offer_key
from providers.finder import search_terms
from providers.finder.answer import Result
from providers.finder.finder import find_all
from providers.finder.offer_view import answer_view, first_hour_view
from providers.rules.help_tables.first_hour import first_hours_of
from referrals.field.local_in_answers import seen_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.storage.home import Home
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.answer import Answer, Elsewhere, Offer
    from providers.finder.offer_view import OfferGroup
    from referrals.records.vocabulary import Actor


def page() -> None:
    """Read the question, ask the core, draw the answer."""
    st.html(markup.render_title(_("Găsiți un serviciu"), _("Cine este aproape, poate primi persoana și are loc.")))
    home = shared.home()
    actor = shared.actor(home)
    snapshot = shared.snapshot(home)
    left, right = st.columns(2, gap="medium")
    with left:
        queries = search_form.ask(home, snapshot, actor)
    if not queries:
        with right:
            st.html(_first_steps())
        return
    answers = [seen_by(found, actor) for found in find_all(snapshot, queries)]
    with left:
        _draw(home, snapshot, actor, answers)
    with right:
        result_map.draw(answers, home)
    used = {(source.kind, source.edition): source for answer in answers for source in answer.sources}
    st.html(markup.render_sources(used.values(), extra=[_("SIRUTA și punctele localităților")]))


def _draw(home: Home, snapshot: Snapshot, actor: Actor | None, answers: list[Answer]) -> None:
    """Draw the answers, one a need: numbers run through all of them, as on the map."""
    dangers = dict.fromkeys(line for answer in answers for line in answer.emergency)
    cards = [first_hour_view(each) for each in first_hours_of(code for a in answers for code in a.query.wanted)]
    st.html(markup.render_answer_top(dangers, cards, is_sensitive=any(answer.is_sensitive for answer in answers)))
    if actor is None and home.is_demo:
        st.html(markup.render_choose_role())
    if len(answers) > 1:
        trip_panel.one_trip(shared.directory(home), snapshot, answers, actor)
    shown = 0
    for number, answer in enumerate(answers):
        if len(answers) > 1:
            st.html(
                markup.render_need_heading(number + 1, search_terms.all_search_terms()[answer.query.wanted[0]].label)
            )
        asked = NeedContext(number, answer, actor, shown)
        _draw_one(asked)
        shown += len(answer.visited)
    comparison.choose([result for answer in answers for result in answer.visited])


def _draw_one(asked: NeedContext) -> None:
    """Draw one answer: the offers under their headings, who needs no way, why not the others."""
    answer = asked.answer
    around = answer_view(answer)
    offer_actions.show_notices(asked)
    if around.own_steps:
        st.html(markup.render_own_steps(around.own_steps))
    if around.empty:
        title, *lines = around.empty
        st.html(markup.render_notice(title.rstrip("."), lines))
    else:
        numbers = {r.service_id: place for place, r in enumerate(answer.visited, start=asked.shown_before + 1)}
        acted: set[str] = set()
        for group in around.groups:
            _group(asked, group, numbers, acted)
    if around.local:
        st.html(markup.render_heading(_("Știute de echipele din județ"), _("resurse locale, pe lângă registre")))
        st.html(markup.render_local(around.local))
    near = around.elsewhere[: answer.query.k]
    _others(asked, _("La domiciliu, la distanță sau cu adresă protejată"), near)
    last = [markup.render_more_elsewhere(around.elsewhere[answer.query.k :]), markup.render_away(around.away)]
    if around.missing and not around.empty:
        last.append(markup.render_quiet(around.missing))
    last.append(markup.render_why_not(answer.excluded))
    if any(last):
        st.html("".join(last))
    unmet_button.draw(asked)


def _group(asked: NeedContext, group: OfferGroup, numbers: Mapping[str, int], acted: set[str]) -> None:
    """Draw the offers under one heading, also where there is none: then it says so.

    numbers: as on the map. acted: services that have their buttons already; a hospital may help in two ways.
    """
    if group.is_folded:
        with st.expander(f"{group.title} ({len(group.offers)}): {group.note}", key=f"hs-far-{asked.number}"):
            _cards(asked, group, numbers, acted)
        return
    st.html(markup.render_heading(group.title, group.note if group.offers else _("niciunul deocamdată")))
    if not group.offers:
        st.html(markup.render_quiet(group.nothing))
    _cards(asked, group, numbers, acted)


def _cards(asked: NeedContext, group: OfferGroup, numbers: Mapping[str, int], acted: set[str]) -> None:
    for place, offer in enumerate(group.offers):
        if isinstance(offer, Result) and group.key != "also" and offer.service_id in numbers:
            drawn = markup.render_result(offer, numbers[offer.service_id])
        else:
            drawn = markup.render_elsewhere(offer)
        if offer.is_secret or not offer.service_id or offer.service_id in acted:
            _card(asked, offer, drawn, f"{group.key}-{place}", has_buttons=False)
        else:
            _card(asked, offer, drawn)
        acted.add(offer.service_id)


def _others(asked: NeedContext, title: str, offers: Sequence[Elsewhere | Result]) -> None:
    if not offers:
        return
    st.html(markup.render_heading(title))
    for place, offer in enumerate(offers):
        # The register's own key would lead to the address that is kept from this screen.
        _card(asked, offer, markup.render_elsewhere(offer), f"protected-{place}" if offer.is_secret else "")


def _card(asked: NeedContext, offer: Offer, drawn: str, name: str = "", *, has_buttons: bool = True) -> None:
    """Draw an offer with its buttons. name: of its place on the screen, where the service's id may not be it."""
    with st.container(key=f"hs-offer-{offer_key(asked.number, name or offer.service_id)}", gap=None):
        st.html(drawn)
        if has_buttons:
            offer_actions.draw(asked, offer)


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
