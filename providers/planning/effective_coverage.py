"""Coverage of a type of service or a need: who is near, who finds a place, who is left out, and why.

`cover` puts together people in need (`providers.planning.demand`), places on three bases
(`providers.planning.supply`) and ways
(`providers.planning.coverage_travel`), and asks the measures of `geo.access.catchment`. Everything is computed for
the whole country,
since people cross county borders, and shown for a part of it. `by_level` and `gaps` are in `coverage_tables`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import BadValueError
from core.i18n import _, number
from core.processes.partitioned_work import ONE_PROCESS
from core.storage.import_kinds import kind_of
from geo.access.catchment import floating_catchment
from geo.access.served import allocate_people
from providers.finder.answer import SourceUsed
from providers.planning.coverage_measures import counted_note
from providers.planning.coverage_travel import Offers, find_nearest, find_offers, locality_states
from providers.planning.demand import (
    DemandPeople,
    Rule,
    lay_counted,
    people_in_need,
    rule_words,
    rules_for,
)
from providers.planning.supply import BASES, Serving, Supply, SupplyBasis, read_supply, serving, supply_notes
from providers.rules import needs, taxonomy
from providers.rules.travel_modes import travel_model
from providers.rules.travel_words import estimate_note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from core.processes.partitioned_work import PartRunner
    from geo.access.catchment import Method
    from geo.access.served import Allocation
    from geo.spatial.travel import TravelModel, TravelModels
    from providers.catalogue.availability import Availability
    from providers.catalogue.catalogue import Catalogue

    Floats = NDArray[np.float64]

COVERAGE_REACH_MINUTES = 30.0
LONGEST_MINUTES = 240.0
WITHIN = (15, 30, 60)
SHOWN: tuple[Method, ...] = ("2sfca", "e2sfca", "bfca")


@dataclass(frozen=True)
class Coverage:
    """Coverage of what was asked, locality by locality.

    What is said in words is a property: one coverage is kept for screens in both languages.

    Attributes
    ----------
    code, types
        What was asked, a service type or a need, and the service types that it means.
    reach_minutes, basis, mode
        As asked: minutes of the reach, the places counted (licensed, reported or now), and how people travel.
    travel
        How minutes were measured.
    rules
        Who needs it (`providers.planning.demand`).
    areas
        One row per locality: `area_id`, `name`, `uat_siruta`, `county`, `region`, `people` (in need), `is_counted`
        (they were counted by a team that works with cases, and nobody has a place: else a rule gives them), `minutes`
        and `distance_m` to the nearest service that serves the place (NaN where none; 0 = it comes home), `nearest`
        (position in `supply.services`, -1), `state` (what they find within reach, `coverage_travel.locality_states`),
        `unreached` (people without a service that serves them within the reach),
        `places_per_person_<method>` on the basis asked for, and for every basis `taken_<basis>` (people who already
        have a place that is taken), `served_<basis>` (of the others, those who find a free one) and `unmet_<basis>`
        (nobody has taken them, and no place is free), together all people; `reason` of those left out on the basis now,
        a code that `coverage_tables.reason_words` says ("" where nobody is).
    flows
        `from_county`, `to_county`, `people`, on the basis asked for (parts of persons: before rounding).
    phone_first
        `uat_siruta`, `service` (position): whom to ask where nobody has said whether there is room.
    left
        Places that nobody took, by service, on the basis asked for: 0 for those that come home, inf for no limit.
    supply, may_serve, people
        What it was computed from.
    sources
        Editions used, with their dates.
    """

    code: str
    types: tuple[str, ...]
    reach_minutes: float
    basis: SupplyBasis
    mode: str
    travel: TravelModel
    rules: tuple[Rule, ...]
    areas: pd.DataFrame
    flows: pd.DataFrame
    phone_first: pd.DataFrame
    left: Floats
    supply: Supply
    may_serve: Serving
    people: DemandPeople
    sources: tuple[SourceUsed, ...]

    @property
    def title(self) -> str:
        """Name of the type or need."""
        return title_of(self.code)

    @property
    def rule(self) -> str:
        """Who needs it, in words."""
        return rule_words(self.rules)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the figures, in sentences."""
        counted = counted_note(self.areas)
        return (
            *([counted] if counted else []),
            *supply_notes(self.supply, self.types),
            *self.people.notes,
            estimate_note(self.travel.basis),
        )

    @property
    def is_protected(self) -> bool:
        """Whether every service has a protected address: then nothing below the county is told."""
        return all(taxonomy.service_type(t).is_secret for t in self.types)


