"""Costly work a few at a time: the others wait in a queue of bounded length, without a thread and not for ever.

A password's hash takes 64 MB and some tenths of a second on purpose: without a queue, whoever sends a hundred
sign-ins at once takes the machine's memory.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


class QueueFullError(Exception):
    """Too many wait already, or it took too long."""


class WaitingQueue:
    """Let a few in at a time, in the order in which they came.

    Parameters
    ----------
    at_once
        How many may be at work.
    waiting
        How many may wait.
    reserved
        How many more may wait who are known; they also go first.
    seconds
        The longest wait.
    """

    def __init__(self, at_once: int, *, waiting: int, reserved: int = 0, seconds: float = 10.0) -> None:
        self._free = at_once
        self._waiting, self._reserved, self._seconds = waiting, reserved, seconds
        self._known: deque[Future[None]] = deque()
        self._others: deque[Future[None]] = deque()
        # Not asyncio's own queue: that belongs to one event loop, and this to the process.
        self._lock = threading.Lock()

    @asynccontextmanager
    async def turn(self, is_known: Callable[[], Awaitable[bool]] | None = None) -> AsyncIterator[None]:
        """Wait for a turn and hold it for the block.

        is_known: asked only where the queue is full for everybody else.
        Raises QueueFullError where there is no room to wait, or the wait was too long.
        """
        ticket = self._take_ticket()
        if ticket is None and is_known is not None and await is_known():
            ticket = self._take_ticket(is_known=True)
        if ticket is None:
            raise QueueFullError
        try:
            async with asyncio.timeout(self._seconds):
                await asyncio.wrap_future(ticket)
        except BaseException as error:
            if not ticket.cancel():  # the turn came at the very moment in which it was given up
                self._pass_on()
            if isinstance(error, TimeoutError):
                raise QueueFullError from error
            raise
        try:
            yield
        finally:
            self._pass_on()

    def _take_ticket(self, *, is_known: bool = False) -> Future[None] | None:
        ticket: Future[None] = Future()
        with self._lock:
            if self._free:
                self._free -= 1
                ticket.set_result(None)
                return ticket
            queue, room = (self._known, self._reserved) if is_known else (self._others, self._waiting)
            if sum(not other.cancelled() for other in queue) >= room:
                return None
            queue.append(ticket)
            return ticket

    def _pass_on(self) -> None:
        with self._lock:
            for queue in (self._known, self._others):
                while queue:
                    ticket = queue.popleft()
                    if ticket.set_running_or_notify_cancel():
                        ticket.set_result(None)
                        return
            self._free += 1
