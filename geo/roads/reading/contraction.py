"""Roads contracted to junctions: chains of pieces between two places where one may turn, and the main network of them.

A point with two neighbours alone is no junction, unless the way changes its kind, direction or months there. Chains are
found by pointer jumping (Wyllie 1979, list ranking): each piece, in each direction, learns in log n rounds which piece
ends its chain and how many lie between. A forbidden turn becomes a second node at its junction, which is entered by
the road in question alone and left by the roads that are allowed, so that the search itself knows no rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.roads.degrees import short_metres
from geo.roads.reading.heights import slopes_along, walking_share
from geo.roads.reading.raw_roads import RawRoads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.roads.reading.raw_roads import TurnRule
    from geo.roads.road_speeds import RoadSpeeds

MODES = ("car", "foot")


@dataclass(frozen=True)
class Pieces:
    """Pieces that one mode may use; seconds are infinite against a one-way."""

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    way: NDArray[np.int32]
    metres: NDArray[np.float64]
    forward_s: NDArray[np.float64]
    backward_s: NDArray[np.float64]
    months: NDArray[np.uint16]
    kind: NDArray[np.uint8]
    unpaved: NDArray[np.bool_]
    road_class: NDArray[np.uint8]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True)
class Chains:
    """Chains of pieces between junctions, before the main network is chosen.

    Attributes
    ----------
    tail, head
        First and last node of each chain.
    first_way, last_way
        Ways of its first and last piece.
    metres, forward_s, backward_s
        Of each chain.
    months, kind, unpaved
        Of each chain.
    start
        Where its points begin in `points`; one longer than the chains.
    points
        Nodes of the chains, one chain after another.
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    first_way: NDArray[np.int32]
    last_way: NDArray[np.int32]
    metres: NDArray[np.float64]
    forward_s: NDArray[np.float64]
    backward_s: NDArray[np.float64]
    months: NDArray[np.uint16]
    kind: NDArray[np.uint8]
    unpaved: NDArray[np.bool_]
    start: NDArray[np.int64]
    points: NDArray[np.int32]


def pieces_of(raw: RawRoads, mode: str, speeds: RoadSpeeds) -> Pieces:
    """Return the pieces that a mode may use, with seconds in both directions; barriers end the pieces at them."""
    if mode == "car":
        forward, backward, barriers = raw.forward_km_h[raw.way], raw.backward_km_h[raw.way], raw.car_barriers
        months = raw.closed_months[raw.way]
    else:
        forward = backward = raw.foot_km_h[raw.way]
        barriers, months = raw.foot_barriers, np.zeros(len(raw.way), np.uint16)
    usable = ((forward > 0) | (backward > 0)) & (raw.start != raw.end)
    # Four bytes a number: a country has some millions of pieces, and each array of them is held several times over.
    start, end, way = (each[usable].astype(np.int32) for each in (raw.start, raw.end, raw.way))
    metres = short_metres(raw.lon[start], raw.lat[start], raw.lon[end], raw.lat[end])
    lights = np.zeros(len(raw.lon))
    if mode == "car":
        lights[raw.signals] = speeds.known("wait", "signal_s")
    ferry_s = _ferry_seconds(raw, way, metres)
    seconds = [
        np.where(km_h > 0, np.where(ferry_s > 0, ferry_s, metres * 3.6 / np.maximum(km_h, 0.1) + lights[to]), np.inf)
        for km_h, to in ((forward[usable], end), (backward[usable], start))
    ]
    if mode == "foot" and raw.height_m is not None:
        slope = slopes_along(start, end, way, metres, raw.height_m)
        slope[ferry_s > 0] = 0.0
        seconds = [each / walking_share(rise) for each, rise in zip(seconds, (slope, -slope), strict=True)]
    lon, lat = _ended_at_barriers(raw, barriers, start, end)
    return Pieces(
        start, end, way, metres, seconds[0], seconds[1], months[usable], raw.kind[way],
        raw.unpaved[way], raw.road_class[way], lon, lat,
    )  # fmt: skip


