"""A network with every arc turned round: searches on it say from where one comes to a place, and not where one goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from geo.roads.road_network import SPARE
from geo.roads.road_search import RoadSearch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.roads.road_network import RoadNetwork


def reversed_search(search: RoadSearch) -> RoadSearch:
    """Make a search whose minutes from a place are those of `search` to it.

    Parameters
    ----------
    search
        On the roads as they are driven.

    Returns
    -------
    RoadSearch
        Without a hierarchy: one search to everywhere needs none.
    """
    return RoadSearch(
        reversed_network(search.network), search.season, to_road=search.to_road, tracks_last=search.tracks_last
    )


def reversed_network(network: RoadNetwork) -> RoadNetwork:
    """Turn every arc round. Of each chain the points stay as they are; where an arc went ahead, it now comes back."""
    arcs = network.arcs.copy()
    arcs["tail"], arcs["head"] = network.arcs["head"], network.arcs["tail"]
    arcs["backward"] = network.arcs["backward"] == 0
    indptr, indices, summer = _turned(network, network.summer)
    _same, _again, winter = _turned(network, network.winter)
    return replace(
        network, arcs=arcs, indptr=indptr, indices=indices, summer=summer, winter=winter, order=np.empty(0, np.uint32)
    )


def _turned(
    network: RoadNetwork, ms: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    count, spare = len(network.nodes), int(network.indptr[-2])
    graph = csr_array((ms[:spare], network.indices[:spare], network.indptr[: count + 1]), shape=(count, count))
    turned = csr_array(graph.T)
    return (
        np.append(turned.indptr, turned.indptr[-1] + SPARE).astype(np.int32),
        np.append(turned.indices, np.zeros(SPARE)).astype(np.int32),
        np.append(turned.data, np.full(SPARE, np.inf)),
    )
