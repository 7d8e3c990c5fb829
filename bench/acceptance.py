"""The long runs, and their figures: `python -m bench.acceptance` (make acceptance) rewrites docs/acceptance.md.

A run that finds a fault stops everything: the page then keeps the figures of the last sound runs.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "acceptance.md"
RUNS = (
    ("nearest", "Ten thousand random questions over the real registers against the obvious search"),
    ("public", "Every public output of a simulated year against an attacker who keeps them all"),
    ("suppression", "Ten thousand small years at three sizes: no small count is given away"),
    ("backup", "Backups while eight processes write; backups and restores killed at random moments"),
    ("search", "Properties of the tests with new random examples"),
    ("ledger", "Writers fighting for the last places, and processes killed in the middle, on both databases"),
)


def main() -> None:
    """Run everything and write the page."""
    written = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, Python {platform.python_version()}"
    parts = ["# Acceptance runs", f"Written by `make acceptance` on {written}."]
    for name, title in RUNS:
        print(f"== {title}", flush=True)
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", f"bench.acceptance_{name}"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
        )
        print(done.stdout, flush=True)
        if done.returncode:
            raise SystemExit(done.returncode)
        took = time.perf_counter() - start
        parts += [
            f"## {title}",
            f"`python -m bench.acceptance_{name}`, {took:.0f} s",
            f"```\n{done.stdout.strip()}\n```",
        ]
    PAGE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
