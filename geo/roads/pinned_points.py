"""Points to which many searches go, and from which many start: where they meet the network is found once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.roads.snap_grid import Snapped


@dataclass(frozen=True)
class PinnedPoints:
    """Points to which many searches go, tied to a network once.

    Attributes
    ----------
    lat, lon
        WGS84 degrees.
    snapped
        Where each meets the network, None where none is near.
    node, ms, point
        Nodes from which points are reached, the milliseconds from there with the way from the road, and the point of
        each, ascending.
    left_node, left_ms, left_point
        The same for nodes over which points are left.
    reached, reached_at
        The distinct nodes, ascending, and the position of each of `node` among them.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    snapped: tuple[Snapped | None, ...]
    node: NDArray[np.int64]
    ms: NDArray[np.float64]
    point: NDArray[np.int64]
    left_node: NDArray[np.int64]
    left_ms: NDArray[np.float64]
    left_point: NDArray[np.int64]
    reached: NDArray[np.int64] = field(repr=False)
    reached_at: NDArray[np.int64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.lat)

    def on_chain(self, chain: int) -> list[tuple[int, Snapped]]:
        """Return the points that meet a chain, and where."""
        return self._by_chain.get(chain, [])

    @cached_property
    def is_snapped(self) -> NDArray[np.bool_]:
        """Whether each meets the network."""
        return np.array([where is not None for where in self.snapped], bool)

    @cached_property
    def _by_chain(self) -> dict[int, list[tuple[int, Snapped]]]:
        found: dict[int, list[tuple[int, Snapped]]] = {}
        for i, where in enumerate(self.snapped):
            if where is not None:
                found.setdefault(where.chain, []).append((i, where))
        return found
