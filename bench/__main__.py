"""Every bench, one after the other: `python -m bench`. Each prints its own table.

A bench that ends over its contract, or cannot run here, says so; the others run all the same, and the exit code is 1.
"""

from __future__ import annotations

import runpy
import sys

BENCHES = (
    "cases.bench_instrument",
    "nearest",
    "imports",
    "gazetteer",
    "areas",
    "access",
    "siting",
    "map",
    "service_map",
    "reports",
    "roads",
    "screens",
    "plain_answer",
    "lighthouse",
)

failed = []
for name in BENCHES:
    print(f"\n== {name}", flush=True)
    sys.argv = [f"bench_{name}"]
    try:
        runpy.run_module(f"bench.{name}" if "." in name else f"bench.bench_{name}", run_name="__main__")
    except SystemExit as ended:
        if ended.code:
            print(ended.code)
            failed.append(name)
if failed:
    raise SystemExit(f"not as it should be: {', '.join(failed)}")
