"""One trip for two to five needs, beside going to the nearest service for each: how many minutes it spares.

For each need every service is weighed that the finder could show: at a site, not protected, may take the
person, within reach, and of the blocks asked for. `best_for` gives the way that goes only to confirmed places
first and, where calling first makes it shorter, that way too: the same two blocks as in every answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from core.errors import BadValueError
from core.i18n import _
from geo.spatial.route import MOST_NEEDS, Stops, best_trip
from providers.catalogue.availability import CALL_FIRST, CONFIRMED
from providers.catalogue.eligibility import refusals
from providers.catalogue.snapshot import with_whole_minutes
from providers.finder.answer import Result
from providers.finder.finder import describe_once, find_once
from providers.local.local_help import as_plain
from providers.rules.travel_modes import travel_model
from providers.rules.travel_words import basis_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.spatial.travel import TravelBasis
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.answer import Answer, Elsewhere, Query
    from providers.local.local_help import LocalOffer

FEWEST_NEEDS = 2
_SLACK = 1e-6  # minutes


@dataclass(frozen=True)
class Visit:
    """A stop: for which need, at which service, after how many minutes of travel from the stop before."""

    wanted: str
    offer: Result
    minutes: float


@dataclass(frozen=True)
class Separate:
    """The nearest service of one need by itself: minutes there and back."""

    wanted: str
    offer: Result
    minutes: float


@dataclass(frozen=True)
class UnroutedNeed:
    """A need to which nobody has to travel, or can: offers at home, by telephone, at a protected address; or none."""

    wanted: str
    offers: tuple[Elsewhere, ...]


@dataclass(frozen=True)
class KnownLocally:
    """What teams of the county know for one of the needs: it may come to the person, or lie on the way."""

    wanted: str
    offer: LocalOffer


@dataclass(frozen=True)
class PlannedTrip:
    """A trip and what it is compared with.

    visits: in the order in which to go. back_minutes: from the last stop home. separate: the nearest service
    of each of the same needs. apart: sensitive needs, each with its own nearest service; they are in no trip
    with others. no_way: needs without a service to visit. only_confirmed: every visit has a confirmed place. travel:
    what minutes rest on. local: what teams know beside the registers for these needs, but not for sensitive ones.
    """

    query: Query
    visits: tuple[Visit, ...]
    back_minutes: float
    separate: tuple[Separate, ...]
    apart: tuple[Separate, ...]
    no_way: tuple[UnroutedNeed, ...]
    travel: TravelBasis
    local: tuple[KnownLocally, ...]

    @property
    def minutes(self) -> float:
        """Minutes of travel there, between and back."""
        return sum(visit.minutes for visit in self.visits) + self.back_minutes

    @property
    def separate_minutes(self) -> float:
        """Minutes of going there and back for each of these needs by itself."""
        return sum(each.minutes for each in self.separate)

    @property
    def saved_minutes(self) -> float:
        """Minutes that the one trip spares; never below 0."""
        return max(self.separate_minutes - self.minutes, 0.0)

    @property
    def only_confirmed(self) -> bool:
        """Whether every service of the trip has a confirmed place."""
        return all(visit.offer.block == "confirmed" for visit in self.visits)


def best_for(snapshot: Snapshot, query: Query) -> tuple[PlannedTrip, ...]:
    """Return the ways to answer all that a query wants in one trip: confirmed places first, then the shortest.

    The first plan goes only to confirmed places, where each need to visit has one within reach. The second
    looks at both blocks and is there if it is shorter, or if the first is not; two plans at most, at least one.
    All plans are by one travel model. Raises BadValueError unless two to five things are wanted, UnknownCodeError for
    what does not exist.
    """
    return with_whole_minutes(snapshot, lambda snapshot: _best(snapshot, query))


def _best(snapshot: Snapshot, query: Query) -> tuple[PlannedTrip, ...]:
    both = plan_trip(snapshot, replace(query, only_confirmed=False))
    if query.only_confirmed:
        return (plan_trip(snapshot, query),)
    if both.only_confirmed:
        return (both,)
    sure = plan_trip(snapshot, replace(query, only_confirmed=True))
    if {visit.wanted for visit in sure.visits} != {visit.wanted for visit in both.visits}:
        return (both,)
    return (sure, both) if both.minutes < sure.minutes - _SLACK else (sure,)


def plan_trip(snapshot: Snapshot, query: Query) -> PlannedTrip:
    """Return the trip of least minutes for all that a query wants, over the blocks that it looks at.

    Exact (see `geo.spatial.route.best_trip`). What is sensitive stays apart, and is never a stop.

    Parameters
    ----------
    snapshot
        Services, places and doubts of one moment.
    query
        Two to MOST_NEEDS different things wanted.

    Returns
    -------
    PlannedTrip
        Stops in order with minutes, the same needs each by its own way, and what has no way.

    Raises
    ------
    BadValueError
        For too few or too many needs.
    UnknownCodeError
        For a need, service type or mode that does not exist.
    """
    wanted = tuple(dict.fromkeys(query.wanted))
    if not FEWEST_NEEDS <= len(wanted) <= MOST_NEEDS:
        raise BadValueError(
            _("Un drum comun se face pentru {fewest} până la {most} nevoi, nu pentru {n}.").format(
                fewest=FEWEST_NEEDS, most=MOST_NEEDS, n=len(wanted)
            )
        )
    answers = {code: find_once(snapshot, replace(query, wanted=(code,), k=1)) for code in wanted}
    nearest = {code: _nearest(snapshot, query, answer) for code, answer in answers.items()}
    together = [code for code in wanted if nearest[code] and not answers[code].is_sensitive]
    visits, back = _trip(snapshot, query, {code: answers[code] for code in together})
    return PlannedTrip(
        query=query,
        visits=visits,
        back_minutes=back,
        separate=_those(nearest, together),
        apart=_those(nearest, [code for code in wanted if answers[code].is_sensitive]),
        no_way=tuple(UnroutedNeed(code, answers[code].elsewhere) for code in wanted if not nearest[code]),
        travel=travel_model(snapshot.travel, query.mode).basis,
        local=tuple(
            KnownLocally(code, offer)
            for code in wanted
            if not answers[code].is_sensitive
            for offer in answers[code].local
            if not offer.is_folded
        ),
    )


def _those(nearest: dict[str, Separate | None], codes: Sequence[str]) -> tuple[Separate, ...]:
    return tuple(each for code in codes if (each := nearest[code]) is not None)


def _nearest(snapshot: Snapshot, query: Query, answer: Answer) -> Separate | None:
    """Return the nearest service of an answer, whichever its block; a tie goes to the confirmed one."""
    visited = [result for result in answer.visited if result.service_type in answer.visit_types]
    if not visited:
        return None
    first = min(visited, key=lambda result: (result.minutes, result.block != "confirmed", result.service_id))
    travel = travel_model(snapshot.travel, query.mode)
    back, _metres = travel.travel_times(first.lat, first.lon, [query.origin.lat], [query.origin.lon])
    return Separate(answer.query.wanted[0], first, first.minutes + float(back[0]))


def _trip(snapshot: Snapshot, query: Query, answers: dict[str, Answer]) -> tuple[tuple[Visit, ...], float]:
    if not answers:
        return (), 0.0
    catalogue = snapshot.catalogue
    rows = {code: candidates(snapshot, answer) for code, answer in answers.items()}
    lats, lons = catalogue.services["lat"].to_numpy(float), catalogue.services["lon"].to_numpy(float)
    stops = [Stops(lats[found], lons[found]) for found in rows.values()]
    trip = best_trip(query.origin.lat, query.origin.lon, stops, travel_model(snapshot.travel, query.mode))
    if not np.isfinite(trip.minutes):  # one gets there, and not back
        return (), 0.0
    codes = list(rows)
    visits = []
    for need, minutes in zip(trip.order, trip.legs[:-1], strict=True):
        code = codes[need]
        service_id = catalogue.cell("service_id", int(rows[code][trip.stops[need]]))
        offer = describe_once(snapshot, answers[code].query, service_id)
        visits.append(Visit(code, cast("Result", offer), minutes))
    return tuple(visits), trip.legs[-1]


def candidates(snapshot: Snapshot, answer: Answer) -> NDArray[np.int64]:
    """Return the rows of all services that the answer's question could show, with no regard to how many it asked.

    At a site (a protected address is none), of types that one travels to, no rule against this person and home,
    a place confirmed or to be asked for, within reach. In the order of service types, then of service_id.
    """
    catalogue, available, query = snapshot.catalogue, snapshot.availability, answer.query
    home = query.home or query.origin
    blocks = (CONFIRMED,) if query.only_confirmed else (CONFIRMED, CALL_FIRST)
    found = []
    for kind in (catalogue.types[code] for code in answer.visit_types if code in catalogue.types):
        reasons = refusals(catalogue, kind.start, kind.middle, person=query.person, home=home, on=query.on)
        fits = (reasons == 0) & np.isin(available.block[kind.start : kind.middle], blocks)
        travel = travel_model(snapshot.travel, query.mode)
        if (query.max_minutes is not None or not travel.basis.is_straight) and fits.any():
            limit = np.inf if query.max_minutes is None else query.max_minutes
            minutes = travel.minutes_to_many(query.origin.lat, query.origin.lon, kind.index, most_minutes=limit)
            fits &= (minutes <= limit) & np.isfinite(minutes)
        found.append(kind.start + np.flatnonzero(fits))
    return np.concatenate(found) if found else np.empty(0, np.int64)


def as_json(plan_: PlannedTrip) -> dict[str, Any]:
    """Return a plan as JSON-ready data: minutes rounded to 0.001, services by id and name, no coordinates."""
    return {
        "only_confirmed": plan_.only_confirmed,
        "travel": basis_json(plan_.travel),
        "minutes": round(plan_.minutes, 3),
        "separate_minutes": round(plan_.separate_minutes, 3),
        "saved_minutes": round(plan_.saved_minutes, 3),
        "back_minutes": round(plan_.back_minutes, 3),
        "visits": [_stop(each) for each in plan_.visits],
        "separate": [_stop(each) for each in plan_.separate],
        "apart": [_stop(each) for each in plan_.apart],
        "no_way": [
            {"wanted": each.wanted, "services": [offer.service_id for offer in each.offers]} for each in plan_.no_way
        ],
        "local": [{"wanted": each.wanted, **as_plain(each.offer)} for each in plan_.local],
    }


def _stop(each: Visit | Separate) -> dict[str, Any]:
    offer = each.offer
    return {
        "wanted": each.wanted,
        "service_id": offer.service_id,
        "name": offer.name,
        "locality": offer.locality,
        "block": offer.block,
        "minutes": round(each.minutes, 3),
    }
