"""Rules of access: may this service take this person, from this home, on this day? If not, why not.

Evaluated for a whole range of services at once; each gets exactly one reason, the first that applies in
the order of REASONS (DESIGN §5), or none.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from providers.catalogue.access_rules import AREA_KINDS, NO_CODE
from providers.rules import taxonomy
from providers.rules.help_tables.pension_age import retirement_age
from providers.rules.person import Person

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.gazetteer.gazetteer import Place
    from providers.catalogue.catalogue import Catalogue

# In the order in which they are said. From `full` on they are about places and distance, not about the person.
REASONS = (
    "",
    "accreditation_withdrawn",
    "licence_withdrawn",
    "licence_suspended",
    "licence_expired",
    "licence_not_started",
    "age",
    "sex",
    "group",
    "home",
    "closed",
    "closed_for_now",
    "other_kind",
    "other_profile",
    "full",
    "waitlist",
    "too_far",
    "unreachable",
)
CODE = {reason: code for code, reason in enumerate(REASONS)}


_NOBODY = np.empty(0, np.int64)
_MOST_DAYS = 8  # for which reasons are kept: nearly everybody asks about today


def refusals(catalogue: Catalogue, start: int, end: int, *, person: Person, home: Place, on: date) -> NDArray[np.int8]:
    """Return the first reason against each of some services, or none.

    Considers accreditation, licence on the day, age, sex, group, home against service area, closure and closure for a
    time, in the order of REASONS. An unknown licence date refuses nobody; nothing stated of a person refuses nobody.

    Parameters
    ----------
    catalogue
        The services.
    start, end
        Rows looked at, the last not included.
    person
        Age in years, sex and groups, as far as they are known.
    home
        Where the person lives.
    on
        Day on which the licence must hold and the service be open.

    Returns
    -------
    NDArray[np.int8]
        For each row a position in REASONS; 0 = may take this person.
    """
    rules, rows = catalogue.rules, slice(start, end)
    licences, closures = _reasons_of_day(catalogue, on)
    reasons = closures[rows].copy()
    # Written from the last reason to the first, so that the first that applies stays.
    for reason, applies in (
        ("home", ~serves_home(catalogue, start, end, home=home)),
        ("group", _other_group(catalogue, rows, person, on)),
        ("sex", _other_sex(rules.sex[rows], person)),
        ("age", _other_age(_youngest(catalogue, rows, person, on), rules.age_max[rows], person)),
    ):
        reasons[applies] = CODE[reason]
    return np.where(licences[rows] != 0, licences[rows], reasons)


def _reasons_of_day(catalogue: Catalogue, on: date) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return the first reason against each service whoever asks, of its licence and of its closure; kept by day."""
    kept = catalogue.reasons_by_day.get(on)
    if kept is None:
        rules, day = catalogue.rules, float((on - date(1970, 1, 1)).days)
        licences, closures = np.zeros(len(rules.closed), np.int8), np.zeros(len(rules.closed), np.int8)
        for reasons, reason, applies in (
            (closures, "closed_for_now", closed_for_now(catalogue, slice(None), on=on)),
            (closures, "closed", rules.closed),
            (licences, "licence_not_started", rules.licence_from > day),
            (licences, "licence_expired", rules.licence_until < day),
            (licences, "licence_suspended", rules.licence_status == "suspended"),
            (licences, "licence_withdrawn", rules.licence_status == "withdrawn"),
            (licences, "accreditation_withdrawn", rules.accreditation_withdrawn),
        ):
            reasons[applies] = CODE[reason]
        if len(catalogue.reasons_by_day) >= _MOST_DAYS:
            catalogue.reasons_by_day.clear()
        kept = catalogue.reasons_by_day[on] = (licences, closures)
    return kept


def closed_for_now(catalogue: Catalogue, rows: slice | NDArray[np.int64], *, on: date) -> NDArray[np.bool_]:
    """Return which services are closed for a time on a day: both days count, one that is not said has no limit."""
    first, last = catalogue.rules.closed_from[rows], catalogue.rules.closed_until[rows]
    day = float((on - date(1970, 1, 1)).days)
    is_said = ~(np.isnan(first) & np.isnan(last))
    within: NDArray[np.bool_] = is_said & ~(first > day) & ~(last < day)
    return within


