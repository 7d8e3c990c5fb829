"""Pieces that several screens share, and those of „Găsiți un serviciu”, as markup. No Streamlit here.

Facts in, markup out: what is said is decided here, how it looks in templates/screen/, which escape every text.
The look is api/static/style.css; capacity is told by shape and word and colour.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.i18n import _, language
from core.templating import render, render_macro
from geo.maps.map_style import LegendKey
from providers.finder.answer_view import source_lines
from providers.finder.offer_view import places_badge
from providers.output.answer_text import plan_title, saving_words, wanted_words
from providers.rules import wording
from providers.rules.travel_words import estimate_note
from providers.rules.wording import Phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from api.http.menu import Menu
    from providers.finder.answer import Offer, SourceUsed
    from providers.finder.answer_view import AwayOffers, FirstHourView
    from providers.finder.trips import PlannedTrip
    from providers.local.local_view import LocalView
    from providers.rules.help_tables.own_steps import OwnStepsView
    from providers.rules.needs import EmergencyLine

_SHARED = "screen/_macros.html"
_PAGE = "screen/page.html"
_FINDER = "screen/finder.html"


def render_title(name: str, purpose: str) -> Markup:
    """Head a page: its name, and in one line what it is for."""
    return render_macro(_SHARED, "title", name, purpose)


def render_heading(title: str, note: str = "") -> Markup:
    """Head a block: the title, and beside it what it means."""
    return render_macro(_SHARED, "heading", title, note)


def render_notice(title: str, lines: Iterable[str], *, kind: str = "empty") -> Markup:
    """Render something in a box: an empty state and its next step, or a refusal (kind `refusal`)."""
    return render_macro(_SHARED, "notice", title, lines, kind)


def render_quiet(words: str) -> Markup:
    """Render something in passing, without a box."""
    return render_macro(_SHARED, "quiet", words)


def render_link(address: str, words: str) -> Markup:
    """Lead to another page, in a line of its own."""
    return render_macro(_PAGE, "way", address, words)


def render_done(words: str) -> Markup:
    """Render what was done."""
    return render_macro(_PAGE, "done", words)


def render_field_error(words: str, field: str = "") -> Markup:
    """Render under a field what is wrong with it and what to do. field: key of the field that it describes, or none."""
    return render_macro(_PAGE, "field_error", words, field)


def render_panel_title(title: str, about: str, note: str = "") -> Markup:
    """Head a panel that opened: what it does, of which service, and what to know before. It takes the focus."""
    return render_macro(_PAGE, "panel_title", title, about, note)


def render_understood(words: str) -> Markup:
    """Render under a field how it was understood, where that is not what was typed."""
    return render_macro(_PAGE, "understood", words)


def render_steps(name: str, lines: Iterable[str], note: str) -> Markup:
    """Tell how to begin: the empty state of a screen."""
    return render_macro(_PAGE, "steps", name, lines, note)


def render_sources(items: Iterable[SourceUsed], *, extra: Iterable[str] = ()) -> Markup:
    """Name at the foot what the numbers rest on: every edition, with its day."""
    return render("screen/sources.html", lines=[*source_lines(items), *extra])


def render_brand() -> Markup:
    """Name the application in the bar."""
    return render_macro(_PAGE, "brand")


def render_demo() -> Markup:
    """Mark a screen of a demonstration."""
    return render_macro(_PAGE, "demo")


def render_menu(menu: Menu, *, onward: str) -> Markup:
    """Draw how to sign in, for nobody, and the name behind which all other screens stand. onward: back to here."""
    return render_macro(_PAGE, "menu", menu, quote(onward))


def render_role(words: str) -> Markup:
    """Render in full in whose name somebody works."""
    return render_macro(_PAGE, "role", words)


def render_about(menu: Menu, *, is_demo: bool, onward: str, help_: str, other: str) -> Markup:
    """Draw what stands behind the name besides screens: role, help, language, plain pages.

    other: relative address of this page in the other language, which is named in that language.
    """
    code, name = ("ro", "Română") if language() == "en" else ("en", "English")
    return render_macro(_PAGE, "about", menu, is_demo, quote(onward), help_, (other, code, name))


def render_foot(screen: str) -> Markup:
    """Link from the end of a screen to its help and the plain pages. screen: the name of its help text."""
    return render_macro(_PAGE, "foot", screen)


def render_sign_in(*, is_demo: bool, onward: str = "/referiri") -> Markup:
    """Ask to choose a role, or to sign in. onward: where that leads; the address of a page, nothing about a person."""
    title = _("Alegeți un rol") if is_demo else _("Autentificare")
    return render_macro(_PAGE, "sign_in", title, quote(onward))


def render_away(away: AwayOffers | None) -> Markup | str:
    """Count the offers of other counties that nobody travels to, on demand; nothing where there is none."""
    return render_macro(_FINDER, "away", away) if away else ""


def render_danger(lines: Iterable[EmergencyLine], *, is_immediate: bool = True) -> Markup:
    """Draw the national lines, each one tap away; nothing where there is none. is_immediate: the need is a danger."""
    called = [(Phone(re.sub(r"[^0-9+]", "", line.phone), line.phone), line) for line in lines]
    return render_macro(_FINDER, "danger", called, is_immediate)


def render_answer_top(
    lines: Iterable[EmergencyLine], first_hours: Sequence[FirstHourView], *, is_sensitive: bool
) -> Markup:
    """Begin an answer: the national lines above everything else, and the first hour.

    is_sensitive: whether a way to leave the screen at once is drawn.
    """
    return render_macro(
        _FINDER, "answer_top", render_danger(lines, is_immediate=bool(first_hours)), first_hours, is_sensitive
    )


def render_asked_top(lines: Iterable[EmergencyLine], *, is_sensitive: bool) -> Markup:
    """Render above a question that is asked back whom to call at once; is_sensitive: a way to leave is drawn."""
    return render_macro(_FINDER, "asked_top", render_danger(lines), is_sensitive)


def render_own_steps(cards: Sequence[OwnStepsView]) -> Markup:
    """Render on demand what the asker's own office does about the need; nothing where there is none."""
    return render_macro(_FINDER, "own_steps", cards)


