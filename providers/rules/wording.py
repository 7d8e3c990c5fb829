"""Reasons and states in words, as a social assistant would say them."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

from core.i18n import N_, _, ngettext, number, written_day
from providers.rules.freshness import is_from_future

if TYPE_CHECKING:
    from collections.abc import Iterable

# Two digits are read at a glance, three are not; a settlement is one point, so metres below 100 say nothing.
_LONG_MINUTES, _LONG_KM, _SHORT_METRES = 100, 100, 100

_REFUSALS = {
    "accreditation_withdrawn": N_("furnizorul nu mai este acreditat"),
    "licence_withdrawn": N_("licența a fost retrasă"),
    "licence_suspended": N_("licența este suspendată"),
    "licence_expired": N_("licența a expirat"),
    "licence_not_started": N_("licența nu este încă în vigoare"),
    "age": N_("este pentru altă vârstă"),
    "sex": N_("primește numai persoane de celălalt sex"),
    "group": N_("este pentru alt grup de persoane"),
    "home": N_("nu deservește localitatea de domiciliu"),
    "closed": N_("s-a închis"),
    "full": N_("nu mai are locuri"),
    "waitlist": N_("are listă de așteptare"),
    "too_far": N_("este prea departe"),
}
# What each flag of `providers.rules.schema` asks to doubt.
_FLAGS = {
    "no_contact": N_("datele de contact nu au fost încă importate"),
    "area_assumed": N_("localitățile pe care le deservește sunt presupuse; întrebați la primărie"),
    "seat_assumed": N_("sediul este presupus"),
    "seat_outside_county": N_("sediul este în alt județ decât cel deservit"),
    "county_mismatch": N_("coordonatele publicate cad în alt județ; este arătat la localitatea scrisă"),
    "county_unsure": N_("coordonatele par să fie în alt județ"),
    "county_unknown": N_("județul publicat nu există"),
    "far_from_locality": N_("coordonatele publicate sunt departe de localitatea scrisă; este arătat acolo"),
    "outside_counties": N_("coordonatele publicate sunt în afara oricărui județ"),
    "coordinates_swapped": N_("coordonatele erau scrise invers"),
    "coordinates_dropped": N_("coordonatele publicate sunt în afara țării; este arătat la localitate"),
    "coordinates_mended": N_("coordonatele au fost citite dintr-o scriere neobișnuită"),
    "coordinates_unread": N_("coordonatele publicate nu pot fi citite"),
    "position_unverified": N_("locul pe hartă nu este verificat"),
    "position_corrected": N_("locul a fost îndreptat după tabelul de corecturi"),
    "place_by_name": N_("localitatea a fost găsită după nume"),
    "place_guessed": N_("localitatea este ghicită după un nume asemănător"),
    "place_from_position": N_("localitatea este cea mai apropiată de coordonate"),
    "place_from_organization": N_("locul este cel al furnizorului"),
    "siruta_unknown": N_("codul SIRUTA publicat nu există; locul este după nume"),
    "siruta_mismatch": N_("codul SIRUTA publicat este din alt județ"),
    "capacity_range": N_("capacitatea era scrisă ca interval; este luat numărul mai mic"),
    "capacity_unread": N_("capacitatea publicată nu poate fi citită"),
    "phone_unread": N_("telefonul publicat nu poate fi citit"),
    "licence_date_unread": N_("data licenței nu poate fi citită"),
    "licence_dates_reversed": N_("datele licenței sunt inversate"),
    "status_unread": N_("starea publicată nu poate fi citită"),
    "group_unknown": N_("grupul de beneficiari publicat nu este cunoscut"),
    "group_corrected": N_("grupul de beneficiari a fost îndreptat"),
    "level_unknown": N_("nivelul de învățământ nu este sigur"),
    "code_corrected": N_("codul tipului de serviciu a fost îndreptat"),
    "locality_corrected": N_("localitatea a fost îndreptată"),
    "organization_missing": N_("furnizorul nu este publicat"),
    "provider_not_listed": N_("furnizorul nu este în lista furnizorilor acreditați"),
    "possible_duplicate": N_("poate fi scris de două ori în registru"),
    "doubt_phone": N_("cineva a semnalat că numărul de telefon este greșit; nu s-a verificat încă"),
    "doubt_moved": N_("cineva a semnalat că s-a mutat; nu s-a verificat încă"),
    "doubt_gone": N_("cineva a semnalat că nu mai există; nu s-a verificat încă"),
    "phone_checked": N_("telefonul a fost îndreptat după un semnal din teren"),
    "moved_checked": N_("locul a fost îndreptat după un semnal din teren"),
}


def refusal_words(reason: str, detail: object = None) -> str:
    """Say a reason of `providers.catalogue.eligibility.REASONS` in words.

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
    """Say how old a report is: azi, ieri, acum 3 zile, acum 20 de zile; one from the future is said to be doubted."""
    if is_from_future(days):
        return _("cu o dată din viitor, de verificat")
    whole = int(days)
    if whole <= 0:
        return _("azi")
    if whole == 1:
        return _("ieri")
    return ngettext("acum {n} zi", "acum {n} zile", whole).format(n=whole)