def is_licensed(catalogue: Catalogue, rows: slice | NDArray[np.int64], *, on: date) -> NDArray[np.bool_]:
    """Return which services are known to be licensed on a day: none of the reasons of `refusals` against their licence.

    One of which the register gives no last day counts where it calls the licence active.
    """
    rules, day = catalogue.rules, float((on - date(1970, 1, 1)).days)
    status, until = rules.licence_status[rows], rules.licence_until[rows]
    is_gone = np.isin(status, ["suspended", "withdrawn"]) | rules.accreditation_withdrawn[rows]
    holds = np.where(np.isnan(until), status == "active", until >= day) & ~(rules.licence_from[rows] > day)
    licensed: NDArray[np.bool_] = holds & ~is_gone
    return licensed


def serves_home(catalogue: Catalogue, start: int, end: int, *, home: Place) -> NDArray[np.bool_]:
    """Return which services in `start:end` serve people whose home is there, by their service area."""
    rules, rows = catalogue.rules, slice(start, end)
    area = rules.area[rows]
    serves: NDArray[np.bool_] = area == AREA_KINDS.index("nation")
    kin = _kin(catalogue, home.uat_siruta)
    own, uats = np.zeros(end - start, bool), rules.uat[rows]
    for each in kin:  # seldom more than one: quicker than a search in a list
        own |= uats == each
    serves |= (area == AREA_KINDS.index("own_uat")) & own
    county = catalogue.county_codes.index(home.county) if home.county in catalogue.county_codes else NO_CODE - 1
    serves |= (area == AREA_KINDS.index("county")) & (rules.county[rows] == county)
    region_code = catalogue.region_of_county.get(home.county)
    region = catalogue.region_codes.index(region_code) if region_code else NO_CODE - 1
    serves |= (area == AREA_KINDS.index("region")) & (rules.region[rows] == region)
    for code in (home.county, *(str(code) for code in kin)):
        there = catalogue.listed.get(code, _NOBODY)
        serves[there[(there >= start) & (there < end)] - start] = True
    return serves


def _kin(catalogue: Catalogue, uat_siruta: int) -> list[int]:
    """Codes that are the same home: a sector of Bucharest is in the municipality, and the other way round."""
    parent = catalogue.parents.get(uat_siruta)
    below = [child for child, above in catalogue.parents.items() if above == uat_siruta]
    return [uat_siruta, *([parent] if parent is not None else []), *below]


def _youngest(catalogue: Catalogue, rows: slice, person: Person, on: date) -> NDArray[np.int16]:
    """Ages from which services take this person; those for the elderly from the age of retirement of that day."""
    rules = catalogue.rules
    return np.where(rules.pension_age[rows], np.int16(retirement_age(person.sex, on)), rules.age_min[rows])


def _other_age(age_min: NDArray[np.int16], age_max: NDArray[np.int16], person: Person) -> NDArray[np.bool_]:
    if person.age is None:
        return np.zeros(len(age_min), bool)
    other: NDArray[np.bool_] = (age_min > person.age) | (age_max < person.age)
    return other


def _other_sex(takes: NDArray[np.str_], person: Person) -> NDArray[np.bool_]:
    if person.sex is None:
        return np.zeros(len(takes), bool)
    other: NDArray[np.bool_] = (takes != "") & (takes != person.sex)
    return other


def _other_group(catalogue: Catalogue, rows: slice, person: Person, on: date) -> NDArray[np.bool_]:
    takes = catalogue.rules.groups[rows]
    if not person.groups:
        return np.zeros(len(takes), bool)
    other: NDArray[np.bool_] = (takes != 0) & ((takes & np.uint64(group_mask(catalogue, person, on))) == 0)
    return other


def group_mask(catalogue: Catalogue, person: Person, on: date) -> int:
    """Bits of every group that the person may be in on a day: those said, and the age bands that fit the age."""
    mask = 0
    for group in taxonomy.groups().values():
        youngest = retirement_age(person.sex, on) if group.is_pension_age else group.age_min
        fits_age = person.age is None or taxonomy.within(person.age, youngest, group.age_max)
        if group.group in person.groups or group.kind == "register" or (group.kind == "age" and fits_age):
            mask |= catalogue.group_bits[group.group]
    return mask
