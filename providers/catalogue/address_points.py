"""Services at their door: addresses of registers matched to imported points of addresses, with a score.

Only a service that stands at its locality's or its unit's point is moved, never one whose register gave a point of its
own, one of a protected address, or one that nobody travels to. What is matched says so (`place_from_address`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from geo.gazetteer.street_address import parse_address
from geo.layers.addresses import SAME_SPOT_DEGREES

if TYPE_CHECKING:
    from collections.abc import Mapping

MATCHED = "place_from_address"
MOVABLE = ("locality", "uat")
LOWEST_SCORE = 90.0  # of 100; assumed: one letter in ten may be another, the number never
_UNMARKED = 99.0
_CLOSE = 3.0  # a second street this near in score and elsewhere makes the match doubtful


@dataclass(frozen=True)
class AddressMatch:
    """A point of an address and how well its street fits, 0 to 100."""

    lat: float
    lon: float
    score: float


@dataclass(frozen=True)
class AddressIndex:
    """Points of addresses by place (locality, else unit) and number: street, latitude, longitude."""

    points: Mapping[tuple[int, str], tuple[tuple[str, float, float], ...]]

    def match(self, address: str, *, locality_siruta: int | None, uat_siruta: int | None) -> AddressMatch | None:
        """Find the point of an address in its locality, else in its unit.

        Parameters
        ----------
        address
            As published.
        locality_siruta, uat_siruta
            Where it is; None = not known.

        Returns
        -------
        AddressMatch | None
            None where the address has no number, no street scores LOWEST_SCORE, or two streets fit as well.
        """
        read = parse_address(address)
        if not read.number:
            return None
        for place in (locality_siruta, uat_siruta):
            if place is not None and (found := _best(read.street, self.points.get((place, read.number), ()))):
                return found
        return None


def _best(street: str, candidates: tuple[tuple[str, float, float], ...]) -> AddressMatch | None:
    scored = sorted(
        (AddressMatch(lat, lon, score(street, name)) for name, lat, lon in candidates),
        key=lambda match: (-match.score, match.lat, match.lon),
    )
    if not scored or scored[0].score < LOWEST_SCORE:
        return None
    best = scored[0]
    doubtful = any(
        other.score >= best.score - _CLOSE
        and max(abs(other.lat - best.lat), abs(other.lon - best.lon)) > SAME_SPOT_DEGREES
        for other in scored[1:]
    )
    return None if doubtful else best


def score(street: str, other: str) -> float:
    """Score two folded names of streets, 0 to 100: the order of words does not count, digits must be the same.

    >>> score("ion creanga", "creanga ion"), score("1 mai", "1 decembrie"), score("", "unirii")
    (100.0, 0.0, 0.0)
    """
    if street == other:
        return 100.0
    if street.replace("a", "i") == other.replace("a", "i"):  # "fantanele", typed without the mark that makes it an i
        return _UNMARKED
    words, others = set(street.split()), set(other.split())
    if not words or not others or {w for w in words if w.isdigit()} != {w for w in others if w.isdigit()}:
        return 0.0
    return float(fuzz.token_sort_ratio(street, other)) if _alike(street, other) else 0.0


def _alike(street: str, other: str) -> bool:
    return abs(len(street) - len(other)) <= max(len(street), len(other)) // 3


def address_index(addresses: pd.DataFrame) -> AddressIndex:
    """Index a table of geo.layers.addresses.ADDRESS_COLUMNS by locality and number, and by unit and number."""
    points: defaultdict[tuple[int, str], list[tuple[str, float, float]]] = defaultdict(list)
    columns = ("locality_siruta", "uat_siruta", "number", "street", "lat", "lon")
    for locality, uat, number, *point in zip(*(addresses[c].tolist() for c in columns), strict=True):
        for place in {int(code) for code in (locality, uat) if not pd.isna(code)}:
            points[place, number].append(tuple(point))
    return AddressIndex({key: tuple(sorted(set(found))) for key, found in points.items()})


def at_addresses(services: pd.DataFrame, index: AddressIndex) -> pd.DataFrame:
    """Move services from their locality's point to that of their address.

    Parameters
    ----------
    services
        SERVICE_COLUMNS of `providers.rules.schema`.
    index
        Points of addresses.

    Returns
    -------
    pd.DataFrame
        A new table: matched rows have `lat`, `lon`, `position_precision` = address and the flag `place_from_address`.
    """
    may_move = services["position_precision"].isin(MOVABLE) & services["address"].notna() & ~services["is_secret"]
    table = services.copy()
    lat, lon = table["lat"].to_numpy(float).copy(), table["lon"].to_numpy(float).copy()
    moved = np.zeros(len(table), bool)
    columns = ("address", "locality_siruta", "uat_siruta")
    cells = [table[column].to_numpy(object) for column in columns]
    for row in np.flatnonzero(may_move.to_numpy(bool)):
        address, locality, uat = (column[row] for column in cells)
        found = index.match(
            str(address),
            locality_siruta=None if pd.isna(locality) else int(locality),
            uat_siruta=None if pd.isna(uat) else int(uat),
        )
        if found is not None:
            lat[row], lon[row], moved[row] = found.lat, found.lon, True
    flags = table["flags"].map(lambda text: ";".join(filter(None, [text, MATCHED])))
    return table.assign(
        lat=lat,
        lon=lon,
        position_precision=table["position_precision"].mask(moved, "address"),
        flags=table["flags"].mask(moved, flags),
    )