def types_of(code: str) -> tuple[str, ...]:
    """Return the service types meant by a code of a type or a need; UnknownCodeError where it is neither."""
    if code in taxonomy.service_types():
        return (code,)
    known = needs.needs()
    return needs.answers(code) if code in known else (taxonomy.service_type(code).service_type,)


def title_of(code: str) -> str:
    """Return the name of a type or need, in the language of this request."""
    known = needs.needs()
    return _(known[code].name if code in known else taxonomy.service_type(code).name)


def compute_coverage(
    code: str,
    people: DemandPeople,
    catalogue: Catalogue,
    availability: Availability,
    *,
    travel: TravelModels,
    reported: pd.DataFrame | None = None,
    reach_minutes: float = COVERAGE_REACH_MINUTES,
    basis: SupplyBasis = "now",
    mode: str = "car",
    runner: PartRunner = ONE_PROCESS,
    counted: Mapping[int, int] | None = None,
) -> Coverage:
    """Compute the coverage of a service type or need, for the whole country.

    Places of a service that takes everybody (`open`) count as enough for all; free places that nobody knows count as
    none, and the licensed places of such a service as taken. People who are served occupy the taken places of services
    within reach; free places, and rates by them, are for the others (docs/decisions/0037).

    Parameters
    ----------
    code
        A service type or a need.
    people
        Who lives where (`providers.planning.demand.load_people`).
    catalogue
        Services in force.
    availability
        Places of this moment, in the order of the catalogue.
    travel
        How minutes are measured.
    reported
        Last reports of places, see `providers.planning.supply.read_supply`; None = none.
    reach_minutes
        Longest way, above 0 and at most LONGEST_MINUTES.
    basis
        Places that rates, flows and places left are counted on: licensed, reported or now.
    mode
        `car` or `walk`.
    runner
        Who measures the ways, county by county; whoever it is, the digits are the same.
    counted
        People in need by SIRUTA code of the UATs where a team counted them, who all have no place yet; elsewhere, and
        where this is None, the rules say how many there are (docs/decisions/0065).

    Returns
    -------
    Coverage
        Who is near, who finds a place, who is left out and why, locality by locality.

    Raises
    ------
    UnknownCodeError
        For an unknown code or mode.
    BadValueError
        For a reach or basis that cannot be.
    """
    if basis not in BASES:
        raise BadValueError(_("Baza „{name}” nu există; alegeți: licensed, reported sau now.").format(name=basis))
    if not 0 < reach_minutes <= LONGEST_MINUTES:
        raise BadValueError(
            _("Timpul maxim de deplasare este între 1 și {most} de minute.").format(most=number(LONGEST_MINUTES))
        )
    model = travel_model(travel, mode)
    types = types_of(code)
    asked = rules_for(code if code in needs.needs() else types[0])
    in_need, is_counted = lay_counted(people, people_in_need(people, asked), counted or {})
    supply = read_supply(catalogue, availability, types, reported)
    may_serve = serving(catalogue, supply, people)
    offers = find_offers(people, in_need, supply, may_serve, reach_minutes=reach_minutes, model=model, runner=runner)
    nearest = find_nearest(people, supply, may_serve, model=model, runner=runner)
    areas = people.areas[["area_id", "name", "uat_siruta", "county", "region"]].assign(
        people=in_need, is_counted=is_counted, minutes=nearest.minutes, distance_m=nearest.metres,
        nearest=nearest.service,
    )  # fmt: skip
    measures, flows, left = _measures(people, areas, offers, supply, basis=basis, reach_minutes=reach_minutes)
    areas = pd.concat([areas, measures], axis="columns")
    near = areas["minutes"].to_numpy() <= reach_minutes
    areas["unreached"] = np.where(near, 0.0, in_need)
    areas["reason"] = _reasons(areas, offers)
    areas["state"] = locality_states(in_need, nearest.minutes, offers)
    manifests = [m for m in catalogue.manifests if m.kind in _kinds(types)]
    used = [SourceUsed(m.kind, m.edition, m.as_of, m.source.title, m.source.synthetic) for m in manifests]
    return Coverage(
        code, types, reach_minutes, basis, mode, model, tuple(asked), areas, flows,
        _phone_first(people, areas, offers), left, supply, may_serve, people, (*used, *people.sources),
    )  # fmt: skip


