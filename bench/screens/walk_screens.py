"""What the tasks of a day cost on screen: taps, seconds of waiting, and how many screens high each screen is.

`python -m bench.screens.walk_screens [TASK…]` (Playwright and Debian's Chromium; HARTA_TEST_CHROMIUM names another).
The home is HARTA_HOME, or a demonstration made in a temporary folder; what is walked is written there. Goals and what
was before are in `bench.walk.goals`, the tasks in `bench.walk.team` and `bench.walk.county`. "Nearest usable" is the
first row of the list that may take the person and has a free place or is to be called; the asker's own office does not
count. Exit 1 where a task cannot be finished or does not keep to its goal. Seconds are those of this machine.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench.screens.browsing import chromium, load, served
from bench.walk.county import CountyTasks
from bench.walk.goals import HEADS, RULE, missed
from bench.walk.heights import Heights
from bench.walk.team import TeamTasks
from core.storage.home import open_home
from reports.demo.whole_demo import make_whole_demo


def main() -> None:
    """Print the tables."""
    only = sys.argv[1:]
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_whole_demo(Path(folder) / "home")
        with served(home) as base, chromium() as browser:
            print(f"{HEADS}\n{RULE}")
            for kind in (TeamTasks, CountyTasks, Heights):
                tasks = kind(browser, base, home)
                tasks.walk(only)
                failed += missed(tasks.done)
    print(load())
    if failed:
        raise SystemExit(f"not met: {', '.join(failed)}")


if __name__ == "__main__":
    main()
