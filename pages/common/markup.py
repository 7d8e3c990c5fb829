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
from pages.common import screen_wording
from providers.finder.answer import Elsewhere
from providers.finder.instructions import instructions_for as steps_to
from providers.finder.trip_text import plan_title, saving_words, wanted_words
from providers.rules.wording import age_words, day_words, flag_words, places_words

if TYPE_CHECKING:
    from providers.finder.answer import Excluded, Offer, Result, SourceUsed
    from providers.finder.trips import PlannedTrip
    from providers.rules.needs import EmergencyLine

_NUMBERS = re.compile(r"[;,/]")
_TEN_DIGITS = re.compile(r"^(\d{4})(\d{3})(\d{3})$")
_TOO_LONG = 90  # a type's name longer than this is for the details


def result(item: Result, place: int) -> str:
    """Draw one ranked result. place: its number in the list and on the map."""
    kind = "hs-confirmed" if item.block == "confirmed" else "hs-call"
    return (
        f'<article class="hs-card hs-result {kind}" id="hs-r{place}" aria-label="{place}. {escape(item.name)}">'
        f'<button type="button" class="hs-n hs-show" data-number="{place}" '
        f'aria-label="{escape(_("Arătați pe hartă numărul {n}").format(n=place))}">{place}</button>'
        f"<h3>{escape(item.name)}</h3>"
        f'<p class="hs-min"><b>{_about(item)}{screen_wording.minutes(item.minutes)}</b>'
        f"<span>{screen_wording.kilometres(item.distance_m)}</span></p>"
        f'<div class="hs-body">{_what(item)}<p class="hs-places">{places_chip(item)}{_places_age(item)}</p>'
        f"{_cautions(item)}{_actions(item)}{_details(item)}</div></article>"
    )


def _about(item: Offer) -> str:
    """Mark a way to a place that is only known by its locality."""
    return (
        ""
        if getattr(item, "position_precision", "") == "address"
        else f'<abbr title="{escape(_("aproximativ"))}">≈</abbr> '
    )


def elsewhere(item: Elsewhere | Result) -> str:
    """Draw an offer without a number: nobody travels to it, or it only helps besides."""
    why, way = _without_number(item)
    return (
        f'<article class="hs-card hs-result hs-plain"><h3>{escape(item.name)}</h3>'
        f'<div class="hs-body">{_what(item)}'
        f'<p class="hs-places"><span class="hs-chip hs-how">{"" if why else _about(item)}{escape(way)}</span>'
        f"{'' if why == 'secret' else places_chip(item) + _places_age(item)}</p>"
        f"{_cautions(item)}{_through_authority() if why == 'secret' else _actions(item)}"
        f"{_details(item)}</div></article>"
    )


def _without_number(item: Elsewhere | Result) -> tuple[str, str]:
    """Give why there is no way to it (empty where there is one), and the way in words."""
    if isinstance(item, Elsewhere):
        return item.why, _how(item.why)
    return "", f"{screen_wording.minutes(item.minutes)}, {screen_wording.kilometres(item.distance_m)}"


def _how(why: str) -> str:
    return {
        "at_home": _("vine acasă"),
        "mobile": _("echipă mobilă"),
        "remote": _("la distanță"),
        "secret": _("adresă protejată"),
    }.get(why, _("fără poziție pe hartă: sunați"))


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


def _what(item: Offer) -> str:
    said = _(item.type_name)
    kind = said if len(said) <= _TOO_LONG else said[:_TOO_LONG].rsplit(" ", 1)[0] + "…"
    parts = [part for part in (kind, item.organization) if part and part.casefold() != item.name.casefold()]
    return f'<p class="hs-what">{escape(" · ".join(dict.fromkeys(parts)))}</p>' if parts else ""


