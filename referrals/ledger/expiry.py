"""Expiry while the server runs: what ran out is written down each minute, asked or not.

Nothing depends on it: every question settles what is due by itself. It only keeps lists and counts true on
a night when nobody asks.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.background_work import in_background
from core.errors import MapError
from referrals.ledger.ledger import open_ledger

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger

EVERY_SECONDS = 60.0


@contextmanager
def expiring(home: Home, *, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Write down expiries in a thread of its own while the block runs; trouble is logged and tried again."""
    with in_background("expiry", lambda stop: _expire(home, stop, every_seconds)):
        yield


def _expire(home: Home, stop: threading.Event, every_seconds: float) -> None:
    ledger: Ledger | None = None
    try:
        while True:
            try:
                ledger = ledger or open_ledger(home)  # a database may be away when the server starts, and come later
                ledger.expire_due()
            except MapError as error:
                logging.getLogger("harta.expiry").warning("%s", error)
            if stop.wait(every_seconds):
                return
    finally:
        if ledger is not None:
            ledger.close()
