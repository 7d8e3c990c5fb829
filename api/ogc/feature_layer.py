"""A collection of features: columns, shapes in two coordinate systems, and which of them a question wants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from json.encoder import encode_basestring
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.spatial.crs import to_metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG_3844 = "http://www.opengis.net/def/crs/EPSG/0/3844"
SYSTEMS = (CRS84, EPSG_3844)
_DIGITS = {CRS84: 7, EPSG_3844: 3}  # a centimetre, a millimetre
Box = tuple[float, float, float, float]
COUNTRY: Box = (20.2, 43.6, 29.8, 48.3)


@dataclass(frozen=True)
class FeatureLayer:
    """One collection.

    Attributes
    ----------
    name, title, words
        Its id in addresses, its name, and what it holds.
    ids
        Of the features, in order.
    columns
        JSON-ready values by property, in the order of `ids`; None = not known.
    types
        JSON type of each property.
    meanings
        What each property says.
    shapes
        In degrees; None where a feature has no place.
    asked_by
        Properties by whose value features may be asked for.
    moving
        The last of `columns`: those of the moment. What is written of all others is kept from one moment to the next.
    """

    name: str
    title: str
    words: str
    ids: Sequence[str]
    columns: Mapping[str, Sequence[Any]]
    types: Mapping[str, str]
    meanings: Mapping[str, str]
    shapes: NDArray[np.object_]
    asked_by: tuple[str, ...]
    moving: tuple[str, ...] = ()
    _in: dict[str, NDArray[np.object_]] = field(default_factory=dict)
    _known: dict[str, NDArray[np.bool_]] = field(default_factory=dict)  # by property, whether each has it
    _heads: list[bytes] = field(default_factory=list)  # what is written before what moves; empty = not written yet
    _ends: dict[str, list[bytes]] = field(default_factory=dict)  # and behind it, by system

    def __post_init__(self) -> None:
        if not self._heads:
            self._heads.extend([b""] * len(self.ids))

    def at_moment(self, columns: Mapping[str, Sequence[Any]]) -> FeatureLayer:
        """Return the same features with the properties of a moment; what is written of the others is shared."""
        return replace(self, columns={**self.columns, **columns}, moving=tuple(columns))

    def shapes_in(self, system: str) -> NDArray[np.object_]:
        """Return the shapes as they are written in a coordinate system: x before y, rounded."""
        if system not in self._in:
            found = self.shapes
            if system == EPSG_3844:
                found = shapely.transform(found, _to_stereo_70)
            self._in[system] = shapely.transform(found, lambda xy: np.round(xy, _DIGITS[system]))
        return self._in[system]

    @cached_property
    def extent(self) -> Box:
        """Box around all shapes, degrees."""
        found = shapely.total_bounds(self.shapes)
        return COUNTRY if np.isnan(found).any() else (*(float(each) for each in found),)  # type: ignore[return-value]

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Place of each feature."""
        return {each: place for place, each in enumerate(self.ids)}

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """Places as pages have them: a few features that have every property among them, then the others by their ids.

        QGIS takes the fields of a layer from its first ten features, and nothing is said there of what is not known.
        Of those that have a property the first leads, so that a report of places seldom changes the order.
        """
        first: dict[int, None] = {}
        for name in reversed(list(self.columns)):
            known = self._has(name)
            if known.any() and not known[list(first)].any():
                first[int(known.argmax())] = None
        leading = np.fromiter(first, np.int64, len(first))
        rest = np.ones(len(self.ids), bool)
        rest[leading] = False
        return np.concatenate([leading, np.flatnonzero(rest)])

    def _has(self, name: str) -> NDArray[np.bool_]:
        found = self._known.get(name)
        if found is None:
            found = np.fromiter((value is not None for value in self.columns[name]), bool, len(self.ids))
            if name not in self.moving:
                self._known[name] = found
        return found

    def found(self, boxes: Sequence[Box] | None, system: str, wanted: Mapping[str, str]) -> NDArray[np.int64]:
        """Return the places of the features that touch one of the boxes and have all values wanted, in their order.

        boxes: x before y; None = wherever they are, also nowhere.
        """
        keep = np.ones(len(self.ids), bool)
        for name, value in wanted.items():
            keep &= self._texts(name) == value
        if boxes is not None:
            shapes = self.shapes_in(system)
            inside = np.zeros(len(self.ids), bool)
            for box in boxes:
                inside |= _touch(shapes, box)
            keep &= inside
        return self._order[keep[self._order]]

    def _texts(self, name: str) -> NDArray[np.str_]:
        return np.array(["" if value is None else _text(value) for value in self.columns[name]])

    def feature(self, place: int, system: str, links: Sequence[Mapping[str, str]] = ()) -> bytes:
        """Write one feature as GeoJSON, with its links."""
        (text,) = self.features([place], system)
        return text[:-1] + f',"links":{_encoded(list(links))}}}'.encode() if links else text

    def features(self, places: Sequence[int], system: str) -> list[bytes]:
        """Write features as GeoJSON. What is not known is left out: the schema names all properties.

        By hand, a column at a time: a page has ten thousand, and an encoder for each takes half as long again. Of a
        country whose places are reported by the minute only that is written anew.
        """
        heads, ends = self._heads_of(places), self._ends_of(places, system)
        if not self.moving:
            return [head.removesuffix(b",") + end for head, end in zip(heads, ends, strict=True)]
        lines = self._members(self.moving, places)
        return [
            head + now.encode() + end if now else head.removesuffix(b",") + end
            for head, now, end in zip(heads, lines, ends, strict=True)
        ]

    def _members(self, names: Sequence[str], places: Sequence[int]) -> list[str]:
        columns = [(f'"{name}":', self.columns[name]) for name in names]
        written = [[_member(name, values[place]) for place in places] for name, values in columns]
        return [",".join(filter(None, row)) for row in zip(*written, strict=True)] if written else [""] * len(places)

    def _heads_of(self, places: Sequence[int]) -> list[bytes]:
        heads = self._heads
        if missing := [place for place in places if not heads[place]]:
            still = [name for name in self.columns if name not in self.moving]
            for place, text in zip(missing, self._members(still, missing), strict=True):
                begins = f'{{"type":"Feature","id":{encode_basestring(self.ids[place])},"properties":{{'
                heads[place] = f"{begins}{text}{',' if text else ''}".encode()
        return [heads[place] for place in places]

    def _ends_of(self, places: Sequence[int], system: str) -> list[bytes]:
        """Return the geometries of features; of points they are kept, of outlines they are most of what is written."""
        if not self._are_points:
            return [_end(self._outline(place, system)) for place in places]
        if system not in self._ends:
            shapes = self.shapes_in(system)
            pair = (shapely.get_y(shapes), shapely.get_x(shapes))
            at = np.column_stack(pair if system == EPSG_3844 else pair[::-1]).tolist()
            self._ends[system] = [_end(_point(*each)) for each in at]
        ends = self._ends[system]
        return [ends[place] for place in places]

    def _outline(self, place: int, system: str) -> str:
        shape = self.shapes_in(system)[place]
        if shape is None or shape.is_empty:
            return "null"
        return str(shapely.to_geojson(shapely.transform(shape, np.fliplr) if system == EPSG_3844 else shape))

    @cached_property
    def _are_points(self) -> bool:
        return bool((shapely.get_type_id(self.shapes) <= 0).all())


