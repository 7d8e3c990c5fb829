"""Every bench, one after the other: `python -m bench`. Each prints its own table."""

from __future__ import annotations

import runpy
import sys

BENCHES = ("nearest", "imports", "gazetteer", "access", "siting", "map")

for name in BENCHES:
    print(f"\n== {name}", flush=True)
    sys.argv = [f"bench_{name}"]
    runpy.run_module(f"bench.bench_{name}", run_name="__main__")
