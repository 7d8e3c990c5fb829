"""From roads as read to the network of one mode: contracted, its main part alone, numbered along a curve, in arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.roads.degrees import SCALE
from geo.roads.reading.contraction import Arcs, Chains, arcs_of, contract, main_component, pieces_of
from geo.roads.reading.raw_roads import RawRoads
from geo.roads.road_network import ARC_TYPE, CHAIN_TYPE, FERRY, SEASONS, SPARE, RoadNetwork
from geo.roads.snap_grid import cells_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.roads.road_speeds import RoadSpeeds


@dataclass(frozen=True)
class NetworkCounts:
    """What was built of what was read.

    Attributes
    ----------
    pieces
        Pieces between two points.
    junctions
        Nodes of the main network.
    main_km
        Length of its roads.
    island_km
        Length of what was dropped, since one cannot get from it to the main network and back.
    unpaved_km, ferry_km, seasonal_km
        Parts of `main_km`.
    turns
        Rules of turning that the network keeps.
    """

    pieces: int
    junctions: int
    main_km: float
    island_km: float
    unpaved_km: float
    ferry_km: float
    seasonal_km: float
    turns: int


def build_network(raw: RawRoads, mode: str, speeds: RoadSpeeds) -> tuple[RoadNetwork, NetworkCounts]:
    """Contract the roads of a mode and keep the main network.

    Parameters
    ----------
    raw
        Roads as read.
    mode
        `car` or `foot`.
    speeds
        The table of speeds.

    Returns
    -------
    tuple of RoadNetwork and NetworkCounts
        The network, without an order of contraction, and what it is made of. It has no node where nothing of the mode
        was read.
    """
    pieces = pieces_of(raw, mode, speeds)
    turns = raw.turns if mode == "car" else ()
    chains = contract(pieces, np.unique(np.fromiter((rule.via for rule in turns), np.int64, len(turns))))
    arcs = arcs_of(chains, len(pieces.lon), turns)
    arcs, chain_kept = _main_arcs(arcs, len(chains.tail))
    nodes, arcs = _renumbered(arcs, pieces.lon, pieces.lat)
    points, starts, rows = _chain_rows(chains, chain_kept, raw, pieces.lon, pieces.lat)
    table = _arc_rows(arcs, chain_kept)
    graph = _graph(table, rows, len(nodes))
    cells = cells_of(points, starts, np.flatnonzero(rows["kind"] != FERRY))
    first_arcs = np.append(0, np.cumsum(np.bincount(table["chain"], minlength=len(rows)))).astype(np.int32)
    network = RoadNetwork(nodes, *graph, table, rows, first_arcs, starts, points, *cells, np.empty(0, np.uint32))
    km = rows["metres"].astype(float) / 1000
    counts = NetworkCounts(
        pieces=len(pieces.start),
        junctions=len(nodes),
        main_km=float(km.sum()),
        island_km=float(pieces.metres.sum()) / 1000 - float(km.sum()),
        unpaved_km=float(km[rows["unpaved"] > 0].sum()),
        ferry_km=float(km[rows["kind"] == FERRY].sum()),
        seasonal_km=float(km[rows["months"] > 0].sum()),
        turns=int(np.count_nonzero(arcs.origin != np.arange(len(arcs.origin)))),
    )
    return network, counts


def _main_arcs(arcs: Arcs, chain_count: int) -> tuple[Arcs, NDArray[np.bool_]]:
    """Keep the arcs of the main network; returns them and which chains they are of."""
    main = main_component(arcs)
    kept = main[arcs.tail] & main[arcs.head]
    chain_kept = np.zeros(chain_count, bool)
    chain_kept[arcs.chain[kept]] = True
    return (
        Arcs(
            arcs.tail[kept], arcs.head[kept], arcs.chain[kept], arcs.backward[kept], arcs.ms[kept], arcs.count,
            arcs.origin,
        ),
        chain_kept,
    )  # fmt: skip


def _renumbered(arcs: Arcs, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.int32], Arcs]:
    """Give the nodes in use numbers along a curve that keeps neighbours together (Morton): a search reads near by."""
    used = np.unique(np.append(arcs.tail, arcs.head))
    where = np.column_stack([lon[arcs.origin[used]], lat[arcs.origin[used]]])
    order = np.argsort(_morton(where), kind="stable")
    used, where = used[order], where[order]
    number = np.full(arcs.count, -1)
    number[used] = np.arange(len(used))
    degrees = np.rint(where * SCALE).astype(np.int32).reshape(-1, 2)
    origin = number[arcs.origin[used]]  # -1 where the first node itself is not in use
    origin = np.where(origin < 0, np.arange(len(used)), origin)
    return degrees, Arcs(number[arcs.tail], number[arcs.head], arcs.chain, arcs.backward, arcs.ms, len(used), origin)


def _morton(where: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Interleave the bits of two coordinates."""
    spread = ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333),
              (1, 0x5555555555555555))  # fmt: skip
    both = ((where + 180.0) * 1e6).astype(np.uint64)
    for shift, mask in spread:
        both = (both | both << np.uint64(shift)) & np.uint64(mask)
    return np.asarray(both[:, 0] | both[:, 1] << np.uint64(1))