_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _text(value: Any) -> str:
    """Write a value as a parameter asks for it: a truth value as JSON has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _end(geometry: str) -> bytes:
    return f'}},"geometry":{geometry}}}'.encode()


def _point(first: float, second: float) -> str:
    return "null" if isnan(first) else f'{{"type":"Point","coordinates":[{first!r},{second!r}]}}'


def _member(name: str, value: Any) -> str:
    """Write a member of an object; nothing where nothing is known."""
    if value is None:
        return ""
    return name + (encode_basestring(value) if type(value) is str else _encoded(value))


def _touch(shapes: NDArray[np.object_], box: Box) -> NDArray[np.bool_]:
    bounds = shapely.bounds(shapes)
    west, south, east, north = box
    near = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    rest = np.flatnonzero(near & (shapely.get_type_id(shapes) > 0))
    near[rest] = shapely.intersects(shapes[rest], shapely.box(*box))
    return near


def _to_stereo_70(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return to_metric(degrees[:, 1], degrees[:, 0])


def points(longitude: Sequence[float | None], latitude: Sequence[float | None]) -> NDArray[np.object_]:
    """Make points of degrees; None where either is not known."""
    x, y = np.array(longitude, float), np.array(latitude, float)
    there = ~(np.isnan(x) | np.isnan(y))
    made = np.full(len(x), None, object)
    made[there] = shapely.points(x[there], y[there])
    return made