def _measures(
    people: DemandPeople,
    areas: pd.DataFrame,
    offers: Offers,
    supply: Supply,
    *,
    basis: SupplyBasis,
    reach_minutes: float,
) -> tuple[pd.DataFrame, pd.DataFrame, Floats]:
    """Compute people served on every basis; on the one asked for: places per person, flows, places left."""
    table: dict[str, Floats] = {}
    flows, left = pd.DataFrame({"from_county": [], "to_county": [], "people": []}), np.empty(0)
    costs = _ways(offers)
    for each in BASES:
        step = serve_people(areas, offers, each, reach_minutes=reach_minutes)
        newcomers, places, found = step.newcomers, step.places, step.found
        table[f"taken_{each}"] = step.already["served"].array
        table[f"served_{each}"], table[f"unmet_{each}"] = found.served["served"].array, found.served["unmet"].array
        if each != basis:
            continue
        flows = _flows(people, offers, found.moved)
        left = _left(offers, supply, places, found.moved, basis)
        for method in SHOWN:
            if supply.has_unlimited:
                table[f"places_per_person_{method}"] = np.full(len(areas), np.nan)
                continue
            rates = floating_catchment(newcomers, places, costs, method=method, reach_minutes=reach_minutes)
            table[f"places_per_person_{method}"] = rates["places_per_person"].array
    return pd.DataFrame(table), flows, left


@dataclass(frozen=True)
class ServedPeople:
    """Who has a place on one basis: `already` in services, the `newcomers`, the free `places`, and who `found` one."""

    already: pd.DataFrame
    newcomers: pd.DataFrame
    places: pd.DataFrame
    found: Allocation


def serve_people(areas: pd.DataFrame, offers: Offers, basis: SupplyBasis, *, reach_minutes: float) -> ServedPeople:
    """Put people in need to places on one basis: who is served already has a taken one, the free are for the others.

    Parameters
    ----------
    areas
        By locality `people` in need, and `is_counted`, where nobody of them has a place.
    offers
        Services within reach, with their places.
    basis
        Which places: licensed, reported or now.
    reach_minutes
        Longest way.

    Returns
    -------
    ServedPeople
        Tables of `geo.access.served.allocate_people`; areas and services are positions.
    """
    in_need, is_new = areas["people"].to_numpy(np.float64), areas["is_counted"].to_numpy(bool)
    demand = pd.DataFrame({"area_id": np.arange(len(areas)), "people": np.where(is_new, 0.0, in_need)})
    places = offers.table[f"taken_{basis}"].to_numpy(np.float64)
    taken = pd.DataFrame({"service_id": np.arange(len(offers.table)), "places": places})
    costs = _ways(offers)
    already = allocate_people(demand, taken, costs, reach_minutes=reach_minutes).served
    newcomers = demand.assign(people=np.where(is_new, in_need, already["unmet"].to_numpy()))
    free = _places(in_need, offers, basis)
    return ServedPeople(already, newcomers, free, allocate_people(newcomers, free, costs, reach_minutes=reach_minutes))


def _ways(offers: Offers) -> pd.DataFrame:
    return pd.DataFrame({"area_id": offers.area, "service_id": offers.offer, "minutes": offers.minutes})


