"""A world built by the first process of a run that asks for it, and read by all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def build_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """Return the folder that `build` filled; the other processes of pytest-xdist wait for it and take the same.

    What is built is for reading: a test that writes copies it.
    """
    own = factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = root / f"built-{name}"
    with (root / f"built-{name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".whole").exists():
            folder.mkdir()
            build(folder)
            (folder / ".whole").touch()
    return folder
