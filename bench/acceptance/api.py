"""The API as other programs meet it: made-up requests to every operation, and a copy kept by the feed.

Runs the tests that do so, each operation with a token that may ask it and a fourth of them without one (`make test-all`
takes every role), and prints how many requests that were: `python -m bench.acceptance.api`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from bench.screens.browsing import ROOT

MADE_UP = "tests/api/programs/test_conformance.py"
COPY = "tests/api/v1/test_changes.py"


def main() -> None:
    """Print what was asked and how it ended."""
    for what, tests in (
        ("made-up requests", ["-m", "not exhaustive", MADE_UP]),
        ("a copy by /changes against a fresh file", ["-m", "", COPY, "-k", "random and 1000"]),
    ):
        start = time.perf_counter()
        command = [sys.executable, "-m", "pytest", "-s", "-p", "no:xdist", *tests]  # -q stands in pyproject.toml
        env = {**os.environ, "HYPOTHESIS_PROFILE": "search"}  # more examples than every day
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        said = [line.lstrip(".") for line in done.stdout.splitlines() if "{" in line or " passed" in line]
        print(
            f"{what}: {'; '.join(said[-2:]) or done.stdout[-2000:]} ({time.perf_counter() - start:.0f} s)", flush=True
        )
        if done.returncode:
            raise SystemExit(done.stdout[-4000:])


if __name__ == "__main__":
    main()
