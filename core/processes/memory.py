"""Memory that a process that runs for weeks keeps without using it, and how it is given back to the system."""

from __future__ import annotations

import ctypes
from contextlib import suppress

import pyarrow as pa

_M_ARENA_MAX = -8  # of mallopt, in glibc's malloc.h
_ARENAS = 2


def keep_little() -> None:
    """Let the allocators of this process hold few pages that nobody uses; asked for before much is read.

    glibc keeps a heap for each of up to 16 threads, none of which shrinks while its last page is in use, and Arrow's
    own allocator keeps what columns of text took. Two heaps, and Arrow within them, hold a quarter less after the
    catalogue was read, and the same afterwards can be given back (`trim`).
    """
    with suppress(OSError, AttributeError):  # glibc has it
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
    pa.set_memory_pool(pa.system_memory_pool())


def trim() -> None:
    """Give back what the allocator keeps of large arrays that are gone."""
    with suppress(OSError, AttributeError):  # glibc has it
        ctypes.CDLL(None).malloc_trim(0)
