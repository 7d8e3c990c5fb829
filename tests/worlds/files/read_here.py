"""What reads hostile files in a process of its own, here: starting one takes seconds, and most files take nothing down."""

from __future__ import annotations

import importlib
import json
import warnings
from collections.abc import Mapping
from typing import Any


def run_here(module: str, arguments: Mapping[str, object], *, memory_bytes: int, seconds: int) -> dict[str, Any]:
    """Answer as `core.reading.limited_process.run_limited` does, without its limits."""
    del memory_bytes, seconds
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # there nobody reads them; here they would be faults
            answer = importlib.import_module(module).main(**json.loads(json.dumps(dict(arguments))))
    except Exception as error:  # noqa: BLE001  as the process says it
        return {"fault": "unreadable", "found": str(error)[:120]}
    said: dict[str, Any] = json.loads(json.dumps(answer))
    return said
