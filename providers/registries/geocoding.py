"""Where a service stands: its own coordinates, else its locality, else its UAT's seat (one rule for all registries).

A row's coordinates count only where they fall in the county that the row states. Where they do not,
the row is placed at its stated locality and **flagged**, never moved in silence and never dropped for
it (docs/decisions/0002-placing.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.cells import is_missing
from core.errors import MapError
from core.text import fold
from geo.spatial.crs import geodesic_m, in_romania

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer, Place

PLACED_COLUMNS = (
    "lat", "lon", "position_precision", "county", "uat_siruta", "locality_siruta", "locality", "flags", "problem",
)  # fmt: skip
FAR_M = 30_000  # assumed: beyond the reach of a UAT from its seat; 2017's far points are streets named after towns
NEAR_M = 10_000  # assumed: a town and its outskirts

_PRECISION = {"point": "address", "locality": "locality", "uat": "uat"}
_VILLAGE_WORDS = re.compile(r"^(satul|sat|localitatea|loc)\b[. ]*", re.IGNORECASE)
_UAT_WORDS = re.compile(r"^(comuna|com|orasul|oras|orașul|oraș|municipiul|mun)\b[. ]+", re.IGNORECASE)
_COUNTY_WORDS = re.compile(r"^(judetul|judet|județul|județ|jud)\b[. ]*", re.IGNORECASE)
_DECIMAL = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class _StatedPlace:
    """What the words and codes of a row say about its place, coordinates aside."""

    place: Place | None
    flags: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class _Point:
    """A row's own coordinates (NaN: none), the flag of how they were read, the county that holds them."""

    lat: float
    lon: float
    flag: str
    county: str | None

    def metres_from(self, here: Place) -> float:
        """Metres to a place; 0 where the place has no point, so that nothing is held against the row."""
        return 0.0 if np.isnan(here.lat) else float(geodesic_m(self.lat, self.lon, here.lat, here.lon)[0])


def join_flags(*flags: str) -> str:
    """Join flag codes (or `;`-joined lists of them) into one list without blanks or repeats.

    >>> join_flags("county_mismatch", "", "a;county_mismatch")
    'county_mismatch;a'
    """
    return ";".join(dict.fromkeys(code for listed in flags for code in listed.split(";") if code))


def parse_coordinates(lat: pd.Series[Any], lon: pd.Series[Any]) -> pd.DataFrame:
    """Read coordinates as people type them.

    Understands decimal commas ("46,03"), both numbers in one cell ("46.03, 23.57") and a lost decimal sign ("4603377").

    Parameters
    ----------
    lat, lon
        Cells as text or numbers, WGS84 degrees.

    Returns
    -------
    pd.DataFrame
        On the input's index: `lat`, `lon` (degrees; NaN = not read), `flags` (`coordinates_mended` where the text was
        not a plain number, `coordinates_unread` where there was text and no number came of it).
    """
    pairs = [_read_pair(_text(a), _text(b)) for a, b in zip(lat, lon, strict=True)]
    return pd.DataFrame(pairs, columns=["lat", "lon", "flags"], index=lat.index).astype(
        {"lat": "float64", "lon": "float64", "flags": "str"}
    )


def _text(value: object) -> str:
    return "" if is_missing(value) else str(value).strip()


def _read_pair(lat: str, lon: str) -> tuple[float, float, str]:
    if not lat and not lon:
        return np.nan, np.nan, ""
    mended = False
    if lat and lon in ("", lat):  # both in one cell: "46.03, 23.57", "46,03; 23,57"
        both = [p for p in re.split(r"[;\s]+|,(?=\s)|,(?=\d+\.)", lat) if p]
        lat, lon = both if len(both) == 2 else (lat, "")  # noqa: PLR2004
        mended = True
    (a, plain_a), (b, plain_b) = _read_degrees(lat), _read_degrees(lon)
    if np.isnan(a) or np.isnan(b):
        return np.nan, np.nan, "coordinates_unread"
    return a, b, "coordinates_mended" if mended or not (plain_a and plain_b) else ""


