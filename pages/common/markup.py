"""Pieces of a screen as HTML text: a result, a chip, why not the others, the sources. No Streamlit here.

Facts in, markup out. Whatever comes from a register goes through `html.escape`: names there have held
tags and formulas. The look is api/static/style.css; capacity is told by shape and word and colour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from core.i18n import _, language, ngettext
from core.templating import render
from providers.finder.answer import Elsewhere
from providers.finder.offer_view import licence_words, places_badge, source_lines, view_of
from providers.finder.trip_text import plan_title, saving_words, wanted_words
from providers.rules import wording

if TYPE_CHECKING:
    from providers.finder.answer import Excluded, Offer, Result, SourceUsed
    from providers.finder.trips import PlannedTrip
    from providers.rules.needs import EmergencyLine


def result(item: Result, place: int) -> str:
    """Draw one ranked result. place: its number in the list and on the map."""
    kind = "hs-confirmed" if item.block == "confirmed" else "hs-call"
    return render("screen/offer.html", o=view_of(item), place=place, css=kind)


def elsewhere(item: Elsewhere | Result) -> str:
    """Draw an offer without a number: nobody travels to it, or it only helps besides."""
    return render("screen/offer.html", o=view_of(item), place=0, css="hs-plain")


def places_chip(item: Offer) -> str:
    """Say in one chip what is known of places, and how old that is."""
    return render("screen/badge.html", places=places_badge(item))


def more_elsewhere(items: Sequence[Elsewhere]) -> str:
    """List further offers in one line each, those under one public label counted together."""
    if not items:
        return ""
    labels = Counter(item.name for item in items)
    lines = "".join(f"<li>{escape(name)}{f' × {n}' if n > 1 else ''}</li>" for name, n in sorted(labels.items()))
    title = ngettext("Încă {n} serviciu, mai departe", "Încă {n} servicii, mai departe", len(items)).format(
        n=len(items)
    )
    how = _through_authority() if any(item.why == "secret" for item in items) else ""
    return f'<details class="hs-more"><summary>{escape(title)}</summary>{how}<ul>{lines}</ul></details>'


def _through_authority() -> str:
    words = _("Adresa nu se arată nimănui. Legătura se face prin direcția județeană (DGASPC).")
    return f"<p>{escape(words)}</p>"


def why_not(items: Sequence[Excluded]) -> str:
    """List every nearer service that is not shown, with its one reason; nothing where there is none."""
    if not items:
        return ""
    title = ngettext("De ce nu altele? ({n} serviciu)", "De ce nu altele? ({n} servicii)", len(items))
    lines = "".join(
        f"<li>{escape(item.name)}{', ' + wording.minute_words(item.minutes) if item.minutes is not None else ''}: "
        f"<b>{escape(item.words)}</b></li>"
        for item in items
    )
    return (
        f'<details class="hs-whynot"><summary>{escape(title.format(n=len(items)))}</summary><ul>{lines}</ul></details>'
    )


def danger(lines: Iterable[EmergencyLine]) -> str:
    """Put the national lines above everything else, each one tap away."""
    items = "".join(
        f'<li><a href="tel:{escape(re.sub(r"[^0-9+]", "", line.phone))}">{escape(line.phone)}</a> '
        f"<b>{escape(_(line.name))}</b><br>{escape(_(line.words))}</li>"
        for line in lines
    )
    if not items:
        return ""
    return (
        f'<section class="hs-danger" aria-label="{escape(_("Pericol imediat"))}">'
        f"<b>{escape(_('În pericol imediat sunați acum:'))}</b><ul>{items}</ul></section>"
    )


def heading(title: str, note: str) -> str:
    """Head a block of results: the title, and beside it what it means."""
    return f'<h2 class="hs-h2">{escape(title)} <span class="hs-note">{escape(note)}</span></h2>'


def notice(title: str, lines: Iterable[str], *, kind: str = "empty") -> str:
    """Say something in a box: an empty state and its next step, or a refusal (kind `refusal`)."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<section class="hs-notice hs-{kind}" role="status"><h2>{escape(title)}</h2>{body}</section>'


def sources(items: Iterable[SourceUsed], *, extra: Iterable[str] = ()) -> str:
    """Name at the foot what the numbers rest on: every edition, with its day."""
    return render("screen/sources.html", lines=[*source_lines(items), *extra])


def title(name: str, purpose: str) -> str:
    """Head a page: its name, and in one line what it is for."""
    return f'<div class="hs-title"><h1>{escape(name)}</h1><p class="hs-soft">{escape(purpose)}</p></div>'


def demo() -> str:
    """Mark a screen of a demonstration."""
    return (
        f'<div class="hs-demo" role="note"><b>{escape(_("Date demonstrative."))}</b> '
        f"{escape(_('Furnizorii, locurile, referirile și rapoartele sunt inventate.'))}</div>"
    )


def field_error(words: str) -> str:
    """Say under a field what is wrong with it and what to do."""
    return f'<p class="hs-field-error" role="alert">{escape(words)}</p>'


def understood(words: str) -> str:
    """Say under a field how it was understood, where that is not what was typed."""
    return f'<p class="hs-understood">{escape(_("Am înțeles: {what}").format(what=words))}</p>'


def quiet(words: str) -> str:
    """Say something in passing, without a box."""
    return f'<p class="hs-quiet">{escape(words)}</p>'


