"""How long siting takes: a county with capacities, and the nation's largest covering question.

    python -m bench.bench_siting [county|national|all]

The county is synthetic (seed 2026). The nation uses the localities and UAT populations of HARTA_TEST_DATA where
they are, else a synthetic country of the same size (seed 2026): the first column says which.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from bench.bench_access import pairs_within
from geo.siting.facility_location import maximal_coverage, p_median, set_cover
from geo.siting.siting_types import Siting
from geo.spatial.crs import to_metric
from geo.spatial.travel import CAR

SEED = 2026
SERVICES = 150  # that exist in the synthetic county; the sites after them are new
DAYS = ["lu", "ma", "mi", "jo", "vi"]


def county(seed: int = SEED) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make 300 localities, 150 services with places, and 100 UAT seats that may get a new site of 40 places."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 80_000, (300, 2))
    people = np.round(rng.lognormal(2.5, 0.8, 300)) + 1
    demand = pd.DataFrame({"area_id": np.arange(300), "people": people, "x": xy[:, 0], "y": xy[:, 1]})
    demand["priority"] = rng.integers(1, 5, 300)
    # services gather around a few towns, as real ones do
    towns = xy[rng.choice(300, 8, replace=False)]
    at = towns[rng.integers(0, 8, 150)] + rng.normal(0, 6_000, (150, 2))
    places = np.round(rng.lognormal(3.0, 0.7, 150))
    places = np.maximum(1, np.round(places * 0.75 * people.sum() / places.sum()))  # three quarters of the need
    sites = pd.DataFrame(
        {
            "site_id": np.arange(250),
            "x": np.concatenate([at[:, 0], xy[:100, 0]]),
            "y": np.concatenate([at[:, 1], xy[:100, 1]]),
            "is_existing": np.arange(250) < 150,
            "places": np.concatenate([places, np.full(100, 40.0)]),
        }
    )
    pairs = pairs_within(
        demand, sites.rename(columns={"site_id": "service_id"}), reach_minutes=200_000 * CAR.minutes_per_metre
    )
    costs = pairs.rename(columns={"service_id": "site_id", "minutes": "cost"})
    return demand, sites, costs.astype({"area_id": "int64", "site_id": "int64"})


def nation(seed: int = SEED) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Return localities with people, and the UAT seats among them: real where there are files, else synthetic."""
    folder = Path(os.environ.get("HARTA_TEST_DATA") or "../shared") / "data"
    if not folder.is_dir():
        rng = np.random.default_rng(seed)
        xy = rng.uniform(0, 488_000, (13_749, 2))
        table = pd.DataFrame({"area_id": np.arange(13_749), "x": xy[:, 0], "y": xy[:, 1]})
        return "synthetic", table.assign(people=np.round(rng.lognormal(6.3, 1.0, 13_749))), table.head(3_181)
    places = pd.read_csv(folder / "settlements" / "localities_2013.csv").dropna(subset=["lat", "lon"])
    counted = pd.read_csv(folder / "census" / "uat_population_2021.csv").dropna(subset=["siruta"])
    xy = to_metric(places["lat"], places["lon"])
    table = pd.DataFrame({"area_id": places["SIRUTA"], "uat": places["SIRSUP"], "x": xy[:, 0], "y": xy[:, 1]})
    is_seat = ~table["uat"].duplicated()
    share = pd.Series(np.where(is_seat, 5.0, 1.0), index=table.index)  # a seat is larger: assumed
    people = table["uat"].map(counted.set_index(counted["siruta"].astype(int))["pop"]).fillna(0.0)
    table["people"] = (people * share / share.groupby(table["uat"]).transform("sum")).round()
    return "real", table, table[is_seat]


