"""How far one comes in so many minutes, as areas: the roads reached, widened to cells, united and smoothed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.ndimage import distance_transform_edt

from geo.roads.degrees import SCALE, metres_per_degree, short_metres
from geo.roads.road_network import FERRY, SEASONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.roads.road_network import RoadNetwork
    from geo.roads.road_search import RoadSearch
    from geo.roads.snap_grid import Snapped

CELL_M = 200.0  # of an isochrone of up to FINE_MINUTES; twice that beyond
FINE_MINUTES = 30.0
_WIDTHS = (0, 1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 25)  # in cells; 25 of the larger are 10 km
_STEP = 0.5  # of a cell, between the spots looked at along a road


def isochrones(
    search: RoadSearch, lat: float, lon: float, minutes: Sequence[float], *, gap_m: float = 0.0
) -> list[shapely.Geometry]:
    """Return the areas that one reaches within each of some limits.

    Parameters
    ----------
    search
        The roads and the season.
    lat, lon
        Where from, WGS84 degrees.
    minutes
        The limits.
    gap_m
        Land between reached roads is filled where they are at most twice so many metres apart: for a map that is looked
        at from far, on which the roads themselves would be hairs.

    Returns
    -------
    list of shapely.Geometry
        Polygons in WGS84 degrees, one for each limit; each holds those of smaller limits. Empty where the place is far
        from every road; where a limit ends before the road, the spot on the road.
    """
    origin = search.snap(lat, lon)
    if origin is None:
        return [shapely.MultiPolygon() for _limit in minutes]
    took = search.settled(origin, max(minutes))
    arcs = search.network.arcs
    is_open = (search.network.chains["months"][arcs["chain"]] >> SEASONS[search.season]) & 1 == 0
    reached = arcs[np.isfinite(took[arcs["tail"]]) & is_open]
    areas: dict[float, shapely.Geometry] = {}
    smaller: shapely.Geometry = shapely.MultiPolygon()
    for limit in sorted(set(minutes)):
        grown = _area(search, reached, took[reached["tail"]], origin, (lat, lon), limit, gap_m)
        smaller = areas[limit] = shapely.union(smaller, grown)
    return [areas[limit] for limit in minutes]


def _area(
    search: RoadSearch,
    arcs: NDArray[np.void],
    began_ms: NDArray[np.float64],
    origin: Snapped,
    place: tuple[float, float],
    minutes: float,
    gap_m: float,
) -> shapely.Geometry:
    """Return the area of one limit; `began_ms` is when one is at the tail of each of the arcs."""
    network, limit_ms = search.network, minutes * 60_000.0
    ahead, back = _reached(arcs, limit_ms - began_ms, len(network.chains))
    left_ms = limit_ms - float(search.to_road.ms(origin.metres))
    own = (origin.chain, origin.share, origin.share)
    on_land = network.chains["kind"] != FERRY  # nobody is at home on the water
    chosen = np.flatnonzero(((ahead > 0) | (back > 0)) & on_land)
    if left_ms >= 0 and network.is_open(origin.chain, search.season):
        chosen = np.union1d(chosen, [origin.chain])
        for arc in network.arcs_of_chain(origin.chain):
            further = left_ms / int(arc["ms"])
            own = (own[0], own[1] - further, own[2]) if arc["backward"] else (own[0], own[1], own[2] + further)
    cell = CELL_M if minutes <= FINE_MINUTES else 2 * CELL_M
    spots, over = _spots(network, chosen, ahead, back, own, cell * _STEP)
    if not search.to_road.by_car:
        return _united(
            np.append(spots, [[origin.lon, origin.lat]], axis=0), np.zeros(len(spots) + 1), place, cell, gap_m
        )
    # From every spot of the road one goes on over local roads for the minutes that are left.
    whole_ms = np.zeros(len(network.chains))
    whole_ms[arcs["chain"]] = arcs["ms"]
    row, share = over
    left = np.maximum(ahead[row] - share, back[row] - (1.0 - share)) * whole_ms[row]
    metres = np.append(np.maximum(left, 0.0), limit_ms) * search.to_road.km_h / 3600.0 / search.to_road.detour
    widened = np.minimum(metres, search.to_road.most_m)
    return _united(np.append(spots, [[place[1], place[0]]], axis=0), widened, place, cell, gap_m)


def _reached(
    arcs: NDArray[np.void], left_ms: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much of each chain is reached from its beginning and from its end; above 1 where time is left."""
    share = left_ms / np.maximum(arcs["ms"], 1)
    most = np.zeros((2, count))
    np.maximum.at(most, (arcs["backward"], arcs["chain"]), np.maximum(share, 0.0))
    return most[0], most[1]


