"""The contraction hierarchy of a network, where its library (RoutingKit, an optional package) is installed."""

from __future__ import annotations

import mmap
from concurrent.futures import Future
from functools import cache
from importlib.util import find_spec
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any
from weakref import finalize

import numpy as np

from core.processes import memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    order = cch.compute_order_inertial(count, tails, heads, lat, lon)
    return np.array(order, np.uint32)


def customized(network: RoadNetwork, season: str) -> Any:
    """Build the hierarchy of a network's order, and give it the milliseconds of a season."""
    import routingkit_cch as cch

    def build() -> Any:
        tails, heads = _arcs(network)
        ms = network.weights(season)[: len(heads)]
        hierarchy = cch.CCH(network.order, tails, heads, False)
        return cch.CCHMetric(hierarchy, np.where(np.isfinite(ms), ms, _CLOSED).astype(np.uint32))

    metric = _in_own_thread(build)
    give_back(network.order, network.indices, network.weights(season))
    memory.trim()
    return metric


def give_back(*arrays: Any) -> None:
    """Let the system take the pages of mapped arrays that were read once: its cache keeps them, not this process."""
    for array in arrays:
        mapped = getattr(getattr(array, "base", None), "_mmap", None)
        if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)


class HierarchyQuery:
    """Searches from anywhere to some nodes, other ones from question to question.

    One of them keeps several numbers for each node of the network, whatever it is asked: there is one a search. The
    library lets a query be used, and dropped, in the thread alone that made it, and every run of a screen has a thread
    of its own: all of them go through one.

    Parameters
    ----------
    metric
        What `customized` built.
    """

    def __init__(self, metric: Any) -> None:
        import routingkit_cch as cch

        self._held = [_in_own_thread(lambda: cch.CCHOneToMany(metric, [0]))]  # it wants some target
        self._pinned: NDArray[np.int64] | None = None
        # Also when the program ends: the thread is one that nobody waits for, so it is still there.
        finalize(self, _in_own_thread, self._held.clear)

    def ms_from(self, departures: Sequence[tuple[int, float]], nodes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the milliseconds to each node from the nearest of some others, given with those spent before them.

        The same array as in the question before is found pinned already, which is a quarter of the work.
        """
        asked = [(node, int(ms)) for node, ms in departures]

        def ask() -> list[int | None]:
            if nodes is not self._pinned:
                self._held[0].repin_targets(nodes.tolist())
                self._pinned = nodes
            return self._held[0].distances_from_multi(asked)  # type: ignore[no-any-return]

        ms = np.array(_in_own_thread(ask), float)
        return np.where(np.isnan(ms), np.inf, ms)  # None, no way, became NaN


def _in_own_thread(work: Callable[[], Any]) -> Any:
    """Do some work in the thread of all queries, and return what it gives or raises."""
    done: Future[Any] = Future()
    _queue().put((work, done))
    return done.result()


@cache
def _queue() -> SimpleQueue[tuple[Callable[[], Any], Future[Any]]]:
    queue: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()

    def run() -> None:
        while True:
            work, done = queue.get()
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001  whoever asked gets it, whatever it is
                done.set_exception(error)
            del work, done  # what they hold is not kept until the next

    Thread(target=run, name="road-hierarchy", daemon=True).start()
    return queue


def _arcs(network: RoadNetwork) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    count = len(network.nodes)
    # Arrays, not lists: the library reads them one by one, and lists of millions stay in the process for good.
    tails = np.repeat(np.arange(count, dtype=np.uint32), np.diff(network.indptr[: count + 1]))
    return tails, network.indices[: len(tails)].astype(np.uint32)
