"""Minutes by road from a point to many, exactly.

On a contraction hierarchy where its library is installed, else by Dijkstra's search (scipy), on the same whole
milliseconds.

Customizable contraction hierarchies: Dibbelt, Strasser and Wagner 2016, ACM Journal of Experimental Algorithmics 21. A
point lies on a road between two junctions: the search leaves over each of them that the road leads to, and arrives over
each from which it does; what lies between is a share of the road's time. The ways to the road at both ends are counted.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.roads.degrees import short_metres
from geo.roads.hierarchy import HierarchyQuery, customized, give_back, has_hierarchy
from geo.roads.pinned_points import PinnedPoints
from geo.roads.road_network import SEASONS
from geo.roads.snap_grid import Snapped, snap
from geo.spatial.crs import geodesic_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from geo.roads.road_network import RoadNetwork

MOST_SNAP_M = 3_000.0
MOST_DIRECT_M = 2_000.0
WALK_KM_H, WALK_DETOUR = 4.5, 1.25  # as the straight line walks
_MOST_SNAPS = 200_000
_MANY = 100  # points touch so much of the files that the pages are given back
_FEW = 3  # of many points, asked each time anew: fewer than one in so many are sooner pinned than all are searched
_AIR_LESS = 0.97  # a distance by degrees may be so much too long across a country
_LIMITS_MIN = (15.0, 30.0, 60.0, 120.0, 240.0, math.inf)
_MS = 60_000.0
_LEAST = 1e-6  # a way of no length must still be an arc


@dataclass(frozen=True)
class ToRoad:
    """How a point reaches the road.

    Attributes
    ----------
    km_h, detour
        Speed, and the ratio of the way to the straight line.
    most_m
        Metres beyond which it does not.
    by_car
        Whether it is driven, over roads that the network does not have; else walked.
    most_direct_m
        Metres up to which one goes straight between two points without the network: driven always, on foot where
        neither of them meets it (an island).
    """

    km_h: float = WALK_KM_H
    detour: float = WALK_DETOUR
    most_m: float = MOST_SNAP_M
    by_car: bool = False
    most_direct_m: float = MOST_DIRECT_M

    def ms(self, metres: ArrayLike) -> NDArray[np.float64]:
        """Return the whole milliseconds that so many straight metres take."""
        return np.rint(np.asarray(metres, float) * self.detour * 3600.0 / self.km_h)


class RoadSearch:
    """Searches on one network in one season.

    Parameters
    ----------
    network
        The roads of one mode.
    season
        `summer` or `winter`.
    to_road
        How points reach the road.
    tracks_last
        Whether a track is met only where no road is near.
    hierarchy
        Whether to use a contraction hierarchy, where its library and an order are there.
    """

    def __init__(
        self,
        network: RoadNetwork,
        season: str = "summer",
        *,
        to_road: ToRoad | None = None,
        tracks_last: bool = True,
        hierarchy: bool = True,
    ) -> None:
        self.network = network
        self.season = season
        self.to_road = to_road or ToRoad()
        self.tracks_last = tracks_last
        self._count = len(network.nodes)
        self._turn = threading.Lock()
        self._query: HierarchyQuery | None = None
        self._snaps: dict[tuple[float, float], Snapped | None] = {}
        there = has_hierarchy() and len(network.order) == self._count > 0
        self.uses_hierarchy = there and hierarchy is not False

    def __reduce__(self) -> tuple[partial[RoadSearch], tuple[RoadNetwork, str]]:
        """Go to another process as the roads and how they are searched: what was built on them is built there anew."""
        made = partial(RoadSearch, to_road=self.to_road, tracks_last=self.tracks_last, hierarchy=self.uses_hierarchy)
        return made, (self.network, self.season)

    @cached_property
    def _own(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The arcs' heads and milliseconds, to write the spare node's into: this search's own copy."""
        return self.network.indices.copy(), self.network.weights(self.season).copy()

    def snap(self, lat: float, lon: float) -> Snapped | None:
        """Return where a point (WGS84 degrees) meets the network, None where it does not."""
        return snap(self.network, lat, lon, most_m=self.to_road.most_m, tracks_last=self.tracks_last)

    def pin(self, lats: ArrayLike, lons: ArrayLike) -> PinnedPoints:
        """Tie points (WGS84 degrees) to the network, for `minutes`; one that is far from every road is unreachable."""
        lat, lon = np.atleast_1d(np.asarray(lats, float)), np.atleast_1d(np.asarray(lons, float))
        snapped = [self.snapped(*each) for each in zip(lat.tolist(), lon.tolist(), strict=True)]
        pinned = self._pinned(lat, lon, snapped)
        if len(lat) > _MANY:
            give_back(*vars(self.network).values())
        return pinned

    def snapped(self, lat: float, lon: float) -> Snapped | None:
        """Return `snap`, found once for a point: many services stand at one, and a type after another is pinned."""
        if (lat, lon) not in self._snaps:
            if len(self._snaps) >= _MOST_SNAPS:
                self._snaps.clear()
            self._snaps[lat, lon] = self.snap(lat, lon)
        return self._snaps[lat, lon]

    def _pinned(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], snapped: Sequence[Snapped | None]
    ) -> PinnedPoints:
        """Find the arcs of the roads on which points lie, and what is left of each."""
        there = [(i, each) for i, each in enumerate(snapped) if each is not None]
        chain = np.array([each.chain for _i, each in there], np.int64)
        months = self.network.chains["months"][chain].astype(int)
        is_open = (months >> SEASONS[self.season]) & 1 == 0
        count = np.where(is_open, self.network.chain_arcs[chain + 1] - self.network.chain_arcs[chain], 0)
        row = np.repeat(np.arange(len(there)), count)
        nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        arcs = self.network.arcs[self.network.chain_arcs[chain][row] + nth]
        point = np.array([i for i, _each in there], np.int64)[row]
        share = np.array([each.share for _i, each in there], float)[row]
        walk = self.to_road.ms([each.metres for _i, each in there])[row]
        back = arcs["backward"] > 0
        ms = arcs["ms"].astype(float)
        arrive = walk + np.rint(ms * np.where(back, 1.0 - share, share))
        leave = walk + np.rint(ms * np.where(back, share, 1.0 - share))
        tail, head = arcs["tail"].astype(np.int64), arcs["head"].astype(np.int64)
        reached, reached_at = np.unique(tail, return_inverse=True)
        return PinnedPoints(lat, lon, tuple(snapped), tail, arrive, point, head, leave, point, reached, reached_at)

    def minutes(
        self, lat: float, lon: float, points: PinnedPoints, *, most_minutes: float = math.inf
    ) -> NDArray[np.float64]:
        """Return minutes from a point (WGS84 degrees) to each of the pinned points.

        Infinite where a point cannot be reached, or only in more than `most_minutes`. Exact whatever the limit, and
        whatever other points are asked for beside.
        """
        origin = self.snap(lat, lon)
        return np.minimum(
            self._over_roads(origin, points, most_minutes, self._within(lat, lon, points, most_minutes)),
            self.minutes_direct(lat, lon, origin, points, most_minutes=most_minutes),
        )

    def _within(self, lat: float, lon: float, points: PinnedPoints, most_minutes: float) -> NDArray[np.bool_] | None:
        """Return which points a limit may reach, where they are so few that they alone are to be searched for."""
        if not self.uses_hierarchy or not math.isfinite(most_minutes):
            return None
        only: NDArray[np.bool_] = self._least_ms(lat, lon, points) <= most_minutes * _MS
        return only if np.count_nonzero(only) * _FEW < len(points) else None

    def minutes_to_few(self, lat: float, lon: float, points: PinnedPoints) -> NDArray[np.float64]:
        """Do as `minutes`, by searches that grow until all points are reached: quick where they are near."""
        took = np.full(len(points), np.inf)
        for limit in (math.inf,) if self.uses_hierarchy else _LIMITS_MIN:
            took = self.minutes(lat, lon, points, most_minutes=limit)
            if np.isfinite(took).all():
                break
        return took

    def chosen(self, points: PinnedPoints, positions: NDArray[np.intp]) -> PinnedPoints:
        """Return some of the pinned points, in the order of their positions."""
        snapped = [points.snapped[position] for position in positions.tolist()]
        return self._pinned(points.lat[positions], points.lon[positions], snapped)

    def minutes_between(
        self, origins: PinnedPoints, at: int, points: PinnedPoints, *, most_minutes: float = math.inf
    ) -> NDArray[np.float64]:
        """Do as `minutes`, from one of some points that are pinned."""
        lat, lon, origin = origins.lat[at], origins.lon[at], origins.snapped[at]
        return np.minimum(
            self._over_roads(origin, points, most_minutes, self._within(lat, lon, points, most_minutes)),
            self.minutes_direct(lat, lon, origin, points, most_minutes=most_minutes),
        )

    def minutes_direct(
        self, lat: float, lon: float, origin: Snapped | None, points: PinnedPoints, *, most_minutes: float = math.inf
    ) -> NDArray[np.float64]:
        """Return the minutes to points so near that one goes straight, infinite to all others (`ToRoad`).

        `origin` is where the point (WGS84 degrees) meets the network.
        """
        took = np.full(len(points), np.inf)
        roadside = points.is_snapped
        if not len(points) or not (self.to_road.by_car or (origin is None and not roadside.all())):
            return took
        near = np.abs(points.lat - lat) * 110_000 <= self.to_road.most_direct_m
        near &= np.ones(len(points), bool) if self.to_road.by_car else ~roadside
        metres = geodesic_m(lat, lon, points.lat[near], points.lon[near])
        minutes = np.where(metres <= self.to_road.most_direct_m, self.to_road.ms(metres) / _MS, np.inf)
        took[near] = np.where(minutes <= most_minutes, minutes, np.inf)
        return took

    @cached_property
    def _fastest(self) -> float:
        """Metres a millisecond that nobody exceeds: of the fastest road of the network, or of the way to it."""
        arcs, chains = self.network.arcs, self.network.chains
        fastest = float((chains["metres"][arcs["chain"]] / np.maximum(arcs["ms"], 1)).max(initial=0.0))
        give_back(arcs, chains)
        to_road = self.to_road.km_h / 3600.0 / self.to_road.detour
        return max(fastest * 1.01, to_road)

    def _least_ms(self, lat: float, lon: float, points: PinnedPoints) -> NDArray[np.float64]:
        """Return milliseconds that nobody needs less than, by the distance in the air and the fastest road."""
        metres = short_metres(lon, lat, points.lon, points.lat) * _AIR_LESS
        return metres / self._fastest - 5.0  # five ends that may be rounded

    def _over_roads(
        self,
        origin: Snapped | None,
        points: PinnedPoints,
        most_minutes: float,
        only: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.float64]:
        took = np.full(len(points), np.inf)
        departures = self._departures(origin) if origin is not None else []
        if origin is None or not len(points):
            return took
        if departures and len(points.node):
            limit = most_minutes * _MS if math.isfinite(most_minutes) else math.inf
            at_nodes = (
                self._by_hierarchy(departures, points, only)
                if self.uses_hierarchy
                else self._by_search(departures, points, limit)
            )
            np.minimum.at(took, points.point, at_nodes[points.reached_at] + points.ms)
        for i, ms in self._along_same_chain(origin, points):
            took[i] = min(took[i], ms)
        minutes = took / _MS
        minutes[minutes > most_minutes] = np.inf
        return minutes

    def nearest_each(
        self, origins: PinnedPoints, points: PinnedPoints
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return for each of `origins` the nearest of `points` over the roads: its position (-1, none) and minutes."""
        site, took = np.full(len(origins), -1, np.int64), np.full(len(origins), np.inf)
        if not len(points.node) or not len(origins.left_node):
            return site, took
        least, at = self._reversed_from(points)
        over = least[origins.left_node] + origins.left_ms
        best = np.lexsort((over, origins.left_point))
        best = best[np.flatnonzero(np.append(True, np.diff(origins.left_point[best]) != 0))]
        best = best[np.isfinite(over[best])]
        site[origins.left_point[best]], took[origins.left_point[best]] = at[origins.left_node[best]], over[best]
        for i, origin in enumerate(origins.snapped):
            for point, ms in self._along_same_chain(origin, points) if origin is not None else ():
                if ms < took[i]:
                    site[i], took[i] = point, ms
        return site, took / _MS

    def settled(self, origin: Snapped, most_minutes: float) -> NDArray[np.float64]:
        """Return the milliseconds from an origin to every node, infinite beyond the limit."""
        return self._searched(self._departures(origin), most_minutes * _MS)[0]

    def route_nodes(self, origin: Snapped, target: Snapped) -> tuple[float, list[int]] | None:
        """Return milliseconds and nodes of the shortest way between two places on the network.

        No nodes where it stays on one chain; None where there is no way.
        """
        points = self._pinned(np.array([target.lat]), np.array([target.lon]), [target])
        along = min((ms for _i, ms in self._along_same_chain(origin, points)), default=math.inf)
        departures = self._departures(origin)
        best, nodes = along, list[int]()
        if departures and len(points.node):
            ms, before = self._searched(departures, math.inf, with_predecessors=True)
            at = ms[points.node] + points.ms
            nearest = int(np.argmin(at))
            if at[nearest] < best:
                best, node = float(at[nearest]), int(points.node[nearest])
                while node != self._count:
                    nodes.append(node)
                    node = int(before[node])
        return (best, nodes[::-1]) if math.isfinite(best) else None

    def _departures(self, where: Snapped) -> list[tuple[int, float]]:
        """Return the nodes over which one leaves a place on a road, and the milliseconds to them from the point."""
        if not self.network.is_open(where.chain, self.season):
            return []
        first = float(self.to_road.ms(where.metres))
        least: dict[int, float] = {}
        for _tail, head, _chain, ms, backward in self.network.arcs_of_chain(where.chain).tolist():
            left = first + round(ms * (where.share if backward else 1.0 - where.share))
            least[head] = min(left, least.get(head, math.inf))
        return list(least.items())

    def _along_same_chain(self, origin: Snapped, points: PinnedPoints) -> list[tuple[int, float]]:
        """Return the points that lie on the origin's own chain and are reached without leaving it."""
        beside = points.on_chain(origin.chain)
        if not beside or not self.network.is_open(origin.chain, self.season):
            return []
        arcs = self.network.arcs_of_chain(origin.chain).tolist()
        first = float(self.to_road.ms(origin.metres))
        found = []
        for i, where in beside:
            ahead = where.share - origin.share
            ends = first + float(self.to_road.ms(where.metres))
            found += [
                (i, ends + round(ms * abs(ahead)))
                for _tail, _head, _chain, ms, backward in arcs
                if ahead == 0 or (ahead < 0) == bool(backward)
            ]
        return found

    def _by_search(
        self, departures: Sequence[tuple[int, float]], points: PinnedPoints, limit_ms: float
    ) -> NDArray[np.float64]:
        return self._searched(departures, limit_ms)[0][points.reached]

    def _searched(
        self, departures: Sequence[tuple[int, float]], limit_ms: float, *, with_predecessors: bool = False
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Search from the spare node, whose arcs are the departures: milliseconds of each node, and the node before."""
        spare = int(self.network.indptr[self._count])
        with self._turn:
            heads, weights = self._own
            weights[spare:] = np.inf
            for i, (node, ms) in enumerate(departures):
                heads[spare + i], weights[spare + i] = node, ms
            graph = csr_array((weights, heads, self.network.indptr), shape=(self._count + 1,) * 2)
            if with_predecessors:
                ms, before = dijkstra(graph, True, self._count, True, limit=limit_ms)  # type: ignore[call-overload]
            else:
                ms, before = dijkstra(graph, indices=[self._count], limit=limit_ms)[0], np.empty(0, np.int32)
        return ms[: self._count], before

    def _reversed_from(self, points: PinnedPoints) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return of each node the least milliseconds to any of the points, and which: arcs turned round, one search."""
        order = np.lexsort((points.point, points.ms, points.node))
        first = order[np.flatnonzero(np.append(True, np.diff(points.node[order]) != 0))]
        nodes, seeds = points.node[first], points.ms[first]
        spare = int(self.network.indptr[self._count])
        tails = np.repeat(np.arange(self._count), np.diff(self.network.indptr[: self._count + 1]))
        rows = np.append(self.network.indices[:spare], np.full(len(nodes), self._count))
        columns, ms = (
            np.append(tails, nodes),
            np.append(self.network.weights(self.season)[:spare], np.maximum(seeds, _LEAST)),
        )
        graph = csr_array((ms, (rows, columns)), shape=(self._count + 1,) * 2)
        least, before = dijkstra(graph, True, self._count, True)  # type: ignore[call-overload]
        # From each node back to the one by which its way leaves the network, in log n rounds.
        last = np.where((before < 0) | (before == self._count), np.arange(self._count + 1), before)
        while not np.array_equal(further := last[last], last):
            last = further
        of_node = np.full(self._count + 1, -1, np.int64)
        of_node[nodes] = points.point[first]
        return least[: self._count], of_node[last[: self._count]]

    def _by_hierarchy(
        self, departures: Sequence[tuple[int, float]], points: PinnedPoints, only: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float64]:
        """Search for the nodes of the points, or of some of them alone: then infinite to the others."""
        at = None if only is None else np.unique(points.reached_at[only[points.point]])
        with self._turn:
            if self._query is None:
                self._query = HierarchyQuery(customized(self.network, self.season))
            if at is None:
                return self._query.ms_from(departures, points.reached)
            ms = np.full(len(points.reached), np.inf)
            if len(at):
                ms[at] = self._query.ms_from(departures, points.reached[at])
            return ms
