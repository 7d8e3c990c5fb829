"""Roads of a layer of lines (GeoJSON, GeoPackage, shapefile): class from a column, or from the letters of a number.

Lines meet where they have a point in common. The end of a line that stops short of a point of another by less than
JOIN_M is joined to it, and a motorway is entered where it crosses a national road: such layers have no ramps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import KDTree

from geo.roads.degrees import short_metres
from geo.roads.reading.line_faults import LineFault, line_faults
from geo.roads.reading.mountain_passes import load_passes
from geo.roads.reading.raw_roads import RawRoads
from geo.roads.reading.way_rules import RoadWay, read_way
from geo.roads.road_network import LINK, ROAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.roads.road_speeds import RoadSpeeds

JOIN_M = 60.0
_CLASS_COLUMNS = ("highway", "fclass")
_REF_COLUMNS = ("ref", "nr_drum", "numar", "indicativ", "cod_drum", "denumire", "name", "nume")
_REF = re.compile(r"\b(DN|DJ|DC|A)\s*\d", re.IGNORECASE)
_RANK = ("A", "DN", "DJ", "DC", "other")
_M_PER_DEGREE = 111_320.0


class NoClassOfRoadError(ValueError):
    """A layer has no column that says what kind of road a line is; `columns` are those it has."""

    def __init__(self, columns: Iterable[str]) -> None:
        super().__init__("no column of a class of road")
        self.columns = tuple(columns)


class NoLinesError(ValueError):
    """A layer has no line that is a road; `faults` say why of each feature."""

    def __init__(self, faults: Sequence[LineFault] = ()) -> None:
        super().__init__("no line that is a road")
        self.faults = tuple(faults)


@dataclass(frozen=True)
class ReadLines:
    """What a layer of lines gave.

    Attributes
    ----------
    raw
        Its roads.
    joined
        Number of ends that were joined to a line near by.
    interchanges
        Number of crossings at which a motorway is entered.
    features
        Features of the layer.
    faults
        Those that give no road, and why.
    """

    raw: RawRoads
    joined: int
    interchanges: int
    features: int
    faults: tuple[LineFault, ...]


def read_lines(path: Path, speeds: RoadSpeeds) -> ReadLines:
    """Read the roads of a layer of lines.

    Parameters
    ----------
    path
        A GeoJSON, GeoPackage or shapefile, in any CRS (none stated: degrees).
    speeds
        The table of speeds.

    Returns
    -------
    ReadLines
        Its roads, by car alone: main roads are no network for walkers.

    Raises
    ------
    NoLinesError, NoClassOfRoadError
        Where the layer is not one of roads.
    """
    import geopandas as gpd

    layer = gpd.read_file(path)
    if not isinstance(layer, gpd.GeoDataFrame):
        raise NoLinesError
    if layer.crs is not None:
        layer = layer.to_crs("EPSG:4326")
    return lines_of(layer, speeds)


def lines_of(layer: gpd.GeoDataFrame, speeds: RoadSpeeds) -> ReadLines:
    """Make roads of a layer in degrees; see `read_lines`."""
    geometry = shapely.force_2d(layer.geometry.to_numpy())
    column, ways = _ways(layer, speeds)
    faults = line_faults(geometry, ways, str(column), layer[column].tolist())
    usable = np.ones(len(geometry), bool)
    usable[[fault.row - 1 for fault in faults]] = False
    if not usable.any():
        raise NoLinesError(faults)
    parts, feature = shapely.get_parts(geometry[usable], return_index=True)
    feature = np.flatnonzero(usable)[feature]
    degrees, line = shapely.get_coordinates(parts, return_index=True)
    spots, place = np.unique(np.rint(degrees * 1e7).astype(np.int64), axis=0, return_inverse=True)
    place = place.reshape(-1)
    inner = line[:-1] == line[1:]
    start, end, of_line = place[:-1][inner], place[1:][inner], line[:-1][inner]
    is_ramp = np.array([w is not None and w.kind == LINK for w in ways])[feature[of_line]]
    lon, lat = spots[:, 0] / 1e7, spots[:, 1] / 1e7
    joins = _joined_ends(lon, lat, start, end)
    crossed = _interchanges(lon, lat, start, end, is_ramp, _is_national(ways, feature[of_line]))
    number = np.cumsum([way is not None for way in ways]) - 1
    way = number[feature[of_line]]
    chosen = [way for way in ways if way is not None] or [_NOTHING]
    texts = _references(layer)
    for each in load_passes():
        inside = each.holds(lon[start], lat[start], lon[end], lat[end])
        inside &= np.array([each.is_named_in(text) for text in texts], bool)[feature[of_line]]
        if inside.any():
            metres = short_metres(lon[start], lat[start], lon[end], lat[end])[inside].sum()
            way[inside] = len(chosen)
            chosen.append(each.way(chosen[int(number[feature[of_line]][inside][0])], float(metres)))
    whole = ~np.isin(np.arange(len(way)), crossed.piece)
    lon, lat = np.append(lon, crossed.lon), np.append(lat, crossed.lat)
    classes = tuple(dict.fromkeys([*(way.road_class for way in chosen), "link"]))
    chosen.append(_link(speeds))
    raw = RawRoads(
        lon=lon,
        lat=lat,
        start=np.concatenate([start[whole], crossed.start, joins[:, 0]]),
        end=np.concatenate([end[whole], crossed.end, joins[:, 1]]),
        way=np.concatenate([way[whole], way[crossed.piece], np.full(len(joins), len(chosen) - 1)]),
        kind=np.array([way.kind for way in chosen], np.uint8),
        road_class=np.array([classes.index(way.road_class) for way in chosen], np.uint8),
        forward_km_h=np.array([way.forward_km_h for way in chosen]),
        backward_km_h=np.array([way.backward_km_h for way in chosen]),
        foot_km_h=np.zeros(len(chosen)),
        seconds=np.array([way.seconds for way in chosen]),
        closed_months=np.array([way.closed_months for way in chosen], np.uint16),
        unpaved=np.array([way.unpaved for way in chosen]),
        classes=classes,
        local_access=not _has_local_roads(chosen),
    )
    return ReadLines(raw, len(joins), len(crossed.lon), len(layer), tuple(faults))


_NOTHING = RoadWay("other", ROAD, 0.0, 0.0, 0.0)


def _references(layer: gpd.GeoDataFrame) -> list[str]:
    """Return the numbers of the roads of a layer, "" where it says none."""
    names = {str(column).lower(): column for column in layer.columns}
    column = next((names[name] for name in _REF_COLUMNS if name in names), None)
    return [""] * len(layer) if column is None else layer[column].astype("str").tolist()


def _link(speeds: RoadSpeeds) -> RoadWay:
    km_h = speeds.known("class", "motorway_link")
    return RoadWay("link", LINK, km_h, km_h, 0.0)


def _has_local_roads(ways: Iterable[RoadWay]) -> bool:
    return any(way.road_class in ("residential", "unclassified", "living_street") for way in ways)


def _ways(layer: gpd.GeoDataFrame, speeds: RoadSpeeds) -> tuple[Any, list[RoadWay | None]]:
    """Read each feature by its class as OpenStreetMap names it, else by its number; returns the column too."""
    names = {str(column).lower(): column for column in layer.columns if column != layer.geometry.name}
    by_class = next((names[name] for name in _CLASS_COLUMNS if name in names), None)
    if by_class is not None:
        tags = [_tags(row, by_class) for row in layer.drop(columns=layer.geometry.name).to_dict("records")]
        return by_class, [read_way(each, speeds) for each in tags]
    by_ref = next((names[name] for name in _REF_COLUMNS if name in names), None)
    if by_ref is None:
        raise NoClassOfRoadError(names.values())
    return by_ref, [_numbered(text, speeds) for text in layer[by_ref].astype("str")]


def _tags(row: dict[Any, Any], by_class: Any) -> dict[str, str]:
    """Return the cells of a row as tags; Geofabrik's layers say `F` (forward), `T` and `B` for a one-way."""
    values = {str(name): str(value) for name, value in row.items() if isinstance(value, (str, int, float))}
    values = {name: value for name, value in values.items() if value != "nan"}
    one_way = {"F": "yes", "T": "-1", "B": "no"}
    return values | {
        "highway": str(row[by_class]),
        "oneway": one_way.get(values.get("oneway", ""), values.get("oneway", "")),
    }


