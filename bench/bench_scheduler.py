"""The analyses of the whole nation by one process and by two workers of a Dask scheduler: time, ratio, equality.

    python -m bench.bench_scheduler [--fall]

The home is HARTA_HOME, or a demonstration with invented roads made in a temporary folder. Coverages are of the types
with most services, by straight lines and by road; the table of minutes is of every tenth locality. `--fall` kills a
worker in the middle of each. Two workers on this machine, loopback only, started before the clock. Wall clock depends
on who else uses the machine (its load stands beside), seconds of processor do not.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from distributed import LocalCluster

from core.processes.dask_scheduler import DaskWorkers, part_runner
from core.processes.partitioned_work import ONE_PROCESS, PartRunner
from core.storage.home import open_home
from core.storage.import_kinds import AUTHORITY
from geo.spatial.tabled_travel import live_model
from geo.spatial.travel import STRAIGHT_LINES, TravelModels
from geo.spatial.travel_table import distinct_points, write_table
from providers.catalogue.home_travel import travel_of
from providers.planning.demand import load_people
from providers.planning.effective_coverage import compute_coverage
from providers.quality.duplicates import find_duplicates
from referrals.homes.demonstration import make_demo
from referrals.workflow.directory import open_directory

TYPES, EVERY = 3, 10
Analysis = Callable[[PartRunner], list[pd.DataFrame]]


class Falling:
    """Workers of which one is killed in the middle of the second part of an analysis."""

    divides = True

    def __init__(self, runner: PartRunner, fell: Path) -> None:
        self._runner, self._fell = runner, fell

    def run(self, work: Any, shared: Any, parts: Sequence[Any]) -> Iterator[Any]:
        """Do the parts, and the second one twice."""
        return self._runner.run(partial(_fall_once, work, self._fell), shared, list(enumerate(parts)))


def _fall_once(work: Any, fell: Path, shared: Any, part: tuple[int, Any]) -> Any:
    if part[0] == 1 and not fell.exists():
        fell.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return work(shared, part[1])


def analyses(folder: Path) -> dict[str, Analysis]:
    """Return what is measured, by name."""
    home = open_home() if os.environ.get("HARTA_HOME") else make_demo(folder / "home", with_roads=True)
    directory = open_directory(home)
    snapshot = directory.snapshot()
    reported = directory.ledger.capacity_now(now=snapshot.availability.now)
    people = load_people(home, directory.gazetteer)
    services = directory.published().services
    public = services[(services["registry"] != AUTHORITY).to_numpy(bool)]
    types = public["service_type"].value_counts().index[:TYPES].tolist()
    print(f"{len(people.areas):,} localities, {len(public):,} services; coverage of {', '.join(types)}")

    def cover(travel: TravelModels, codes: Sequence[str], runner: PartRunner) -> list[pd.DataFrame]:
        found = [
            compute_coverage(
                code, people, snapshot.catalogue, snapshot.availability, travel=travel, reported=reported, runner=runner
            )
            for code in codes
        ]
        return [table for each in found for table in (each.areas, each.flows, each.phone_first)]

    def compare(runner: PartRunner) -> list[pd.DataFrame]:
        return [find_duplicates(public, runner=runner)]

    found: dict[str, Analysis] = {
        "coverage, straight lines": partial(cover, STRAIGHT_LINES, types),
        "duplicates": compare,
    }
    roads = live_model(travel_of(home).car)
    if roads.basis.kind != "roads":
        print("no roads in force: neither coverage by road nor a table of minutes")
        return found
    areas = people.areas.iloc[::EVERY]
    at = areas["lat"].to_numpy(float) + 1j * areas["lon"].to_numpy(float)
    origins, first = np.unique(at, return_index=True)
    county = areas["county"].to_numpy(str)[first]
    sites = distinct_points(public["lat"].to_numpy(float), public["lon"].to_numpy(float))

    def table(runner: PartRunner) -> list[pd.DataFrame]:
        with tempfile.TemporaryDirectory() as aside:
            write_table(Path(aside), roads, origins, sites, counties=county, runner=runner)
            files = sorted(Path(aside).glob("*.[bn]*"))
            return [pd.DataFrame({each.name: np.fromfile(each, np.uint8)}) for each in files]

    found["coverage, by road"] = partial(cover, TravelModels(roads, travel_of(home).walk), types[:1])
    found["table of minutes"] = table
    return found


def _used(runner: PartRunner) -> float:
    """Return the seconds of processor of this process and of the workers, as far as they live."""
    theirs = runner.client.run(time.process_time).values() if isinstance(runner, DaskWorkers) else ()
    return time.process_time() + sum(theirs)


def timed(ask: Analysis, asked: PartRunner, workers: PartRunner) -> tuple[float, float, list[pd.DataFrame]]:
    """Return the wall clock, the processor of everybody, and what was found."""
    used, wall = _used(workers), time.perf_counter()
    found = ask(asked)
    return time.perf_counter() - wall, _used(workers) - used, found


def main() -> None:
    """Print a line for each analysis; a difference of a bit ends the run."""
    falls = "--fall" in sys.argv
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
        part_runner(cluster.scheduler_address) as workers,
    ):
        todo = analyses(Path(folder))
        if isinstance(workers, DaskWorkers):
            workers.client.run(__import__, "providers.planning.effective_coverage")  # as after the first analysis
        print(f"{'':<26}{'one process':>22}{'two workers':>22}{'ratio':>8}  same digits   (wall / processor, s)")
        for name, ask in todo.items():
            wall, used, ours = timed(ask, ONE_PROCESS, ONE_PROCESS)
            runner = Falling(workers, Path(folder) / name.replace(" ", "-")) if falls else workers
            their_wall, their_used, theirs = timed(ask, runner, ONE_PROCESS if falls else workers)
            same = len(ours) == len(theirs) and all(map(pd.DataFrame.equals, ours, theirs))
            cells = f"{wall:>12.2f} /{used:>8.2f}{their_wall:>12.2f} /{their_used:>8.2f}{wall / their_wall:>8.2f}"
            print(f"{name:<26}{cells}  {'yes' if same else 'NO'}{', a worker fell' if falls else ''}", flush=True)
            if not same:
                raise SystemExit(f"{name}: two workers found other digits")
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