def _ferry_seconds(raw: RawRoads, way: NDArray[np.int64], metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share what a ferry says that it takes among its pieces, by length; 0 for all else."""
    whole = np.bincount(way, weights=metres, minlength=len(raw.kind))
    return np.asarray(raw.seconds[way] * metres / np.maximum(whole[way], 1e-9))


def _ended_at_barriers(
    raw: RawRoads, barriers: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give each piece that touches a barrier an end of its own there; returns the longer arrays of coordinates."""
    lon, lat = raw.lon, raw.lat
    for ends in (start, end):
        cut = np.flatnonzero(np.isin(ends, barriers)) if len(barriers) else np.empty(0, np.int64)
        added = len(lon) + np.arange(len(cut))
        lon, lat = np.append(lon, lon[ends[cut]]), np.append(lat, lat[ends[cut]])
        ends[cut] = added
    return lon, lat


def contract(pieces: Pieces, kept: NDArray[np.int64] | None = None) -> Chains:
    """Join pieces to chains; `kept` are nodes that stay junctions whatever meets there (where a turn is ruled)."""
    count = len(pieces.start)
    tail = np.empty(2 * count, np.int32)
    tail[0::2], tail[1::2] = pieces.start, pieces.end
    following = _with_cut_rings(_following(pieces, tail, kept))
    last, rank = _ranked(following)
    canonical = np.flatnonzero(last < last[np.arange(2 * count) ^ 1])
    order = canonical[np.lexsort((-rank[canonical], last[canonical]))]
    breaks = np.flatnonzero(np.append(True, last[order][1:] != last[order][:-1])) if len(order) else order
    breaks = _with_split_rings(order, breaks, tail)
    return _summed(pieces, order, breaks, tail)


def _following(pieces: Pieces, tail: NDArray[np.int32], kept: NDArray[np.int64] | None) -> NDArray[np.int32]:
    """Return the half-piece that goes on where each ends, itself at a junction. Half 2i goes forward, 2i+1 back."""
    count = len(tail)
    following = np.arange(count, dtype=np.int32)
    by_tail = np.argsort(tail, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(tail[by_tail]) != 0)) if count else by_tail
    two = first[np.diff(np.append(first, count)) == 2]  # noqa: PLR2004  a point with two neighbours
    if kept is not None and len(kept):
        two = two[~np.isin(tail[by_tail[two]], kept)]
    one, other = by_tail[two].astype(np.int32), by_tail[two + 1].astype(np.int32)
    signature = _signature(pieces)
    through = (signature[one ^ 1] == signature[other]) & (one >> 1 != other >> 1)
    one, other = one[through], other[through]
    following[one ^ 1], following[other ^ 1] = other, one
    return following


def _signature(pieces: Pieces) -> NDArray[np.int64]:
    """Return of each half-piece what must be equal along a chain: where it is open, kind, class, surface, months."""
    ahead, back = np.isfinite(pieces.forward_s), np.isfinite(pieces.backward_s)
    of_way = ((pieces.road_class.astype(np.int64) << 3 | pieces.kind) << 1 | pieces.unpaved) << 12 | pieces.months
    both = np.empty(2 * len(ahead), np.int64)
    both[0::2] = of_way << 2 | ahead.astype(np.int64) << 1 | back
    both[1::2] = of_way << 2 | back.astype(np.int64) << 1 | ahead
    return both


def _with_cut_rings(following: NDArray[np.int32]) -> NDArray[np.int32]:
    """Let a ring without a junction begin and end where its first half-piece begins."""
    ring = np.flatnonzero(_is_endless(following))
    if not len(ring):
        return following
    ahead = np.searchsorted(ring, following[ring])
    least, further = ring.copy(), ahead
    for _round in range(len(ring).bit_length() + 1):
        least, further = np.minimum(least, least[further]), further[further]
    first = np.unique(np.minimum(least, least[np.searchsorted(ring, ring ^ 1)]))
    before = ring[np.isin(following[ring], first)]
    following[before], following[first ^ 1] = before, first ^ 1
    return following


