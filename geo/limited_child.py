"""The process that `geo.limited_process` starts: takes its limits, then runs one function and prints its answer."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any


def _take_limits(memory_bytes: int, seconds: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _answer(module: str, arguments: str) -> dict[str, Any]:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        answer: dict[str, Any] = importlib.import_module(module).main(**json.loads(arguments))
    except MemoryError:
        return {"fault": "limit"}
    except Exception as error:  # noqa: BLE001  whatever the library says of a broken file is for the person who sent it
        if "bad_alloc" in str(error):  # how GEOS says that memory ran out
            return {"fault": "limit"}
        return {"fault": "unreadable", "found": str(error)[:120]}
    return answer


if __name__ == "__main__":
    _take_limits(**json.loads(sys.argv[3]))
    # The answer alone goes to the pipe: what a library prints would break it.
    with os.fdopen(os.dup(1), "wb") as pipe:
        os.dup2(2, 1)
        pipe.write(json.dumps(_answer(sys.argv[1], sys.argv[2]), ensure_ascii=False).encode("utf-8", "surrogatepass"))
