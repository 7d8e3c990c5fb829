"""Fixtures that many tests share: the real files, where there are any."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def real_files() -> Path:
    """Folder of the real registers and oracles: HARTA_TEST_DATA, by default ../shared beside the project."""
    return Path(os.environ.get("HARTA_TEST_DATA") or ROOT.parent / "shared")


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = real_files() / "data"
    if not folder.is_dir():
        pytest.skip(f"the real registers are not here ({folder}); set HARTA_TEST_DATA")
    return folder


@pytest.fixture(scope="session")
def oracles() -> Path:
    folder = real_files() / "oracles"
    if not folder.is_dir():
        pytest.skip(f"the published answers are not here ({folder}); set HARTA_TEST_DATA")
    return folder