def _chain_rows(
    chains: Chains, kept: NDArray[np.bool_], raw: RawRoads, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.void]]:
    """Return the points of the chains kept, where those of each begin, and their rows."""
    lengths = np.diff(chains.start)
    of_point = np.repeat(kept, lengths)
    at = chains.points[of_point]
    points = np.rint(np.column_stack([lon[at], lat[at]]) * SCALE).astype(np.int32).reshape(-1, 2)
    starts = np.append(0, np.cumsum(lengths[kept]))
    rows = np.zeros(int(kept.sum()), CHAIN_TYPE)
    of_chain: dict[str, NDArray[Any]] = {
        "metres": chains.metres,
        "months": chains.months,
        "kind": chains.kind,
        "unpaved": chains.unpaved,
        "road_class": raw.road_class[chains.first_way] if len(raw.road_class) else chains.first_way,
    }
    for name, values in of_chain.items():
        rows[name] = values[kept]
    return points, starts, rows


def _arc_rows(arcs: Arcs, chain_kept: NDArray[np.bool_]) -> NDArray[np.void]:
    chain = (np.cumsum(chain_kept) - 1)[arcs.chain]
    by_chain = np.argsort(chain, kind="stable")
    rows = np.zeros(len(chain), ARC_TYPE)
    columns: Mapping[str, NDArray[np.generic]] = {
        "tail": arcs.tail, "head": arcs.head, "chain": chain, "ms": np.minimum(arcs.ms, 2**31 - 1),
        "backward": arcs.backward,
    }  # fmt: skip
    for name, values in columns.items():
        rows[name] = values[by_chain]
    return rows


def _graph(
    arcs: NDArray[np.void], chains: NDArray[np.void], count: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """Make compressed rows with the shortest of the arcs between two nodes, season by season, and the spare node."""
    pair = arcs["tail"].astype(np.int64) * max(count, 1) + arcs["head"]
    pairs, slot = np.unique(pair, return_inverse=True)
    months = chains["months"][arcs["chain"]].astype(int)
    weights = {}
    for season, bit in SEASONS.items():
        ms = np.where(months >> bit & 1, np.inf, arcs["ms"].astype(float))
        least = np.full(len(pairs), np.inf)
        np.minimum.at(least, slot, ms)
        weights[season] = np.append(least, np.full(SPARE, np.inf))
    filled = np.bincount(pairs // max(count, 1), minlength=count)
    indptr = np.concatenate([[0], np.cumsum(filled), [len(pairs) + SPARE]]).astype(np.int32)
    indices = np.append(pairs % max(count, 1), np.zeros(SPARE, np.int64)).astype(np.int32)
    return indptr, indices, weights["summer"], weights["winter"]
