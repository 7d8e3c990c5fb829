"""Memory that is given back: measured in a process of its own, on systems whose allocator can."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

# Columns of text that were read in threads and are gone, but for a little of each that lies in between.
STORY = """
import gc, threading
from pathlib import Path
from core.processes import memory

def held():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) / 1024

{begin}
import pandas as pd
kept, start = [], held()
def read():
    columns = [pd.Series([f"{{n}}-{{i}}" for i in range(20_000)], dtype="string[pyarrow]") for n in range(12)]
    kept.append([bytes(1000) for _ in range(50)])
threads = [threading.Thread(target=read) for _ in range(6)]
[t.start() for t in threads]; [t.join() for t in threads]
gc.collect()
before = held()
memory.trim()
print(before - start, held() - start)
"""


def _held(begin: str) -> tuple[float, float]:
    told = subprocess.run(
        [sys.executable, "-c", STORY.format(begin=begin)], check=True, capture_output=True, text=True
    ).stdout
    before, after = map(float, told.split())
    return before, after


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="another allocator than glibc's")
def test_what_is_kept_for_nothing_is_given_back():
    _before, usual = _held("")
    before, spared = _held("memory.keep_little()")
    assert spared < before
    assert spared < usual


def test_where_the_system_has_no_such_call_nothing_happens(monkeypatch):
    from core.processes import memory

    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _name: object())
    memory.trim()
    memory.keep_little()
