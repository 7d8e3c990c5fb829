"""What a type of service offers to whom: places on three bases, and which localities each service may serve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from core.i18n import _, ngettext, number
from geo.spatial.crs import to_metric
from providers.catalogue.access_rules import AREA_KINDS
from providers.catalogue.availability import CONFIRMED, FULL, WAITLIST
from providers.catalogue.eligibility import closed_for_now
from providers.catalogue.snapshot import require_same_catalogue
from providers.rules import taxonomy
from providers.rules.freshness import SECONDS_A_DAY, is_fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from providers.catalogue.availability import Availability
    from providers.catalogue.catalogue import Catalogue
    from providers.planning.demand import DemandPeople

SupplyBasis = Literal["licensed", "reported", "now"]
BASES: tuple[SupplyBasis, ...] = get_args(SupplyBasis)
FRESH, STALE, NEVER = "fresh", "stale", "never"
_OWN_UAT, _COUNTY, _LISTED, _REGION, _NATION = range(len(AREA_KINDS))


@dataclass(frozen=True)
class Supply:
    """Services of some types that may be offered today, without those behind a protected address.

    services: service_id (sorted), service_type, name, organization, phone, county, uat_siruta, lat, lon, x, y,
    delivery, places_licensed, places_reported (as last reported, however old), places_now (free after holds, of
    reports that are fresh), all NaN where not known and +inf where there is no limit; taken_licensed (0),
    taken_reported and taken_now: licensed places that are not free, all of them where nobody said how many are, none
    where there is no limit or no licensed number; report (fresh, stale, never),
    is_full (said to be, freshly), report_age_days. row: its row in the catalogue.
    protected: services with a protected address by county. left_out: services that may not be offered today.
    remote: services given at a distance, reached from everywhere and not measured.
    """

    services: pd.DataFrame
    row: NDArray[np.int64]
    protected: dict[str, int]
    left_out: int
    remote: int

    @property
    def has_unlimited(self) -> bool:
        """Whether some take everybody: then places for each person mean nothing."""
        return bool(np.isinf(self.services["places_licensed"]).any())


def read_supply(
    catalogue: Catalogue, availability: Availability, types: Sequence[str], reported: pd.DataFrame | None = None
) -> Supply:
    """Take the services of some types from the catalogue, with places as of `availability.now`.

    reported: `service_id`, `places_reported` from the ledger (free at the last report, before holds); without it the
    number free now stands for it.
    """
    require_same_catalogue(catalogue, availability)
    spans = [catalogue.types[t] for t in types if t in catalogue.types]
    rows = np.concatenate([np.arange(s.start, s.end) for s in spans]) if spans else np.empty(0, np.int64)
    rules, table = catalogue.rules, catalogue.services
    day = float((availability.today - date(1970, 1, 1)).days)
    barred = (
        rules.closed[rows] | rules.accreditation_withdrawn[rows]
        | np.isin(rules.licence_status[rows], ["suspended", "withdrawn"])
        | (rules.licence_until[rows] < day) | (rules.licence_from[rows] > day)
        | closed_for_now(catalogue, rows, on=availability.today)
    )  # fmt: skip
    few = table[["is_secret", "county", "county_served", "lat"]].iloc[rows]
    secret = few["is_secret"].to_numpy(bool)
    remote = (rules.delivery[rows] == "remote") & ~barred & ~secret
    hidden = few[secret & ~barred]
    counties = hidden["county_served"].fillna(hidden["county"]).fillna("").value_counts()
    on_map = few["lat"].notna().to_numpy() | (rules.delivery[rows] != "at_site")
    rows = rows[~barred & ~secret & ~remote & on_map]
    services = _facts(catalogue, availability, rows, reported)
    order = np.argsort(services["service_id"].to_numpy(), kind="stable")
    return Supply(
        services.iloc[order].reset_index(drop=True),
        rows[order],
        {str(k): int(v) for k, v in counties.items()},
        int(barred.sum()),
        int(remote.sum()),
    )


def _facts(
    catalogue: Catalogue, availability: Availability, rows: NDArray[np.int64], reported: pd.DataFrame | None
) -> pd.DataFrame:
    columns = [
        "service_id", "service_type", "name", "organization", "phone", "county", "uat_siruta", "lat", "lon", "delivery"
    ]  # fmt: skip
    table = catalogue.services[columns].iloc[rows].reset_index(drop=True)
    xy = np.full((len(table), 2), np.nan)
    placed = table["lat"].notna().to_numpy()
    if placed.any():
        xy[placed] = to_metric(table.loc[placed, "lat"], table.loc[placed, "lon"])
    age = (availability.now.timestamp() - availability.reported_s[rows]) / SECONDS_A_DAY
    fresh = is_fresh(age, catalogue.rules.freshness_days[rows])
    block, status = availability.block[rows], availability.status[rows]
    is_open = status == "open"
    free = np.where(np.isin(status, ["full", "waitlist"]), 0.0, availability.places_free[rows])
    values = free.copy()
    if reported is not None and len(reported):
        before = table["service_id"].map(reported.set_index("service_id")["places_reported"].astype("float64"))
        values = np.where(before.notna(), before, free)
    now = np.where(np.isin(block, [CONFIRMED, FULL, WAITLIST]), free, np.nan)
    limited = np.where(is_open, 0.0, np.nan_to_num(availability.places_max[rows]))
    return table.assign(
        taken_licensed=0.0,
        taken_reported=np.maximum(limited - np.nan_to_num(values), 0.0),
        taken_now=np.maximum(limited - np.nan_to_num(now), 0.0),
        x=xy[:, 0],
        y=xy[:, 1],
        places_licensed=np.where(is_open, np.inf, availability.places_max[rows]),
        places_reported=np.where(is_open, np.inf, values),
        places_now=np.where(is_open & (block == CONFIRMED), np.inf, np.where(is_open, np.nan, now)),
        report=np.where(np.isnan(age), NEVER, np.where(fresh, FRESH, STALE)),
        is_full=np.isin(block, [FULL, WAITLIST]),
        report_age_days=np.where(np.isnan(age), np.nan, np.floor(age)),
    )


def _groups(keys: NDArray[Any]) -> dict[int, NDArray[np.int64]]:
    """Positions of each key; no key below 0."""
    order = np.argsort(keys, kind="stable")
    values, first = np.unique(keys[order], return_index=True)
    parts = np.split(order, first[1:])
    return {int(k): part for k, part in zip(values, parts, strict=True) if k >= 0}


@dataclass(frozen=True)
class Serving:
    """Which service may serve which locality, by the service area of both.

    Positions of localities in `People.areas` and of services in `Supply.services`.
    """

    kind: NDArray[np.int8]
    service_uat: NDArray[np.int64]
    service_county: NDArray[np.int16]
    service_region: NDArray[np.int16]
    area_uat: NDArray[np.int64]
    area_parent: NDArray[np.int64]
    area_county: NDArray[np.int16]
    area_region: NDArray[np.int16]
    listed: dict[int, NDArray[np.int64]]

    def may(self, area: NDArray[np.intp], service: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return pair by pair whether the service takes people whose home is there."""
        kind = self.kind[service]
        may: NDArray[np.bool_] = kind == _NATION
        if may.all():
            return may
        own = self.service_uat[service]
        may |= (kind == _OWN_UAT) & ((own == self.area_uat[area]) | (own == self.area_parent[area]))
        may |= (kind == _COUNTY) & (self.service_county[service] == self.area_county[area])
        may |= (kind == _REGION) & (self.service_region[service] == self.area_region[area])
        at = np.flatnonzero(kind == _LISTED)
        for one in np.unique(service[at]):
            pairs = at[service[at] == one]
            may[pairs] = np.isin(area[pairs], self.listed.get(int(one), np.empty(0, np.int64)))
        return may

    def areas_of(self, one: int) -> NDArray[np.int64]:
        """List the localities that one service may serve."""
        kind = int(self.kind[one])
        if kind == _OWN_UAT:
            return self._in(self._of_uat, int(self.service_uat[one]))
        if kind == _COUNTY:
            return self._in(self._of_county, int(self.service_county[one]))
        if kind == _LISTED:
            return self.listed.get(one, np.empty(0, np.int64))
        every = np.arange(len(self.area_uat))
        return every if kind == _NATION else every[self.area_region == self.service_region[one]]

    def in_areas(self, rows: NDArray[np.intp]) -> Serving:
        """Keep the localities at these ascending positions: theirs are then positions among them."""
        if len(rows) == len(self.area_uat):
            return self
        listed = {one: np.flatnonzero(np.isin(rows, areas)) for one, areas in self.listed.items()}
        return replace(
            self,
            area_uat=self.area_uat[rows],
            area_parent=self.area_parent[rows],
            area_county=self.area_county[rows],
            area_region=self.area_region[rows],
            listed={one: areas for one, areas in listed.items() if len(areas)},
        )

    def of_services(self, rows: NDArray[np.intp]) -> Serving:
        """Keep the services at these ascending positions: theirs are then positions among them."""
        at = {int(one): i for i, one in enumerate(rows)}
        return replace(
            self,
            kind=self.kind[rows],
            service_uat=self.service_uat[rows],
            service_county=self.service_county[rows],
            service_region=self.service_region[rows],
            listed={at[one]: areas for one, areas in self.listed.items() if one in at},
        )

    @staticmethod
    def _in(groups: dict[int, NDArray[np.int64]], key: int) -> NDArray[np.int64]:
        return groups.get(key, np.empty(0, np.int64))

    @cached_property
    def _of_uat(self) -> dict[int, NDArray[np.int64]]:
        return {**_groups(self.area_parent), **_groups(self.area_uat)}

    @cached_property
    def _of_county(self) -> dict[int, NDArray[np.int64]]:
        return _groups(self.area_county)


