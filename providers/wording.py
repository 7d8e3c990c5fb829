"""Reasons and states in words, as a social assistant would say them."""

from __future__ import annotations

from datetime import date

from geo.language import _, later, ngettext, written_day
from providers.freshness import is_from_future

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
# What each flag of `providers.schema` asks to doubt.
_FLAGS = {
    "no_contact": later("datele de contact nu au fost încă importate"),
    "area_assumed": later("localitățile pe care le deservește sunt presupuse; întrebați la primărie"),
    "seat_assumed": later("sediul este presupus"),
    "seat_outside_county": later("sediul este în alt județ decât cel deservit"),
    "county_mismatch": later("coordonatele publicate cad în alt județ; este arătat la localitatea scrisă"),
    "county_unsure": later("coordonatele par să fie în alt județ"),
    "county_unknown": later("județul publicat nu există"),
    "far_from_locality": later("coordonatele publicate sunt departe de localitatea scrisă; este arătat acolo"),
    "outside_counties": later("coordonatele publicate sunt în afara oricărui județ"),
    "coordinates_swapped": later("coordonatele erau scrise invers"),
    "coordinates_dropped": later("coordonatele publicate sunt în afara țării; este arătat la localitate"),
    "coordinates_mended": later("coordonatele au fost citite dintr-o scriere neobișnuită"),
    "coordinates_unread": later("coordonatele publicate nu pot fi citite"),
    "position_unverified": later("locul pe hartă nu este verificat"),
    "position_corrected": later("locul a fost îndreptat după tabelul de corecturi"),
    "place_by_name": later("localitatea a fost găsită după nume"),
    "place_guessed": later("localitatea este ghicită după un nume asemănător"),
    "place_from_position": later("localitatea este cea mai apropiată de coordonate"),
    "place_from_organization": later("locul este cel al furnizorului"),
    "siruta_unknown": later("codul SIRUTA publicat nu există; locul este după nume"),
    "siruta_mismatch": later("codul SIRUTA publicat este din alt județ"),
    "capacity_range": later("capacitatea era scrisă ca interval; este luat numărul mai mic"),
    "capacity_unread": later("capacitatea publicată nu poate fi citită"),
    "phone_unread": later("telefonul publicat nu poate fi citit"),
    "licence_date_unread": later("data licenței nu poate fi citită"),
    "licence_dates_reversed": later("datele licenței sunt inversate"),
    "status_unread": later("starea publicată nu poate fi citită"),
    "group_unknown": later("grupul de beneficiari publicat nu este cunoscut"),
    "group_corrected": later("grupul de beneficiari a fost îndreptat"),
    "level_unknown": later("nivelul de învățământ nu este sigur"),
    "code_corrected": later("codul tipului de serviciu a fost îndreptat"),
    "locality_corrected": later("localitatea a fost îndreptată"),
    "organization_missing": later("furnizorul nu este publicat"),
    "provider_not_listed": later("furnizorul nu este în lista furnizorilor acreditați"),
    "possible_duplicate": later("poate fi scris de două ori în registru"),
    "doubt_phone": later("cineva a semnalat că numărul de telefon este greșit; nu s-a verificat încă"),
    "doubt_moved": later("cineva a semnalat că s-a mutat; nu s-a verificat încă"),
    "doubt_gone": later("cineva a semnalat că nu mai există; nu s-a verificat încă"),
    "phone_checked": later("telefonul a fost îndreptat după un semnal din teren"),
    "moved_checked": later("locul a fost îndreptat după un semnal din teren"),
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
