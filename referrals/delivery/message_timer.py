"""Sending while the server runs: looked at three times a minute, by one process of a home at a time.

Programs are told more often, in a thread of their own: a slow receiver keeps no e-mail waiting.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from core.background_work import in_background, repeat
from core.storage.home import locked
from core.storage.message_settings import read_message_settings
from referrals.delivery.mail_sending import send_due
from referrals.delivery.planned_news import write_planned
from referrals.webhooks.webhook_sending import send_webhooks

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from core.storage.home import Home
    from referrals.delivery.mail_sending import SendReport
    from referrals.workflow.directory import Directory

EVERY_SECONDS = 20.0
PROGRAMS_EVERY_SECONDS = 5.0
_PLANNED_EACH = 3  # turns
_LOCK = ".messages.lock"
_log = logging.getLogger("harta.messages")


@contextmanager
def delivering(
    home: Home, open_directory: Callable[[Home], Directory], *, every_seconds: float = EVERY_SECONDS
) -> Iterator[None]:
    """Write planned news, send what is due, and tell programs, in threads of their own while the block runs."""
    turns = count()

    def send_messages(_stop: threading.Event) -> None:
        deliver_once(home, open_directory(home), with_planned=not next(turns) % _PLANNED_EACH)

    def tell_programs(_stop: threading.Event) -> None:
        send_webhooks(open_directory(home), read_message_settings(home))

    often = min(every_seconds, PROGRAMS_EVERY_SECONDS)
    with (
        in_background("messages", lambda stop: repeat(send_messages, stop, every_seconds, _log, rest=1)),
        in_background("webhooks", lambda stop: repeat(tell_programs, stop, often, _log, rest=1)),
    ):
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
