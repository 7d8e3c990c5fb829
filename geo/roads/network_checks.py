"""Whether the arrays of a network are fit for a search: an index too high ends the process, not the search alone.

The digests of an edition say that its files are those that an import wrote. What they cannot say is that the import
was of a version that wrote them so, and editions of before have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.roads.road_network import ARC_TYPE, CHAIN_TYPE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.roads.road_network import RoadNetwork

FORMAT = "1"  # of the arrays, written with each edition: another is not read
_TYPES: dict[str, Any] = {
    "nodes": "i4", "indptr": "i4", "indices": "i4", "summer": "f8", "winter": "f8", "arcs": ARC_TYPE,
    "chains": CHAIN_TYPE, "chain_arcs": "i4", "chain_starts": "i8", "points": "i4", "cell_keys": "i8",
    "cell_starts": "i8", "cell_points": "i4", "order": "u4",
}  # fmt: skip


class BrokenNetworkError(ValueError):
    """An array of a network is not what it must be; the message is its name."""


def require_form(network: RoadNetwork) -> None:
    """Raise BrokenNetworkError unless each array has the type and, beside the others, the length that it must have."""
    for name, dtype in _TYPES.items():
        array: NDArray[np.generic] = getattr(network, name)
        pairs = name in ("nodes", "points")
        if array.dtype != np.dtype(dtype) or array.ndim != 1 + pairs or (pairs and array.shape[1] != 2):  # noqa: PLR2004
            raise BrokenNetworkError(name)
    count, chains, cells = len(network.nodes), len(network.chains), len(network.cell_keys)
    lengths = {
        "indptr": (len(network.indptr), count + 2),
        "indices": (len(network.indices), int(network.indptr[-1]) if len(network.indptr) else -1),
        "summer": (len(network.summer), len(network.indices)),
        "winter": (len(network.winter), len(network.indices)),
        "chain_arcs": (len(network.chain_arcs), chains + 1),
        "chain_starts": (len(network.chain_starts), chains + 1),
        "cell_starts": (len(network.cell_starts), cells + 1),
        "order": (len(network.order) or count, count),
    }
    for name, (found, expected) in lengths.items():
        if found != expected:
            raise BrokenNetworkError(name)


def require_contents(network: RoadNetwork) -> None:
    """Raise BrokenNetworkError unless each index of each array is one of the array that it leads into."""
    count, chains, points = len(network.nodes), len(network.chains), len(network.points)
    for name, last in (
        ("indptr", len(network.indices)),
        ("chain_arcs", len(network.arcs)),
        ("chain_starts", points),
        ("cell_starts", len(network.cell_points)),
    ):
        steps: NDArray[np.integer] = getattr(network, name)
        if steps[0] != 0 or steps[-1] != last or (np.diff(steps) < 0).any():
            raise BrokenNetworkError(name)
    within = {
        "indices": (network.indices, max(count, 1)),
        "cell_points": (network.cell_points, points - 1),
        "arcs": (network.arcs["chain"], chains),
    }
    for name, (values, most) in within.items():
        if len(values) and (values.min() < 0 or values.max() >= most):
            raise BrokenNetworkError(name)
    for end in ("tail", "head"):
        if len(network.arcs) and (network.arcs[end].min() < 0 or network.arcs[end].max() >= count):
            raise BrokenNetworkError("arcs")
    if (network.arcs["ms"] < 0).any() or (np.diff(network.arcs["chain"]) < 0).any():
        raise BrokenNetworkError("arcs")
    for season in ("summer", "winter"):
        if not (getattr(network, season) >= 0).all():  # NaN is not
            raise BrokenNetworkError(season)
    if (np.diff(network.cell_keys) <= 0).any():
        raise BrokenNetworkError("cell_keys")
    if len(network.order) and not np.array_equal(np.sort(network.order), np.arange(count)):
        raise BrokenNetworkError("order")
