"""The synthetic services themselves: names, contacts that lead nowhere, points, places, licences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.storage.service_ids import current_id
from providers.rules import secrecy
from providers.rules.schema import services_table
from providers.rules.taxonomy import ServiceType, service_types
from scripts.embedded_data.build_draws import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.gazetteer.gazetteer import Gazetteer, Place

DEMO_DAY = pd.Timestamp("2026-11-22")  # the day that every date is counted from
REGISTRIES = ("social", "education", "medical", "employment")
_DRAWS = 12  # numbers drawn for each service, used by position below
_AT_ADDRESS = 0.7  # share of services in towns with a point of their own
_FARTHEST_DEGREES = 0.012  # about 1.2 km from the town's point
_NAMED_SHELTERS = ("8790CR-C-I", "8730CR-V-I", "8790CR-MC-I")  # types under which some registers hide a shelter
_ONE_SHELTER_IN = 90
_SHELTER_NAME = "Centru de primire în regim de urgență pentru victimele violenței"
_FEMININE = ("ă", "a", "e")


@dataclass(frozen=True)
class Spot:
    """Where a service may stand: the places of a UAT that have a point, and whether it is a town."""

    places: tuple[Place, ...]
    is_urban: bool


def services(counts: pd.DataFrame, registry: str, places: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Make the services of one registry in the columns of `providers.rules.schema`, keys `demo-000001` onwards.

    counts: service_type, county_served, uat_siruta, services. places: by service_type the quartiles or the range
    of the places (`places_ranges`). Each row says in its name and its organization that it is demonstrative.
    """
    types = service_types()
    mine = counts[[types[code].registry == registry for code in counts["service_type"]]]
    mine = mine.sort_values(["county_served", "service_type", "uat_siruta"])
    spots = _spots(gazetteer)
    county_names = dict(zip(gazetteer.counties["county"], gazetteer.counties["name"], strict=True))
    ranges = places.set_index("service_type").to_dict("index")
    number_of: dict[tuple[str, str], int] = {}
    rows: list[dict[str, Any]] = []
    for code, county, uat, count in mine[["service_type", "county_served", "uat_siruta", "services"]].itertuples(
        index=False
    ):
        for nth in range(count):
            key = f"demo-{len(rows) + 1:06d}"
            draw = generator(f"service-{registry}", key).random(_DRAWS)
            number = number_of[code, county] = number_of.get((code, county), 0) + 1
            row = _placed(spots[uat], nth, draw) | _named(
                types[code], number, draw, county_names[county], spots[uat], nth
            )
            row |= _places(types[code], ranges.get(code, {}), draw) | _licensed(registry, key, draw)
            number_in_all = REGISTRIES.index(registry) * 100_000 + len(rows) + 1
            rows.append(row | _keyed(registry, key, code, county, number_in_all))
    table = services_table(pd.DataFrame(rows))
    table["is_secret"] = [secrecy.is_secret(c, n) for c, n in zip(table["service_type"], table["name"], strict=True)]
    return table


def places_ranges(shapes: pd.DataFrame, assumed: pd.DataFrame) -> pd.DataFrame:
    """Put quartiles (real) and ranges (assumed) on one table: service_type, low, median, high, unknown_share."""
    real = shapes.rename(columns={"places_p25": "low", "places_median": "median", "places_p75": "high"})
    ours = assumed.assign(
        low=0.75 * assumed["places_low"] + 0.25 * assumed["places_high"],
        median=0.5 * assumed["places_low"] + 0.5 * assumed["places_high"],
        high=0.25 * assumed["places_low"] + 0.75 * assumed["places_high"],
        places_unknown_share=0.05,
    )
    columns = ["service_type", "low", "median", "high", "places_unknown_share"]
    table = pd.concat([ours[columns], real[columns]]).rename(columns={"places_unknown_share": "unknown_share"})
    return table.dropna(subset=["median"]).drop_duplicates("service_type").reset_index(drop=True)


def _spots(gazetteer: Gazetteer) -> dict[int, Spot]:
    own = gazetteer.localities[gazetteer.localities["precision"] == "locality"]
    own = own.sort_values(["uat_siruta", "is_seat", "locality_siruta"], ascending=[True, False, True])
    codes = {int(str(uat)): group["locality_siruta"].tolist() for uat, group in own.groupby("uat_siruta")}
    return {
        uat: Spot(
            tuple(gazetteer.place_of(locality_siruta=c) for c in codes.get(uat, [])) or (gazetteer.by_siruta(uat),),
            bool(is_urban),
        )
        for uat, is_urban in zip(gazetteer.uats["uat_siruta"].tolist(), gazetteer.uats["is_urban"], strict=True)
    }


