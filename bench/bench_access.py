"""How long the measures take for the nation, and how that compares with the library `access`.

    python bench/bench_access.py [minutes]

Localities and services are those of HARTA_TEST_DATA where they are, else synthetic of the same size (seed 2026).
Every number of the comparison is of this run: the same pairs given to both, the same values out.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from geo.access import floating_catchment, pairs_within
from geo.access_measures import area_measures
from geo.access_reach import concentration_index, distribution, share_within
from geo.access_served import sum_by_level
from geo.crs import to_metric
from geo.travel import CAR

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 2026
REACH_MIN = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
REACH_M = REACH_MIN / CAR.minutes_per_metre


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
    demand["county"], demand["lhdi"] = rng.integers(0, 42, len(demand)), rng.uniform(20, 120, len(demand))
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


def all_measures(demand: pd.DataFrame, supply: pd.DataFrame, costs: pd.DataFrame) -> None:
    """Compute what the coverage screen shows of one service type."""
    table = area_measures(demand, supply, costs, reach_minutes=REACH_MIN)
    near = table.loc[table["is_reached"], ["area_id", "minutes"]]
    share_within(demand, near)
    distribution(demand, near)
    concentration_index(table["minutes"].astype(float), table["people"], demand["lhdi"])
    for level in ("county", "national"):
        sum_by_level(table, demand, level)


def clock(work: Callable[[], object], times: int = 3) -> float:
    """Best of a few runs, seconds."""
    return min(timed(work) for _ in range(times))


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bench_types(demand: pd.DataFrame, supply: pd.DataFrame) -> None:
    """Each type with its pairs found anew; then the sum over all."""
    total, worst = 0.0, (0.0, "", 0)
    for service_type, services in supply.groupby("service_type"):
        began = time.perf_counter()
        costs = pairs_within(demand, services, reach_m=REACH_M, minutes=lambda metres: metres * CAR.minutes_per_metre)
        found = time.perf_counter()
        all_measures(demand, services, costs)
        seconds = time.perf_counter() - found
        total += time.perf_counter() - began
        worst = max(worst, (seconds, str(service_type), len(costs)))
    print(f"{supply['service_type'].nunique()} types, pairs found and all measures: {total:.2f} s")
    print(f"slowest type, all measures: {worst[0]:.2f} s ({worst[1]}, {worst[2]:,} pairs)")


def bench_against_access(demand: pd.DataFrame, supply: pd.DataFrame) -> None:
    """Put the same pairs to both and compare times and values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import Access, weights  # only where it is installed

        services = supply[supply["service_type"] != "EDU-SCHOOL"]
        people = demand[demand["people"] > 0]
        pairs = pairs_within(people, services, reach_m=REACH_M, minutes=lambda m: m * CAR.minutes_per_metre)
        costs = pairs.astype({"area_id": "int64", "service_id": "int64"})
        library = Access(
            demand_df=people[["area_id", "people"]], demand_index="area_id", demand_value="people",
            supply_df=services[["service_id", "places"]], supply_index="service_id", supply_value="places",
            cost_df=costs[["area_id", "service_id", "minutes"]], cost_origin="area_id", cost_dest="service_id",
            cost_name="minutes",
        )  # fmt: skip
        steps = weights.step_fn({REACH_MIN / 3: 1, 2 * REACH_MIN / 3: 0.68, REACH_MIN: 0.22})
        theirs = {
            "2sfca": lambda: library.two_stage_fca(name="a", max_cost=REACH_MIN),
            "e2sfca": lambda: library.enhanced_two_stage_fca(name="b", max_cost=REACH_MIN, weight_fn=steps),
            "3sfca": lambda: library.three_stage_fca(name="c", max_cost=REACH_MIN, weight_fn=steps),
        }
        columns = {"2sfca": "a_places", "e2sfca": "b_places", "3sfca": "c_places"}
        print(f"against access, {len(people):,} areas, {len(services):,} services, {len(costs):,} pairs:")
        for method, ask in theirs.items():
            slow = clock(ask, 1 if method != "2sfca" else 2)
            for name, given in (("int keys", costs), ("categories", pairs)):
                fast = clock(
                    lambda m=method, c=given: floating_catchment(people, services, c, method=m, reach_minutes=REACH_MIN)
                )
                ours = floating_catchment(people, services, given, method=method, reach_minutes=REACH_MIN)
                values = library.access_df[columns[method]].reindex(ours["area_id"]).fillna(0.0).to_numpy()
                apart = np.abs(values - ours["places_per_person"]).max()
                row = f"  {method:7s} {name:11s} access {slow:7.3f} s   ours {fast:7.3f} s"
                print(f"{row}   {slow / fast:6.1f} x   apart {apart:.1e}")


if __name__ == "__main__":
    kind, demand, supply = nation()
    print(
        f"nation ({kind}): {len(demand):,} localities, {len(supply):,} services, {REACH_MIN:.0f} min straight-line car"
    )
    bench_types(demand, supply)
    print(f"peak before the library: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    bench_against_access(demand, supply)
