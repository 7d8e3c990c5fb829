"""„Servicii care pot fi unul singur”: pairs side by side, to join, part or leave; decisions are undone here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import MapError
from core.i18n import _, ngettext, number
from core.templating import render_macro
from pages.common import markup, page_elements, shared
from providers.rules import taxonomy
from referrals.field.duplicate_decisions import verdict_label
from referrals.records import roles
from referrals.records.roles import Area
from referrals.workflow import duplicate_pairs

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.records.vocabulary import Actor
    from referrals.workflow.duplicate_pairs import DuplicatePair

_TEMPLATE = "screen/register_panels.html"
_DONE = "duplicates-done"
_MOST_SHOWN = 10  # of a county: the next come when these are decided


def draw_duplicates(home: Home, who: Actor | None) -> None:
    """Draw the pairs of a county that wait for a decision; nothing to whoever may not decide.

    Parameters
    ----------
    home
        The home.
    who
        The reader; None = nobody is signed in.
    """
    own = who.county if who is not None and who.role == "county" else ""
    if who is None or not roles.allows(who, "duplicate.decide", Area(county=own)):
        return
    st.html(markup.render_heading(_("Servicii care pot fi unul singur")))
    if done := st.session_state.pop(_DONE, ""):
        st.html(markup.render_notice(done, []))
    directory = shared.directory(home)
    county = own
    if not own:
        counties = directory.gazetteer.counties
        names = dict(zip(counties["county"], counties["name"], strict=True))
        chosen = st.selectbox(
            _("Județul"), list(names), index=None, format_func=names.__getitem__, key="duplicates-county",
            placeholder=_("Alegeți județul"), width=420,
        )  # fmt: skip
        if chosen is None:
            return
        county = chosen
    is_decided = st.toggle(_("Arătați perechile despre care s-a decis"), key="duplicates-decided")
    with st.spinner(_("Compar serviciile…")):
        found = duplicate_pairs.pairs(directory, actor=who, county=county, is_decided=is_decided)
    if not found:
        st.html(markup.render_notice(_("Nu sunt perechi de verificat."), [], kind="empty"))
    if len(found) > _MOST_SHOWN:
        words = ngettext("{n} pereche; primele sunt mai jos.", "{n} perechi; primele sunt mai jos.", len(found))
        st.html(markup.render_notice(words.format(n=number(len(found))), []))
    for pair in found[:_MOST_SHOWN]:
        _draw(home, pair, who)


def _draw(home: Home, pair: DuplicatePair, who: Actor) -> None:
    names = {
        "name": _("Denumirea"), "organization": _("Furnizorul"), "service_type": _("Tipul"),
        "locality": _("Localitatea"),
        "address": _("Adresa"), "phone": _("Telefon"), "organization_cui": _("CUI"), "places_max": _("Locuri"),
    }  # fmt: skip
    sides = [side | {"service_type": _(taxonomy.service_type(side["service_type"]).name)} for side in pair.sides]
    rows = [(title, sides[0][name], sides[1][name]) for name, title in names.items()]
    why = ", ".join(map(duplicate_pairs.reason_label, pair.reasons))
    verdict = verdict_label(pair.verdict) if pair.verdict else ""
    st.html(render_macro(_TEMPLATE, "pair", rows, (pair.service_a, pair.service_b), why, verdict))
    buttons = (("joined", _("Sunt unul singur")), ("parted", _("Sunt două")), ("left", _("Mai târziu")))
    with st.container(horizontal=True, key=f"hs-row-pair-{abs(hash(pair.service_a + pair.service_b))}"):
        for verdict_code, label in buttons:
            key = f"{verdict_code}|{pair.service_a}|{pair.service_b}"
            if verdict_code != pair.verdict and st.button(label, key=key):
                _decide(home, pair, verdict_code, who)


def _decide(home: Home, pair: DuplicatePair, verdict: str, who: Actor) -> None:
    try:
        duplicate_pairs.decide(shared.directory(home), pair.service_a, pair.service_b, verdict=verdict, actor=who)
    except MapError as error:
        page_elements.refusal(error)
        return
    st.session_state[_DONE] = _("Decizia a fost notată: {verdict}.").format(verdict=verdict_label(verdict))
    st.rerun()
