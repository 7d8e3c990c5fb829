"""How far one comes in so many minutes, as areas: the roads reached, widened to cells, united and smoothed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.roads.degrees import SCALE, short_metres
from geo.roads.road_network import FERRY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.roads.road_network import RoadNetwork
    from geo.roads.road_search import RoadSearch
    from geo.roads.snap_grid import Snapped

CELL_M = 200.0  # of an isochrone of up to FINE_MINUTES; twice that beyond
FINE_MINUTES = 30.0
_STEP = 0.5  # of a cell, between the spots looked at along a road


def isochrones(search: RoadSearch, lat: float, lon: float, minutes: Sequence[float]) -> list[shapely.Geometry]:
    """Return the areas that one reaches within each of some limits.

    Parameters
    ----------
    search
        The roads and the season.
    lat, lon
        Where from, WGS84 degrees.
    minutes
        The limits.

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
    areas: dict[float, shapely.Geometry] = {}
    smaller: shapely.Geometry = shapely.MultiPolygon()
    for limit in sorted(set(minutes)):
        smaller = areas[limit] = shapely.union(smaller, _area(search, took, origin, limit))
    return [areas[limit] for limit in minutes]


def _area(search: RoadSearch, took: NDArray[np.float64], origin: Snapped, minutes: float) -> shapely.Geometry:
    network, limit_ms = search.network, minutes * 60_000.0
    ahead, back = _reached(search, took, limit_ms)
    left_ms = limit_ms - float(search.to_road.ms(origin.metres))
    own = (origin.chain, origin.share, origin.share)
    on_land = network.chains["kind"][:-1] != FERRY  # nobody is at home on the water
    chosen = np.flatnonzero(((ahead > 0) | (back > 0)) & on_land)
    if left_ms >= 0 and network.is_open(origin.chain, search.season):
        chosen = np.union1d(chosen, [origin.chain])
        for arc in network.arcs_of_chain(origin.chain):
            further = left_ms / int(arc["ms"])
            own = (own[0], own[1] - further, own[2]) if arc["backward"] else (own[0], own[1], own[2] + further)
    if not len(chosen):
        return shapely.MultiPolygon()
    cell = CELL_M if minutes <= FINE_MINUTES else 2 * CELL_M
    spots = _spots(network, chosen, ahead, back, own, cell * _STEP)
    return _united(np.append(spots, [[origin.lon, origin.lat]], axis=0), (origin.lat, origin.lon), cell)


def _reached(search: RoadSearch, took: NDArray[np.float64], limit_ms: float) -> tuple[NDArray[np.float64], ...]:
    """Return how much of each chain is reached from its beginning, and from its end, 0 to 1."""
    arcs, chains = search.network.arcs, search.network.chains
    shares = []
    months = chains["months"][arcs["chain"]] if len(arcs) else np.empty(0, int)
    is_open = (months >> (0 if search.season == "winter" else 7)) & 1 == 0
    left = limit_ms - took[arcs["tail"]]
    share = np.where(is_open & (left > 0), np.minimum(left / np.maximum(arcs["ms"], 1), 1.0), 0.0)
    for backward in (0, 1):
        most = np.zeros(len(chains) - 1)
        which = (arcs["backward"] == backward) & (share > 0)
        np.maximum.at(most, arcs["chain"][which], share[which])
        shares.append(most)
    return tuple(shares)


def _spots(
    network: RoadNetwork,
    chosen: NDArray[np.int64],
    ahead: NDArray[np.float64],
    back: NDArray[np.float64],
    own: tuple[int, float, float],
    step: float,
) -> NDArray[np.float64]:
    """Return spots along the reached parts of chains, degrees, not farther apart than `step` metres.

    `own` is the origin's chain, with the shares between which it is reached without leaving it.
    """
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
    return np.asarray(spots[near])


def _united(spots: NDArray[np.float64], centre: tuple[float, float], cell: float) -> shapely.Geometry:
    """Unite the cells in which spots are, in rows first; smooth, fill small holes, and go back to degrees."""
    lat, lon = centre
    scale = np.array(
        [
            float(short_metres(np.array([lon]), np.array([lat]), np.array([lon + 0.01]), np.array([lat]))[0]) * 100,
            float(short_metres(np.array([lon]), np.array([lat]), np.array([lon]), np.array([lat + 0.01]))[0]) * 100,
        ]
    )
    cells = np.unique(np.floor((spots - (lon, lat)) * scale / cell).astype(np.int64), axis=0)
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
