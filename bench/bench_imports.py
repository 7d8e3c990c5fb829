"""Import times and peak memory of each kind, each in a process of its own, on the real files.

    python -m bench.bench_imports

Needs HARTA_TEST_DATA (default ../shared); says so and stops where it is absent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

FILES = (
    ("localities", "settlements/localities_2013.csv"),
    ("boundaries", "boundaries/uat_2021.geojson"),
    ("population", "census/uat_population_2021.csv"),
    ("population", "census/rpl2021_tabel_1.03_age_groups.xls"),
    ("social", "social/licensed_services_2017.json"),
    ("education", "education/retea-scolara-2024-2025.xlsx"),
    ("medical", "health/hospitals_eurostat_2020.csv"),
    ("employment", "employment/ajofm_county_agencies_2025.csv"),
)
ROOT = Path(__file__).resolve().parent.parent
_ONE = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
from core.storage.home import make_home
from providers.imports.importing import import_file
home = make_home("live")
start = time.perf_counter()
report = import_file(home, sys.argv[1], Path(sys.argv[2]), as_of=date.today(), confirmed=True).as_json()
took = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({**report, "seconds": took, "peak_mb": peak}))
"""


def main() -> None:
    """Import every file once, in order, and print a line each."""
    data = Path(os.environ.get("HARTA_TEST_DATA") or ROOT.parent / "shared") / "data"
    console = Console()
    if not data.is_dir():
        console.print(f"no real files at {data}: nothing measured (set HARTA_TEST_DATA)")
        return
    table = Table(title="imports of the real files, each in its own process")
    for column in ("kind", "rows", "loaded", "rejected", "import s", "whole process s", "peak MB"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    total = 0.0
    with tempfile.TemporaryDirectory() as home:
        for kind, file in FILES:
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", _ONE, kind, str(data / file)],
                env={**os.environ, "HARTA_HOME": home},
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
            )
            whole = time.perf_counter() - start
            total += whole
            said = json.loads(done.stdout.splitlines()[-1])
            counts = (said["rows_read"], said["rows_loaded"], said["rows_rejected"])
            table.add_row(kind, *map(str, counts), f"{said['seconds']:.2f}", f"{whole:.2f}", f"{said['peak_mb']:.0f}")
    console.print(table)
    console.print(f"together {total:.1f} s")


if __name__ == "__main__":
    main()
