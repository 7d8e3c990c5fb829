"""Work on files that others made, in a process of its own within limits of memory and time.

A small file can ask a library for more memory than there is, keep it busy for hours, or break it. The work
then runs in a process that may be lost: what is hostile takes that process down and nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ELAPSED = 3
_CHILD = Path(__file__).with_name("limited_child.py")


def run_limited(module: str, arguments: Mapping[str, object], *, memory_bytes: int, seconds: int) -> dict[str, Any]:
    """Run `module.main(**arguments)` in a process of its own and return its answer.

    Parameters
    ----------
    module
        Name of a module of ours whose `main` takes and returns what JSON can carry; it returns a dict.
    memory_bytes
        Address space of the process; not limited where the system has no such limit (Windows).
    seconds
        Limit of processor time; elapsed time may be three times as long, as other processes want the processor too.

    Returns
    -------
    dict
        The answer of `main`; or `fault`: `limit` where memory or time ran out or the process was lost,
        `unreadable` with what the library said in `found`.
    """
    limits = {"memory_bytes": memory_bytes, "seconds": seconds}
    # -I: what lies in the folder from which we were started is not imported.
    command = [sys.executable, "-I", str(_CHILD), module, json.dumps(dict(arguments)), json.dumps(limits)]
    try:
        done = subprocess.run(  # noqa: S603  our own file, by our own interpreter
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_ELAPSED * seconds,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        return {"fault": "limit"}
    if done.returncode:  # a library aborts the process where its memory ends
        return {"fault": "limit"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _environment() -> dict[str, str]:
    """Return the environment without our settings (keys and addresses of databases), and one thread a library.

    Numerical libraries reserve address space for each thread: on many cores that alone would pass the limit.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HARTA_")}
    return kept | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