def _places(in_need: Floats, offers: Offers, basis: SupplyBasis) -> pd.DataFrame:
    """Places of every offer as a number: enough for everybody where there is no limit, none where nobody knows."""
    places = offers.table[f"places_{basis}"].to_numpy(np.float64)
    places = np.where(np.isinf(places), in_need.sum(), np.nan_to_num(places, nan=0.0, posinf=0.0))
    return pd.DataFrame({"service_id": np.arange(len(places)), "places": places})


def _left(offers: Offers, supply: Supply, places: pd.DataFrame, moved: pd.DataFrame, basis: SupplyBasis) -> Floats:
    """Take from the places of every service those that somebody got."""
    taken = np.bincount(moved["service_id"], weights=moved["people"], minlength=len(places))
    free = places["places"].to_numpy() - taken
    free = np.where(np.isinf(offers.table[f"places_{basis}"].to_numpy(np.float64)), np.inf, np.floor(free + 1e-6))
    left, service = np.zeros(len(supply.services)), offers.table["service"].to_numpy(np.int64)
    left[service[service >= 0]] = np.maximum(free[service >= 0], 0.0)
    return left


def _flows(people: DemandPeople, offers: Offers, moved: pd.DataFrame) -> pd.DataFrame:
    """Add up who goes from which county to which (parts of persons: before rounding)."""
    home = people.areas["county_no"].to_numpy()
    home_names = dict(zip(home.tolist(), people.areas["county"].tolist(), strict=True))
    there, there_names = pd.factorize(offers.table["county"], sort=True)
    key = home[moved["area_id"]] * (len(there_names) + 1) + there[moved["service_id"]] + 1
    sums = np.bincount(key, weights=moved["people"])
    used = np.flatnonzero(sums > 0)
    to = np.append("", np.asarray(there_names, dtype=object))
    return pd.DataFrame(
        {
            "from_county": [home_names[int(i)] for i in used // (len(there_names) + 1)],
            "to_county": to[used % (len(there_names) + 1)],
            "people": sums[used],
        }
    )


def _reasons(areas: pd.DataFrame, offers: Offers) -> NDArray[np.object_]:
    """Tell why people of a locality are left out on the basis of places free now."""
    reached = np.zeros(len(areas), bool)
    reached[offers.area] = True
    unknown = np.zeros(len(areas), bool)
    unknown[offers.area[offers.table["unknown"].to_numpy(bool)[offers.offer]]] = True
    left = areas["unmet_now"].to_numpy() > 0
    chosen = np.select(
        [~left, ~offers.near, ~reached, unknown],
        ["", "none", "not_for_them", "unknown"],
        default="full",
    )
    return chosen.astype(object)


def _phone_first(people: DemandPeople, areas: pd.DataFrame, offers: Offers) -> pd.DataFrame:
    """Choose for every UAT with people left out the service to ask first: most licensed places, then the nearest."""
    table = offers.table
    asks = (areas["reason"].to_numpy() == "unknown")[offers.area] & table["unknown"].to_numpy(bool)[offers.offer]
    asks &= table["service"].to_numpy()[offers.offer] >= 0
    area, offer, minutes = offers.area[asks], offers.offer[asks], offers.minutes[asks]
    uat, uats = pd.factorize(people.areas["uat_siruta"], sort=True)
    places = np.nan_to_num(table["places_licensed"].to_numpy(np.float64), nan=0.0, posinf=1e9)
    most = np.full(len(uats), -np.inf)
    np.maximum.at(most, uat[area], places[offer])
    largest = np.flatnonzero(places[offer] == most[uat[area]])  # few are left to be sorted
    area, offer, minutes = area[largest], offer[largest], minutes[largest]
    order = np.lexsort((offer, minutes, uat[area]))
    first = order[np.diff(uat[area][order], prepend=-1) != 0] if len(order) else order
    return pd.DataFrame(
        {"uat_siruta": np.asarray(uats)[uat[area[first]]], "service": table["service"].to_numpy()[offer[first]]}
    )


def _kinds(types: tuple[str, ...]) -> set[str]:
    registries = {taxonomy.service_type(t).registry for t in types}
    return set(map(kind_of, registries))
