"""Work beside what answers people: a thread of its own, which is told to stop where the block ends."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WAIT_SECONDS = 5.0


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