def render_local(offers: Sequence[LocalView]) -> Markup:
    """Draw what teams of the county know beside the registers."""
    return render_macro(_FINDER, "local_offers", offers)


def render_need_heading(number: int, label: str) -> Markup:
    """Head the answer to one of several needs."""
    return render_macro(_FINDER, "need_heading", number, label)


def render_choose_role() -> Markup:
    """Render in a demonstration how to try what a team does with an answer."""
    return render_macro(_FINDER, "choose_role")


def render_referred(number: str, name: str, words: str) -> Markup:
    """Say that a referral was made, until when the place is held, and where its slip is."""
    return render_macro(_FINDER, "referred", number, name, words)


def render_trip(plan: PlannedTrip) -> Markup:
    """Draw one way for several needs: the stops in order, the way back, and the separate ways beside it."""
    separate = [
        (title, [_separate_words(each.offer.name, each.minutes) for each in some])
        for title, some in (
            (_("Prin drumuri separate"), plan.separate if plan.visits else ()),
            (_("Separat, niciodată împreună cu altele"), plan.apart),
        )
        if some
    ]
    if not plan.visits:
        return render_macro(_FINDER, "separate_ways", separate)
    return render_macro(
        _FINDER,
        "trip",
        plan_title(plan),
        saving_words(plan),
        [
            (
                visit.offer,
                wanted_words(visit.wanted),
                _way_words(visit.offer, visit.minutes),
                places_badge(visit.offer),
                wording.phones(visit.offer.phone),
            )
            for visit in plan.visits
        ],
        _("Înapoi: {minutes}.").format(minutes=wording.minute_words(plan.back_minutes)),
        estimate_note(plan.travel),
        separate,
    )


def _separate_words(name: str, minutes: float) -> str:
    return _("{name}: {minutes} dus-întors").format(name=name, minutes=wording.minute_words(minutes))


def _way_words(offer: Offer, minutes: float) -> str:
    return ("" if offer.position_precision == "address" else "≈ ") + wording.minute_words(minutes)


def render_travel_notes(title: str, legend: Iterable[LegendKey], note: str) -> Markup:
    """Say what of travel is drawn on the map: each way of drawing and what it stands for, and how it was measured."""
    return render_macro(_SHARED, "travel_notes", title, list(legend), note)


def render_map_notes(how: str, *, is_approximate: bool) -> Markup:
    """Explain the marks of the map in words, and how the minutes come about. is_approximate: the outlines are."""
    marks = (
        LegendKey("free", _("loc confirmat")),
        LegendKey("ask", _("sunați înainte")),
        LegendKey("here", _("locul căutării")),
    )
    outlines = _(" Limitele comunelor sunt aproximative: cele oficiale nu au fost importate.") if is_approximate else ""
    return render_macro(_SHARED, "map_notes", marks, how + outlines)


def render_gaps(parts: Iterable[tuple[str, list[tuple[str, str]]]]) -> Markup:
    """Draw what is searched and not found: headings, and lines of what and how often."""
    return render_macro("_gaps.html", "gap_lists", list(parts))
