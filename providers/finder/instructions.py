"""The way to a service as short steps: whose decision, whom to call, what to bring, what to do about a place.

Said of an offer of an answer, for whoever sits with the person: a screen, a slip or a terminal draws the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, ngettext
from core.romanian_calendar import BUCHAREST
from providers.finder.answer import Elsewhere
from providers.rules import needs as needs_catalogue
from providers.rules.freshness import is_fresh
from providers.rules.opening_hours import hours_words
from providers.rules.taxonomy import hold_days, service_type
from providers.rules.wording import phone_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.finder.answer import Offer
    from providers.rules.needs import Need

TOWN_HALLS = ("AUT-SPAS", "AUT-PRIM")  # everybody there knows where it is


def instructions_for(offer: Offer, need: Need | str | None = None) -> tuple[str, ...]:
    """Return the way to a service as sentences, in the order in which to do them.

    need: what it is for (a Need or its own code); by default the need that the offer answers. Of a secret
    service nothing leads to its door: the contact is the county's authority or the national line.
    """
    code = need if need is not None else offer.need
    wanted = needs_catalogue.needs()[code] if isinstance(code, str) else code
    if offer.is_secret:
        return tuple(_to_protected(wanted))
    if isinstance(offer, Elsewhere) and offer.is_kind:
        return (offer.words, *_papers(wanted))
    if "closed" in offer.flags:  # the caution says so, and no way leads there
        return ()
    return (*_permission(offer), *_contact(offer), *_way(offer), *_papers(wanted), *_place(offer))


def _to_protected(need: Need | None) -> Iterator[str]:
    yield _("Adresa este protejată: nu o căutați, nu o scrieți și nu o spuneți nimănui.")
    called = needs_catalogue.emergency_lines(need) if need else ()
    lines = [line.phone for line in called if line.code not in ("112", "119")]
    if lines:
        yield _("Sunați la direcția județeană (DGASPC) sau la {phone}: ei fac legătura.").format(phone=lines[0])
    else:
        yield _("Sunați la direcția județeană (DGASPC): ei fac legătura.")
    if need and need.what_to_bring:
        yield _("Acte necesare: {what}.").format(what=_within(_(need.what_to_bring)))


def _permission(offer: Offer) -> Iterator[str]:
    if offer.access_route == "decision":
        who = _(offer.decision_by or "") or _("neprecizat")
        yield _("Admiterea se face numai în baza unei decizii. Decizia aparține: {who}.").format(who=who)
    elif offer.access_route == "medical":
        yield _("Cereți bilet de trimitere de la medicul de familie. În urgență nu este nevoie: sunați la 112.")


def _contact(offer: Offer) -> Iterator[str]:
    kind, doubted = service_type(offer.service_type), "doubt_phone" in offer.flags
    if offer.phone and doubted:
        yield _("Numărul {phone} a fost semnalat ca greșit: verificați-l înainte.").format(
            phone=phone_words(offer.phone)
        )
    elif offer.phone and offer.status == "open" and not _is_closed_now(offer):
        yield _("Sunați la {phone} pentru program.").format(phone=phone_words(offer.phone))
    elif offer.phone and _is_closed_now(offer):
        yield _("Sunați la {phone} și întrebați când primește din nou.").format(phone=phone_words(offer.phone))
    elif offer.phone:
        yield _("Sunați la {phone} și întrebați dacă are loc.").format(phone=phone_words(offer.phone))
    elif not kind.is_emergency_room:
        yield missing_phone_words(offer.service_type)
    if kind.is_emergency_room:
        yield _("În pericol sunați la 112: ambulanța merge la spitalul potrivit. Nu cere bilet de trimitere.")
    elif kind.is_on_call and offer.status == "open":
        yield _("Noaptea și în zilele libere: 112 în pericol, 119 pentru un copil.")
    if "doubt_moved" in offer.flags:
        yield _("Cineva a semnalat că s-a mutat: întrebați unde este acum.")
    if "doubt_gone" in offer.flags:
        yield _("Cineva a semnalat că nu mai există: sunați înainte de a trimite persoana.")


def missing_phone_words(service_type: str) -> str:
    """Return in words where to ask for a number that no register publishes."""
    if service_type in TOWN_HALLS:
        return _("Mergeți la primărie; numărul de telefon nu este încă pe hartă.")
    return _("Numărul de telefon nu este pe hartă: cereți-l la asistența socială de la primărie.")


def _way(offer: Offer) -> Iterator[str]:
    if offer.delivery == "at_home":
        yield _("Vine la persoană acasă: nu este nevoie de drum.")
    elif offer.delivery == "mobile":
        yield _("Echipa vine în localitate: stabiliți ziua și locul.")
    elif offer.delivery == "remote":
        yield remote_words()
    elif offer.hours:
        yield _("Program: {hours}.").format(hours=hours_words(offer.hours))


def remote_words() -> str:
    """Return in words that nobody has to go there."""
    return _("Se acordă la distanță: nu este nevoie de drum.")


def _papers(need: Need | None) -> Iterator[str]:
    if need and need.what_to_bring:
        yield _("Acte necesare: {what}.").format(what=_within(_(need.what_to_bring)))


def _place(offer: Offer) -> Iterator[str]:
    if _is_closed_now(offer):
        return
    if offer.access_route == "decision":
        yield _("Nu se rezervă un loc: referirea este o cerere.")
        return
    if not takes_referrals(offer):
        yield _("Ultimul raport spune că nu are locuri: sunați și notați răspunsul; dacă este loc, referiți persoana.")
        return
    days = hold_days(service_type(offer.service_type), offer.access_route)
    if offer.status == "open":
        return
    if offer.capacity_model == "places" and days and offer.places_free is None:
        yield _("Notați câte locuri libere au; apoi puteți rezerva unul prin referire.")
    elif offer.capacity_model == "places" and days:
        text = ngettext(
            "Puteți rezerva un loc prin referire, cel mult {n} zi lucrătoare.",
            "Puteți rezerva un loc prin referire, cel mult {n} zile lucrătoare.",
            days,
        )
        yield text.format(n=days)
    elif offer.capacity_model == "assess":
        yield _("Locul se stabilește după evaluare.")


def takes_referrals(offer: Offer) -> bool:
    """Whether a referral to this offer leads anywhere: there is a service, it is not closed, and not known to be full.

    A request for a decision or a physician's referral is sent also where no place is free.
    """
    is_full = offer.access_route == "direct" and offer.status == "full"
    is_closed = "closed" in offer.flags or _is_closed_now(offer)
    return bool(offer.service_id) and not is_full and not is_closed


def _is_closed_now(offer: Offer) -> bool:
    """Whether it is closed for a time on the day that is asked about."""
    first, last = offer.closed_from, offer.closed_until
    if first is None and last is None:
        return False
    return first is None or offer.asked_at is None or first <= offer.asked_at.astimezone(BUCHAREST).date()


def holds_a_place(offer: Offer) -> bool:
    """Whether a referral to this offer holds a place: its type holds any, and a free one is confirmed."""
    return _is_confirmed(offer) and hold_days(service_type(offer.service_type), offer.access_route) > 0


def has_fresh_report(offer: Offer) -> bool:
    """Whether the report of an offer's places still confirms, also of one that nobody travels to, in no block."""
    limit = service_type(offer.service_type).freshness_days
    return offer.report_age_days is not None and bool(is_fresh(offer.report_age_days, limit))