def places_chip(item: Offer) -> str:
    """Say in one chip what is known of places: filled is free, outlined is to be asked, crossed is full."""
    if item.status == "open":
        return _chip("free", _("fără limită de locuri"))
    if item.status == "free" and item.places_free is not None:
        words = places_words(item.places_free)
        if getattr(item, "block", "") == "confirmed":
            return _chip("free", words)
        return _chip("ask", _("{free}, raport vechi").format(free=words))
    if item.status in ("full", "waitlist"):
        return _chip("full", _("fără locuri") if item.status == "full" else _("listă de așteptare"))
    return _chip("ask", _places_to_ask(item))


def _places_to_ask(item: Offer) -> str:
    if item.status == "assess":
        return _("loc stabilit după evaluare")
    if item.places_max is None:
        return _("locuri libere: necunoscut")
    licensed = screen_wording.licensed_places(item.places_max, item.capacity_unit)
    return _("{licensed}, libere: necunoscut").format(licensed=licensed)


def _chip(kind: str, words: str) -> str:
    return f'<span class="hs-chip hs-{kind}">{escape(words)}</span>'


def _places_age(item: Offer) -> str:
    if item.report_age_days is None:
        return ""
    words = _("raportat {when}").format(when=age_words(item.report_age_days))
    return f' <span class="hs-soft">{escape(words)}</span>'


def _cautions(item: Offer) -> str:
    lines = []
    if item.access_route == "decision":
        by = f" ({_(item.decision_by)})" if item.decision_by else ""
        lines.append(_("Se intră pe bază de decizie{by}.").format(by=by))
    elif item.access_route == "medical":
        lines.append(_("Este nevoie de trimitere de la medic."))
    if "county_mismatch" in item.flags:
        lines.append(_("Județul din registru nu se potrivește cu poziția: verificați la telefon."))
    # What somebody on the spot has said, and nobody has settled yet, must not hide in the details.
    lines += [_sentence(flag_words(flag)) for flag in item.flags if flag.startswith("doubt_")]
    return "".join(f'<p class="hs-caution">{escape(line)}</p>' for line in lines)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def phone_links(phones: str | None) -> list[tuple[str, str]]:
    """Split a register's telephone numbers into (address to dial, text to read).

    >>> phone_links("0234 512 345; 0744-111-222 int. 5")
    [('tel:0234512345', '0234 512 345'), ('tel:0744111222', '0744-111-222 int. 5')]
    >>> phone_links("0234585658")
    [('tel:0234585658', '0234 585 658')]
    """
    links = []
    for text in (part.strip() for part in _NUMBERS.split(phones or "")):
        dialled = re.sub(r"(?i)\b(int|interior|fax).*", "", text)
        digits = re.sub(r"[^0-9+]", "", dialled)
        if len(digits.lstrip("+")) >= 3:  # noqa: PLR2004 - 112 is the shortest
            links.append((f"tel:{digits}", _TEN_DIGITS.sub(r"\1 \2 \3", text)))
    return links


def _actions(item: Offer) -> str:
    links = phone_links(item.phone)
    if not links:
        return f'<p class="hs-soft">{escape(_("Telefonul nu este publicat în registru."))}</p>'
    buttons = "".join(
        f'<a class="hs-btn{" hs-main" if first == 0 else ""}" href="{escape(address)}">'
        f'<span>{escape(_("Sunați"))}</span> <span class="hs-tel">{escape(text)}</span></a>'
        for first, (address, text) in enumerate(links[:2])
    )
    return f'<div class="hs-actions">{buttons}</div>'


def _details(item: Offer) -> str:
    rows = [
        (_("Tip de serviciu"), _(item.type_name)),
        (_("Adresă"), ", ".join(part for part in (item.address, item.locality) if part)),
        (_("Poziție pe hartă"), _precision(getattr(item, "position_precision", ""))),
        (_("Program"), item.hours or _("nu este publicat")),
        (_("Licență"), _licence(item)),
        (_("E-mail"), item.email or ""),
        (_("Pagină web"), item.website or ""),
        (_("Capacitate în registru"), item.capacity_text or ""),
        (_("De verificat"), "; ".join(flag_words(f) for f in item.flags if not f.startswith("doubt_"))),
    ]
    if getattr(item, "why", "") == "secret":
        rows = [row for row in rows if row[0] in (_("Tip de serviciu"), _("Licență"))]
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    way = "".join(f"<li>{escape(line)}</li>" for line in steps_to(item))
    return (
        f"<details><summary>{escape(_('Detalii și pașii de urmat'))}</summary>"
        f'<ol class="hs-way">{way}</ol><dl>{listed}</dl></details>'
    )


