"""The long runs and their figures: `python -m bench.acceptance [NAME ...]` (make acceptance) writes docs/acceptance.md.

Each run replaces its own section. One that finds a fault stops everything: its section keeps the last sound figures.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "acceptance.md"
RUNS = (
    ("nearest", "Ten thousand random questions over the real registers against the obvious search"),
    ("map", "A thousand random views and filters of the map of services against a look at every service"),
    ("public", "Every public output of a simulated year against an attacker who keeps them all"),
    ("histories", "A thousand histories of registers: every report, hold and referral stays with its service"),
    ("suppression", "Ten thousand small years at three sizes: no small count is given away"),
    ("backup", "Backups while eight processes write; backups and restores killed at random moments"),
    ("search", "Properties of the tests with new random examples"),
    ("phrases", "Needs found by phrases that the vocabulary was not written from"),
    ("campaigns", "Four weeks of campaigns in counties of the real registers, whose providers answer by a model"),
    ("webhooks", "Two hundred events told to a receiver that fails half the time"),
    ("ledger", "Writers fighting for the last places, and processes killed in the middle, on both databases"),
    ("hsds", "Every HSDS object of the demonstration against the standard, its tables and its way back"),
    ("standards.features", "Every collection of features read by GDAL, and boxes against a look at every feature"),
    ("standards.fhir", "Every FHIR resource against models made by others, and the order of `near`"),
    ("timing", "How long answers take tells nothing of protected services and of cases of others"),
    ("api", "Made-up requests to every operation of the API, and a copy kept by its feed"),
)


def main() -> None:
    """Run what is asked for, by default everything, and replace its sections of the page."""
    asked = sys.argv[1:] or [name for name, _title in RUNS]
    sections = _sections(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")
    for name, title in RUNS:
        if name not in asked:
            continue
        print(f"== {title}", flush=True)
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", f"bench.acceptance.{name}"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
        )
        print(done.stdout, flush=True)
        if done.returncode:
            raise SystemExit(done.returncode)
        took = time.perf_counter() - start
        where = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, Python {platform.python_version()}"
        sections[title] = (
            f"`python -m bench.acceptance.{name}`, {took:.0f} s; {where}\n\n```\n{done.stdout.strip()}\n```"
        )
        _write(sections)


def _sections(page: str) -> dict[str, str]:
    """Return the text of each section of the page by its title."""
    parts = re.split(r"^## (.*)\n", page, flags=re.MULTILINE)[1:]
    return {title: text.strip() for title, text in zip(parts[::2], parts[1::2], strict=True)}


def _write(sections: dict[str, str]) -> None:
    known = [title for _name, title in RUNS if title in sections]
    parts = ["# Acceptance runs", "Written by `make acceptance`; each section says when, where and by which command."]
    PAGE.write_text(
        "\n\n".join([*parts, *(f"## {title}\n\n{sections[title]}" for title in known)]) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