def _is_confirmed(offer: Offer) -> bool:
    """Whether a free place is confirmed; of an offer that nobody travels to, the age of its report tells."""
    return offer.status == "free" and (offer.block == "confirmed" or (not offer.block and has_fresh_report(offer)))


def referral_effect(offer: Offer) -> str:
    """Return in words what a referral to this offer does, before it is made."""
    if offer.access_route == "decision":
        return _("Admiterea se face în baza unei decizii: trimiteți o cerere, nu se rezervă un loc.")
    if holds_a_place(offer):
        days = hold_days(service_type(offer.service_type), offer.access_route)
        return ngettext(
            "Locul se rezervă {n} zi lucrătoare, până răspunde furnizorul.",
            "Locul se rezervă {n} zile lucrătoare, până răspunde furnizorul.",
            days,
        ).format(n=days)
    if offer.status == "open":
        return _("Serviciul nu are limită de locuri: trimiteți o cerere, iar furnizorul răspunde.")
    if _is_confirmed(offer):
        return _("La acest tip de serviciu nu se rezervă un loc: trimiteți o cerere, iar furnizorul răspunde.")
    return _(
        "Locurile nu sunt confirmate: trimiteți o cerere, iar furnizorul răspunde. Sunați înainte, ca să vă asigurați."
    )


def _within(text: str) -> str:
    """Put a sentence of the tables inside another: a small first letter, no full stop."""
    return text[:1].lower() + text[1:].rstrip(".")
