"""Sending while the server runs: looked at three times a minute, by one process of a home at a time."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from core.background_work import in_background
from core.errors import MapError
from core.storage.home import locked
from core.storage.message_settings import read_message_settings
from referrals.delivery.mail_sending import send_due
from referrals.delivery.planned_news import write_planned

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from core.storage.home import Home
    from referrals.delivery.mail_sending import SendReport
    from referrals.workflow.directory import Directory

EVERY_SECONDS = 20.0
_PLANNED_EACH = 3  # turns
_LOCK = ".messages.lock"


@contextmanager
def delivering(
    home: Home, open_directory: Callable[[Home], Directory], *, every_seconds: float = EVERY_SECONDS
) -> Iterator[None]:
    """Write planned news and send what is due in a thread of its own while the block runs."""
    with in_background("messages", lambda stop: _run(home, open_directory, stop, every_seconds)):
        yield


def deliver_once(
    home: Home, directory: Directory, *, with_planned: bool = True, in_quiet_hours: bool = False
) -> SendReport:
    """Write planned news and send what is due; after another process of the home that does so now."""
    with locked(home.path / _LOCK):
        settings = read_message_settings(home)
        if with_planned:
            write_planned(directory, settings)
        return send_due(directory, settings, in_quiet_hours=in_quiet_hours)


def _run(home: Home, open_directory: Callable[[Home], Directory], stop: threading.Event, every_seconds: float) -> None:
    turns = count()
    while not stop.wait(every_seconds):
        try:
            deliver_once(home, open_directory(home), with_planned=not next(turns) % _PLANNED_EACH)
        except (MapError, OSError) as error:
            logging.getLogger("harta.messages").warning("%s", error)
        except Exception as error:  # noqa: BLE001  (a fault of ours in one turn: the next one comes all the same)
            logging.getLogger("harta.messages").warning("a turn broke off: %s", type(error).__name__)