def serving(catalogue: Catalogue, supply: Supply, people: DemandPeople) -> Serving:
    """Put the service areas of the catalogue beside the localities of the country."""
    rules, rows, areas = catalogue.rules, supply.row, people.areas
    place = {code: i for i, code in enumerate(catalogue.county_codes)}
    county, region = areas["county_no"].to_numpy(np.int16), areas["region_no"].to_numpy(np.int16)
    uat, parent = areas["uat_siruta"].to_numpy(np.int64), areas["parent_siruta"].to_numpy(np.int64)
    listed: dict[int, list[NDArray[np.int64]]] = {}
    where = {int(rows[i]): i for i in np.flatnonzero(rules.area[rows] == _LISTED).tolist()}
    for code, given in catalogue.listed.items() if where else ():
        mine = [where[int(r)] for r in given if int(r) in where]
        if not mine:
            continue
        hit = county == place[code] if code in place else _is_code(code, uat, parent)
        for one in mine:
            listed.setdefault(one, []).append(np.flatnonzero(hit))
    return Serving(
        rules.area[rows], rules.uat[rows], rules.county[rows], rules.region[rows],
        uat, parent, county, region, {k: np.unique(np.concatenate(v)) for k, v in listed.items()},
    )  # fmt: skip


def _is_code(code: str, uat: NDArray[np.int64], parent: NDArray[np.int64]) -> NDArray[np.bool_]:
    number = int(code) if code.isdigit() else -1
    found: NDArray[np.bool_] = (uat == number) | (parent == number)
    return found


