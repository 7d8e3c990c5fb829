"""Every bench, one after the other: `python -m bench`. Each prints its own table.

A bench that ends over its contract, or cannot run here, says so; the others run all the same, and the exit code is 1.
"""

from __future__ import annotations

import runpy
import sys

BENCHES = (
    "bench_nearest",
    "bench_imports",
    "bench_gazetteer",
    "bench_areas",
    "bench_access",
    "bench_siting",
    "maps.bench_map",
    "maps.bench_service_map",
    "bench_reports",
    "bench_roads",
    "cases.bench_instrument",
    "cases.bench_case_load",
    "screens.bench_screens",
    "screens.bench_plain_answer",
    "screens.bench_lighthouse",
)

failed = []
for name in BENCHES:
    print(f"\n== {name}", flush=True)
    sys.argv = [name]
    try:
        runpy.run_module(f"bench.{name}", run_name="__main__")
    except SystemExit as ended:
        if ended.code:
            print(ended.code)
            failed.append(name)
if failed:
    raise SystemExit(f"not as it should be: {', '.join(failed)}")
