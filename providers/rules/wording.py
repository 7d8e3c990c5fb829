"""Reasons and states in words, as a social assistant would say them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from core.cells import date_or_none
from core.i18n import N_, _, ngettext, number, written_day
from core.storage.import_kinds import KINDS, REGISTRIES
from providers.rules.flags import flag_words
from providers.rules.freshness import is_from_future

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A settlement is one point, so metres below 100 say nothing.
_LONG_MINUTES, _LONG_KM, _SHORT_METRES = 60, 100, 100
_LONG_AGE_DAYS, _DAYS_A_YEAR = 731, 365.25  # from two years on an age is said in whole years

# Flags said as cautions: that it closed, and what the way there, the profile or the area leaves open for this person.
CAUTIONS = ("closed", "no_direct_road", "profile_unknown", "area_unknown", "name_against_code")

NO_CLOSURE = (None, None)
_SEPARATORS = re.compile(r"[;,/\n]")
_EXTENSION = re.compile(r"(?i)\b(int|interior|ext|fax)\b.*")
_TEN_DIGITS = re.compile(r"^(\d{4})(\d{3})(\d{3})$")
_SHORTEST_NUMBER = 3  # 112

_NO_LICENCE = {"withdrawn": N_("retrasă"), "suspended": N_("suspendată")}
_REFUSALS = {
    "accreditation_withdrawn": N_("furnizorul nu mai este acreditat"),
    "licence_withdrawn": N_("licența a fost retrasă"),
    "licence_suspended": N_("licența este suspendată"),
    "licence_expired": N_("licența a expirat"),
    "licence_not_started": N_("licența nu este încă în vigoare"),
    "age": N_("nu se adresează acestei grupe de vârstă"),
    "sex": N_("primește numai persoane de celălalt sex"),
    "group": N_("este pentru alt grup de persoane"),
    "home": N_("nu deservește localitatea de domiciliu"),
    "closed": N_("s-a închis"),
    "closed_for_now": N_("închis temporar"),
    "other_kind": N_("după nume este alt tip de serviciu"),
    "other_profile": N_("este un spital cu alt profil"),
    "full": N_("nu mai are locuri"),
    "waitlist": N_("are listă de așteptare"),
    "too_far": N_("este prea departe"),
    "unreachable": N_("nu se ajunge acolo"),
}


def refusal_words(reason: str, detail: object = None) -> str:
    """Format a reason of `providers.catalogue.eligibility.REASONS` in words.

    detail: the last day of an expired licence (date); first and last day of a closure for a time (pair); how many days
    ago a service said that it is full or has a waiting list (int); whom it takes, F or M, or what its name says (str).
    """
    if reason == "closed_for_now" and isinstance(detail, tuple):
        return closure_words(None, detail[1]) if detail[1] else closure_words(*detail)
    if reason == "sex" and isinstance(detail, str):
        return _("primește numai femei") if detail == "F" else _("primește numai bărbați")
    text = _(_REFUSALS[reason])
    if reason == "licence_expired" and isinstance(detail, date):
        return _("licența a expirat la {day}").format(day=day_words(detail))
    if reason == "other_kind" and isinstance(detail, str):
        return _("după nume este {says}").format(says=_(detail))
    if reason in ("full", "waitlist") and isinstance(detail, int):
        return f"{text} ({_('raportat')} {age_words(detail)})"
    return text


def age_words(days: float) -> str:
    """Return how old a report is: azi, ieri, acum 20 de zile, acum 8 ani; one from the future is said to be doubted."""
    if is_from_future(days):
        return _("cu o dată din viitor, de verificat")
    whole = int(days)
    if whole <= 0:
        return _("azi")
    if whole == 1:
        return _("ieri")
    if whole < _LONG_AGE_DAYS:
        return ngettext("acum {n} zi", "acum {n} zile", whole).format(n=whole)
    years = int(whole / _DAYS_A_YEAR)
    return ngettext("acum {n} an", "acum {n} ani", years).format(n=years)


def day_words(day: date) -> str:
    """Write a day as the language of this request does: 28.02.2026, 28 Feb 2026."""
    return written_day(day)


def closure_words(first: date | None, last: date | None) -> str:
    """Return that a service is closed for a time, from its first day to its last; what is not known is not said."""
    if first is None and last is not None:
        return _("închis temporar până la {last}").format(last=day_words(last))
    if first is not None and last is None:
        return _("închis temporar din {first}, nu se știe până când").format(first=day_words(first))
    if first is not None and last is not None:
        return _("închis temporar între {first} și {last}").format(first=day_words(first), last=day_words(last))
    return _("închis temporar")


def is_closed_on(first: date | None, last: date | None, day: date) -> bool:
    """Tell whether a closure for a time holds on a day: both its days count, one that is not said has no limit.

    >>> is_closed_on(None, date(2026, 12, 9), date(2026, 12, 9)), is_closed_on(None, None, date(2026, 12, 9))
    (True, False)
    """
    if first is None and last is None:
        return False
    return (first or day) <= day <= (last or day)


def iso_day(text: str) -> str:
    """Write an ISO day (an edition's `as_of`) the same way; what is no day stays as it is.

    >>> iso_day("2027-03-12"), iso_day("2025-2026")
    ('12.03.2027', '2025-2026')
    """
    try:
        return day_words(date.fromisoformat(text))
    except ValueError:
        return text


def places_words(free: int) -> str:
    """Count free places: 1 loc liber, 2 locuri libere, 20 de locuri libere."""
    return ngettext("{n} loc liber", "{n} locuri libere", free).format(n=free)


def access_words(access_route: str, decision_by: str | None) -> str:
    """Say in a sentence what stands before the door: a decision, and whose, or a physician's referral; else nothing."""
    if access_route == "decision":
        by = f" ({_(decision_by)})" if decision_by else ""
        return _("Admiterea se face în baza unei decizii{by}.").format(by=by)
    return _("Este nevoie de trimitere de la medic.") if access_route == "medical" else ""


def caution_lines(
    flags: Iterable[str],
    *,
    is_secret: bool,
    access_route: str,
    decision_by: str | None,
    closure: tuple[date | None, date | None] = NO_CLOSURE,
) -> tuple[str, ...]:
    """Return what must be read of a service on every screen, paper and export, in whole sentences in their order.

    That it closed, a closure for a time that is not over (its first and last day), how one gets in, a doubtful county,
    what somebody on the spot doubts (`doubt_*` among the flags).
    """
    known = tuple(flags)
    lines = [
        _("S-a închis: nu mai primește pe nimeni.") if "closed" in known else "",
        _sentence(closure_words(*closure)) if closure != NO_CLOSURE else "",
        _("Adresa nu se arată nimănui. Legătura se face prin direcția județeană (DGASPC).") if is_secret else "",
        access_words(access_route, decision_by),
        _("Județul din registru nu se potrivește cu poziția: verificați la telefon.")
        if "county_mismatch" in known
        else "",
        _("Fără drum direct (Dunărea sau Delta): întrebați de pod, de bac sau de vapor.")
        if "no_direct_road" in known
        else "",
        _("Profil necunoscut: sunați înainte și întrebați dacă tratează așa ceva.")
        if "profile_unknown" in known
        else "",
        _("Nu se știe din ce localități primește: întrebați dacă primește din comuna dumneavoastră.")
        if "area_unknown" in known
        else "",
        _("Denumirea spune altă categorie de persoane decât codul din registru: întrebați pe cine primește.")
        if "name_against_code" in known
        else "",
        *(_sentence(flag_words(flag)) for flag in known if flag.startswith("doubt_")),
    ]
    return tuple(filter(None, lines))


def check_words(flags: Iterable[str]) -> str:
    """Return what of a service's published facts is to be checked; what people on the spot doubt is a caution."""
    return "; ".join(flag_words(flag) for flag in flags if not flag.startswith("doubt_") and flag not in CAUTIONS)


def licence_words(until: date | None, status: str, on: date | None = None) -> str:
    """Return in words how long a licence holds, or that it does not; an unknown end is neither valid nor expired.

    on: the day of the reading, on which one may have expired; None = it is not looked at.
    """
    if status in _NO_LICENCE:
        return _(_NO_LICENCE[status])
    if until is not None and on is not None and until < on:
        return _("a expirat la {day}").format(day=day_words(until))
    if until is not None:
        return _("valabilă până la {day}").format(day=day_words(until))
    if status == "active":
        return _("activă, fără dată de sfârșit publicată")
    return _("nu se știe din registru: întrebați")


def standing_lines(service: Mapping[str, Any], on: date) -> list[str]:
    """Say in sentences why nobody is sent to a service now: it closed, or what allows it to work was taken away.

    service: a row of the catalogue. on: the day that is asked about.
    """
    first, last, until = (date_or_none(service[name]) for name in ("closed_from", "closed_until", "licence_until"))
    status = service["licence_status"]
    items = (
        (service["operating_status"] == "closed", _("Închis.")),
        (is_closed_on(first, last, on), _sentence(closure_words(first, last))),
        (service["accreditation_status"] == "withdrawn", _("Furnizorul nu mai este acreditat.")),
        (status == "withdrawn", _("Licența a fost retrasă.")),
        (status == "suspended", _("Licența este suspendată.")),
    )
    lines = [words for applies, words in items if applies]
    if status not in _NO_LICENCE and until is not None and until < on:
        lines.append(_("Licența a expirat la {day}.").format(day=day_words(until)))
    return lines


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def minute_words(value: float) -> str:
    """Write a travel time: whole minutes, hours from 60 minutes on; never 0. Infinite minutes are no number.

    >>> minute_words(0.2), minute_words(13.6), minute_words(60), minute_words(125)
    ('1 min', '14 min', '1 h', '2 h 05')
    """
    if math.isinf(value):
        return _("nu se ajunge")
    whole = max(1, math.floor(value + 0.5))
    if whole < _LONG_MINUTES:
        return _("{n} min").format(n=whole)
    hours, rest = divmod(whole, 60)
    return _("{h} h {m}").format(h=hours, m=f"{rest:02d}") if rest else _("{h} h").format(h=hours)


def average_words(value: float) -> str:
    """Write an average way of many people, as `minute_words` writes one; below a minute it says so.

    >>> average_words(0.4), average_words(71.2)
    ('sub 1 min', '1 h 11')
    """
    return minute_words(value) if value >= 1 else _("sub 1 min")


def kilometre_words(metres: float) -> str:
    """Write a distance: 9,8 km, and whole kilometres from 100 on; under 100 metres no false precision.

    >>> kilometre_words(9_840), kilometre_words(123_400), kilometre_words(12)
    ('9,8 km', '123 km', 'sub 0,1 km')
    """
    km = metres / 1000
    if metres < _SHORT_METRES:
        return _("sub {n} km").format(n=number(0.1, 1))
    return _("{n} km").format(n=number(km, 0 if km >= _LONG_KM else 1))


def licensed_words(count: int, unit: str | None) -> str:
    """Return in words how many places are licensed, in the unit that the register counts them in."""
    if unit == "per_day":
        return ngettext("{n} persoană pe zi", "{n} persoane pe zi", count).format(n=count)
    if unit == "per_month":
        return ngettext("{n} persoană pe lună", "{n} persoane pe lună", count).format(n=count)
    return ngettext("{n} loc licențiat", "{n} locuri licențiate", count).format(n=count)


def register_words(kind: str) -> str:
    """Name a kind of register in a sentence."""
    return _(KINDS[kind].in_sentence) if kind in KINDS else kind


def registry_words(registry: str) -> str:
    """Name a registry as a heading."""
    return _(REGISTRIES[registry].heading)


@dataclass(frozen=True)
class Phone:
    """One telephone number. dial: digits, without the extension. text: as it is read."""

    dial: str
    text: str


def phones(text: str | None) -> tuple[Phone, ...]:
    """Split a register's telephone numbers; an extension or a fax number is read and not dialled.

    Parameters
    ----------
    text
        Numbers as published, parted by `;`, `,`, `/` or a line break.

    Returns
    -------
    tuple[Phone, ...]
        Numbers of at least three digits, in their order.

    Examples
    --------
    >>> [(one.dial, one.text) for one in phones("0234512345; 0744-111-222 int. 5")]
    [('0234512345', '0234 512 345'), ('0744111222', '0744-111-222 int. 5')]
    """
    found = []
    for part in (piece.strip() for piece in _SEPARATORS.split(text or "")):
        digits = re.sub(r"[^0-9+]", "", _EXTENSION.sub("", part))
        if len(digits.lstrip("+")) >= _SHORTEST_NUMBER:
            found.append(Phone(digits, _TEN_DIGITS.sub(r"\1 \2 \3", part)))
    return tuple(found)


def phone_words(text: str | None) -> str:
    """Write a register's telephone numbers in groups of digits; as published where none of them is a number.

    >>> phone_words("0234226530")
    '0234 226 530'
    """
    return "; ".join(one.text for one in phones(text)) or (text or "")


def month_name(month: int) -> str:
    """Name a month, 1 = January."""
    return (
        _("ianuarie"), _("februarie"), _("martie"), _("aprilie"), _("mai"), _("iunie"),
        _("iulie"), _("august"), _("septembrie"), _("octombrie"), _("noiembrie"), _("decembrie"),
    )[month - 1]  # fmt: skip
