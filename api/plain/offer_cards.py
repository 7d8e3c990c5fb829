"""An answer on a plain page: danger first, the two blocks, the rest, why not the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.http import page_frame
from api.plain import protected_page, search_page
from core.i18n import _, ngettext, number
from providers.finder.answer import Result
from providers.finder.answer_text import capacity_words
from providers.rules.wording import day_words, iso_day
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.http.request_view import RequestView
    from providers.finder.answer import Answer, Elsewhere, Excluded, Offer, Query

_MOST_ELSEWHERE, _MOST_ELSEWHERE_SHORT = 6, 1
_MOST_ALSO_SHORT = 1
_MOST_EXCLUDED, _MOST_EXCLUDED_SHORT = 12, 4
_SHORT_METRES, _LONG_KM = 100, 100
_LONG_MINUTES = 100  # two digits are read at a glance, three are not


@dataclass(frozen=True)
class Offered:
    """Which buttons a service has: those that would be refused are not drawn."""

    refer: bool = False
    note: bool = False


NOTHING_OFFERED = Offered()


def may_send(view: RequestView, query: Query) -> bool:
    """Whether who asks may refer the person of a question: teams and county units, people of their own area."""
    home = query.home or query.origin
    area = roles.Area(home.county, home.uat_siruta)
    return view.session is not None and roles.allows(view.session.actor, "referral.make", area)


def _may_note(view: RequestView) -> bool:
    return view.session is not None and roles.allows(view.session.actor, "capacity.report", roles.NATION)


def answer(
    view: RequestView, found: Answer, *, carried: Iterable[tuple[str, str]] = (), is_short: bool = False
) -> Markup:
    """Draw an answer as one form, whose buttons name a service: refer to it, or note what it said by telephone.

    carried: more fields of the form: the referral that a new one is to take the place of, or the case it is for.
    is_short: one of several answers on a page.
    """
    may = Offered(refer=may_send(view, found.query), note=_may_note(view))
    pieces = [
        _block(_("Loc confirmat"), "", [r for r in found.results if r.block == "confirmed"], may=may),
        _block(
            _("Sunați înainte"),
            _("locurile nu sunt confirmate"),
            [r for r in found.results if r.block == "call_first"],
            may=may,
        ),
        _block(_("Mai pot ajuta"), "", found.also[:_MOST_ALSO_SHORT] if is_short else found.also, may=may),
        _elsewhere(found.elsewhere, _MOST_ELSEWHERE_SHORT if is_short else _MOST_ELSEWHERE, may=may),
        protected_page.buttons(view, found.elsewhere),
        _whole_answer() if is_short else page_frame.NOTHING,
    ]
    if not found.results:
        pieces.insert(0, _nobody(found))
    form = Markup('<form method="post" action="/simplu/referire">{}{}</form>').format(
        page_frame.hidden(view, [*search_page.fields_of(found.query), *carried]), Markup("").join(pieces)
    )
    why_not = _why_not(found.excluded, _MOST_EXCLUDED_SHORT if is_short else _MOST_EXCLUDED)
    return form + why_not


def _whole_answer() -> Markup:
    words = _("Toate serviciile pentru această nevoie")
    return Markup('<p><button class="link" formaction="/simplu/raspuns">{}</button></p>').format(words)


def asked(query: Query) -> Markup:
    """Say near which place."""
    return page_frame.quiet(_("Lângă {place}:").format(place=query.origin.label))


def _block(title: str, note: str, offers: Sequence[Offer], *, may: Offered) -> Markup:
    if not offers:
        return page_frame.NOTHING
    small = Markup(" <small>{}</small>").format(note) if note else page_frame.NOTHING
    return Markup("<h2>{}{}</h2>{}").format(title, small, Markup("").join(card(offer, may=may) for offer in offers))


def card(offer: Offer, *, may: Offered = NOTHING_OFFERED, level: int = 3) -> Markup:
    """Draw one offer: name, what it is, the way, places and how old that is, what to do now. level: of its heading."""
    return Markup('<article class="card"><h{level}>{}</h{level}>{}{}<p>{}</p>{}{}</article>').format(
        offer.name,
        _what(offer),
        Markup('<p class="way">{}</p>').format(way(offer)) if way(offer) else page_frame.NOTHING,
        chip(offer),
        cautions(offer),
        _buttons(offer, may),
        level=level,
    )


def _what(offer: Offer) -> Markup:
    parts = [p for p in (_(offer.type_name), offer.organization) if p and p.casefold() != offer.name.casefold()]
    return Markup('<p class="soft">{}</p>').format(" · ".join(dict.fromkeys(parts))) if parts else page_frame.NOTHING


def way(offer: Offer) -> str:
    """Say how far it is, or why nobody travels there."""
    if isinstance(offer, Result):
        about = "" if offer.position_precision == "address" else "≈ "
        said = _("{minutes}, {km} km în linie dreaptă")
        return about + said.format(minutes=minutes(offer.minutes), km=_kilometres(offer.distance_m))
    return {
        "at_home": _("vine acasă"),
        "mobile": _("echipă mobilă"),
        "remote": _("la distanță"),
        "secret": _("adresă protejată"),
    }.get(getattr(offer, "why", ""), "")


def _kilometres(metres: float) -> str:
    if metres < _SHORT_METRES:  # no false precision
        return _("sub {n}").format(n=number(0.1, 1))
    km = metres / 1000
    return number(km, 0 if km >= _LONG_KM else 1)


def minutes(value: float) -> str:
    """Write a travel time: whole minutes, hours from 100 minutes on; never 0."""
    whole = max(1, int(value + 0.5))
    if whole < _LONG_MINUTES:
        return _("{n} min").format(n=whole)
    return _("{h} h {m} min").format(h=whole // 60, m=f"{whole % 60:02d}")


def chip(offer: Offer) -> Markup:
    """Say in one chip what is known of places: filled is free, outlined is to be asked."""
    if getattr(offer, "why", "") == "secret":
        return page_frame.NOTHING
    is_free = getattr(offer, "block", "") == "confirmed" or offer.status == "open"
    kind = "free" if is_free else "full" if offer.status in ("full", "waitlist") else "ask"
    return Markup('<span class="chip {}">{}</span>').format(kind, capacity_words(offer))


def cautions(offer: Offer) -> Markup:
    """Say what stands between the person and the service: a decision, a doctor, a licence that runs out."""
    lines = []
    if getattr(offer, "why", "") == "secret":
        lines.append(_("Adresa nu se arată nimănui. Legătura se face prin direcția județeană (DGASPC)."))
    if offer.access_route == "decision":
        by = f" ({_(offer.decision_by)})" if offer.decision_by else ""
        lines.append(_("Se intră pe bază de decizie{by}.").format(by=by))
    elif offer.access_route == "medical":
        lines.append(_("Este nevoie de trimitere de la medic."))
    if offer.licence_valid_until is not None:
        lines.append(_("Licență valabilă până la {day}.").format(day=day_words(offer.licence_valid_until)))
    return Markup("").join(Markup('<p class="caution">{}</p>').format(line) for line in lines)


def call(offer: Offer) -> Markup:
    """Make the numbers of a service to call, each one tap away."""
    return Markup("").join(
        Markup('<a class="btn" href="tel:{}">{} {}</a>').format(digits, _("Sunați"), text)
        for digits, text in phones(offer.phone)[:2]
    )


def phones(text: str | None) -> list[tuple[str, str]]:
    """Split a register's telephone numbers into (digits to dial, text to read).

    >>> phones("0234 512 345; 0744-111-222")
    [('0234512345', '0234 512 345'), ('0744111222', '0744-111-222')]
    """
    parts = [part.strip() for part in (text or "").replace(",", ";").replace("/", ";").split(";")]
    dialled = [("".join(c for c in part if c.isdigit() or c == "+"), part) for part in parts]
    return [(digits, part) for digits, part in dialled if len(digits) >= 3]  # noqa: PLR2004 - 112 is the shortest


def _buttons(offer: Offer, may: Offered) -> Markup:
    pieces = [call(offer)]
    is_secret = getattr(offer, "why", "") == "secret"
    if may.refer and not is_secret:
        pieces.append(
            Markup('<button class="main" name="serviciu" value="{}" aria-label="{}">{}</button>').format(
                offer.service_id, _("Referiți la {name}").format(name=offer.name), _("Referiți")
            )
        )
    if may.note and not is_secret:
        pieces.append(
            Markup(
                '<button name="serviciu" value="{}" formaction="/simplu/confirmare" aria-label="{}">{}</button>'
            ).format(
                offer.service_id,
                _("Am sunat la {name}: notați locurile").format(name=offer.name),
                _("Am sunat: notați"),
            )
        )
    return Markup('<div class="row">{}</div>').format(Markup("").join(pieces)) if any(pieces) else page_frame.NOTHING


def _elsewhere(offers: Sequence[Elsewhere], most: int, *, may: Offered) -> Markup:
    if not offers:
        return page_frame.NOTHING
    shown = Markup("").join(card(offer, may=may) for offer in offers[:most])
    left = len(offers) - most
    more = page_frame.quiet(_more_words(left)) if left > 0 else page_frame.NOTHING
    return Markup("<details><summary>{}</summary>{}{}</details>").format(
        ngettext("Fără deplasare: {n} serviciu", "Fără deplasare: {n} servicii", len(offers)).format(n=len(offers)),
        shown,
        more,
    )


def _more_words(count: int) -> str:
    return ngettext("și încă {n} serviciu", "și încă {n} servicii", count).format(n=count)


def _nobody(found: Answer) -> Markup:
    lines = [page_frame.quiet(_("Niciun serviciu potrivit nu este la îndemână."))]
    if found.query.only_confirmed:
        lines.append(page_frame.quiet(_("Scoateți bifa de la „Numai locuri confirmate”: poate are loc cineva.")))
    advice = _("Întrebați serviciul public de asistență socială de la primărie: are datoria să îndrume persoana.")
    return Markup("").join([*lines, page_frame.quiet(advice)])


def _why_not(lines: Sequence[Excluded], most: int) -> Markup:
    if not lines:
        return page_frame.NOTHING
    items = Markup("").join(
        Markup("<li>{}{}: <b>{}</b></li>").format(
            line.name, f", {minutes(line.minutes)}" if line.minutes is not None else "", line.words
        )
        for line in lines[:most]
    )
    left = len(lines) - most
    more = page_frame.quiet(_more_words(left)) if left > 0 else page_frame.NOTHING
    title = ngettext("De ce nu altele? ({n} serviciu)", "De ce nu altele? ({n} servicii)", len(lines))
    return Markup("<details><summary>{}</summary><ul>{}</ul>{}</details>").format(
        title.format(n=len(lines)), items, more
    )


def sources(answers: Iterable[Answer]) -> Markup:
    """Name what the numbers rest on: every edition, with its day."""
    used = {(source.kind, source.edition): source for found in answers for source in found.sources}
    named = [
        _("{title}, la {day}").format(title=_(source.title) or source.kind, day=iso_day(source.as_of))
        + (" " + _("(date sintetice)") if source.synthetic else "")
        for source in used.values()
    ]
    return (
        Markup('<p class="sources"><b>{}</b> {}</p>').format(_("Surse:"), " · ".join(named))
        if named
        else page_frame.NOTHING
    )


def danger(answers: Iterable[Answer]) -> Markup:
    """Draw the national lines of some answers, each once."""
    return page_frame.emergency(dict.fromkeys(line for found in answers for line in found.emergency))
