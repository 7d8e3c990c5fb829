"""Small networks made by hand, and the obvious search on them."""

from __future__ import annotations

import heapq
import math
from itertools import pairwise

import numpy as np

from geo.roads.reading.network_build import build_network
from geo.roads.reading.raw_roads import RawRoads, TurnRule
from geo.roads.reading.way_rules import RoadWay
from geo.roads.road_network import ROAD, RoadNetwork
from geo.roads.road_speeds import load_speeds
from geo.spatial.crs import geodesic_m

LAT, LON, STEP = 46.0, 26.0, 0.01  # the corner of a grid of some 770 by 1,110 m


def spot(column: float, row: float) -> tuple[float, float]:
    """Latitude and longitude of a place on the grid."""
    return LAT + row * STEP, LON + column * STEP


def raw_of(
    nodes: list[tuple[float, float]],
    roads: list[tuple[RoadWay, list[int]]],
    *,
    turns: tuple[TurnRule, ...] = (),
    barriers: tuple[int, ...] = (),
) -> RawRoads:
    """Roads along nodes, each a (column, row) of the grid."""
    where = np.array([spot(*node) for node in nodes]).reshape(-1, 2)
    pieces = [(a, b, i) for i, (_way, along) in enumerate(roads) for a, b in pairwise(along)]
    start, end, way = (np.array([piece[i] for piece in pieces], np.int64) for i in range(3))
    ways = [each for each, _along in roads]
    classes = tuple(dict.fromkeys(each.road_class for each in ways)) or ("road",)
    return RawRoads(
        lon=where[:, 1], lat=where[:, 0], start=start, end=end, way=way,
        kind=np.array([w.kind for w in ways], np.uint8),
        road_class=np.array([classes.index(w.road_class) for w in ways], np.uint8),
        forward_km_h=np.array([w.forward_km_h for w in ways], float),
        backward_km_h=np.array([w.backward_km_h for w in ways], float),
        foot_km_h=np.array([w.foot_km_h for w in ways], float),
        seconds=np.array([w.seconds for w in ways], float),
        closed_months=np.array([w.closed_months for w in ways], np.uint16),
        unpaved=np.array([w.unpaved for w in ways], bool),
        classes=classes, turns=turns, car_barriers=np.array(barriers, np.int64),
    )  # fmt: skip


def two_way(km_h: float = 50.0, kind: int = ROAD, **more: object) -> RoadWay:
    return RoadWay("road", kind, km_h, km_h, 4.5, **more)  # type: ignore[arg-type]


def one_way(km_h: float = 50.0) -> RoadWay:
    return RoadWay("road", ROAD, km_h, 0.0, 4.5)


def network_of(raw: RawRoads, mode: str = "car") -> RoadNetwork:
    return build_network(raw, mode, load_speeds())[0]


def obvious_ms(network: RoadNetwork, sources: list[tuple[int, float]], season: str = "summer") -> dict[int, float]:
    """Dijkstra's search in so many words, over the arcs themselves."""
    arcs: dict[int, list[tuple[int, int]]] = {}
    for arc in network.arcs:
        if network.is_open(int(arc["chain"]), season):
            arcs.setdefault(int(arc["tail"]), []).append((int(arc["head"]), int(arc["ms"])))
    best: dict[int, float] = {}
    queue = [(ms, node) for node, ms in sources]
    heapq.heapify(queue)
    while queue:
        ms, node = heapq.heappop(queue)
        if node in best:
            continue
        best[node] = ms
        for head, more in arcs.get(node, []):
            if head not in best:
                heapq.heappush(queue, (ms + more, head))
    return best


def obvious_minutes(search, start, end) -> float:
    """Minutes between two points, from where they meet the roads, by the obvious search."""
    network, season = search.network, search.season
    origin, target = search.snap(*start), search.snap(*end)
    if origin is None and target is None:
        metres = geodesic_m(*start, *end)[0]
        return float(search.to_road.ms(metres)) / 60_000 if metres <= search.to_road.most_direct_m else math.inf
    if origin is None or target is None:
        return math.inf
    if not (network.is_open(origin.chain, season) and network.is_open(target.chain, season)):
        return math.inf
    first, last = float(search.to_road.ms(origin.metres)), float(search.to_road.ms(target.metres))
    leave, best = [], math.inf
    for arc in (a for a in network.arcs if a["chain"] == origin.chain):
        share = origin.share if arc["backward"] else 1 - origin.share
        leave.append((int(arc["head"]), first + round(int(arc["ms"]) * share)))
    reached = obvious_ms(network, leave, season)
    for arc in (a for a in network.arcs if a["chain"] == target.chain):
        share = 1 - target.share if arc["backward"] else target.share
        best = min(best, reached.get(int(arc["tail"]), math.inf) + round(int(arc["ms"]) * share) + last)
        if arc["chain"] == origin.chain:
            ahead = (origin.share - target.share) if arc["backward"] else (target.share - origin.share)
            if ahead >= 0:
                best = min(best, first + last + round(int(arc["ms"]) * ahead))
    return best / 60_000
