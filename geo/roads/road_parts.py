"""The way itself between two points by road: its minutes, kilometres and line, in the parts of which it is made."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.roads.degrees import SCALE, short_metres
from geo.roads.road_network import FERRY, TRACK
from geo.spatial.crs import geodesic_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.roads.road_network import RoadNetwork
    from geo.roads.road_search import RoadSearch
    from geo.roads.snap_grid import Snapped


@dataclass(frozen=True)
class RoadPart:
    """A part of a way.

    Attributes
    ----------
    kind
        `road`, `unpaved`, `track`, `ferry`; `walk` to and from the road, `local` where that is driven.
    minutes, km
        Of the part.
    line
        (n, 2) lon and lat, WGS84 degrees.
    """

    kind: str
    minutes: float
    km: float
    line: NDArray[np.float64]


@dataclass(frozen=True)
class RoadRoute:
    """A way between two points.

    Attributes
    ----------
    minutes, km
        Of the whole.
    parts
        In their order.
    """

    minutes: float
    km: float
    parts: tuple[RoadPart, ...]


@dataclass(frozen=True)
class _Stretch:
    """A chain, or a part of it from one share to another, driven in the direction of the shares."""

    chain: int
    first: float
    last: float
    ms: float


def road_route(search: RoadSearch, start: tuple[float, float], end: tuple[float, float]) -> RoadRoute | None:
    """Return the shortest way between two points.

    Parameters
    ----------
    search
        The roads and the season.
    start, end
        Latitude and longitude, WGS84 degrees.

    Returns
    -------
    RoadRoute or None
        None where one of them is far from every road, or no road leads there in this season.
    """
    origin, target = search.snap(*start), search.snap(*end)
    found = search.route_nodes(origin, target) if origin is not None and target is not None else None
    direct = float(search.minutes_direct(*start, origin, search.pin(end[0], end[1]))[0])
    if origin is None or target is None or found is None or direct < found[0] / 60_000.0:
        return _direct_route(search, start, end, direct) if isfinite(direct) else None
    ms, nodes = found
    stretches = _stretches(search, origin, target, nodes)
    to_road = "local" if search.to_road.by_car else "walk"
    parts = [
        _straight(search, to_road, start, origin),
        *_road_parts(search.network, stretches),
        _straight(search, to_road, end, target, reverse=True),
    ]
    parts = [part for part in parts if part.km > 0]
    return RoadRoute(ms / 60_000.0, sum(part.km for part in parts), tuple(parts))


def _direct_route(
    search: RoadSearch, start: tuple[float, float], end: tuple[float, float], minutes: float
) -> RoadRoute:
    """Return the straight way between two points that are near each other."""
    km = float(geodesic_m(*start, *end)[0]) * search.to_road.detour / 1000
    kind = "local" if search.to_road.by_car else "walk"
    return RoadRoute(minutes, km, (RoadPart(kind, minutes, km, np.array([start[::-1], end[::-1]])),))


def _straight(
    search: RoadSearch, kind: str, point: tuple[float, float], where: Snapped, *, reverse: bool = False
) -> RoadPart:
    ends = [(point[1], point[0]), (where.lon, where.lat)]
    km = where.metres * search.to_road.detour / 1000
    return RoadPart(
        kind, float(search.to_road.ms(where.metres)) / 60_000.0, km, np.array(ends[::-1] if reverse else ends)
    )


def _stretches(search: RoadSearch, origin: Snapped, target: Snapped, nodes: list[int]) -> list[_Stretch]:
    """Return what is driven: a part of the origin's chain, whole chains between nodes, a part of the target's."""
    network = search.network
    if not nodes:
        backward = target.share < origin.share
        ms = min(
            int(arc["ms"])
            for arc in network.arcs_of_chain(origin.chain)
            if backward == bool(arc["backward"]) or target.share == origin.share
        )
        return [_Stretch(origin.chain, origin.share, target.share, ms * abs(target.share - origin.share))]
    leaving = [
        (int(arc["ms"]) * (origin.share if arc["backward"] else 1 - origin.share), bool(arc["backward"]))
        for arc in network.arcs_of_chain(origin.chain)
        if arc["head"] == nodes[0]
    ]
    arriving = [
        (int(arc["ms"]) * (1 - target.share if arc["backward"] else target.share), bool(arc["backward"]))
        for arc in network.arcs_of_chain(target.chain)
        if arc["tail"] == nodes[-1]
    ]
    left, came = min(leaving), min(arriving)
    between = [_driven(network, search.season, *pair) for pair in pairwise(nodes)]
    return [
        _Stretch(origin.chain, origin.share, 0.0 if left[1] else 1.0, left[0]),
        *between,
        _Stretch(target.chain, 1.0 if came[1] else 0.0, target.share, came[0]),
    ]


def _driven(network: RoadNetwork, season: str, tail: int, head: int) -> _Stretch:
    """Return the quickest open chain from one node to another."""
    there = network.arcs_from(tail)
    fitting: list[Any] = [arc for arc in there if arc["head"] == head and network.is_open(int(arc["chain"]), season)]
    arc = min(fitting, key=lambda each: int(each["ms"]))
    ends = (1.0, 0.0) if arc["backward"] else (0.0, 1.0)
    return _Stretch(int(arc["chain"]), *ends, int(arc["ms"]))


def _road_parts(network: RoadNetwork, stretches: list[_Stretch]) -> list[RoadPart]:
    drawn = [(_kind(network, each.chain), each, _line(network, each)) for each in stretches if each.first != each.last]
    parts = []
    for kind, group in groupby(drawn, key=lambda each: each[0]):
        same = list(group)
        line = np.concatenate([points for _kind_of, _each, points in same])
        keep = np.append(True, (np.diff(line, axis=0) != 0).any(axis=1))
        km = sum(_metres(points) for _kind_of, _each, points in same) / 1000
        parts.append(RoadPart(kind, sum(each.ms for _k, each, _points in same) / 60_000.0, km, line[keep]))
    return parts


def _kind(network: RoadNetwork, chain: int) -> str:
    row = network.chains[chain]
    if row["kind"] in (FERRY, TRACK):
        return "ferry" if row["kind"] == FERRY else "track"
    return "unpaved" if row["unpaved"] else "road"


def _line(network: RoadNetwork, stretch: _Stretch) -> NDArray[np.float64]:
    """Return the points of a stretch, in the order in which it is driven."""
    begin, end = network.chain_starts[stretch.chain], network.chain_starts[stretch.chain + 1]
    points = network.points[begin:end] / SCALE
    metres = short_metres(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    along = np.append(0.0, np.cumsum(metres)) / max(float(metres.sum()), 1e-9)
    low, high = sorted((stretch.first, stretch.last))
    inside = points[(along > low) & (along < high)]
    ends = [[np.interp(share, along, points[:, i]) for i in (0, 1)] for share in (low, high)]
    line = np.concatenate([ends[:1], inside, ends[1:]])
    return line if stretch.first <= stretch.last else line[::-1]


def _metres(line: NDArray[np.float64]) -> float:
    return float(short_metres(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]).sum())