def _is_endless(following: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which half-pieces come to no end: those that are never left behind by whoever starts at an end."""
    last = following.copy()
    for _round in range(max(len(following), 2).bit_length() + 1):
        further = last[last]
        if np.array_equal(further, last):
            break
        last = further
    return np.asarray(following[last] != last)


def _ranked(following: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return for each half-piece the one that ends its chain, and the number of steps to it."""
    last = following.copy()
    rank = (following != np.arange(len(following))).astype(np.int32)
    for _round in range(max(len(following), 2).bit_length() + 1):
        further = last[last]
        if np.array_equal(further, last):
            break
        rank += rank[last]
        last = further
    return last, rank


def _with_split_rings(
    order: NDArray[np.int64], breaks: NDArray[np.int64], tail: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Break chains that end where they began in their middle, so that no arc leads to its own node."""
    after = np.append(breaks, len(order))[1:]
    ring = (tail[order[breaks]] == tail[order[after - 1] ^ 1]) & (after - breaks > 1)
    return np.sort(np.append(breaks, (breaks[ring] + after[ring]) // 2))


def _summed(pieces: Pieces, order: NDArray[np.int64], breaks: NDArray[np.int64], tail: NDArray[np.int32]) -> Chains:
    piece, back = order >> 1, order & 1
    after = np.append(breaks, len(order))[1:]
    ahead_s = np.where(back == 0, pieces.forward_s[piece], pieces.backward_s[piece])
    back_s = np.where(back == 0, pieces.backward_s[piece], pieces.forward_s[piece])

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.add.reduceat(values, breaks) if len(breaks) else values[:0]

    # The points of a chain: where each of its pieces begins, and where the last ends.
    start = np.append(breaks + np.arange(len(breaks)), len(order) + len(breaks))
    points = np.empty(len(order) + len(breaks), np.int32)
    is_end = np.zeros(len(points), bool)
    is_end[start[1:] - 1] = True
    points[~is_end] = tail[order]
    points[is_end] = tail[order[after - 1] ^ 1]
    first = piece[breaks]
    return Chains(
        tail[order[breaks]], tail[order[after - 1] ^ 1], pieces.way[first], pieces.way[piece[after - 1]],
        total(pieces.metres[piece]), total(ahead_s), total(back_s), pieces.months[first], pieces.kind[first],
        pieces.unpaved[first], start, points,
    )  # fmt: skip


@dataclass(frozen=True)
class Arcs:
    """Chains in the directions in which they are open: node to node (of `count`), integer milliseconds.

    Attributes
    ----------
    tail, head
        Nodes.
    chain
        The chain of each.
    backward
        Whether it goes from the chain's head to its tail.
    ms
        Milliseconds, whole numbers.
    count
        Number of nodes, those of forbidden turns behind the others.
    origin
        The node of which each is a second one; a node itself for the others.
    """

    tail: NDArray[np.signedinteger[Any]]
    head: NDArray[np.signedinteger[Any]]
    chain: NDArray[np.int64]
    backward: NDArray[np.bool_]
    ms: NDArray[np.float64]
    count: int
    origin: NDArray[np.int64]


def arcs_of(chains: Chains, count: int, turns: Sequence[TurnRule] = ()) -> Arcs:
    """Make arcs of chains between nodes 0 … count-1, with a second node for each ruled turn."""
    every = np.arange(len(chains.tail))
    ahead, back = every[np.isfinite(chains.forward_s)], every[np.isfinite(chains.backward_s)]
    tail = np.append(chains.tail[ahead], chains.head[back])
    head = np.append(chains.head[ahead], chains.tail[back])
    chain = np.append(ahead, back)
    backward = np.arange(len(chain)) >= len(ahead)
    ms = np.maximum(np.rint(np.append(chains.forward_s[ahead], chains.backward_s[back]) * 1000), 1.0)
    plain = Arcs(tail, head, chain, backward, ms, count, np.arange(count))
    return _with_turns(chains, plain, turns) if turns else plain


def _with_turns(chains: Chains, arcs: Arcs, turns: Sequence[TurnRule]) -> Arcs:
    """Redirect the arcs of each ruled (way, node) to a second node that has only the arcs which may follow."""
    enters = np.where(arcs.backward, chains.first_way[arcs.chain], chains.last_way[arcs.chain])
    leaves = np.where(arcs.backward, chains.last_way[arcs.chain], chains.first_way[arcs.chain])
    by_turn: dict[tuple[int, int], list[TurnRule]] = {}
    for rule in turns:
        by_turn.setdefault((rule.from_way, rule.via), []).append(rule)
    into, out = _grouped(arcs.head, {via for _way, via in by_turn}), _grouped(arcs.tail, {via for _w, via in by_turn})
    head = arcs.head.copy()
    copied: list[tuple[int, NDArray[np.int64]]] = []
    for (origin, via), rules in by_turn.items():
        entering = into.get(via, _NONE)
        entering = entering[enters[entering] == origin]
        leaving = out.get(via, _NONE)
        allowed = leaving
        for rule in rules:
            same = leaves[allowed] == rule.to_way
            allowed = allowed[same] if rule.only else allowed[~same]
        # A way that goes on over the point says not from which side, and a rule that leaves no way out is a mistake.
        if len(entering) == 1 and len(allowed) and len(allowed) < len(leaving):
            head[entering] = arcs.count + len(copied)
            copied.append((via, allowed))
    chosen = np.concatenate([allowed for _via, allowed in copied] or [_NONE])
    second = np.repeat(arcs.count + np.arange(len(copied)), [len(allowed) for _via, allowed in copied])
    return Arcs(
        np.append(arcs.tail, second),
        np.append(head, head[chosen]),
        np.append(arcs.chain, arcs.chain[chosen]),
        np.append(arcs.backward, arcs.backward[chosen]),
        np.append(arcs.ms, arcs.ms[chosen]),
        arcs.count + len(copied),
        np.append(arcs.origin, np.array([via for via, _allowed in copied], np.int64)),
    )


_NONE = np.empty(0, np.int64)


def _grouped(nodes: NDArray[np.signedinteger[Any]], wanted: set[int]) -> dict[int, NDArray[np.int64]]:
    """Return the positions of the arcs at each node wanted."""
    at = np.flatnonzero(np.isin(nodes, np.fromiter(wanted, np.int64)))
    at = at[np.argsort(nodes[at], kind="stable")]
    values, first = np.unique(nodes[at], return_index=True)
    groups = np.split(at, first[1:]) if len(at) else []
    return dict(zip(values.tolist(), groups, strict=True))


def main_component(arcs: Arcs) -> NDArray[np.bool_]:
    """Return which nodes are of the largest part in which one gets from everywhere to everywhere (and back)."""
    ones = np.ones(len(arcs.tail), np.int8)
    graph = csr_array((ones, (arcs.tail, arcs.head)), shape=(arcs.count, arcs.count))
    _parts, label = connected_components(graph, directed=True, connection="strong")
    return np.asarray(label == np.bincount(label).argmax()) if arcs.count else np.empty(0, bool)
