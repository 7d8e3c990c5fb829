"""Random numbers that belong to a thing: the same for the same purpose and key, whatever else is built."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def generator(purpose: str, key: object) -> np.random.Generator:
    """PCG64 seeded by a hash of purpose and key (a SIRUTA code, a county's letters).

    Use only `random()`, whose stream numpy keeps from version to version; the distributions it may change.
    """
    digest = hashlib.sha256(f"{purpose}:{key}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def uniforms(purpose: str, keys: list[int] | list[str], count: int) -> NDArray[np.float64]:
    """`count` numbers in [0, 1) for each key: one row a key."""
    return np.array([generator(purpose, key).random(count) for key in keys])
