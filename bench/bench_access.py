"""How long the measures take for the nation, and how that compares with the library `access`.

    python -m bench.bench_access [minutes]

Localities and services are those of HARTA_TEST_DATA where they are, else synthetic of the same size (seed 2026).
Every number of the comparison is of this run: the same pairs given to both, the same values out.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.access.catchment import floating_catchment
from geo.access.served import allocate_people
from geo.spatial.crs import to_metric
from geo.spatial.points import Points
from geo.spatial.travel import CAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from access import Access

    from geo.access.catchment import Method

SEED = 2026
REACH_MIN = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
FORMS = (
    "whole numbers, in order", "whole numbers, any order", "text, in order", "text, any order", "objects, in order",
    "as pairs_within gives them",
)  # fmt: skip


def nation() -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Localities with people; services with places and a type (social, schools, hospitals)."""
    rng = np.random.default_rng(SEED)
    folder = Path(os.environ.get("HARTA_TEST_DATA") or "../shared") / "data"
    kind = "real" if folder.is_dir() else "synthetic"
    if kind == "real":
        places = pd.read_csv(folder / "settlements" / "localities_2013.csv").dropna(subset=["lat", "lon"])
        xy, keys = to_metric(places["lat"], places["lon"]), places["SIRUTA"].to_numpy()
    else:
        xy, keys = rng.uniform(0, 488_000, (13_749, 2)), np.arange(13_749)
    demand = pd.DataFrame({"area_id": keys, "x": xy[:, 0], "y": xy[:, 1]})
    demand["people"] = np.round(rng.lognormal(4.0, 1.0, len(demand)))
    if kind == "real":
        listed = json.loads((folder / "social" / "licensed_services_2017.json").read_text(encoding="utf-8"))[
            "providers"
        ]
        social = pd.DataFrame(listed)[["cod", "lat", "lng"]].replace("", None).dropna()
        service_xy = to_metric(social["lat"].astype(float), social["lng"].astype(float))
        types = social["cod"].to_numpy()
    else:
        service_xy, types = rng.uniform(0, 488_000, (2_186, 2)), rng.choice([f"T{i}" for i in range(70)], 2_186)
    # the school network has no coordinates: 18,200 units at random localities, as it has them (synthetic)
    schools = xy[rng.integers(0, len(xy), 18_200)]
    supply = pd.DataFrame(np.concatenate([service_xy, schools]), columns=["x", "y"])
    supply["service_id"] = np.arange(len(supply))
    supply["service_type"] = np.concatenate([types, np.full(18_200, "EDU-SCHOOL")])
    supply["places"] = rng.integers(5, 120, len(supply)).astype(float)
    return kind, demand.sort_values("area_id", ignore_index=True), supply


def pairs_within(areas: pd.DataFrame, services: pd.DataFrame, *, reach_minutes: float) -> pd.DataFrame:
    """List the pairs within reach by car, straight: `area_id`, `service_id` (categorical, for speed), `minutes`."""
    sites = Points(*(np.full(len(services), np.nan),) * 2, services[["x", "y"]].to_numpy())
    origins = Points(*(np.full(len(areas), np.nan),) * 2, areas[["x", "y"]].to_numpy())
    found = CAR.pairs_within(origins, sites, reach_minutes)
    return pd.DataFrame(
        {
            "area_id": pd.Categorical.from_codes(found.origin, areas["area_id"]),
            "service_id": pd.Categorical.from_codes(found.site, services["service_id"]),
            "minutes": found.minutes,
        }
    )


def all_measures(demand: pd.DataFrame, supply: pd.DataFrame, costs: pd.DataFrame) -> None:
    """Compute what the coverage screen asks of one service type: three rates, people served and where they go."""
    methods: tuple[Method, ...] = ("2sfca", "e2sfca", "bfca")
    for method in methods:
        floating_catchment(demand, supply, costs, method=method, reach_minutes=REACH_MIN)
    _moved = allocate_people(demand, supply, costs, reach_minutes=REACH_MIN).moved


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of one run: by the clock, and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def bench_types(demand: pd.DataFrame, supply: pd.DataFrame) -> None:
    """Each type with its pairs found anew; then the sum over all."""
    total, worst = np.zeros(2), (0.0, 0.0, "", 0)
    for service_type, services in supply.groupby("service_type"):
        found: list[pd.DataFrame] = []
        seeking = timed(lambda s=services, f=found: f.append(pairs_within(demand, s, reach_minutes=REACH_MIN)))
        took = timed(lambda s=services, f=found: all_measures(demand, s, f[0]))
        total += np.add(seeking, took)
        worst = max(worst, (*took, str(service_type), len(found[0])))
    print(
        f"{supply['service_type'].nunique()} types, pairs found and all measures: "
        f"{total[0]:.2f} s ({total[1]:.2f} s of processor)"
    )
    print(
        f"slowest type, all measures: {worst[0]:.2f} s ({worst[1]:.2f} s of processor; {worst[2]}, {worst[3]:,} pairs)"
    )


