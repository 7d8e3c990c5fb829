"""A collection of features: columns, shapes in two coordinate systems, and which of them a question wants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    _in: dict[str, NDArray[np.object_]] = field(default_factory=dict)
    _written: dict[str, list[list[float]]] = field(default_factory=dict)

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
        known = {name: [value is not None for value in values] for name, values in self.columns.items()}
        first: dict[int, None] = {}
        for values in reversed(known.values()):
            if True in values and not any(values[place] for place in first):
                first[values.index(True)] = None
        leading = np.fromiter(first, np.int64, len(first))
        rest = np.ones(len(self.ids), bool)
        rest[leading] = False
        return np.concatenate([leading, np.flatnonzero(rest)])

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
        return np.array(["" if value is None else str(value) for value in self.columns[name]])

    def feature(self, place: int, system: str, links: Sequence[Mapping[str, str]] = ()) -> bytes:
        """Write one feature as GeoJSON, with its links."""
        (text,) = self.features([place], system)
        return (f'{text[:-1]},"links":{_encoded(list(links))}}}' if links else text).encode()

    def features(self, places: Sequence[int] | NDArray[np.int64], system: str) -> list[str]:
        """Write features as GeoJSON. What is not known is left out: the schema names all properties.

        By hand, a column at a time: a page has ten thousand, and an encoder for each takes half as long again.
        """
        columns = [[_member(f'"{name}":', values[place]) for place in places] for name, values in self.columns.items()]
        told = (",".join(filter(None, row)) for row in zip(*columns, strict=True))
        return [
            f'{{"type":"Feature","id":{encode_basestring(self.ids[place])},"properties":{{{properties}}},'
            f'"geometry":{self._geometry(place, system)}}}'
            for place, properties in zip(places, told, strict=True)
        ]

    def _geometry(self, place: int, system: str) -> str:
        if self._are_points:
            first, second = self._coordinates(system)[place]
            return "null" if isnan(first) else f'{{"type":"Point","coordinates":[{first!r},{second!r}]}}'
        shape = self.shapes_in(system)[place]
        if shape is None or shape.is_empty:
            return "null"
        return str(shapely.to_geojson(shapely.transform(shape, np.fliplr) if system == EPSG_3844 else shape))

    @cached_property
    def _are_points(self) -> bool:
        return bool((shapely.get_type_id(self.shapes) <= 0).all())

    def _coordinates(self, system: str) -> list[list[float]]:
        """Return the coordinates of points in the order of the axes of a system; NaN where there is none."""
        if system not in self._written:
            shapes = self.shapes_in(system)
            pair = (shapely.get_y(shapes), shapely.get_x(shapes))
            self._written[system] = np.column_stack(pair if system == EPSG_3844 else pair[::-1]).tolist()
        return self._written[system]


_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


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