def _placed(spot: Spot, nth: int, draw: NDArray[np.float64]) -> dict[str, Any]:
    # In a commune the second school stands in the second village; in a town everything is in the town.
    place = spot.places[0] if spot.is_urban else spot.places[nth % len(spot.places)]
    row = {
        "county": place.county,
        "uat_siruta": place.uat_siruta,
        "locality_siruta": place.locality_siruta,
        "locality": place.name,
        "lat": round(place.lat, 5),
        "lon": round(place.lon, 5),
        "position_precision": "locality" if place.precision == "locality" else "uat",
    }
    if spot.is_urban and draw[0] < _AT_ADDRESS:
        away, angle = _FARTHEST_DEGREES * np.sqrt(draw[1]), 2 * np.pi * draw[2]
        row |= {
            "lat": round(place.lat + away * 0.75 * float(np.sin(angle)), 5),
            "lon": round(place.lon + away * float(np.cos(angle)), 5),
            "position_precision": "address",
            "address": f"Strada Demonstrației nr. {1 + int(draw[3] * 200)}",
        }
    return row


def _named(
    kind: ServiceType, number: int, draw: NDArray[np.float64], county: str, spot: Spot, nth: int
) -> dict[str, Any]:
    # A practice, not a person: the official name of a medical type, unless it explains itself in brackets.
    official = kind.registry == "medical" and "(" not in kind.official_name
    name = kind.official_name if official else kind.name
    if kind.service_type in _NAMED_SHELTERS and draw[4] < 1 / _ONE_SHELTER_IN:
        name = _SHELTER_NAME
    town = spot.places[0] if spot.is_urban else spot.places[nth % len(spot.places)]
    organization = {
        "social": _social_organization(draw[5], int(draw[6] * 300) + 1, county, town.name),
        "education": f"Unitatea Școlară Demonstrativă {town.name}",
        "medical": f"Furnizor Medical Demonstrativ nr. {int(draw[6] * 3000) + 1} {county}",
        "employment": f"Furnizor Demonstrativ de Ocupare nr. {int(draw[6] * 40) + 1} {county}",
    }[kind.registry]
    return {"name": f"{name} {_demonstrative(name)} nr. {number} {town.name}", "organization": organization}


def _social_organization(draw: float, number: int, county: str, town: str) -> str:
    shares = (
        (0.40, f"Direcția Generală Demonstrativă de Asistență Socială {county}"),
        (0.62, f"Serviciul Public Demonstrativ de Asistență Socială {town}"),
        (0.92, f"Asociația Demonstrativă nr. {number} {county}"),
        (1.01, f"Fundația Demonstrativă nr. {number} {county}"),
    )
    return next(name for limit, name in shares if draw < limit)


def _demonstrative(name: str) -> str:
    first = name.split(" ", 1)[0]
    if first.endswith("i"):
        return "Demonstrative"
    return "Demonstrativă" if first.endswith(_FEMININE) else "Demonstrativ"


def _places(kind: ServiceType, places: Mapping[Any, float], draw: NDArray[np.float64]) -> dict[str, Any]:
    counted = kind.capacity_model == "places" or kind.service_type == "MED-HOSP"
    if not counted or not places or draw[7] < places["unknown_share"]:
        return {"places_max": pd.NA}
    # Quartiles joined by straight lines, then as far again outwards: enough to look like the real spread.
    low, median, high = places["low"], places["median"], places["high"]
    knots = [max(1.0, low - (median - low)), low, median, high, high + 1.5 * (high - median)]
    value = float(np.interp(draw[8], [0, 0.25, 0.5, 0.75, 1], knots))
    return {"places_max": max(1, round(value)), "capacity_unit": "places"}


def _licensed(registry: str, key: str, draw: NDArray[np.float64]) -> dict[str, Any]:
    closed = {"operating_status": "closed" if draw[9] < 0.005 else "open"}  # noqa: PLR2004
    if registry != "social":
        return closed | {"licence_status": "unknown", "accreditation_status": "unknown"}
    # Licences run five years; the shares of expired, undated, withdrawn and suspended ones are assumed.
    age = int(draw[10] * 1_700) + 30
    undated, expired = draw[11] < 0.05, 0.05 <= draw[11] < 0.09  # noqa: PLR2004
    since = DEMO_DAY - pd.Timedelta(days=age + (1_830 if expired else 0))
    status = "withdrawn" if 0.09 <= draw[11] < 0.105 else "suspended" if 0.105 <= draw[11] < 0.115 else "active"  # noqa: PLR2004
    accreditation = "withdrawn" if 0.115 <= draw[11] < 0.125 else "accredited"  # noqa: PLR2004
    return closed | {
        "licence_number": f"DEMO-LS-{key[5:]}",
        "licence_from": pd.NaT if undated else since,
        "licence_until": pd.NaT if undated else since + pd.DateOffset(years=5) - pd.Timedelta(days=1),
        "licence_status": status,
        "accreditation_status": accreditation,
    }


def _keyed(registry: str, key: str, code: str, county: str, number: int) -> dict[str, Any]:
    return {
        "service_id": current_id(f"{registry}:{key}"),
        "registry": registry,
        "registry_key": key,
        "service_type": code,
        "county_served": county,
        "phone": f"0000 {number // 1000:03d} {number % 1000:03d}",
        "source_row": int(key[5:]),
    }
