"""Run a coroutine of a test on a loop in a thread of its own.

A process in which a test has driven a browser has a loop running in its main thread for as long as it lives, and
`asyncio.run` refuses to begin a second one there.
"""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Coroutine


def run(story: Coroutine[Any, Any, Any]) -> Any:
    """Return what the coroutine returns; the context of the test (its language) is that of the coroutine."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(contextvars.copy_context().run, asyncio.run, story).result()
