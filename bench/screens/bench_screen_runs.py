"""What one run of a screen costs the server: milliseconds of processor of the thread that draws it.

`python -m bench.screens.bench_screen_runs`: under Streamlit's AppTest, on HARTA_HOME, or on the furnished demonstration
of the browser tests (a list of communities, 300 people, 600 referrals); the first two runs of each screen are not
counted. Each run is a thread of its own, as on the server; what AppTest itself does with the drawn elements is in
another one. Compiled scripts are kept from run to run, as the server keeps them; AppTest by itself compiles the two of
a page at each run (3 to 5 ms).
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from streamlit.util import calc_hash

from pages.common import shared, sitemap
from referrals.records.vocabulary import Actor
from tests.browser import every_screen

RUNS = 15
MAIN = Path(__file__).resolve().parents[2] / "pages" / "main.py"
TEAM, COUNTY = Actor("team", "demo-team", "BC", 24089), Actor("county", "demo-county", "BC")
NATION = Actor("national", "demo-national")
QUESTION = {"loc": every_screen.PARINCEA, "nevoie": every_screen.NEED}
# The screen, who looks, its address, and the most milliseconds of the contract.
SCREENS: tuple[tuple[str, Actor, str, dict[str, str], float], ...] = (
    ("„Astăzi”, a team", TEAM, sitemap.TODAY, {}, 40.0),
    ("„Astăzi”, a county unit", COUNTY, sitemap.TODAY, {}, 40.0),
    ("„Astăzi”, the nation", NATION, sitemap.TODAY, {}, 40.0),
    ("the finder, before a question", TEAM, sitemap.FINDER, {}, 40.0),
    ("the finder, an answer", TEAM, sitemap.FINDER, QUESTION, 150.0),
    ("„Rapoarte”, a team", TEAM, sitemap.FIGURES, {}, 150.0),
    ("„Rapoarte”, the nation", NATION, sitemap.FIGURES, {}, 150.0),
)


def main() -> None:
    """Print a row for each screen; exit 1 where one is over the contract."""
    with TemporaryDirectory() as folder:
        if not os.environ.get("HARTA_HOME"):
            os.environ["HARTA_HOME"] = str(every_screen.furnish(Path(folder) / "home").path)
        print(f"{'screen':<34} {'ms median':>10} {'ms least':>9} {'most':>6}")
        over = []
        for name, actor, page, address, most in SCREENS:
            taken = _measured(actor, page, address)
            print(f"{name:<34} {statistics.median(taken):>10.1f} {min(taken):>9.1f} {most:>6.0f}")
            over += [name] if min(taken) > most else []
    if over:
        raise SystemExit(f"over the contract: {', '.join(over)}")


def _measured(actor: Actor, page: str, address: dict[str, str]) -> list[float]:
    shared.actor = lambda _home: actor
    taken: list[float] = []
    run = LocalScriptRunner._run_script  # noqa: SLF001 - what a thread of a screen runs
    compiled = ScriptCache()

    def timed(self: Any, *said: Any) -> Any:
        self._script_cache = compiled
        before = time.thread_time()
        try:
            return run(self, *said)
        finally:
            taken.append((time.thread_time() - before) * 1000)

    LocalScriptRunner._run_script = timed  # noqa: SLF001
    try:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app._page_hash = calc_hash(page)  # noqa: SLF001 - the page that an address opens
        for _ in range(RUNS + 2):
            app.run()
            if app.exception:
                raise SystemExit(str(app.exception))
    finally:
        LocalScriptRunner._run_script = run  # noqa: SLF001
    return taken[2:]


if __name__ == "__main__":
    sys.exit(main())