def _spots(
    network: RoadNetwork,
    chosen: NDArray[np.int64],
    ahead: NDArray[np.float64],
    back: NDArray[np.float64],
    own: tuple[int, float, float],
    step: float,
) -> tuple[NDArray[np.float64], tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Return spots along the reached parts of chains, degrees, not farther apart than `step` metres.

    `own` is the origin's chain, with the shares between which it is reached without leaving it. Returned beside: the
    chain of each spot, and how far along it the spot is.
    """
    if not len(chosen):
        return np.empty((0, 2)), (chosen, np.empty(0))
    begin, end = network.chain_starts[chosen], network.chain_starts[chosen + 1]
    count = end - begin
    at = np.repeat(begin - np.append(0, np.cumsum(count)[:-1]), count) + np.arange(int(count.sum()))
    degrees = network.points[at] / SCALE
    row = np.repeat(np.arange(len(chosen)), count)
    inner = row[:-1] == row[1:]
    one, other, row = degrees[:-1][inner], degrees[1:][inner], row[:-1][inner]
    metres = short_metres(one[:, 0], one[:, 1], other[:, 0], other[:, 1])
    before = np.cumsum(metres) - metres
    first = np.flatnonzero(np.append(True, np.diff(row) != 0))
    before -= np.repeat(before[first], np.diff(np.append(first, len(row))))
    whole = np.bincount(row, weights=metres, minlength=len(chosen))
    parts = np.maximum(np.ceil(metres / step), 1).astype(np.int64)
    segment = np.repeat(np.arange(len(metres)), parts)
    nth = np.arange(len(segment)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = (nth + 0.5) / parts[segment]
    along = (before[segment] + metres[segment] * share) / np.maximum(whole[row[segment]], 1e-9)
    near = (along <= ahead[chosen][row[segment]]) | (1.0 - along <= back[chosen][row[segment]])
    near |= (chosen[row[segment]] == own[0]) & (along >= own[1]) & (along <= own[2])
    spots = one[segment] + (other[segment] - one[segment]) * share[:, None]
    return spots[near], (chosen[row[segment]][near], along[near])


def _united(
    spots: NDArray[np.float64], widened_m: NDArray[np.float64], place: tuple[float, float], cell: float, gap_m: float
) -> shapely.Geometry:
    """Unite the cells within some metres of each spot, in rows first; smooth, fill small holes, go back to degrees."""
    lat, lon = place
    scale = np.array(metres_per_degree(lat))
    at = np.floor((spots - (lon, lat)) * scale / cell).astype(np.int64)
    cells = _widened(at, widened_m / cell) if widened_m.any() else np.unique(at, axis=0)
    if gap_m > cell:
        cells = _closed(cells, gap_m / cell)
    cells = cells[np.lexsort((cells[:, 0], cells[:, 1]))]
    breaks = (np.diff(cells[:, 1]) != 0) | (np.diff(cells[:, 0]) != 1)
    first = np.append(0, np.flatnonzero(breaks) + 1)
    last = np.append(first[1:], len(cells)) - 1
    rows = shapely.box(
        cells[first, 0] * cell, cells[first, 1] * cell, (cells[last, 0] + 1) * cell, (cells[first, 1] + 1) * cell
    )
    area = shapely.union_all(rows).buffer(cell, quad_segs=2).buffer(-cell * 0.6, quad_segs=2)
    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area > 16 * cell**2])
        for part in shapely.get_parts(area)
    ]
    thin = shapely.simplify(shapely.MultiPolygon(parts), cell / 4)
    return shapely.set_precision(shapely.transform(shapely.make_valid(thin), lambda xy: xy / scale + (lon, lat)), 1e-6)


def _widened(cells: NDArray[np.int64], widths: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return all cells that are within the width of one of the cells, in cells, rounded down to one of _WIDTHS."""
    most = int(widths.max()) + 1
    corner = cells.min(axis=0) - most
    size = cells.max(axis=0) + most + 1 - corner
    inside = np.zeros(size, bool)
    for width in _WIDTHS:
        wide = np.ones(size, bool)
        wide[tuple((cells[widths >= width] - corner).T)] = False
        if not wide.all():
            inside |= distance_transform_edt(wide) <= width
    return np.asarray(np.argwhere(inside) + corner)


def _closed(cells: NDArray[np.int64], width: float) -> NDArray[np.int64]:
    """Fill what lies between cells: those within a width of one of them, less those within it of what is then left."""
    most = int(width) + 2
    corner = cells.min(axis=0) - most
    wide = np.ones(cells.max(axis=0) + most + 1 - corner, bool)
    wide[tuple((cells - corner).T)] = False
    grown = distance_transform_edt(wide) <= width
    kept = np.asarray(distance_transform_edt(np.pad(grown, 1)))[1:-1, 1:-1] > width
    kept[tuple((cells - corner).T)] = True
    return np.asarray(np.argwhere(kept) + corner)
