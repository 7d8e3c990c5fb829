"""The contraction hierarchy of a network, where its library (RoutingKit, an optional package) is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.roads.road_network import RoadNetwork

_CLOSED = 2**31 - 1  # what RoutingKit takes for no way


def has_hierarchy() -> bool:
    """Whether the library of contraction hierarchies is installed."""
    return find_spec("routingkit_cch") is not None


def contraction_order(network: RoadNetwork) -> NDArray[np.uint32]:
    """Compute the order of contraction of a network by its coordinates (inertial flow), empty without the library."""
    count = len(network.nodes)
    if not has_hierarchy() or count == 0:
        return np.empty(0, np.uint32)
    import routingkit_cch as cch

    tails, heads = _arcs(network)
    lon, lat = (network.nodes[:, i].astype(float) for i in (0, 1))
    order = cch.compute_order_inertial(count, tails.tolist(), heads.tolist(), lat.tolist(), lon.tolist())
    return np.array(order, np.uint32)


def customized(network: RoadNetwork, season: str) -> Any:
    """Build the hierarchy of a network's order, and give it the milliseconds of a season."""
    import routingkit_cch as cch

    tails, heads = _arcs(network)
    hierarchy = cch.CCH(network.order.tolist(), tails.tolist(), heads.tolist(), False)
    ms = network.weights(season)[: len(heads)]
    return cch.CCHMetric(hierarchy, np.where(np.isfinite(ms), ms, _CLOSED).astype(np.int64).tolist())


def pinned_query(metric: Any, nodes: NDArray[np.int64]) -> Any:
    """Make a query from anywhere to some nodes; it serves one search at a time."""
    import routingkit_cch as cch

    return cch.CCHOneToMany(metric, nodes.tolist())


def _arcs(network: RoadNetwork) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    count = len(network.nodes)
    tails = np.repeat(np.arange(count), np.diff(network.indptr[: count + 1]))
    return tails, network.indices[: len(tails)]