def _read_degrees(text: str) -> tuple[float, bool]:
    """Degrees, and whether the text was a plain number."""
    cleaned = text.rstrip("°NESVnesv ").strip()
    if not _DECIMAL.fullmatch(cleaned):
        return np.nan, False
    value = float(cleaned.replace(",", "."))
    if abs(value) > 180 and value.is_integer():  # noqa: PLR2004
        digits = cleaned.lstrip("+-0")
        return float(f"{digits[:2]}.{digits[2:]}"), False  # all of Romania has two digits before the point
    return value, cleaned == text and "," not in text


def geocode(rows: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Place rows by DESIGN's rule: own coordinates, else the locality's point, else the UAT's seat.

    Parameters
    ----------
    rows
        `county` (letters, NA = not stated), `lat`, `lon` (degrees, NaN = none), `siruta` (Int64, of a
        locality or a UAT, NA = none), `locality` (text); `uat` (text) too where the source names both.
    gazetteer
        Its county polygons decide which county holds a point; without boundaries, the nearest locality.

    Returns
    -------
    DataFrame
        PLACED_COLUMNS on the index of `rows`. `position_precision` is address, locality, uat or none.
        `flags`: `county_mismatch` (the point lies in another county than stated) and
        `far_from_locality` (it lies more than FAR_M from the stated place and from its namesakes): the
        row stands at its stated locality instead. `coordinates_swapped`; `coordinates_dropped` (outside
        the country); `outside_counties` (in no county, at sea or past the border, kept near its
        locality); `county_unsure` (no boundaries, and the nearest locality is of another county: kept);
        `siruta_mismatch` (the code is of another county); `siruta_unknown`; `place_by_name` (no code:
        found by name and county); `place_guessed` (the name needed a loose or fuzzy match);
        `place_from_position` (only the point tells the locality).
        `problem` is "" or the reason code of a reject: `bad_position`, `not_placed`,
        `ambiguous_place`. The row then has no point.

    Notes
    -----
    Names are matched once per distinct county, code and name, so a register of 18,000 schools costs as
    much as its distinct places.
    """
    lat, lon, flags = _oriented(rows)
    stated = _stated_places(rows, gazetteer)
    has_point = ~np.isnan(lat)
    found = np.full(len(rows), None, dtype=object)
    if has_point.any():
        found[has_point] = gazetteer.county_at(lat[has_point], lon[has_point])
    sectored = _uats_with_sectors(gazetteer)
    points = (_Point(*each) for each in zip(lat, lon, flags, found, strict=True))
    records = [
        _reconcile(s, _text(county) or None, point, gazetteer, sectored=sectored)
        for s, county, point in zip(stated, rows["county"], points, strict=True)
    ]
    placed = pd.DataFrame(records, columns=list(PLACED_COLUMNS), index=rows.index)
    kinds = {"lat": "float64", "lon": "float64", "uat_siruta": "Int64", "locality_siruta": "Int64"}
    text = {c: "str" for c in PLACED_COLUMNS if c not in kinds}
    return placed.astype(kinds | text)


def _oriented(rows: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], list[str]]:
    """Coordinates with swapped ones turned round and those outside the country dropped, and their flags."""
    lat = pd.to_numeric(rows["lat"], errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
    lon = pd.to_numeric(rows["lon"], errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
    inside = in_romania(lat, lon)
    # Latitudes are 43-48 and longitudes 20-30, so a pair can be right one way only.
    swapped = ~inside & in_romania(lon, lat)
    lat[swapped], lon[swapped] = lon[swapped], lat[swapped]
    outside = ~inside & ~swapped
    dropped = outside & ~(np.isnan(lat) & np.isnan(lon))
    lat[outside], lon[outside] = np.nan, np.nan
    names = np.where(swapped, "coordinates_swapped", np.where(dropped, "coordinates_dropped", ""))
    return lat, lon, names.tolist()


def _stated_places(rows: pd.DataFrame, gazetteer: Gazetteer) -> list[_StatedPlace]:
    uats = rows["uat"] if "uat" in rows else pd.Series("", index=rows.index)
    known: dict[tuple[str | None, int | None, str, str], _StatedPlace] = {}
    out = []
    for county, siruta, uat, locality in zip(rows["county"], rows["siruta"], uats, rows["locality"], strict=True):
        key = (_text(county) or None, None if pd.isna(siruta) else int(siruta), _text(uat), _text(locality))
        if key not in known:
            known[key] = _stated_place(gazetteer, *key)
        out.append(known[key])
    return out


def _stated_place(
    gazetteer: Gazetteer, county: str | None, siruta: int | None, uat: str, locality: str
) -> _StatedPlace:
    by_code = _by_code(gazetteer, siruta)
    if by_code is None:
        by_name = _by_name(gazetteer, county, uat, locality)
        flags = ("siruta_unknown",) if siruta is not None else ()
        return _StatedPlace(by_name.place, flags + by_name.flags, by_name.problem)
    if county and by_code.county != county:
        by_name = _by_name(gazetteer, county, uat, locality)
        # Two facts against one: the county and the name agree with each other and not with the code.
        if by_name.place is not None and "place_guessed" not in by_name.flags:
            return _StatedPlace(by_name.place, ("siruta_mismatch", *by_name.flags))
        return _StatedPlace(by_code, ("siruta_mismatch",))
    if by_code.locality_siruta == siruta or not locality:
        return _StatedPlace(by_code)
    return _StatedPlace(_within(gazetteer, by_code, uat, locality))


def _within(gazetteer: Gazetteer, unit: Place, uat: str, locality: str) -> Place:
    """Place a row whose code is of a UAT: at its village by name, else at its seat."""
    if unit.locality_siruta is None:  # a municipality in sectors: the name may say which one
        return _by_name(gazetteer, unit.county, uat, locality).place or unit
    village, how = gazetteer.match_locality(_VILLAGE_WORDS.sub("", locality), uat_siruta=unit.uat_siruta)
    return unit if village is None or how == "fuzzy" else gazetteer.place_of(locality_siruta=village)


def _by_code(gazetteer: Gazetteer, siruta: int | None) -> Place | None:
    if siruta is None:
        return None
    try:
        return gazetteer.by_siruta(siruta)
    except MapError:
        return None


def _by_name(gazetteer: Gazetteer, county: str | None, uat: str, locality: str) -> _StatedPlace:
    village, commune = _village_and_commune(uat, locality)
    if county is None or not (village or commune):
        return _StatedPlace(None, (), "not_placed")
    uat_code, uat_how = gazetteer.match_uat(commune or village, county)
    certain = uat_code is not None and uat_how != "fuzzy"
    if commune and village and certain:
        code, how = gazetteer.match_locality(village, uat_siruta=uat_code)
    elif certain:  # a bare name that a UAT has means the UAT's seat, not a hamlet elsewhere
        code, how = None, "none"
    else:
        code, how = gazetteer.match_locality(village or commune, county=county)
    if code is not None and (how != "fuzzy" or uat_code is None):
        return _named(gazetteer.place_of(locality_siruta=code), how)
    if uat_code is not None:
        return _named(gazetteer.place_of(uat_siruta=uat_code), uat_how)
    return _StatedPlace(None, (), "ambiguous_place" if "ambiguous" in (how, uat_how) else "not_placed")


def _named(found: Place, how: str) -> _StatedPlace:
    guessed = ("place_guessed",) if how in ("loose", "fuzzy") else ()
    return _StatedPlace(found, ("place_by_name", *guessed))


def _village_and_commune(uat: str, locality: str) -> tuple[str, str]:
    """Take "sat Y, com. X", "Y (X)" or plain "X" apart into a village and a commune or town.

    >>> _village_and_commune("", "sat Valea Mare, com. Parincea")
    ('Valea Mare', 'Parincea')
    """
    village, commune = "", _UAT_WORDS.sub("", uat)
    for part in (p.strip() for p in re.split(r"[,;()]", locality)):
        if not part or _COUNTY_WORDS.match(part):
            continue
        if _UAT_WORDS.match(part):
            commune = commune or _UAT_WORDS.sub("", part)
        elif not village:
            village = _VILLAGE_WORDS.sub("", part)
        else:
            commune = commune or part
    return village, commune


def _reconcile(
    stated: _StatedPlace, county: str | None, point: _Point, gazetteer: Gazetteer, *, sectored: frozenset[int]
) -> tuple[Any, ...]:
    """Weigh a row's own point against its stated place."""
    flags = [point.flag, *stated.flags]
    here = stated.place
    if np.isnan(point.lat):
        lost = "bad_position" if point.flag == "coordinates_dropped" else stated.problem
        return _row(here, county, flags, "" if here else lost)
    expected = county or (here.county if here else None)
    if point.county and expected and point.county != expected:
        if here is None or point.metres_from(here) > NEAR_M or gazetteer.uat_at(point.lat, point.lon) is not None:
            return _row(here, county, [*flags, "county_mismatch"], "" if here else "bad_position")
        # Without boundaries the nearest locality is a guess, too weak against a row near its own town.
        flags.append("county_unsure")
    if point.county is None:
        flags.append("outside_counties")
    if here is None:
        if point.county is None:
            return _row(None, county, flags, "bad_position")
        return _row(_around(gazetteer, point), county, [*flags, "place_from_position"], point=point)
    if point.metres_from(here) > FAR_M:
        namesake = _namesake(gazetteer, here, point)
        if namesake is None:
            return _row(here, county, [*flags, "far_from_locality"])
        here = namesake
    if here.uat_siruta in sectored:
        here = _sector(gazetteer, here, point)
    return _row(here, county, flags, point=point)


def _around(gazetteer: Gazetteer, point: _Point) -> Place:
    """Return the locality nearest to a point; where boundaries put the point in another UAT, the seat of that one."""
    near = gazetteer.nearest_locality(point.lat, point.lon)
    uat = gazetteer.uat_at(point.lat, point.lon)
    return near if uat is None or uat == near.uat_siruta else gazetteer.place_of(uat_siruta=uat)


def _namesake(gazetteer: Gazetteer, here: Place, point: _Point) -> Place | None:
    """Find a locality of the same name and county at the point: a village that shares a commune's name."""
    same = gazetteer.localities[gazetteer.localities["county"] == here.county]
    name = fold(here.name)
    for code in same.loc[[fold(n) == name for n in same["name"]], "locality_siruta"]:
        other = gazetteer.place_of(locality_siruta=int(code))
        if point.metres_from(other) <= NEAR_M:
            return other
    return None


def _sector(gazetteer: Gazetteer, here: Place, point: _Point) -> Place:
    """In a municipality that has sectors, the sector that holds the point (where boundaries are known)."""
    uat = gazetteer.uat_at(point.lat, point.lon)
    if uat is None or uat == here.uat_siruta:
        return here
    found = gazetteer.place_of(uat_siruta=uat)
    return found if found.county == here.county else here


def _uats_with_sectors(gazetteer: Gazetteer) -> frozenset[int]:
    """Every UAT that is divided into sectors (whose place can be told more exactly by its point)."""
    return frozenset(gazetteer.uats["parent_uat_siruta"].dropna().astype(int))


def _row(
    here: Place | None, county: str | None, flags: list[str], problem: str = "", *, point: _Point | None = None
) -> tuple[Any, ...]:
    """One row of PLACED_COLUMNS."""
    listed = join_flags(*flags)
    if here is None:
        return np.nan, np.nan, "none", county, pd.NA, pd.NA, None, listed, problem
    spot = point or here
    precision = "address" if point else _PRECISION[here.precision]
    if np.isnan(spot.lat):
        precision, problem = "none", "not_placed"
    codes = (here.uat_siruta, pd.NA if here.locality_siruta is None else here.locality_siruta)
    return spot.lat, spot.lon, precision, county or here.county, *codes, here.name, listed, problem
