"""The analyses that are divided by county, on a small country: what each finds, by whoever does the parts."""

from __future__ import annotations

import os
import signal
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

from core.processes.partitioned_work import ONE_PROCESS
from geo.spatial.travel import STRAIGHT_LINES
from providers.planning.effective_coverage import compute_coverage
from providers.quality.duplicates import find_duplicates
from providers.rules.schema import services_table
from tests.worlds.homes import coverage_world as world

SERVICES = 60


@cache
def _country():
    rng = np.random.default_rng(7)
    drawn = [
        (*rng.uniform(-2, 2, 2), rng.choice(["at_site", "at_site", "at_home"]),
         rng.choice(["own_uat", "county", "region", "nation"]), rng.choice([None, 0, 3]), rng.choice([1.0, 200.0]))
        for _ in range(SERVICES)
    ]  # fmt: skip
    rows = [
        world.service(n, north, east, delivery=delivery, service_area=area)
        for n, (north, east, delivery, area, _free, _days) in enumerate(drawn, start=1)
    ]
    said = [(n, each[4], each[5]) for n, each in enumerate(drawn, start=1)]
    catalogue = world.catalogue(*rows)
    return world.people(2000), catalogue, world.laid(catalogue, *said), world.reports(*said)


def coverage(runner=ONE_PROCESS):
    """Return the tables of a coverage."""
    people, catalogue, laid, reported = _country()
    found = compute_coverage(
        world.CENTRE, people, catalogue, laid, travel=STRAIGHT_LINES, reported=reported, runner=runner
    )
    return [found.areas, found.flows, found.phone_first, pd.DataFrame({"left": found.left})]


def listed_services(count: int = 150) -> pd.DataFrame:
    """Return services of two lists in three counties, many of them the same with another spelling or telephone."""
    rng = np.random.default_rng(5)
    names = ("Centrul de zi Sfânta Ana", "Centrul de zi Sf. Ana", "Casa Miriam", "Azilul Speranța", "Azil Speranta")
    return services_table(
        {
            "service_id": f"social:{'ab'[n % 2]}:{n}", "registry": "social", "registry_key": str(n),
            "service_type": "8810ID-I", "name": str(rng.choice(names)), "organization": "Asociația Caritas",
            "county": str(rng.choice(["BC", "IS", "VS"])), "uat_siruta": rng.choice([24730, 24740, 0]) or None,
            "phone": rng.choice(["0234000111", "0234000112;0744000222", f"07{n:08d}"]),
            "address": f"Strada Păcii nr. {rng.integers(9)}",
        }
        for n in range(count)
    )  # fmt: skip


def duplicates(runner=ONE_PROCESS):
    """Return the table of pairs that may be one."""
    return [find_duplicates(listed_services(), runner=runner)]


ANALYSES = {"coverage": coverage, "duplicates": duplicates}


def assert_same(ours, theirs) -> None:
    """Compare tables to the last bit."""
    assert len(ours[0]) > 0
    for one, other in zip(ours, theirs, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


class Faltering:
    """A runner one of whose workers is killed in the middle of the second part that it is given; it leaves a file."""

    divides = True

    def __init__(self, runner, fell: Path) -> None:
        self._runner, self._fell = runner, fell

    def run(self, work, shared, parts):
        return self._runner.run(partial(_perhaps_fall, work, self._fell), shared, list(enumerate(parts)))


def _perhaps_fall(work, fell: Path, shared, part):
    number, what = part
    if number == 1 and not fell.exists():
        fell.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return work(shared, what)
