"""Work beside what answers people: a thread of its own, which is told to stop where the block ends."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.errors import MapError

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Iterator

_WAIT_SECONDS = 5.0
_REST = 30  # times the usual wait: what failed once, a full disk for instance, seldom works a minute later


@contextmanager
def in_background(name: str, work: Callable[[threading.Event], object]) -> Iterator[None]:
    """Let some work go on in a thread while the block runs.

    Parameters
    ----------
    name
        Of the thread.
    work
        Called once with the event that tells it to stop; it is waited for some seconds at the end.

    Yields
    ------
    None
        While the work goes on.
    """
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_WAIT_SECONDS)


def repeat(
    turn: Callable[[threading.Event], object],
    stop: threading.Event,
    every_seconds: float,
    log: logging.Logger,
    *,
    rest: int = _REST,
) -> None:
    """Do something again and again until told to stop, and less often after it failed.

    Parameters
    ----------
    turn
        Called with the event that tells it to stop; False = it did not end well.
    stop
        Ends the repeating.
    every_seconds
        Before each turn.
    log
        Where errors of ours and of the machine are written; of a fault in one turn the kind alone, for its words may
        be a person's, and the next turn comes all the same.
    rest
        How many times as long is waited after a turn that failed.
    """
    wait = every_seconds
    while not stop.wait(wait):
        try:
            is_well = turn(stop) is not False
        except (MapError, OSError) as error:
            is_well = False
            log.warning("%s", error)
        except Exception as error:  # noqa: BLE001  (a thread that ended would do nothing until the server starts anew)
            is_well = False
            log.warning("a turn broke off: %s", type(error).__name__)
        wait = every_seconds if is_well else every_seconds * rest