def _precision(code: str) -> str:
    return {
        "address": _("la adresă"),
        "locality": _("aproximativă: centrul localității"),
        "uat": _("aproximativă: centrul comunei sau al orașului"),
    }.get(code, "")


def _licence(item: Offer) -> str:
    if item.licence_valid_until is not None:
        return _("valabilă până la {day}").format(day=day_words(item.licence_valid_until))
    if item.licence_status == "active":
        return _("activă, fără dată de sfârșit publicată")
    return _("nu se știe din registru: întrebați")


def why_not(items: Sequence[Excluded]) -> str:
    """List every nearer service that is not shown, with its one reason; nothing where there is none."""
    if not items:
        return ""
    title = ngettext("De ce nu altele? ({n} serviciu)", "De ce nu altele? ({n} servicii)", len(items))
    lines = "".join(
        f"<li>{escape(item.name)}{', ' + screen_wording.minutes(item.minutes) if item.minutes is not None else ''}: "
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
    named = [
        _("{title}, la {day}").format(title=_(item.title) or item.kind, day=screen_wording.iso_day(item.as_of))
        + (" " + _("(date sintetice)") if item.synthetic else "")
        for item in items
    ]
    text = " · ".join([*named, *extra])
    return f'<p class="hs-src"><b>{escape(_("Surse:"))}</b> {escape(text)}</p>' if text else ""


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
    rows = (
        (_("Ce este"), [escape(_(item.type_name)) for _number, item in items]),
        (_("Furnizor"), [escape(item.organization) for _number, item in items]),
        (_("Drum"), [_about(item)
                     + ", ".join((screen_wording.minutes(item.minutes), screen_wording.kilometres(item.distance_m)))
                     for _number, item in items]),
        (_("Locuri"), [places_chip(item) + _places_age(item) for _number, item in items]),
        (_("Program"), [escape(item.hours or _("nu este publicat")) for _number, item in items]),
        (_("Licență"), [escape(_licence(item)) for _number, item in items]),
        (_("Telefon"), [_phones(item) for _number, item in items]),
        (_("De știut"), [_cautions(item) or "–" for _number, item in items]),
    )  # fmt: skip
    heads = "".join(f'<th scope="col">{number}. {escape(item.name)}</th>' for number, item in items)
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for name, cells in rows
    )
    return (
        f'<div class="hs-table-frame" tabindex="0" role="region" aria-label="{escape(_("Comparație"))}">'
        f'<table class="hs-table hs-compare"><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def trip(plan: PlannedTrip) -> str:
    """Draw one way for several needs: the stops in order, the way back, and the separate ways beside it."""
    if not plan.visits:
        return _separately(plan)
    stops = "".join(
        f"<li><b>{escape(visit.offer.name)}</b> <span>{escape(visit.offer.locality or '')}</span><br>"
        f"{escape(wanted_words(visit.wanted))} · {_about(visit.offer)}{screen_wording.minutes(visit.minutes)} "
        f"{places_chip(visit.offer)}</li>"
        for visit in plan.visits
    )
    back = escape(_("Înapoi: {minutes}.").format(minutes=screen_wording.minutes(plan.back_minutes)))
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
            f"<li>{escape(said.format(name=each.offer.name, minutes=screen_wording.minutes(each.minutes)))}</li>"
            for each in some
        )
        + "</ul></details>"
        for title, some in parts
        if some
    )


def _phones(item: Offer) -> str:
    links = phone_links(item.phone)
    return "<br>".join(f'<a href="{escape(to)}">{escape(said)}</a>' for to, said in links) or escape(
        _("nu este publicat")
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
