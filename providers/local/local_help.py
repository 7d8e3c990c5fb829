"""What teams know and no register has: a parish, volunteers, a minibus; and what comes on some days: a caravan.

One kind of entry for both: with days it comes, without days it is there. It is said for people of its county, beside
the registers and marked; after its review date it says so, and FOLD_AFTER_DAYS later it is folded away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, Literal

from providers.local.visit_days import last_given_day, upcoming_days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.gazetteer.places import Place
    from geo.spatial.travel import TravelBasis, TravelTimes

FOLD_AFTER_DAYS = 60
Serves = Literal["county", "uat"]


@dataclass(frozen=True)
class LocalHelp:
    """One entry in force.

    Attributes
    ----------
    entry_id
        Its number.
    name, offers, taken
        What it is called, what it gives, who is taken (may be empty).
    needs
        Codes of needs that it helps with.
    place, county, uat_siruta, lat, lon
        Where it is: label, letters, SIRUTA, WGS84 degrees (NaN = not known).
    serves, serves_uat
        `county`, or `uat` alone: SIRUTA of that one.
    hours, phone
        As typed; may be empty.
    days
        Rule of `visit_days`; empty = it is always there.
    review_on
        Day by which somebody asks again whether it still holds.
    checked_on
        Day on which the county unit checked it; None = not checked.
    """

    entry_id: int
    name: str
    offers: str
    taken: str
    needs: tuple[str, ...]
    place: str
    county: str
    uat_siruta: int
    lat: float
    lon: float
    serves: Serves
    serves_uat: int
    hours: str
    phone: str
    days: str
    review_on: date
    checked_on: date | None


@dataclass(frozen=True)
class LocalOffer:
    """An entry as an answer offers it.

    help: the entry. minutes, distance_m: from the origin; None where its place has no point. travel: what minutes rest
    on. next_days: on which it
    comes next. overdue_days: since its review date; 0 = not passed. is_folded: shown on demand alone.
    """

    help: LocalHelp
    minutes: float | None
    distance_m: float | None
    travel: TravelBasis
    next_days: tuple[date, ...]
    overdue_days: int
    is_folded: bool


def local_offers(
    entries: Iterable[LocalHelp], needs: Iterable[str], *, home: Place, origin: Place, travel: TravelTimes, today: date
) -> tuple[LocalOffer, ...]:
    """List what local knowledge offers for some needs.

    Parameters
    ----------
    entries
        Entries in force.
    needs
        Codes of needs.
    home
        Where the person lives: only entries of its county are offered, and of those that serve one commune its own.
    origin
        From where minutes are counted.
    travel
        How they are.
    today
        Day of the question.

    Returns
    -------
    tuple of LocalOffer
        What is not folded first, then by minutes, then by number; what came and comes no more is left out.
    """
    wanted = set(needs)
    offers = [
        _offered(each, origin, travel, today)
        for each in entries
        if wanted & set(each.needs)
        and each.county == home.county
        and (each.serves == "county" or each.serves_uat == home.uat_siruta)
        and not is_over(each, today)
    ]
    far = float("inf")
    return tuple(sorted(offers, key=lambda o: (o.is_folded, far if o.minutes is None else o.minutes, o.help.entry_id)))


def is_over(entry: LocalHelp, today: date) -> bool:
    """Return whether what came on some days has no day left."""
    return bool(entry.days) and not next_days_of(entry, today)


def next_days_of(entry: LocalHelp, today: date, most: int = 3) -> tuple[date, ...]:
    """Return the next days of an entry; none where it is always there."""
    return upcoming_days(entry.days, today=today, most=most)


def overdue_days(entry: LocalHelp, today: date) -> int:
    """Count the days since the review date; 0 where it has not passed, and of what names its dates itself."""
    return 0 if last_given_day(entry.days) else max(0, (today - entry.review_on).days)


def is_stale(entry: LocalHelp, today: date) -> bool:
    """Return whether nobody said for so long that it still holds that it is shown on demand alone."""
    return overdue_days(entry, today) > FOLD_AFTER_DAYS


def _offered(entry: LocalHelp, origin: Place, travel: TravelTimes, today: date) -> LocalOffer:
    minutes = metres = None
    if not isnan(entry.lat):
        all_minutes, all_metres = travel.travel_times(origin.lat, origin.lon, [entry.lat], [entry.lon])
        minutes, metres = float(all_minutes[0]), float(all_metres[0])
    days, late = next_days_of(entry, today), overdue_days(entry, today)
    return LocalOffer(entry, minutes, metres, travel.basis, days, late, is_stale(entry, today))


def as_plain(offer: LocalOffer) -> dict[str, Any]:
    """Return an offer as JSON-ready data.

    Parameters
    ----------
    offer
        What local knowledge offers.

    Returns
    -------
    dict of str to Any
        The entry's fields and the offer's; days are ISO 8601, minutes rounded to 0.001, metres to 0.1.
    """
    entry = {name: value for name, value in vars(offer.help).items() if name not in ("lat", "lon")}
    checked = offer.help.checked_on
    return entry | {
        "needs": list(offer.help.needs),
        "review_on": offer.help.review_on.isoformat(),
        "checked_on": checked.isoformat() if checked else None,
        "minutes": None if offer.minutes is None or not isfinite(offer.minutes) else round(offer.minutes, 3),
        "distance_m": None if offer.distance_m is None else round(offer.distance_m, 1),
        "travel_model": offer.travel.code,
        "next_days": [day.isoformat() for day in offer.next_days],
        "is_folded": offer.is_folded,
    }
