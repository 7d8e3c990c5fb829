"""Together with others: open referrals of the same community that could share a ride.

Of the others only destinations and how many people go there: no case, no need, no service. Sensitive needs
share no ride, and nobody waits for a ride to a protected address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import UnknownCodeError
from core.i18n import _, ngettext
from core.text import collation_key
from providers.rules import needs, taxonomy
from providers.rules.travel_modes import travel_model
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.gazetteer.gazetteer import Gazetteer, Place
    from geo.spatial.travel import TravelModel
    from providers.catalogue.catalogue import Catalogue
    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

WAITING = ("held", "asked", "accepted")  # who started is there already
MOST_EXTRA_MINUTES = 20.0  # assumed: a longer way round is no favour any more
StopPoint = tuple[float, float]


@dataclass(frozen=True)
class SharedRide:
    """A destination of others: the locality, how many people, and by how much the way grows for them.

    cases: people with an open referral to a service there; extra_minutes: of travel there and back.
    """

    locality: str
    county: str
    cases: int
    extra_minutes: float


def is_sensitive(need: str, service_type: str) -> bool:
    """Whether a need or the kind of service has to stay unsaid; a code that nobody knows has to."""
    known, kind = needs.needs().get(need), taxonomy.service_types().get(service_type)
    if kind is None or (known is None and need not in taxonomy.service_types()):
        return True
    return bool((known and known.is_sensitive) or kind.is_sensitive or kind.is_secret)


def find_shared_rides(
    directory: Directory,
    origin: Place,
    stops: Sequence[StopPoint],
    *,
    actor: Actor,
    case_ref: str = "",
    mode: str = "car",
) -> tuple[SharedRide, ...]:
    """List where else the car could take people of the same UAT on a trip, least extra way first.

    Parameters
    ----------
    directory
        Services and referrals of this moment.
    origin
        Where the trip starts.
    stops
        Latitude and longitude (WGS84 degrees) in the order of the trip; for a sensitive need give none, and nothing is
        said.
    actor
        Who asks.
    case_ref
        The person's own case, left out.
    mode
        `car` or `walk`.

    Returns
    -------
    tuple of SharedRide
        Empty where nobody waits along the way.

    Raises
    ------
    NotAllowedError
        Where the actor may not read the referrals of the UAT.
    """
    if not stops:
        return ()
    from referrals.ledger.queries import Filters  # the database, which few questions need

    waiting = directory.ledger.list_referrals(Filters(states=WAITING, uat_siruta=origin.uat_siruta), actor=actor)
    others = [each for each in waiting if each.case_ref and each.case_ref != case_ref]
    snapshot = directory.snapshot()
    return list_shared_rides(
        snapshot.catalogue,
        others,
        (origin.lat, origin.lon),
        stops,
        gazetteer=snapshot.gazetteer,
        travel=travel_model(snapshot.travel, mode),
    )


def ride_words(found: Sequence[SharedRide]) -> str:
    """Say in one sentence who could come along; "" where nobody could."""
    if not found:
        return ""
    lines = [
        ngettext("{place}: {n} persoană ({detour})", "{place}: {n} persoane ({detour})", ride.cases).format(
            place=ride.locality, n=ride.cases, detour=_detour_words(ride.extra_minutes)
        )
        for ride in found
    ]
    return _("Ar putea merge împreună, din referirile deschise ale comunității: {places}. Întrebați-le întâi.").format(
        places="; ".join(lines)
    )


def _detour_words(minutes: float) -> str:
    """Say how much longer a way gets."""
    return _("ocol de {minutes}").format(minutes=minute_words(minutes)) if round(minutes) else _("fără ocol")


def list_shared_rides(
    catalogue: Catalogue,
    others: Iterable[Referral],
    origin: StopPoint,
    stops: Sequence[StopPoint],
    *,
    gazetteer: Gazetteer,
    travel: TravelModel,
) -> tuple[SharedRide, ...]:
    """Count others by destination and keep those for which the way grows by MOST_EXTRA_MINUTES at most (pure)."""
    going: dict[tuple[str, str], tuple[set[str], StopPoint]] = {}
    for case_ref, where, point in _destinations(catalogue, others, gazetteer):
        going.setdefault(where, (set(), point))[0].add(case_ref)
    found = []
    for (locality, county), (cases, point) in going.items():
        extra = extra_minutes((origin, *stops, origin), point, travel=travel)
        if extra <= MOST_EXTRA_MINUTES:
            found.append(SharedRide(locality, county, len(cases), extra))
    return tuple(sorted(found, key=lambda ride: (ride.extra_minutes, ride.county, collation_key(ride.locality))))


def extra_minutes(way: Sequence[StopPoint], point: StopPoint, *, travel: TravelModel) -> float:
    """Return by how many minutes a way through points grows when it passes one more, where that costs least.

    The order of the others stays: who planned the trip keeps it.
    """
    lats, lons = np.array([each[0] for each in way]), np.array([each[1] for each in way])
    legs = len(way) - 1
    to = travel.travel_times(lats[:-1], lons[:-1], np.full(legs, point[0]), np.full(legs, point[1]))[0]
    on = travel.travel_times(point[0], point[1], lats[1:], lons[1:])[0]
    direct = travel.travel_times(lats[:-1], lons[:-1], lats[1:], lons[1:])[0]
    with np.errstate(invalid="ignore"):  # no way to a point, and none past it
        grows = to + on - direct
    return max(float(np.min(np.where(np.isnan(grows), np.inf, grows))), 0.0)


def _destinations(
    catalogue: Catalogue, others: Iterable[Referral], gazetteer: Gazetteer
) -> Iterator[tuple[str, tuple[str, str], StopPoint]]:
    for each in others:
        try:
            service = catalogue.service(each.service_id)
        except UnknownCodeError:
            continue
        stays = service["is_secret"] or service["delivery"] != "at_site" or pd.isna(service["lat"])
        if stays or is_sensitive(each.need, each.service_type):
            continue
        point = (float(service["lat"]), float(service["lon"]))
        named = service["locality"]
        locality = named if isinstance(named, str) and named else gazetteer.nearest_locality(*point).name
        yield each.case_ref, (locality, str(service["county"])), point