def bench_against_access(demand: pd.DataFrame, supply: pd.DataFrame) -> None:
    """Put the same tables to both; medians of the whole call of each, and the values held together."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.INFO)  # it tells whenever it writes over a column
        from access import weights  # only where it is installed

        steps = weights.step_fn({REACH_MIN / 3: 1, 2 * REACH_MIN / 3: 0.68, REACH_MIN: 0.22})
        people = demand.loc[demand["people"] > 0, ["area_id", "people", "x", "y"]].reset_index(drop=True)
        few = supply[supply["service_type"] != "EDU-SCHOOL"]
        head = (
            f"  {'method':7s}{'tables':31s}{'access':>16s}{'ours':>16s}{'faster':>16s}{'made first':>12s}{'apart':>9s}"
        )
        for services in (few, supply):
            near = pairs_within(people, services, reach_minutes=REACH_MIN)
            tables = (people[["area_id", "people"]], services[["service_id", "places"]].reset_index(drop=True), near)
            print(f"against access: {len(people):,} areas, {len(services):,} services, {len(near):,} pairs")
            print(f"{head}\n{'':38s}{'ms: wall   cpu':>16s}{'ms: wall   cpu':>16s}{'wall     cpu':>16s}")
            for form in FORMS:
                given = in_form(tables, form)
                compare("2sfca", form, given, lambda lib: lib.two_stage_fca(name="a", max_cost=REACH_MIN), 9)
            plain = in_form(tables, FORMS[0])
            for method, ask in (("e2sfca", "enhanced_two_stage_fca"), ("3sfca", "three_stage_fca")):
                compare(
                    method, FORMS[0], plain,
                    lambda lib, a=ask: getattr(lib, a)(name="a", max_cost=REACH_MIN, weight_fn=steps), 3,
                )  # fmt: skip


def in_form(tables: tuple[pd.DataFrame, ...], form: str) -> list[pd.DataFrame]:
    """Write the same tables with keys of another kind, or rows in another order."""
    kind = {"text": "str", "objects": "object"}.get(form.split(",", maxsplit=1)[0], "int64")
    keys = [{c: t[c].astype("int64") for c in t if c.endswith("_id")} for t in tables]
    if kind != "int64":
        keys = [{c: k.astype(str).astype(kind) for c, k in each.items()} for each in keys]
    made = [t.assign(**k) for t, k in zip(tables, keys, strict=True)]
    if form.startswith("as pairs_within"):
        made[2] = tables[2]
    return [t.sample(frac=1, random_state=SEED) for t in made] if form.endswith("any order") else made


def compare(method: Method, form: str, given: list[pd.DataFrame], ask: Callable[[Access], object], times: int) -> None:
    """Time the library's call, on its object made beforehand, against ours; AssertionError where the values differ."""
    from access import Access

    demand, supply, costs = given
    if form.startswith("as pairs_within"):  # it takes no categories: whole numbers, as in the row above
        costs = costs.astype({"area_id": "int64", "service_id": "int64"})

    def make() -> Access:
        return Access(
            demand_df=demand, demand_index="area_id", demand_value="people",
            supply_df=supply, supply_index="service_id", supply_value="places",
            cost_df=costs[["area_id", "service_id", "minutes"]], cost_origin="area_id", cost_dest="service_id",
            cost_name="minutes",
        )  # fmt: skip

    library = make()
    theirs_took = [timed(lambda: ask(library)) for _ in range(times)]  # each in a row of its own, as timeit does
    ours_took = [
        timed(lambda: floating_catchment(*given, method=method, reach_minutes=REACH_MIN)) for _ in range(3 * times)
    ]
    wall, cpu = 1000 * np.median(theirs_took, axis=0)
    our_wall, our_cpu = 1000 * np.median(ours_took, axis=0)
    made = 1000 * float(np.median([timed(make)[0] for _ in range(3)]))
    ours = floating_catchment(*given, method=method, reach_minutes=REACH_MIN)
    theirs = library.access_df["a_places"].reindex(ours["area_id"]).fillna(0.0).to_numpy()
    apart = float(np.abs(theirs - ours["places_per_person"]).max())
    assert apart < 1e-9, (method, form, apart)
    row = f"  {method:7s}{form:31s}{wall:9.1f}{cpu:7.1f}{our_wall:9.2f}{our_cpu:7.2f}"
    print(f"{row}{wall / our_wall:8.1f}{cpu / our_cpu:8.1f}{made:12.1f}{apart:9.0e}", flush=True)


if __name__ == "__main__":
    kind, demand, supply = nation()
    print(
        f"nation ({kind}): {len(demand):,} localities, {len(supply):,} services, {REACH_MIN:.0f} min straight-line car"
    )
    bench_types(demand, supply)
    print(f"peak before the library: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    bench_against_access(demand, supply)
