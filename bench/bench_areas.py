"""Windows and areas: rtree beside shapely's tree and plain scans, on the places and areas of the country.

`python -m bench.bench_areas`, 10 s. Every peer's answers are compared with the first one's before its time counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rtree
import shapely

from bench.screens.browsing import load
from core.resources import DATA
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.areas import area_index
from geo.spatial.crs import MAP_CRS, METRIC_CRS
from geo.spatial.window_index import WindowIndex

RUNS = 5
VIEWS = 200
POINTS = 14_000  # as many as there are localities
Peer = tuple[str, Callable[[], Any]]


def main() -> None:
    """Print three tables: which area holds a point, which areas and which points lie in a view."""
    rng = np.random.default_rng(5)
    areas = gpd.read_parquet(DATA / "atlas" / "areas_approximate.parquet").to_crs(METRIC_CRS)
    _areas_of_points(areas, rng)
    _areas_in_views(areas.geometry.to_numpy(), rng)
    places = load_gazetteer(None)
    for name, table in (("UATs", places.uats), ("localities", places.localities)):
        _points_in_views(name, table, rng)
    print(load())


def _areas_of_points(areas: gpd.GeoDataFrame, rng: np.random.Generator) -> None:
    shapes = areas.geometry.to_numpy()
    index = area_index(pd.DataFrame(areas.assign(county="")))
    west, south, east, north = shapely.total_bounds(shapes)
    xy = rng.uniform((west, south), (east, north), (POINTS, 2))
    degrees = gpd.GeoSeries(shapely.points(xy), crs=METRIC_CRS).to_crs(MAP_CRS)
    lats, lons = degrees.y.to_numpy(), degrees.x.to_numpy()
    shapely.prepare(shapes)
    tree = rtree.index.Index((np.arange(len(shapes)), *np.split(shapely.bounds(shapes), 2, axis=1)))
    packed = shapely.STRtree(shapes)
    points = shapely.points(xy)

    def by_shapely() -> list[tuple[int, int]]:
        return _pairs(*packed.query(points, predicate="intersects"))

    def by_rtree() -> list[tuple[int, int]]:
        areas_of, counts = (part.astype(np.int64) for part in tree.intersection_v(xy, xy))
        which = np.repeat(np.arange(POINTS), counts)
        hit = shapely.intersects_xy(shapes[areas_of], xy[which, 0], xy[which, 1])
        return _pairs(which[hit], areas_of[hit])

    index.uat_at(lats[:1], lons[:1])
    _print(f"the area of {POINTS} points", [("shapely.STRtree", by_shapely), ("rtree", by_rtree)], POINTS)
    start = time.perf_counter()
    index.uat_at(lats, lons)
    print(f"AreaIndex.uat_at, degrees turned to metres as well: {(time.perf_counter() - start) * 1e6 / POINTS:.1f} µs")


def _pairs(one: np.ndarray, other: np.ndarray) -> list[tuple[int, int]]:
    return sorted(zip(one.tolist(), other.tolist(), strict=True))


def _areas_in_views(shapes: np.ndarray, rng: np.random.Generator) -> None:
    tree = rtree.index.Index((np.arange(len(shapes)), *np.split(shapely.bounds(shapes), 2, axis=1)))
    packed = shapely.STRtree(shapes)
    west, south, east, north = shapely.total_bounds(shapes)
    views = [(x - 2e4, y - 2e4, x + 2e4, y + 2e4) for x, y in rng.uniform((west, south), (east, north), (VIEWS, 2))]

    def by_rtree(view: tuple[float, ...]) -> list[int]:
        near = np.sort(np.fromiter(tree.intersection(view), np.int64))
        return near[shapely.intersects(shapes[near], shapely.box(*view))].tolist()

    peers: list[Peer] = [
        ("shapely.STRtree", lambda: [sorted(packed.query(shapely.box(*v), predicate="intersects")) for v in views]),
        ("rtree", lambda: [by_rtree(view) for view in views]),
    ]
    _print(f"the areas in {VIEWS} views of 40 km", peers, VIEWS)


def _points_in_views(name: str, table: pd.DataFrame, rng: np.random.Generator) -> None:
    at = table[["lat", "lon"]].to_numpy(float)
    middles = rng.uniform((44, 21), (48, 29), (VIEWS, 2))
    views = [((y - 0.2, x - 0.3), (y + 0.2, x + 0.3)) for y, x in middles]
    windows = WindowIndex(at[:, 0], at[:, 1])
    packed = shapely.STRtree(shapely.points(at[:, ::-1]))

    def by_pandas(view: Sequence[tuple[float, float]]) -> list[int]:
        (south, west), (north, east) = view
        return np.flatnonzero(table["lat"].between(south, north) & table["lon"].between(west, east)).tolist()

    def by_numpy(view: Sequence[tuple[float, float]]) -> list[int]:
        return np.flatnonzero(((at >= view[0]) & (at <= view[1])).all(axis=1)).tolist()

    def by_shapely(view: Sequence[tuple[float, float]]) -> list[int]:
        (south, west), (north, east) = view
        return np.sort(packed.query(shapely.box(west, south, east, north))).tolist()

    peers: list[Peer] = [
        ("WindowIndex (rtree)", lambda: [windows.within(view).tolist() for view in views]),
        ("scan by pandas, as before", lambda: [by_pandas(view) for view in views]),
        ("scan by numpy", lambda: [by_numpy(view) for view in views]),
        ("shapely.STRtree", lambda: [by_shapely(view) for view in views]),
    ]
    _print(f"the {len(table)} {name} in {VIEWS} views of 40 km", peers, VIEWS)


def _print(what: str, peers: list[Peer], questions: int) -> None:
    """Print the best of RUNS for each peer, in microseconds a question and as a ratio to the first."""
    print(f"\n{what}\n| | µs | ratio |\n|---|---|---|")
    first, answers = None, None
    for name, ask in peers:
        answers = answers if first is not None else ask()
        assert ask() == answers, name
        took = min(_timed(ask) for _run in range(RUNS)) * 1e6 / questions
        first = first or took
        print(f"| {name} | {took:.1f} | {took / first:.1f} |")


def _timed(ask: Callable[[], Any]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
