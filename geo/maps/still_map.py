"""A small drawing of a view without any script: outlines and marks as SVG, within a page's few kilobytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.maps.point_clusters import mercator
from geo.spatial.crs import MAP_CRS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geo.maps.point_clusters import Clusters

WIDTH = 600  # units of the drawing
_FINEST = 1.5  # units: what is smaller is left out of outlines
_MOST_POINTS = 2_500  # of all outlines: 5 bytes each on average
_SIMPLER = 1.6
_LEAST, _MOST = 9.0, 24.0  # radius of a mark


@dataclass(frozen=True)
class StillMark:
    """A mark: its middle and radius in units of the drawing, how many services, and how many of each state."""

    x: float
    y: float
    radius: float
    size: int
    by_state: tuple[int, ...]


@dataclass(frozen=True)
class NumberedPoint:
    """A service of an answer. number: as in the list. state: free, ask or full. shift: pixels to the right and down."""

    number: int
    lat: float
    lon: float
    state: str
    shift: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class StillPin:
    """A numbered service, its middle in units of the drawing."""

    x: float
    y: float
    number: int
    state: str


@dataclass(frozen=True)
class StillMap:
    """A drawing `width` × `height` units.

    paths: outlines as the `d` of SVG paths. here: where a search starts. pins: services of an answer. way: to one of
    them, as the `d` of open paths.
    """

    width: int
    height: int
    paths: tuple[str, ...]
    marks: tuple[StillMark, ...]
    here: tuple[float, float] | None
    pins: tuple[StillPin, ...] = ()
    way: tuple[str, ...] = ()


def still_map(
    outlines: gpd.GeoSeries,
    clusters: Clusters | None,
    corners: Sequence[tuple[float, float]],
    here: tuple[float, float] | None = None,
    *,
    pins: Sequence[NumberedPoint] = (),
    way: Sequence[Sequence[tuple[float, float]]] = (),
) -> StillMap:
    """Draw a view.

    Parameters
    ----------
    outlines
        Areas, MAP_CRS; those out of view are left out, the others cut at its edge and drawn as finely as the size
        allows.
    clusters
        Marks of the view; None = without them.
    corners
        South-west and north-east corner, (lat, lon) in degrees.
    here
        Latitude and longitude of where a search starts.
    pins
        Services of an answer.
    way
        Lines of (lon, lat), degrees.

    Returns
    -------
    StillMap
        On Web Mercator.
    """
    (south, west), (north, east) = corners
    (x0, x1), (y1, y0) = mercator(np.array([south, north]), np.array([west, east]))
    scale = WIDTH / max(x1 - x0, 1e-9)
    height = max(1, round((y1 - y0) * scale))

    def on_paper(points: Any) -> Any:
        x, y = mercator(points[:, 1], points[:, 0])
        return np.column_stack([(x - x0) * scale, (y - y0) * scale])

    marks = (
        []
        if clusters is None
        else [
            StillMark(round(float(x), 1), round(float(y), 1), _radius(int(size)), int(size), tuple(map(int, states)))
            for (x, y), size, states in zip(
                on_paper(np.column_stack([clusters.lon, clusters.lat])), clusters.size, clusters.by_state, strict=True
            )
        ]
    )
    start = None
    if here is not None:
        ((x, y),) = on_paper(np.array([[here[1], here[0]]]))
        start = (round(float(x), 1), round(float(y), 1))
    window = shapely.box(west, south, east, north)
    seen = outlines[outlines.intersects(window)]
    shapes = shapely.transform(shapely.clip_by_rect(seen.to_numpy(), west, south, east, north), on_paper)
    spots = on_paper(np.array([(pin.lon, pin.lat) for pin in pins]).reshape(-1, 2))
    numbered = tuple(
        StillPin(round(float(x) + pin.shift[0], 1), round(float(y) + pin.shift[1], 1), pin.number, pin.state)
        for (x, y), pin in zip(spots, pins, strict=True)
    )
    lines = tuple(_line(on_paper(np.array(line).reshape(-1, 2))) for line in way)
    return StillMap(WIDTH, height, tuple(_paths(shapes)), tuple(marks), start, numbered, lines)


def county_outlines(areas: gpd.GeoDataFrame, county_of: dict[int, str]) -> gpd.GeoSeries:
    """Join the areas of UATs to those of counties, as coarsely as a country is drawn.

    Parameters
    ----------
    areas
        `uat_siruta` and outlines.
    county_of
        Letters of the county by SIRUTA of the UAT.

    Returns
    -------
    gpd.GeoSeries
        MAP_CRS, one area a county.
    """
    degrees = areas.to_crs(MAP_CRS)
    joined: gpd.GeoSeries = degrees.dissolve(by=degrees["uat_siruta"].map(county_of)).geometry
    return joined


def _radius(size: int) -> float:
    return round(float(np.clip(_LEAST + 2.2 * np.log2(max(size, 1)), _LEAST, _MOST)), 1)


def _paths(shapes: Any) -> list[str]:
    finest = _FINEST
    while True:
        drawn = shapely.simplify(shapes, finest)
        if shapely.get_num_coordinates(drawn).sum() <= _MOST_POINTS:
            break
        finest *= _SIMPLER
    paths = [_path(shape) for shape in drawn]
    return [path for path in paths if path]


def _path(shape: Any) -> str:
    rings = [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join(filter(None, map(_ring, rings)))


def _line(points: Any) -> str:
    simple = shapely.get_coordinates(shapely.simplify(shapely.linestrings(points), 1.0))
    return "M" + " ".join(f"{x:.0f},{y:.0f}" for x, y in simple.tolist())


def _ring(ring: Any) -> str:
    points = np.rint(shapely.get_coordinates(ring)).astype(int)
    points = points[:-1][np.any(np.diff(points, axis=0) != 0, axis=1)]
    if len(points) < 3:  # noqa: PLR2004 - a line has no area
        return ""
    return "M" + " ".join(f"{x},{y}" for x, y in points.tolist()) + "Z"