def day_words(day: date) -> str:
    """Write a day as the language of this request does: 28.02.2026, 28 Feb 2026."""
    return written_day(day)


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


def flag_words(flag: str) -> str:
    """Say in words what a flag of a service asks to doubt; every column corrected by a table says so alike.

    >>> flag_words("seat_assumed"), flag_words("website_corrected"), flag_words("something_new")
    ('sediul este presupus', 'o valoare publicată a fost îndreptată', 'date de verificat')
    """
    said = _FLAGS.get(flag)
    if said is not None:
        return _(said)
    return _("o valoare publicată a fost îndreptată") if flag.endswith("_corrected") else _("date de verificat")


def access_words(access_route: str, decision_by: str | None) -> str:
    """Say in a sentence what stands before the door: a decision, and whose, or a physician's referral; else nothing."""
    if access_route == "decision":
        by = f" ({_(decision_by)})" if decision_by else ""
        return _("Se intră pe bază de decizie{by}.").format(by=by)
    return _("Este nevoie de trimitere de la medic.") if access_route == "medical" else ""


def caution_lines(
    flags: Iterable[str], *, is_secret: bool, access_route: str, decision_by: str | None
) -> tuple[str, ...]:
    """Say what must be read of a service on every screen, paper and export, in whole sentences in their order.

    How one gets in, a doubtful county, what somebody on the spot doubts (`doubt_*` among the flags).
    """
    known = tuple(flags)
    lines = [
        _("Adresa nu se arată nimănui. Legătura se face prin direcția județeană (DGASPC).") if is_secret else "",
        access_words(access_route, decision_by),
        _("Județul din registru nu se potrivește cu poziția: verificați la telefon.")
        if "county_mismatch" in known
        else "",
        *(_sentence(flag_words(flag)) for flag in known if flag.startswith("doubt_")),
    ]
    return tuple(filter(None, lines))


def check_words(flags: Iterable[str]) -> str:
    """Say what of a service's published facts is to be checked; what people on the spot doubt is a caution."""
    return "; ".join(flag_words(flag) for flag in flags if not flag.startswith("doubt_"))


def licence_words(until: date | None, status: str) -> str:
    """Say how long a licence holds; an unknown end is neither valid nor expired."""
    if until is not None:
        return _("valabilă până la {day}").format(day=day_words(until))
    if status == "active":
        return _("activă, fără dată de sfârșit publicată")
    return _("nu se știe din registru: întrebați")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def minute_words(value: float) -> str:
    """Write a travel time: whole minutes, hours from 100 minutes on; never 0.

    >>> minute_words(0.2), minute_words(13.6), minute_words(125)
    ('1 min', '14 min', '2 h 05 min')
    """
    whole = max(1, math.floor(value + 0.5))
    if whole < _LONG_MINUTES:
        return _("{n} min").format(n=whole)
    return _("{h} h {m} min").format(h=whole // 60, m=f"{whole % 60:02d}")


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
    """Say how many places are licensed, in the unit that the register counts them in."""
    if unit == "per_day":
        return ngettext("{n} persoană pe zi", "{n} persoane pe zi", count).format(n=count)
    if unit == "per_month":
        return ngettext("{n} persoană pe lună", "{n} persoane pe lună", count).format(n=count)
    return ngettext("{n} loc licențiat", "{n} locuri licențiate", count).format(n=count)


def register_words(kind: str) -> str:
    """Name a register in a sentence."""
    return {
        "social": _("registrul serviciilor sociale"),
        "education": _("rețeaua școlară"),
        "medical": _("serviciile medicale"),
        "employment": _("serviciile de ocupare"),
        "authorities": _("autoritățile publice"),
    }.get(kind, kind)