def supply_notes(supply: Supply, types: Sequence[str]) -> tuple[str, ...]:
    """Return in words what of a supply is measured in another way, or not at all, in sentences.

    Parameters
    ----------
    supply
        What `read_supply` returned.
    types
        The service types that it was read for.

    Returns
    -------
    tuple of str
        In the language of the request.
    """
    notes = []
    if supply.services.empty and not supply.protected:
        notes.append(_("Niciun serviciu de acest tip nu este în registrele importate."))
    if supply.has_unlimited:
        notes.append(_("Unele servicii primesc pe oricine, fără limită de locuri: locurile la un om nu au sens aici."))
    if (supply.services["delivery"] != "at_site").any():
        notes.append(_("Serviciile care vin acasă, sau echipele mobile, se numără la 0 minute, unde deservesc."))
    count = sum(supply.protected.values())
    if count or any(taxonomy.service_type(t).is_secret for t in types):
        text = ngettext(
            "{n} serviciu cu adresă protejată, numărat numai pe județ, în afara măsurilor.",
            "{n} servicii cu adresă protejată, numărate numai pe județ, în afara măsurilor.",
            count,
        )
        notes.append(text.format(n=number(count)))
    if supply.remote:
        text = ngettext(
            "{n} serviciu la distanță nu se măsoară.", "{n} servicii la distanță nu se măsoară.", supply.remote
        )
        notes.append(text.format(n=number(supply.remote)))
    if supply.left_out:
        text = ngettext(
            "{n} serviciu nu se numără: închis, fără licență sau acreditare valabilă.",
            "{n} servicii nu se numără: închise, fără licență sau acreditare valabilă.",
            supply.left_out,
        )
        notes.append(text.format(n=number(supply.left_out)))
    return tuple(notes)
