"""Lighthouse's scores for the plain pages: performance, accessibility, best practices; 100 is the most.

`python -m bench.screens.bench_lighthouse` needs node with npm (Lighthouse is fetched by `npm exec`, its version pinned
here) and Debian's Chromium. The home is HARTA_HOME, or a demonstration made in a temporary folder. Lighthouse
emulates a slow telephone of its own choosing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from api.http import session
from bench.screens.bench_screens import team_cookie
from bench.screens.browsing import CHROMIUM, load, served
from core.storage.home import open_home
from referrals.homes.demonstration import make_demo

LIGHTHOUSE = "lighthouse@12.8.2"
PAGES = ("/simplu", "/simplu/referiri", "/simplu/ajutor", "/intra")
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 95  # the contract


def main() -> None:
    """Print a row of scores a page; exit 1 where one is under the contract, 2 where Lighthouse cannot run."""
    if shutil.which("npm") is None:
        raise SystemExit("npm is not installed: Lighthouse was not run")
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")
        with served(home) as base:
            cookie = f"{session.COOKIE}={team_cookie(home)}"
            scores = {page: _scores(f"{base}{page}", cookie, Path(folder)) for page in PAGES}
    print(f"{LIGHTHOUSE:<20}" + "".join(f"{name:>16}" for name in CATEGORIES))
    for page, row in scores.items():
        print(f"{page:<20}" + "".join(f"{row[name]:>16}" for name in CATEGORIES))
    print(load())
    if min(score for row in scores.values() for score in row.values()) < LEAST:
        raise SystemExit(f"under the contract of {LEAST}")


def _scores(url: str, cookie: str, folder: Path) -> dict[str, int]:
    out = folder / "lighthouse.json"
    headers = folder / "headers.json"  # a file: a command line is everybody's to read
    headers.write_text(json.dumps({"Cookie": cookie}), encoding="utf-8")
    command = [
        "npm", "exec", "--yes", "--", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={out}",
        f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}",
        "--chrome-flags=--headless --no-sandbox --disable-gpu",
    ]  # fmt: skip
    done = subprocess.run(
        command, env={**os.environ, "CHROME_PATH": CHROMIUM}, capture_output=True, text=True, check=False
    )
    if done.returncode or not out.exists():
        print(done.stderr[-2000:])
        raise SystemExit(2)
    found = json.loads(out.read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * found[name]["score"]) for name in CATEGORIES}


if __name__ == "__main__":
    main()
