"""How many synthetic services of each type stand in each UAT: the real counts per county, spread over its UATs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from scripts.embedded_data.build_draws import uniforms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.gazetteer.gazetteer import Gazetteer

SOCIAL_SERVICES = 5_400  # licensed services in the register's snapshot of 11.12.2023: 5,407
HOSPITALS = 420  # the sample at hand has 179 (assumed)
_TOTALS = {"social": SOCIAL_SERVICES, "medical": HOSPITALS}
_BY_PEOPLE = 0.25  # share of a type's services that goes by people, so that no county is without by an old register
_FEWEST = 3  # services of a type that the register of 2017 does not have yet
_EVERYWHERE = frozenset({"EDU-SCHOOL"})  # one in every UAT before any has two
_AT_SEAT = frozenset({"EDU-CCD", "EDU-CJRAE", "EDU-ISJ", "EDU-EXCEL"})
_PEOPLE_POWER = 0.9
_NOISE = 0.7


def county_seats(gazetteer: Gazetteer) -> dict[str, int]:
    """UAT in which each county's offices stand; in the capital its first sector (Ilfov's stand there too)."""
    uats = gazetteer.uats
    sectors: dict[Any, Any] = uats[uats["kind"] == "sector"].groupby("parent_uat_siruta")["uat_siruta"].min().to_dict()
    seats: dict[str, Any] = dict(
        zip(gazetteer.counties["county"], gazetteer.counties["seat_uat_siruta"].tolist(), strict=True)
    )
    return {county: int(sectors.get(seat, seat)) for county, seat in seats.items()}


def by_county(calibration: pd.DataFrame, social_types: list[str], people: pd.Series[int]) -> pd.DataFrame:
    """Services of each type in each county: service_type, county, services.

    calibration: registry, service_type, county ("" = known only for the whole country), services. social_types:
    every code of the social nomenclature. people: by county letters.
    """
    rows = []
    share = people / people.sum()
    for registry, table in calibration.groupby("registry"):
        known = table.groupby("service_type")["services"].sum()
        wanted = known.copy()
        if registry in _TOTALS:
            new = [code for code in social_types if code not in known.index] if registry == "social" else []
            wanted = known * (_TOTALS[str(registry)] - _FEWEST * len(new)) / known.sum()
            wanted = pd.concat([wanted.clip(lower=_FEWEST), pd.Series(float(_FEWEST), index=new)])
        for code, total in wanted.items():
            real = table[table["service_type"] == code].set_index("county")["services"]
            spread = real.reindex(share.index).fillna(0.0)
            known_share = spread / spread.sum() if spread.sum() else share
            exact = registry not in _TOTALS  # a full register: its counts are kept
            weights = known_share if exact else (1 - _BY_PEOPLE) * known_share + _BY_PEOPLE * share
            rows += [(code, county, n) for county, n in shared(round(total), weights.to_dict()).items() if n]
    return pd.DataFrame(rows, columns=["service_type", "county", "services"])


def shared(total: int, weights: Mapping[Any, float]) -> dict[Any, int]:
    """Share a whole number out by weight, each odd divisor in turn (Sainte-Laguë); ties to the lower key.

    >>> shared(7, {"a": 53, "b": 24, "c": 23})
    {'a': 3, 'b': 2, 'c': 2}
    """
    keys = sorted(weights)
    values = np.array([weights[k] for k in keys], dtype="float64")
    # Whole quotas less one first, so that a long list needs few rounds.
    parts = np.maximum(np.floor(values / values.sum() * total) - 1, 0).astype(int)
    while parts.sum() < total:
        parts[np.argmax(values / (2 * parts + 1))] += 1
    return dict(zip(keys, parts.tolist(), strict=True))


def by_uat(
    counties: pd.DataFrame, urban_share: Mapping[Any, float], uats: pd.DataFrame, seats: Mapping[str, int]
) -> pd.DataFrame:
    """Spread each county's services over its UATs: service_type, county_served, uat_siruta, services.

    uats: uat_siruta, county, is_urban, population. seats: the UAT of each county's offices. By people and chance,
    the urban share as in the real register; services of which a county has one office stand at its seat.
    """
    rows: list[tuple[str, str, int, int]] = []
    units_of = dict(tuple(uats.groupby("county")))
    for code, table in counties.groupby("service_type"):
        chance = _chance(str(code), uats)
        for county, total in table[["county", "services"]].itertuples(index=False):
            if code in _AT_SEAT:
                rows.append((str(code), county, seats[county], total))
                continue
            units = units_of[county]
            least = len(units) if code in _EVERYWHERE else 0
            rows += [(str(code), county, int(u), 1) for u in units["uat_siruta"][:least]]
            left = max(total - least, 0)
            towns, communes = units[units["is_urban"]], units[~units["is_urban"]]
            in_towns = left if communes.empty else round(left * urban_share.get(str(code), 0.7))
            for group, number in ((towns, in_towns), (communes, left - in_towns)):
                parts = shared(number, _weights(group, chance)) if number else {}
                rows += [(str(code), county, int(u), n) for u, n in parts.items()]
    return _summed(rows)


def by_rule(rules: pd.DataFrame, uats: pd.DataFrame, seats: Mapping[str, int]) -> pd.DataFrame:
    """Services of the types that no register at hand counts, by the assumptions of calibration_assumed.csv."""
    rows: list[tuple[str, str, int, int]] = []
    units = uats.to_dict("records")
    for rule in rules[rules["per_seat"].notna()].to_dict("records"):
        code = str(rule["service_type"])
        draws = uniforms(f"count-{code}", uats["uat_siruta"].tolist(), 1)[:, 0]
        rows += [(code, county, seat, int(rule["per_seat"])) for county, seat in seats.items()]
        for unit, draw in zip(units, draws, strict=True):
            number = _in_town(rule, unit, draw) if unit["is_urban"] else _in_commune(rule, unit, draw)
            rows.append((code, str(unit["county"]), int(unit["uat_siruta"]), number))
    return _summed(rows)


def _in_town(rule: dict[Any, Any], unit: dict[Any, Any], draw: float) -> int:
    per = rule["town_people_per_service"]
    if np.isnan(per) or unit["population"] < rule["town_min_people"]:
        return 0
    return int(unit["population"] / per + draw)


def _in_commune(rule: dict[Any, Any], unit: dict[Any, Any], draw: float) -> int:
    # A larger commune more often has one: 0.85 at no people, 1 at 3,000, which most have about.
    if draw >= rule["commune_share"] * (0.85 + 0.05 * unit["population"] / 1_000):
        return 0
    per = rule["commune_people_per_service"]
    return 1 if np.isnan(per) else max(1, round(unit["population"] / per))


def _chance(code: str, uats: pd.DataFrame) -> pd.Series[float]:
    keys = uats["uat_siruta"].tolist()
    draws = np.clip(uniforms(f"place-{code}", keys, 1)[:, 0], 1e-9, 1 - 1e-9)
    return pd.Series(np.exp(_NOISE * ndtri(draws)), index=keys)


def _weights(units: pd.DataFrame, chance: pd.Series[float]) -> dict[int, float]:
    codes = units["uat_siruta"].tolist()
    weights = units["population"].to_numpy(float) ** _PEOPLE_POWER * chance.reindex(codes).to_numpy(float)
    return dict(zip(codes, weights.tolist(), strict=True))


def _summed(rows: list[tuple[str, str, int, int]]) -> pd.DataFrame:
    keys = ["service_type", "county_served", "uat_siruta"]
    table = pd.DataFrame(rows, columns=[*keys, "services"]).groupby(keys, as_index=False).agg({"services": "sum"})
    return table[table["services"] > 0].reset_index(drop=True)
