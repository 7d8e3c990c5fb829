"""The network of one mode, as arrays that an edition keeps in files and every process maps into memory."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ROAD, TRACK, FERRY, PATH, LINK = range(5)  # kinds of road; LINK = a motorway or its ramp, on which nobody lives
SEASONS = {"winter": 0, "summer": 7}  # bit of the month that stands for a season: January, August
ARC_TYPE = np.dtype([("tail", "i4"), ("head", "i4"), ("chain", "i4"), ("ms", "i4"), ("backward", "u1")])
CHAIN_TYPE = np.dtype([("metres", "f4"), ("months", "u2"), ("kind", "u1"), ("unpaved", "u1"), ("road_class", "u1")])
SPARE = 8  # arcs of the spare node from which a search begins on a road between two junctions


@dataclass(frozen=True)
class RoadNetwork:
    """Roads of one mode: a graph of junctions, the chains between them with their points, and cells to find them by.

    Attributes
    ----------
    nodes
        (n, 2) lon and lat of junctions, WGS84 degrees x 1e7, int32; a junction with ruled turns stands several times.
    indptr, indices
        The graph as compressed rows, one arc for each pair of nodes; the last row is the spare node's.
    summer, winter
        Milliseconds of each arc of the graph, whole numbers as float64; infinite where closed in that season.
    arcs
        ARC_TYPE, sorted by chain: every direction in which a chain is open.
    chains
        CHAIN_TYPE.
    chain_arcs, chain_starts
        Where the arcs and the points of each chain begin; one longer than the chains.
    points
        (m, 2) of the chains, one after another, as `nodes`.
    cell_keys, cell_starts, cell_points
        Cells of a grid, sorted, and for each the points at which a segment near its middle begins
        (`geo.roads.snap_grid`).
    order
        Order of contraction for a hierarchy, empty where none was made.
    """

    nodes: NDArray[np.int32]
    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    summer: NDArray[np.float64]
    winter: NDArray[np.float64]
    arcs: NDArray[np.void]
    chains: NDArray[np.void]
    chain_arcs: NDArray[np.int32]
    chain_starts: NDArray[np.int64]
    points: NDArray[np.int32]
    cell_keys: NDArray[np.int64]
    cell_starts: NDArray[np.int64]
    cell_points: NDArray[np.int32]
    order: NDArray[np.uint32]

    def arrays(self, mode: str) -> dict[str, NDArray[np.generic]]:
        """Return its arrays by the names under which an edition keeps them: `car_nodes`."""
        return {f"{mode}_{field.name}": getattr(self, field.name) for field in fields(self)}

    @classmethod
    def opened(cls, mode: str, read: Callable[[str], NDArray[np.generic]]) -> RoadNetwork:
        """Make it of the arrays that `read` returns by name."""
        # Plain views: each slice of a numpy.memmap costs as much as a whole search of small arrays.
        return cls(**{field.name: np.asarray(read(f"{mode}_{field.name}")) for field in fields(cls)})

    def weights(self, season: str) -> NDArray[np.float64]:
        """Return the milliseconds of the graph in a season of SEASONS."""
        return self.winter if season == "winter" else self.summer

    def arcs_of_chain(self, chain: int) -> NDArray[np.void]:
        """Return the arcs of a chain."""
        return self.arcs[self.chain_arcs[chain] : self.chain_arcs[chain + 1]]

    def arcs_from(self, node: int) -> NDArray[np.void]:
        """Return the arcs that begin at a node."""
        order, tails = self._by_tail
        first, last = np.searchsorted(tails, (node, node + 1))
        return self.arcs[order[first:last]]

    @cached_property
    def _by_tail(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        order = np.argsort(self.arcs["tail"], kind="stable")
        return order, np.asarray(self.arcs["tail"][order])

    def is_open(self, chain: int, season: str) -> bool:
        """Whether a chain is open in a season."""
        return not int(self.chains["months"][chain]) >> SEASONS[season] & 1
