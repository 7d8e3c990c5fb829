"""Reasons and states in words, as a social assistant would say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.language import _, later, ngettext

if TYPE_CHECKING:
    from datetime import date, datetime


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


def refusal_words(
    reason: str, *, licence_until: date | None = None, reported: datetime | None = None, now: datetime | None = None
) -> str:
    """Say a reason of `providers.eligibility.REASONS` in words, with its date where it has one."""
    if reason == "licence_expired" and licence_until is not None:
        return _("licența a expirat la {day}").format(day=day_words(licence_until))
    said = _(_REFUSALS[reason])
    if reason in ("full", "waitlist") and reported is not None and now is not None:
        return f"{said} ({_('raportat')} {age_words((now - reported).total_seconds() / 86_400)})"
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
