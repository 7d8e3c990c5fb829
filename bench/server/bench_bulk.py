"""What making the files of a day takes: processor, and memory above the catalogue that the server has anyway.

Each table is written as `harta export bulk` writes it, one after the other in a process of its own. Memory is the
highest of the resident set since the catalogue, its public table and the atlas were in memory.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bench.screens.browsing import forget_highest, load, memory_of
from core.storage.home import open_home
from referrals.workflow.directory import open_directory
from reports.bulk import bulk_forms
from reports.bulk.bulk_tables import gather_bulk


def main() -> None:
    """Print the table, of the tables named or of all."""
    content = gather_bulk(open_directory(open_home()))
    before = memory_of("self")
    forget_highest("self")
    print(f"with the catalogue in memory: {before} MB")
    print("| table | rows | processor | size | memory, highest so far | held after |")
    print("|---|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for table in content.tables():
            if sys.argv[1:] and table.name not in sys.argv[1:]:
                continue
            start = time.process_time()
            rows = bulk_forms.write_forms(table, Path(folder))
            if table.shape:
                bulk_forms.write_geopackage(table, Path(folder))
            took = time.process_time() - start
            size = sum(path.stat().st_size for path in Path(folder).glob(f"{table.name}.*")) / 2**20
            most, now = memory_of("self", "VmHWM") - before, memory_of("self") - before
            print(f"| {table.name} | {rows:,} | {took:.1f} s | {size:.1f} MB | {most:+} MB | {now:+} MB |", flush=True)
    print(load())


if __name__ == "__main__":
    main()
