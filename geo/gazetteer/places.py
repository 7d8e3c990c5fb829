"""What a place is, and the places that the tables of `geo.gazetteer.siruta` make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person or a service may be.

    Attributes
    ----------
    name
        Name of the locality or UAT, as SIRUTA prints it.
    label
        Unique, and understood again when typed: the commune is named where the locality is not its seat.
    locality_siruta
        SIRUTA of the locality; None where only the UAT is known.
    uat_siruta
        SIRUTA of the UAT; in Bucharest of the sector.
    county
        Letters of the county.
    lat, lon
        Degrees WGS84; NaN where no source knows a point.
    precision
        What the point is: `point` itself, of the `locality` or of the `uat`.
    """

    name: str
    label: str
    locality_siruta: int | None
    uat_siruta: int
    county: str
    lat: float
    lon: float
    precision: str


def locality_places(localities: pd.DataFrame, uats: pd.DataFrame, counties: pd.DataFrame) -> dict[int, Place]:
    """Make a place of every locality, by code."""
    county_names = dict(rows_of(counties, ("county", "name")))
    units = {code: (name, full, kind) for code, name, full, kind in rows_of(uats, _UNIT_COLUMNS)}
    places = {}
    for code, name, uat, county, lat, lon, precision, is_seat in rows_of(localities, _LOCALITY_COLUMNS):
        label = _label(name, *units[uat], county_names[county], is_seat=is_seat)
        places[code] = Place(name, label, code, uat, county, lat, lon, precision)
    return places


def seat_places(uats: pd.DataFrame, places: dict[int, Place]) -> dict[int, Place]:
    """Make the place of every UAT, by code: its seat; for Bucharest, which has none, the whole municipality."""
    seats = {}
    for code, name, county, seat, lat, lon in rows_of(uats, _SEAT_COLUMNS):
        whole = Place(name, name, None, code, county, lat, lon, "uat")
        seats[code] = whole if pd.isna(seat) else places[seat]
    return seats


_UNIT_COLUMNS = ("uat_siruta", "name", "full_name", "kind")
_LOCALITY_COLUMNS = ("locality_siruta", "name", "uat_siruta", "county", "lat", "lon", "precision", "is_seat")
_SEAT_COLUMNS = ("uat_siruta", "name", "county", "seat_locality_siruta", "lat", "lon")


def rows_of(table: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Walk a table as tuples of plain Python values; over a string column this is far faster than itertuples."""
    return zip(*(table[c].tolist() for c in columns), strict=True)


def _label(name: str, unit: str, full_unit: str, kind: str, county: str, *, is_seat: bool) -> str:
    if kind == "sector":
        return full_unit
    if is_seat and name == unit:
        return f"{name}, județul {county}"
    return f"{name}, {full_unit}, județul {county}"
