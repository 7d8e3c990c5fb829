"""What runs beside the pages while the server runs: the first reading of the catalogue, and expiries."""

from __future__ import annotations

import logging
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from api.desks import desk_of
from geo.errors import HomeError, MapError
from geo.home import open_home
from referrals.expiry import expiring

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from geo.home import Home


@asynccontextmanager
async def running(_app: Any) -> AsyncIterator[None]:
    """Read the catalogue ahead of the first question, and write expiries down, for as long as the server runs."""
    # An address says which need somebody asked about, and its line says from where. Streamlit puts its own handler
    # back on this logger whatever the server was told, so the logger itself is switched off.
    logging.getLogger("uvicorn.access").disabled = True
    try:
        home = open_home()
    except HomeError:  # the pages say how to make one
        yield
        return
    threading.Thread(target=_warm_up, args=(home,), name="warm-up", daemon=True).start()
    with expiring(home):
        yield


def _warm_up(home: Home) -> None:
    try:
        desk_of(home).available()
    except MapError as error:
        logging.getLogger("harta.start").warning("%s", error)