def steps(name: str, lines: Iterable[str], note: str) -> str:
    """Tell how to begin: the empty state of a screen."""
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return (
        f'<section class="hs-card hs-steps"><h2>{escape(name)}</h2><ol>{listed}</ol>'
        f'<p class="hs-soft">{escape(note)}</p></section>'
    )


def other_language(address: str) -> str:
    """Link to the same page in the other language, named in that language. address: relative."""
    other = "ro" if language() == "en" else "en"
    name = {"en": "English", "ro": "Română"}[other]
    link = f'<a href="{escape(address)}" lang="{other}" hreflang="{other}" target="_self">{name}</a>'
    return f'<p class="hs-lang">{link}</p>'


def foot(screen: str) -> str:
    """Link from the end of a screen to its help and to the plain pages. screen: the name of its help text."""
    help_page = f'<a href="/simplu/ajutor?ecran={escape(screen)}" target="_blank">{escape(_("Ajutor"))}</a>'
    plain = f'<a href="/intra/simplu" target="_self">{escape(_("Pagini simple, pentru rețea slabă"))}</a>'
    return f'<p class="hs-quiet">{help_page} · {plain}</p>'


def need_heading(number: int, label: str) -> str:
    """Head the answer to one of several needs."""
    return f'<h2 class="hs-need">{escape(_("Nevoia {n}: {label}").format(n=number, label=label))}</h2>'


def done(words: str) -> str:
    """Say what was done."""
    return f'<p class="hs-done" role="status">{escape(words)}</p>'


def choose_role() -> str:
    """Say in a demonstration how to try what a team does with an answer."""
    words, link = _("Ca să referiți sau să notați locuri,"), _("alegeți un rol")
    return f'<p class="hs-quiet">{escape(words)} <a href="/intra?spre=/" target="_self">{escape(link)}</a>.</p>'


def referred(number: str, name: str, words: str) -> str:
    """Say that a referral was made, until when the place is held, and where its slip is."""
    title = _("S-a făcut referirea {number}").format(number=number)
    links = ((f"/simplu/referire/{number}/bilet.pdf", _("Biletul de dat persoanei (PDF)")),
             (f"/simplu/referire/{number}/bilet", _("Biletul ca text")),
             (f"/simplu/referire/{number}", _("Deschideți referirea")))  # fmt: skip
    drawn = " · ".join(f'<a href="{escape(to)}" target="_self">{escape(said)}</a>' for to, said in links)
    return (
        f'<section class="hs-done" role="status"><h3>{escape(title)}</h3><p>{escape(name)}. {escape(words)}</p>'
        f"<p>{drawn}</p></section>"
    )


def side_by_side(items: Sequence[tuple[int, Result]]) -> str:
    """Lay chosen results side by side: one column a service, under its number in the list."""
    seen = [(number, view_of(item), item) for number, item in items]
    return render("screen/comparison.html", items=seen, licence_words=licence_words)


def _about(item: Offer) -> str:
    return "" if item.position_precision == "address" else "≈ "


def trip(plan: PlannedTrip) -> str:
    """Draw one way for several needs: the stops in order, the way back, and the separate ways beside it."""
    if not plan.visits:
        return _separately(plan)
    stops = "".join(
        f"<li><b>{escape(visit.offer.name)}</b> <span>{escape(visit.offer.locality or '')}</span><br>"
        f"{escape(wanted_words(visit.wanted))} · {_about(visit.offer)}{wording.minute_words(visit.minutes)} "
        f"{places_chip(visit.offer)}</li>"
        for visit in plan.visits
    )
    back = escape(_("Înapoi: {minutes}.").format(minutes=wording.minute_words(plan.back_minutes)))
    return (
        f'<section class="hs-card hs-trip"><h2>{escape(plan_title(plan))}</h2><p>{escape(saving_words(plan))}</p>'
        f"<ol>{stops}</ol><p>{back}</p>{_separately(plan)}</section>"
    )


def _separately(plan: PlannedTrip) -> str:
    parts = ((_("Prin drumuri separate"), plan.separate if plan.visits else ()),
             (_("Separat, niciodată împreună cu altele"), plan.apart))  # fmt: skip
    said = _("{name}: {minutes} dus-întors")
    return "".join(
        f"<details><summary>{escape(title)}</summary><ul>"
        + "".join(
            f"<li>{escape(said.format(name=each.offer.name, minutes=wording.minute_words(each.minutes)))}</li>"
            for each in some
        )
        + "</ul></details>"
        for title, some in parts
        if some
    )


def map_notes(how: str, *, is_approximate: bool) -> str:
    """Explain the marks of the map in words, and how the minutes come about. is_approximate: the outlines are."""
    marks = (
        ("hs-key-confirmed", _("loc confirmat")),
        ("hs-key-call", _("sunați înainte")),
        ("hs-key-here", _("locul căutării")),
    )
    legend = "".join(f'<li><i class="{kind}"></i>{escape(words)}</li>' for kind, words in marks)
    outlines = _(" Limitele comunelor sunt aproximative: cele oficiale nu au fost importate.") if is_approximate else ""
    return f'<div class="hs-map-notes"><ul class="hs-legend">{legend}</ul><p>{escape(how + outlines)}</p></div>'
