"""The one table of flags: what of a service's published facts is to be doubted, each by its code and in words.

A flag is set where a fact is read, placed, corrected or doubted; several stand in one text with `;` between them.
"""

from __future__ import annotations

from core.i18n import N_, _

FLAGS: dict[str, str] = {
    "no_contact": N_("datele de contact nu au fost încă importate"),
    "area_transcribed": N_(
        "localitățile pe care le deservește sunt copiate din actul normativ și nu s-au verificat încă"
    ),
    "contact_of_town_hall": N_("datele de contact sunt ale primăriei de care ține"),
    "seat_assumed": N_("sediul este presupus"),
    "seat_outside_county": N_("sediul este în alt județ decât cel deservit"),
    "county_mismatch": N_("coordonatele publicate cad în alt județ; este arătat la localitatea scrisă"),
    "county_unsure": N_("coordonatele par să fie în alt județ"),
    "county_unknown": N_("județul publicat nu există"),
    "county_doubtful": N_("furnizorul după nume este al altui județ decât cel în care cad coordonatele"),
    "far_from_town": N_("coordonatele publicate sunt departe de localitatea al cărei consiliu îl administrează"),
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
    "place_from_address": N_("locul pe hartă a fost găsit după stradă și număr"),
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
    "no_direct_road": N_("fără drum direct: Dunărea sau Delta"),
    "profile_unknown": N_("profilul spitalului nu este cunoscut"),
    "area_unknown": N_("nu se știe din ce localități primește"),
    "name_against_code": N_("denumirea spune altă categorie de persoane decât codul din registru"),
    "closed": N_("s-a închis"),
    "possible_duplicate": N_("poate fi scris de două ori în registru"),
    "doubt_phone": N_("cineva a semnalat că numărul de telefon este greșit; nu s-a verificat încă"),
    "doubt_moved": N_("cineva a semnalat că s-a mutat; nu s-a verificat încă"),
    "doubt_gone": N_("cineva a semnalat că nu mai există; nu s-a verificat încă"),
    "doubt_closed": N_("cineva a semnalat că este închis temporar; nu s-a verificat încă"),
    "doubt_address": N_("cineva a semnalat că adresa este greșită; nu s-a verificat încă"),
    "doubt_hours": N_("cineva a semnalat că programul este greșit; nu s-a verificat încă"),
    "doubt_name": N_("cineva a semnalat că numele este greșit; nu s-a verificat încă"),
    "doubt_conditions": N_("cineva a semnalat alte condiții de primire; nu s-a verificat încă"),
    "doubt_silent": N_("cineva a semnalat că nu răspunde; nu s-a verificat încă"),
    "doubt_ages": N_("furnizorul spune alte vârste decât registrul; nu s-a verificat încă"),
    "doubt_other": N_("cineva a semnalat că o informație este greșită; nu s-a verificat încă"),
    "address_checked": N_("adresa a fost corectată după o sesizare din teren"),
    "hours_checked": N_("programul a fost corectat după o sesizare din teren"),
    "phone_checked": N_("telefonul a fost corectat după o sesizare din teren"),
    "name_checked": N_("numele a fost corectat după o sesizare din teren"),
    "gone_checked": N_("închiderea a fost verificată după o sesizare din teren"),
    "closed_checked": N_("închiderea temporară a fost verificată după o sesizare din teren"),
    "closed_told": N_("închiderea temporară este cea spusă de furnizor"),
    "phone_told": N_("telefonul este cel spus de furnizor"),
    "email_told": N_("adresa de e-mail este cea spusă de furnizor"),
    "hours_told": N_("programul este cel spus de furnizor"),
    "address_told": N_("adresa este cea spusă de furnizor"),
    "ages_told": N_("vârstele primite sunt cele spuse de furnizor"),
    "moved_checked": N_("locul a fost corectat după o sesizare din teren"),
}
# A table of corrections may mend any column: `<column>_corrected`, where the column has no sentence of its own.
_CORRECTED, _ANY_CORRECTED = "_corrected", N_("o valoare publicată a fost îndreptată")
_UNKNOWN = N_("date de verificat")


def split_flags(text: str) -> list[str]:
    """Return the codes of a text of flags.

    >>> split_flags("county_mismatch;website_corrected"), split_flags("")
    (['county_mismatch', 'website_corrected'], [])
    """
    return [code for code in text.split(";") if code]


def said_flags(text: str, operating_status: str) -> list[str]:
    """Return the codes of a text of flags, and that the service closed where its state says so.

    >>> said_flags("county_mismatch", "open"), said_flags("", "closed")
    (['county_mismatch'], ['closed'])
    """
    return [*split_flags(text), *(["closed"] if operating_status == "closed" else [])]


def is_flag(code: str) -> bool:
    """Whether a code has words: only such codes may be in a table of services.

    >>> is_flag("seat_assumed"), is_flag("website_corrected"), is_flag("something_new"), is_flag("_corrected")
    (True, True, False, False)
    """
    return code in FLAGS or (code.endswith(_CORRECTED) and code.removesuffix(_CORRECTED).isidentifier())


def flag_words(flag: str) -> str:
    """Say in words what a flag asks to doubt; a code of an edition of another version says that it is to be checked.

    >>> flag_words("seat_assumed"), flag_words("website_corrected"), flag_words("something_new")
    ('sediul este presupus', 'o valoare publicată a fost îndreptată', 'date de verificat')
    """
    if not is_flag(flag):
        return _(_UNKNOWN)
    return _(FLAGS.get(flag, _ANY_CORRECTED))
