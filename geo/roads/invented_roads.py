"""A network of roads invented from settlements and an outline, to show what roads do where nobody imported any.

Which places are joined follows proximity graphs, as real networks of roads roughly do; nothing is copied from a map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree

from geo.spatial.crs import METRIC_CRS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

MAIN, COUNTY, PAVED, UNPAVED, TRACK = "primary", "secondary", "tertiary", "unclassified", "track"
LONGEST_M = 25_000.0
KEPT_SHARE = 0.6  # of the links that no place needs to be reached at all
UNPAVED_SHARE, TRACK_SHARE = 0.25, 0.05  # of the links between villages
MOST_DETOUR = 3.0  # neighbours that have only a longer way between them have no main road
MOUNTAIN_M = 14_000.0  # a link between counties longer than this is a pass that winter closes
WINTER_CLOSURE = "no @ (Nov 1-Apr 30)"
BEND_M, MOST_BENDS = 900.0, 12
SWERVE = 0.22  # how far a bend lies from the straight line, as a share of the distance between bends
_HALF = 0.5


def invent_roads(
    xy: NDArray[np.float64],
    rank: NDArray[np.int64],
    outline: shapely.Geometry,
    *,
    seed: int = 1,
) -> gpd.GeoDataFrame:
    """Invent the roads between settlements.

    The links are those of the Gabriel graph (Gabriel and Sokal 1969: no third place lies in the circle over a link)
    that stay within the outline: a spanning tree of the shortest, and a share of the others. Links on shortest ways
    between neighbouring county seats are main roads, those between neighbouring seats of communes are county roads.

    Parameters
    ----------
    xy
        Easting and northing of the settlements in METRIC_CRS (EPSG:3844), metres, shape (n, 2).
    rank
        Of each settlement: 2 a county seat, 1 the seat of a commune or town, 0 a village; shape (n,).
    outline
        The area that roads do not leave, in METRIC_CRS.
    seed
        Of the choices that chance makes: the same seed gives the same roads.

    Returns
    -------
    GeoDataFrame
        Lines in METRIC_CRS with `highway` and `surface` as OpenStreetMap names them, and `motor_vehicle:conditional`
        (empty but on passes); one row a link, ends at the settlements.

    Raises
    ------
    ValueError
        Where there are fewer than four settlements, or all lie in a line.
    """
    import geopandas as gpd

    if len(xy) < 4:  # noqa: PLR2004  (a triangulation needs them)
        raise ValueError("four settlements or more make a network")
    chance = np.random.default_rng(seed)
    links = _within(xy, gabriel_links(xy), outline)
    lengths = np.hypot(*(xy[links[:, 0]] - xy[links[:, 1]]).T)
    matrix = _matrix(len(xy), links, lengths)
    is_main = _on_ways(xy, matrix, links, _neighbours(xy, np.flatnonzero(rank >= 2)))  # noqa: PLR2004  (county seats)
    is_county = _on_ways(xy, matrix, links, _neighbours(xy, np.flatnonzero(rank >= 1)))
    needed = _among(minimum_spanning_tree(matrix), links) | is_main | is_county
    kept = needed | (chance.random(len(links)) < KEPT_SHARE)
    draw = chance.random(len(links))
    village = np.select([draw < TRACK_SHARE, draw < TRACK_SHARE + UNPAVED_SHARE], [TRACK, UNPAVED], PAVED)
    highway = np.select([is_main, is_county], [MAIN, COUNTY], village)
    is_pass = is_county & ~is_main & (lengths > MOUNTAIN_M)
    return gpd.GeoDataFrame(
        {
            "highway": highway[kept],
            "surface": np.where(np.isin(highway, (UNPAVED, TRACK)), "gravel", "asphalt")[kept],
            "motor_vehicle:conditional": np.where(is_pass, WINTER_CLOSURE, "")[kept],
        },
        geometry=_drawn(xy, links[kept], chance),
        crs=METRIC_CRS,
    )


def gabriel_links(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the links of the Gabriel graph of points: pairs of rows, the smaller first, in order."""
    corners = Delaunay(xy).simplices
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    links = np.unique(sides, axis=0).astype(np.int64)
    ends = xy[links]
    middle, reach = ends.mean(axis=1), _HALF * np.hypot(*(ends[:, 0] - ends[:, 1]).T)
    nearest = np.asarray(KDTree(xy).query(middle)[0])
    linked: NDArray[np.int64] = links[nearest >= reach * (1 - 1e-9)]
    return linked


def _within(xy: NDArray[np.float64], links: NDArray[np.int64], outline: shapely.Geometry) -> NDArray[np.int64]:
    """Keep links of a usual length that stay inside."""
    short = np.hypot(*(xy[links[:, 0]] - xy[links[:, 1]]).T) <= LONGEST_M
    links = links[short]
    shapely.prepare(outline)
    return links[shapely.covers(outline, shapely.linestrings(xy[links]))]


def _matrix(count: int, links: NDArray[np.int64], lengths: NDArray[np.float64]) -> csr_array:
    return csr_array((lengths, (links[:, 0], links[:, 1])), shape=(count, count))


def _neighbours(xy: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pairs of some points that are neighbours among themselves."""
    if len(rows) < 4:  # noqa: PLR2004
        return np.array([(one, other) for one in rows for other in rows if one < other], np.int64).reshape(-1, 2)
    return rows[gabriel_links(xy[rows])]


def _on_ways(
    xy: NDArray[np.float64], matrix: csr_array, links: NDArray[np.int64], pairs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say of each link whether it is on the shortest way of one of the pairs."""
    used: set[tuple[int, int]] = set()
    apart = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    for start in np.unique(pairs[:, 0]).tolist():
        mine = pairs[:, 0] == start
        # Without a limit every search goes through the whole country.
        _length, before = dijkstra(
            matrix, directed=False, indices=start, return_predecessors=True, limit=MOST_DETOUR * apart[mine].max()
        )
        for end in pairs[mine, 1].tolist():
            here = end
            while (last := int(before[here])) >= 0:
                used.add((min(last, here), max(last, here)))
                here = last
    return np.fromiter(((int(a), int(b)) in used for a, b in links), bool, len(links))


def _among(tree: csr_array, links: NDArray[np.int64]) -> NDArray[np.bool_]:
    rows, columns = tree.nonzero()
    there = set(zip(np.minimum(rows, columns).tolist(), np.maximum(rows, columns).tolist(), strict=True))
    return np.fromiter(((int(a), int(b)) in there for a, b in links), bool, len(links))


def _drawn(xy: NDArray[np.float64], links: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.object_]:
    """Draw each link with bends to its sides, more of them the longer it is."""
    start, end = xy[links[:, 0]], xy[links[:, 1]]
    lengths = np.hypot(*(end - start).T)
    bends = np.clip((lengths / BEND_M).astype(int), 1, MOST_BENDS)
    line = np.repeat(np.arange(len(links)), bends + 2)
    step = np.concatenate([np.linspace(0, 1, count + 2) for count in bends]) if len(links) else np.empty(0)
    aside = np.divide(end - start, lengths[:, None], where=lengths[:, None] > 0, out=np.zeros_like(start))[:, ::-1]
    aside = aside * [-1, 1]
    swerve = chance.uniform(-1, 1, len(line)) * SWERVE * (lengths / (bends + 1))[line]
    swerve = np.where((step > 0) & (step < 1), swerve, 0.0)
    points = start[line] + step[:, None] * (end - start)[line] + swerve[:, None] * aside[line]
    return np.asarray(shapely.linestrings(points, indices=line))
