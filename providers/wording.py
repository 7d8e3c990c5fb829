"""Reasons and states in words, as a social assistant would say them."""

from __future__ import annotations

from datetime import date

from geo.language import _, later, ngettext

_REFUSALS = {
    "accreditation_withdrawn": later("furnizorul nu mai este acreditat"),
    "licence_withdrawn": later("licența a fost retrasă"),
    "licence_suspended": later("licența este suspendată"),
    "licence_expired": later("licența a expirat"),
    "licence_not_started": later("licența nu este încă în vigoare"),
    "age": later("este pentru altă vârstă"),
    "sex": later("primește numai persoane de celălalt sex"),
    "group": later("este pentru alt grup de persoane"),
    "home": later("nu deservește localitatea de domiciliu"),
    "closed": later("s-a închis"),
    "full": later("nu mai are locuri"),
    "waitlist": later("are listă de așteptare"),
    "too_far": later("este prea departe"),
}


def refusal_words(reason: str, detail: object = None) -> str:
    """Say a reason of `providers.eligibility.REASONS` in words.

    detail: the last day of an expired licence (date); how many days ago a service said that it is full or has
    a waiting list (int).
    """
    said = _(_REFUSALS[reason])
    if reason == "licence_expired" and isinstance(detail, date):
        return _("licența a expirat la {day}").format(day=day_words(detail))
    if reason in ("full", "waitlist") and isinstance(detail, int):
        return f"{said} ({_('raportat')} {age_words(detail)})"
    return said


def age_words(days: float) -> str:
    """Say how old a report is: azi, ieri, acum 3 zile, acum 20 de zile."""
    whole = int(days)
    if whole <= 0:
        return _("azi")
    if whole == 1:
        return _("ieri")
    return ngettext("acum {n} zi", "acum {n} zile", whole).format(n=whole)


def day_words(day: date) -> str:
    """Write a day as it is written in Romanian: 28.02.2026."""
    return f"{day:%d.%m.%Y}"


def places_words(free: int) -> str:
    """Count free places: 1 loc liber, 2 locuri libere, 20 de locuri libere."""
    return ngettext("{n} loc liber", "{n} locuri libere", free).format(n=free)
