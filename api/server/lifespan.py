"""What runs beside the pages while the server runs: the first reading of the catalogue, what is done in its time."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from api.http.dependencies import directory_for
from api.map import map_page
from api.server import logs
from api.server.timed_work import keeping_time
from core.background_work import in_background
from core.errors import HomeError, MapError
from core.processes import memory
from core.processes.port_sharing import other_workers
from core.processes.worker_processes import given_worker
from core.storage.home import open_home
from core.templating import compile_templates
from reports.output import fonts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from core.storage.home import Home
    from providers.catalogue.snapshot import Snapshot

_WARM_SECONDS = 60.0  # after which a process that takes the place of another answers all the same
_TRIM_SECONDS = 10.0  # one takes from 0.2 to 7 ms


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Prepare the first answer ahead of its question; do what is due while the server runs."""
    if not logs.take_over():  # once more: Streamlit has put handlers of its own on loggers since
        logging.getLogger("harta.start").warning(
            "started without time-outs and limits of connections: run harta serve (see docs/serving.md)"
        )
    try:
        home = open_home()
    except HomeError:  # the pages say how to make one
        yield
        return
    memory.keep_little()
    warming = threading.Thread(target=_warm_up, args=(home,), name="warm-up", daemon=True)
    warming.start()
    given = given_worker(os.environ)
    if given is not None and other_workers(given.folder):  # others answer until this one does so as quickly
        await asyncio.to_thread(warming.join, _WARM_SECONDS)
    with keeping_time(home), in_background("memory", _trim_again):
        yield


def _trim_again(stop: threading.Event) -> None:
    """Each process for itself; what one does for all is `keeping_time`."""
    while not stop.wait(_TRIM_SECONDS):
        memory.trim()


def _warm_up(home: Home) -> None:
    snapshot = None
    try:
        snapshot = directory_for(home).snapshot()
    except MapError as error:
        logging.getLogger("harta.start").warning("%s", error)
    compile_templates()
    if snapshot is not None:
        map_page.prepare(home, snapshot)
        _tie_to_roads(snapshot)
    fonts.prepare()
    _spare_the_collector()
    memory.trim()


def _spare_the_collector() -> None:
    """Let Python's search for cycles pass over what stays for good.

    A search through everything that was read stops every thread, for 190 ms with 54,000 services.
    """
    gc.collect()
    gc.freeze()


def _tie_to_roads(snapshot: Snapshot) -> None:
    """Find where the services of each type meet the roads, which takes a second where a question takes milliseconds."""
    travel = snapshot.travel.car
    if travel.basis.kind != "roads":  # a straight line has nothing to find, and a server is not asked for nothing
        return
    for kind in snapshot.catalogue.types.values():
        if len(kind.index):
            travel.minutes_to_many(float(kind.index.lat[0]), float(kind.index.lon[0]), kind.index)