def tell(name: str, siting: Siting, seconds: float, processor_s: float) -> None:
    """Print one row of the table: by the wall clock, and of one processor, which others' work does not lengthen."""
    print(
        f"{name:58s} {seconds:6.1f} s, {processor_s:6.1f} s of processor"
        f"  objective {siting.objective:14,.1f}  bound {siting.bound:14,.1f}"
        f"  gap {siting.gap:8.4%}  sites {len(siting.sites):3d}  unmet {siting.unmet['people'].sum():12,.0f}"
    )


def bench_county() -> None:
    """Capacitated questions of a county unit, to a proven optimum."""
    demand, sites, costs = county()
    enough = sites.assign(places=np.ceil(sites["places"] * 1.4))
    plus = sites.assign(places_addable=20.0, price=np.where(sites["is_existing"], 0.0, 100.0), price_per_place=3.0)
    stops = sites[~sites["is_existing"]].assign(is_stop=True, places=12, price=30.0, places_addable=0.0)
    stops = stops.assign(site_id=stops["site_id"] + 1000, price_per_place=0.0)
    mixed = pd.concat([plus.assign(is_stop=False), stops], ignore_index=True)
    toured = sites.assign(places=sites["places"].where(sites["is_existing"], 12.0), is_stop=~sites["is_existing"])
    to_stops = costs[costs["site_id"] >= SERVICES]
    ways = pd.concat([costs, to_stops.assign(site_id=to_stops["site_id"] + 1000)], ignore_index=True)
    print(f"county (synthetic, seed {SEED}): {len(demand)} localities, {len(costs)} pairs")
    questions = {
        "coverage within 30 min, capacitated, +3 sites": lambda: maximal_coverage(
            demand, costs, sites=3, reach=30, candidates=sites
        ),
        "coverage within 30 min, capacitated, +3, worst-off first": lambda: maximal_coverage(
            demand, costs, sites=3, reach=30, candidates=sites, worst_off_first=True
        ),
        "p-median, capacitated, +3 sites": lambda: p_median(demand, costs, sites=3, candidates=enough),
        "set cover within 60 min, capacitated": lambda: set_cover(demand, costs, reach=60, candidates=enough),
        "coverage within 30 min, budget for sites and places": lambda: maximal_coverage(
            demand, costs, sites=None, reach=30, candidates=plus, budget=500
        ),
        "budget for sites, places and a team together, 30 min": lambda: maximal_coverage(
            demand, ways, sites=3, reach=30, candidates=mixed, budget=700, teams=1, days=DAYS
        ),
        "p-median, never full, +10 sites": lambda: p_median(
            demand, costs, sites=10, candidates=sites.drop(columns="places").assign(is_existing=False)
        ),
        "2 mobile teams, 5 days, 12 visits a day, 20 min": lambda: maximal_coverage(
            demand, costs, sites=None, reach=20, candidates=toured, teams=2, days=DAYS
        ),
    }  # fmt: skip
    for name, ask in questions.items():
        began, worked = time.perf_counter(), time.process_time()
        tell(name, ask(), time.perf_counter() - began, time.process_time() - worked)


def bench_national() -> None:
    """60 new sites among the UAT seats, 30 minutes, within 1 % of the LP bound."""
    kind, demand, seats = nation()
    for reach_min in (30, 45):
        began, worked = time.perf_counter(), time.process_time()
        pairs = pairs_within(
            demand,
            seats.rename(columns={"area_id": "service_id"}),
            reach_minutes=reach_min,
        )
        costs = pairs.rename(columns={"service_id": "site_id", "minutes": "cost"})
        siting = maximal_coverage(
            demand[["area_id", "people"]], costs, sites=60, reach=reach_min, gap=0.01, time_limit_s=120
        )
        name = f"nation ({kind}), {len(demand)} × {len(seats)}, {len(costs)} pairs, {reach_min} min"
        tell(name, siting, time.perf_counter() - began, time.process_time() - worked)


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "all"
    if asked in ("county", "all"):
        bench_county()
    if asked in ("national", "all"):
        bench_national()
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
