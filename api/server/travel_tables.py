"""The table of minutes, kept to what is in force while the server runs, by a process beside it at low priority.

The process is `harta travel --table`: what it needs of memory goes with it, and no page waits for its computing.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from api.http.dependencies import directory_for
from core.background_work import in_background, repeat
from core.resources import ROOT
from providers.catalogue.home_travel_table import is_due

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from core.storage.home import Home

EVERY_SECONDS = 60.0
_COMMAND = (sys.executable, "-c", "from cli import main; main()", "travel", "--table")
_NICE = 10
_log = logging.getLogger("harta.travel")


@contextmanager
def keeping_travel_table(home: Home, *, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Measure the table anew when its time has come, in a thread of its own, while the block runs."""
    with in_background(
        "travel-table",
        lambda stop: repeat(partial(_measure_what_is_due, home), stop, every_seconds, _log),
    ):
        yield


def _measure_what_is_due(home: Home, stop: threading.Event) -> bool:
    return not is_due(home, directory_for(home).snapshot()) or _measure(home, stop)


def _measure(home: Home, stop: threading.Event) -> bool:
    """Run the command, and tell whether it ended well."""
    environment = os.environ | {"HARTA_HOME": str(home.path)}
    with subprocess.Popen(  # noqa: S603  our own command, by our own interpreter
        _COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        cwd=ROOT, env=environment,
    ) as process:  # fmt: skip
        with suppress(AttributeError, OSError):  # no such thing on Windows
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        while process.poll() is None:
            if stop.wait(1.0):
                process.terminate()
        if process.returncode and not stop.is_set() and process.stderr is not None:
            _log.warning("travel table: %s", process.stderr.read(400).strip())
        return process.returncode == 0