def _numbered(text: str, speeds: RoadSpeeds) -> RoadWay:
    """Read a road by its number; of several numbers the first in rank."""
    found = {letters.upper() for letters in _REF.findall(text)}
    letters = next((each for each in _RANK if each in found), "other")
    km_h = speeds.known("ref", letters)
    return RoadWay(letters, LINK if letters == "A" else ROAD, km_h, km_h, 0.0)


def _is_national(ways: list[RoadWay | None], feature: NDArray[np.int64]) -> NDArray[np.bool_]:
    national = {"DN", "trunk", "primary"}
    return np.array([way is not None and way.road_class in national for way in ways])[feature]


def _joined_ends(
    lon: NDArray[np.float64], lat: NDArray[np.float64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return pairs: points at which one piece alone ends, and the nearest other point within JOIN_M."""
    degree = np.bincount(np.append(start, end), minlength=len(lon))
    loose = np.flatnonzero(degree == 1)
    own = np.full(len(lon), -1)
    own[start], own[end] = end, start
    scale = np.array([_M_PER_DEGREE * np.cos(np.radians(lat.mean() if len(lat) else 0.0)), _M_PER_DEGREE])
    metres = np.column_stack([lon, lat]) * scale
    away, near = (np.asarray(each) for each in KDTree(metres).query(metres[loose], k=3, distance_upper_bound=JOIN_M))
    pairs = [
        (int(point), int(other))
        for point, row, others in zip(loose, away, near, strict=True)
        for other in [
            next((o for o, m in zip(others, row, strict=True) if m <= JOIN_M and o not in (point, own[point])), -1)
        ]
        if other >= 0
    ]
    return np.unique(np.sort(np.array(pairs, np.int64).reshape(-1, 2), axis=1), axis=0)


@dataclass(frozen=True)
class _Crossings:
    """Points at which pieces cross, and the halves of those pieces that meet there."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    piece: NDArray[np.int64]


def _interchanges(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    is_motorway: NDArray[np.bool_],
    is_national: NDArray[np.bool_],
) -> _Crossings:
    """Find where pieces of motorways cross pieces of national roads; both halves of both pieces then meet there."""
    fast, national = np.flatnonzero(is_motorway), np.flatnonzero(is_national)

    def drawn(piece: NDArray[np.int64]) -> NDArray[np.object_]:
        ends = np.stack([start[piece], end[piece]], axis=1)
        return np.asarray(shapely.linestrings(np.stack([lon[ends], lat[ends]], axis=-1)))

    one, other = shapely.STRtree(drawn(national)).query(drawn(fast), predicate="crosses")
    one, other = fast[one], national[other]
    met = shapely.get_coordinates(shapely.intersection(drawn(one), drawn(other)))
    node = len(lon) + np.arange(len(met))
    piece = np.concatenate([one, one, other, other])
    ends = np.concatenate([start[one], end[one], start[other], end[other]])
    return _Crossings(met[:, 0], met[:, 1], ends, np.tile(node, 4), piece)
