"""The list of an answer to one need: rows under their headings, each with its buttons, and why not the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _, ngettext, number
from pages.common import markup, shared
from pages.finder_panels import action_state, answer_markup, offer_actions, unmet_button
from providers.finder.answer import Result
from providers.finder.answer_view import answer_view
from providers.finder.offer_view import places_badge
from referrals.workflow import protected_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.finder_panels.action_state import NeedContext
    from providers.finder.answer import Offer
    from providers.finder.answer_view import AnswerView, OfferGroup

_AT_ONCE = 3  # rows of a group besides the first that are seen without being asked for
_MOST_WITH_BUTTONS = 12
_OPENED = "opened"


def draw(asked: NeedContext) -> None:
    """Draw one answer.

    Parameters
    ----------
    asked
        The need, its answer, who asks, and how many numbers stand above.
    """
    answer = asked.answer
    around = answer_view(answer)
    offer_actions.show_notices(asked)
    if len(st.session_state.get("question", ())) > 1:
        st.html(markup.render_quiet(around.summary))
    if around.empty:
        title, *lines = around.empty
        st.html(markup.render_notice(title.rstrip("."), lines))
    rows = _Rows(asked, around)
    for group in around.groups:
        if group.offers or not around.empty:
            with st.container(key=f"hs-group-{group.key}-{asked.number}", gap=None):
                rows.group(group)
    if asked.actor is not None:
        directory = shared.directory(shared.home())
        if protected_records.openable(directory, answer.elsewhere, actor=asked.actor):
            st.html(answer_markup.render_own_protected())
    if around.own_steps:
        st.html(markup.render_own_steps(around.own_steps))
    if around.local:
        st.html(answer_markup.render_rows_heading(_("Știute de echipele din județ, pe lângă registre")))
        st.html(markup.render_local(around.local))
    last = [markup.render_away(around.away)]
    if around.missing and not around.empty:
        last.append(markup.render_quiet(around.missing))
    last.append(answer_markup.render_why_not(around.excluded))
    if any(last):
        st.html("".join(last))
    unmet_button.draw(asked)


def draw_comparison(results: list[Result]) -> None:
    """Lay results side by side, a column each: those ticked in the list are seen (api/static/finder.js)."""
    if len(results) > 1:
        with st.container(key="hs-compare"):
            st.html(answer_markup.render_comparison([*enumerate(results, start=1)]))


class _Rows:
    """Rows of one answer as they are drawn: which service has its buttons already, whether one is open at first."""

    def __init__(self, asked: NeedContext, around: AnswerView) -> None:
        self._asked, self._around = asked, around
        first = asked.shown_before + 1
        self._numbers = {each.service_id: place for place, each in enumerate(asked.answer.listed, start=first)}
        self._acted: set[str] = set()
        self._is_first_open = asked.number > 0
        opened: set[str] = st.session_state.setdefault(_OPENED, set())
        opened |= {here for here, _what in [st.session_state.get("doing") or ("", "")] if here}
        self._opened = opened

    def group(self, group: OfferGroup) -> None:
        """Draw a heading and its rows; where there is none it says so, and where they are many some are folded."""
        place = f"{group.key}-{self._asked.number}"
        if group.is_folded:
            with st.expander(group.title, key=f"hs-far-{self._asked.number}"):
                self._rows(group, group.offers, place)
            return
        if group.key != "near":
            st.html(answer_markup.render_rows_heading(group.title, len(group.offers)))
        elif not group.offers:
            st.html(markup.render_quiet(group.nothing))
        at_once = len(group.offers) if group.key == "near" else _AT_ONCE
        self._rows(group, group.offers[:at_once], place)
        if rest := group.offers[at_once:]:
            words = ngettext("Încă {n}", "Încă {n}", len(rest)).format(n=number(len(rest)))
            with st.expander(words, key=f"hs-more-{place}"):
                self._rows(group, rest[:_MOST_WITH_BUTTONS], f"more-{place}")
                if further := rest[_MOST_WITH_BUTTONS:]:
                    st.html(answer_markup.render_more(further))

    def _rows(self, group: OfferGroup, offers: Sequence[Offer], place: str) -> None:
        if not offers:
            return
        with st.container(key=f"hs-rows-{place}", gap=None):
            for position, offer in enumerate(offers):
                self._row(group, offer, f"{place}-{position}")

    def _row(self, group: OfferGroup, offer: Offer, place: str) -> None:
        asked = self._asked
        is_acted = offer.is_secret or not offer.service_id or offer.service_id in self._acted
        self._acted.add(offer.service_id)
        # The register's own key would lead to the address that is kept from this screen; an offer may stand twice.
        here = action_state.offer_key(asked.number, place if is_acted else offer.service_id)
        is_numbered = isinstance(offer, Result) and offer in asked.answer.listed
        row = answer_markup.render_row(
            offer,
            self._numbers[offer.service_id] if is_numbered else 0,
            self._around.reasons.get(offer.service_id, "") if places_badge(offer).kind == "full" else "",
            is_open=self._is_open(group, offer, here),
        )
        with st.container(key=f"hs-offer-{here}", gap=None):
            st.html(row)
            if not is_acted:
                offer_actions.draw(asked, offer)

    def _is_open(self, group: OfferGroup, offer: Offer, here: str) -> bool:
        """Whether a row is open: the first that may take the person, and those with which something was done."""
        is_usable = bool(offer.service_id) and (offer.is_secret or places_badge(offer).kind != "full")
        if not self._is_first_open and is_usable and group.key in ("near", "home"):
            self._is_first_open = True
            return True
        is_done = any(here in st.session_state.get(name, {}) for name in ("told", "made"))
        return here in self._opened or is_done
