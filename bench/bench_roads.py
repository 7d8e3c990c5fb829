"""Minutes by road against two real engines on real extracts, and speed on a generated network.

    python -m bench.bench_roads [SIDE]

The engines' answers for three extracts are recorded in HARTA_TEST_DATA (oracles/roads): OSRM 26.10 and Valhalla 3.9.1,
every pair of 70 to 80 points, less those under 500 m apart or farther than 200 m from a road. Printed beside: the
straight line. The network has SIDE x SIDE crossings over the country (default 300) in towns and villages of 12 x 12,
shaken, a fifth of their streets left out, few roads between them, seed 2026; peers on it are scipy and networkx, which
answer the same 1,000 random pairs of junctions. 1260 makes 1.4 million junctions.
Seconds are of the processor; memory is what the process had resident, mapped files included. The exit code is 1 where a
contract does not hold.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import osmium
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from core.reading.limited_process import run_limited
from core.resources import DATA, ROOT
from geo.gazetteer.gazetteer import load_gazetteer
from geo.roads.hierarchy import HierarchyQuery, customized, has_hierarchy
from geo.roads.home_roads import LOCAL_DETOUR, MOST_LOCAL_M
from geo.roads.reading.line_layer import read_lines
from geo.roads.reading.network_build import build_network
from geo.roads.reading.osm_extract import read_extract
from geo.roads.reading.road_import import READER_MEMORY_BYTES, READER_SECONDS
from geo.roads.road_network import SEASONS, RoadNetwork
from geo.roads.road_search import RoadSearch, ToRoad
from geo.roads.road_speeds import load_speeds
from geo.roads.road_travel import RoadTravel
from geo.spatial.nearest import PointIndex, nearest
from geo.spatial.points import Points
from geo.spatial.tabled_travel import TabledTravel
from geo.spatial.travel import CAR, TravelBasis
from geo.spatial.travel_table import distinct_points, open_table, write_table

if TYPE_CHECKING:
    from collections.abc import Callable

MAIN_ROADS = "romania_main_roads_2020.geojson"
KINDS = {"family doctor": "MED-GP", "school": "EDU-SCHOOL", "hospital": "MED-HOSP"}
DRIVES = (  # known ones, which a driver would believe or not
    ("Parincea, Bacău", "Bacău, Bacău"),
    ("Sulina, Tulcea", "Tulcea, Tulcea"),
    ("Ostrov, Constanța", "Călărași, Călărași"),
    ("Bicaz, Neamț", "Gheorgheni, Harghita"),
    ("Curtea de Argeș, Argeș", "Cârțișoara, Sibiu"),
)
EXTRACTS = ("liechtenstein", "andorra", "heidelberg")
LEAST_CORRELATION, MOST_MEDIAN, MOST_P95, MOST_OTHER_FIRST = 0.98, 0.05, 0.25, 0.10
LEAST_APART_M, MOST_SNAP_M, LEAST_PAIRS = 500.0, 200.0, 2_000
DRAWS = 200  # of eight candidates, for each origin
SEED = 2026
BLOCK = 12
PAIRS = 1_000
MOST_IMPORT_S, MOST_IMPORT_GB, MOST_ADDED_MB = 240.0, 2.0, 200.0  # with the order, for 1.4 million junctions


@dataclass(frozen=True)
class Likeness:
    """How near minutes are to an engine's: after one scale factor, and by who is the first of eight."""

    pairs: int
    correlation: float
    scale: float
    median: float
    p95: float
    other_first: float


def main() -> None:
    """Print both halves; SystemExit where a contract does not hold."""
    folder = Path(os.environ.get("HARTA_TEST_DATA") or ROOT.parent / "shared")
    failed: list[str] = []
    if (folder / "oracles" / "roads").is_dir():
        failed += against_engines(folder)
    else:
        print(f"no recorded answers at {folder}: nothing compared (set HARTA_TEST_DATA)")
    if (folder / "data" / "roads" / MAIN_ROADS).is_file():
        on_main_roads(folder / "data" / "roads" / MAIN_ROADS)
    failed += on_a_generated_network(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
    if failed:
        raise SystemExit("not as it should be: " + "; ".join(failed))


def against_engines(folder: Path) -> list[str]:
    """Compare with the recorded answers; return what does not hold against Valhalla."""
    failed = []
    head = "| extract | engine | minutes of | pairs | correlation | scale | median error | p95 | other first of 8 |"
    print(head + "\n|---|---|---|---|---|---|---|---|---|")
    for name in EXTRACTS:
        extract = folder / "data" / "roads" / f"{name}.osm.pbf"
        points = pd.read_csv(folder / "oracles" / "roads" / f"{name}_points.csv")
        said = pd.read_csv(folder / "oracles" / "roads" / f"{name}_minutes.csv.gz")
        network, _counts = build_network(read_extract(str(extract), load_speeds()), "car", load_speeds())
        ours, straight = _minutes(RoadSearch(network), points, said)
        _print_change(name, ours, straight, said)
        for engine in ("valhalla", "osrm"):
            for label, minutes in (("roads", ours), ("straight line", straight)):
                like = _likeness(minutes, said[f"{engine}_s"].to_numpy(float) / 60, points, said)
                print(
                    f"| {name} | {engine} | {label} | {like.pairs:,} | {like.correlation:.4f} | {like.scale:.3f} | "
                    f"{like.median:.1%} | {like.p95:.1%} | {like.other_first:.1%} |"
                )
                if engine == "valhalla" and label == "roads":
                    failed += [f"{name}: {what}" for what in _broken(like)]
    return failed


def _broken(like: Likeness) -> list[str]:
    contracts = {
        f"{like.pairs} pairs": like.pairs >= LEAST_PAIRS,
        f"correlation {like.correlation:.4f}": like.correlation >= LEAST_CORRELATION,
        f"median error {like.median:.1%}": like.median <= MOST_MEDIAN,
        f"p95 {like.p95:.1%}": like.p95 <= MOST_P95,
        f"another first of 8 in {like.other_first:.1%}": like.other_first <= MOST_OTHER_FIRST,
    }
    return [what for what, holds in contracts.items() if not holds]


def _minutes(search: RoadSearch, points: pd.DataFrame, said: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return our minutes of each pair, without the walks to the road (engines count none), and the straight line's."""
    pinned = search.pin(points["lat"], points["lon"])
    walked = [search.to_road.ms(where.metres) / 60_000 if where else np.inf for where in pinned.snapped]
    table = np.array([search.minutes_between(pinned, i, pinned) for i in range(len(pinned))])
    origin, target = said["from"].to_numpy(), said["to"].to_numpy()
    walks = np.array(walked, float)
    lat, lon = points["lat"].to_numpy(), points["lon"].to_numpy()
    straight, metres = CAR.travel_times(lat[origin], lon[origin], lat[target], lon[target])
    near = points["osrm_snap_m"].to_numpy() <= MOST_SNAP_M
    counted = near[origin] & near[target] & (metres > LEAST_APART_M)
    ours = table[origin, target] - walks[origin] - walks[target]
    return np.where(counted, ours, np.nan), np.where(counted, straight, np.nan)


def _likeness(minutes: np.ndarray, engine: np.ndarray, points: pd.DataFrame, said: pd.DataFrame) -> Likeness:
    known = np.isfinite(minutes) & np.isfinite(engine) & (engine > 0)
    ratio = minutes[known] / engine[known]
    scale = float(np.median(1 / ratio))
    error = np.abs(ratio * scale - 1)
    size = (len(points), len(points))
    one, other = np.full(size, np.nan), np.full(size, np.nan)
    at = said["from"].to_numpy()[known], said["to"].to_numpy()[known]
    one[at], other[at] = minutes[known], engine[known]
    return Likeness(
        int(known.sum()),
        float(np.corrcoef(minutes[known], engine[known])[0, 1]),
        scale,
        float(np.median(error)),
        float(np.quantile(error, 0.95)),
        _other_first(one, other),
    )


def _other_first(one: np.ndarray, other: np.ndarray) -> float:
    """Return the share of draws of eight candidates in which the two tables have another first."""
    rng = np.random.default_rng(SEED)
    differ = drawn = 0
    for row, said in zip(one, other, strict=True):
        there = np.flatnonzero(np.isfinite(row))
        for _draw in range(DRAWS if len(there) >= 8 else 0):
            eight = rng.choice(there, 8, replace=False)
            differ += int(eight[np.argmin(row[eight])] != eight[np.argmin(said[eight])])
            drawn += 1
    return differ / max(drawn, 1)


def _print_change(name: str, ours: np.ndarray, straight: np.ndarray, said: pd.DataFrame) -> None:
    """Print what changes for whoever had the straight line."""
    known = np.isfinite(ours) & np.isfinite(straight)
    size = int(said["from"].max()) + 1
    one, other = np.full((size, size), np.nan), np.full((size, size), np.nan)
    at = said["from"].to_numpy()[known], said["to"].to_numpy()[known]
    one[at], other[at] = straight[known], ours[known]
    more = np.abs(ours[known] - straight[known])
    print(
        f"<!-- {name}: first of 8 changes from the straight line in {_other_first(one, other):.1%}; minutes change by "
        f"{np.median(more):.1f} in the median, {np.quantile(more, 0.95):.1f} at p95 -->"
    )


def on_main_roads(path: Path) -> None:
    """Print what the country's main roads change for every locality, and the known drives in both seasons."""
    gazetteer = load_gazetteer(None)
    known = gazetteer.localities.dropna(subset=["lat", "lon"])
    origins = Points.of(known["lat"], known["lon"])
    network, _counts = build_network(read_lines(path, load_speeds()).raw, "car", load_speeds())
    to_road = ToRoad(load_speeds().known("local", "speed"), LOCAL_DETOUR, MOST_LOCAL_M, by_car=True)
    travels = {
        season: RoadTravel(RoadSearch(network, season, to_road=to_road), TravelBasis("roads", "car", season=season))
        for season in SEASONS
    }
    registers = [pd.read_parquet(DATA / "providers" / f"synthetic_{name}.parquet") for name in ("medical", "education")]
    services = pd.concat(registers).dropna(subset=["lat", "lon"])
    print("\nRomania on its main roads, demonstration registers, every locality:")
    print(
        "| nearest | another first | minutes differ, median | p95 | dearer by the wrong first, median | p95 | no road |"
    )
    print("|---|---|---|---|---|---|---|")
    travel = travels["summer"]
    for label, code in KINDS.items():
        chosen = services[services["service_type"] == code].drop_duplicates(["lat", "lon"])
        sites = Points.of(chosen["lat"], chosen["lon"])
        road, line = travel.nearest_each(origins, sites), CAR.nearest_each(origins, sites)
        there = np.isfinite(road.minutes)
        by_line = travel.times_between(origins, sites.take(line.site))[0]
        other = there & (road.site != line.site) & (by_line > road.minutes)
        reached = other & np.isfinite(by_line)
        dearer = by_line[reached] - road.minutes[reached]
        more = np.abs(road.minutes - line.minutes)[there]
        print(
            f"| {label} | {other.sum() / there.sum():.1%} | {np.median(more):.1f} | {np.quantile(more, 0.95):.1f} | "
            f"{np.median(dearer):.1f} | {np.quantile(dearer, 0.95):.1f} | {(~there).sum()} of {len(origins):,} |"
        )
    for start, end in DRIVES:
        one, other_end = gazetteer.resolve(start), gazetteer.resolve(end)
        said = {
            season: each.travel_times(one.lat, one.lon, other_end.lat, other_end.lon)[0][0]
            for season, each in travels.items()
        }
        print(f"{start} - {end}: " + ", ".join(f"{season} {minutes:.0f} min" for season, minutes in said.items()))


def on_a_generated_network(side: int) -> list[str]:
    """Measure reading, opening and searching; return which contracts do not hold."""
    rng = np.random.default_rng(SEED)
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.osm.pbf"
        ways = write_grid(path, side, rng)
        took, answer = _timed(
            lambda: run_limited(
                "geo.roads.reading.roads_child", {"path": str(path), "folder": folder},
                memory_bytes=READER_MEMORY_BYTES, seconds=READER_SECONDS,
            ),
            _children,
        )  # fmt: skip
        junctions = answer["modes"]["car"]["counts"]["junctions"]
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        print(f"\ngenerated: {ways:,} ways, {junctions:,} junctions; read and built in {took:.0f} s, {peak:.2f} GB")
        before = _resident_mb()
        failed += [] if took <= MOST_IMPORT_S else [f"reading and building takes {took:.0f} s"]
        failed += [] if peak <= MOST_IMPORT_GB else [f"reading and building takes {peak:.2f} GB"]
        took, network = _timed(lambda: _opened(Path(folder)))
        print(f"opened in {took * 1000:.0f} ms")
        failed += [] if took <= 0.1 else [f"opening takes {took:.2f} s"]
        failed += _searches(network, rng, before)
        failed += _table(network, rng, Path(folder))
    return failed


def _opened(folder: Path) -> RoadNetwork:
    return RoadNetwork.opened("car", lambda name: np.load(folder / f"{name}.npy", mmap_mode="r"))


def _searches(network: RoadNetwork, rng: np.random.Generator, before_mb: float) -> list[str]:
    nodes = network.nodes / 1e7
    where = nodes[rng.choice(len(nodes), 13_000)] + rng.normal(0, 0.002, (13_000, 2))
    lon, lat = where.T
    quick = has_hierarchy() and len(network.order) > 0
    searches = {"hierarchy": RoadSearch(network)} if quick else {}
    searches["scipy"] = RoadSearch(network, hierarchy=False)
    failed = []
    print("\n| search | nearest 5 of | free | median ms | p95 ms |\n|---|---|---|---|---|")
    answers: dict[tuple[int, float], Any] = {}
    for name, search in searches.items():
        if name == "hierarchy":
            took, _first = _timed(lambda s=search: s.minutes(lat[0], lon[0], s.pin(lat[:1], lon[:1])))
            added = _resident_mb() - before_mb
            print(f"<!-- hierarchy ready in {took:.1f} s, {added:.0f} MB added -->")
            failed += [] if added <= MOST_ADDED_MB else [f"{added:.0f} MB added"]
        for sites, free in ((1_000, 1.0), (1_000, 0.3), (1_000, 0.1), (1_000, 0.02), (20, 1.0), (5_000, 0.1)):
            index, travel = PointIndex.of(lat[-sites:], lon[-sites:]), RoadTravel(search, TravelBasis("roads", "car"))
            left_out = np.random.default_rng(sites).random(sites) >= free
            asked = range(200 if name == "hierarchy" else 20)
            found, times = [], []
            for i in asked:
                took, one = _timed(
                    lambda p=index, t=travel, x=left_out, i=i: nearest(p, lat[i], lon[i], k=5, left_out=x, travel=t)
                )
                found.append((one.positions.tolist(), one.minutes.tolist()))
                times.append(took * 1000)
            p95 = float(np.quantile(times, 0.95))
            print(f"| {name} | {sites:,} | {free:.0%} | {statistics.median(times):.2f} | {p95:.2f} |")
            if name == "hierarchy" and p95 > 5:
                failed.append(f"nearest 5 of {sites} at {free:.0%} free: {p95:.1f} ms")
            known = answers.setdefault((sites, free), found)
            assert found == known[: len(found)], "scipy and the hierarchy disagree"
    search = searches["scipy"]
    origins, ends = search.pin(lat[:12_000], lon[:12_000]), search.pin(lat[-1_000:], lon[-1_000:])
    took, _each = _timed(lambda: search.nearest_each(origins, ends))
    print(f"\nthe nearest of 1,000 for each of 12,000 places: {took:.2f} s")
    failed += [] if took <= 1.5 else [f"all places x one type: {took:.1f} s"]
    _peers(network, rng)
    return failed


def _peers(network: RoadNetwork, rng: np.random.Generator) -> None:
    """Hold hierarchy, scipy and networkx to the same whole numbers, for 1,000 random pairs of junctions.

    From each of 20 junctions to 50 that are at most 45 minutes away, by a search of 45 minutes: networkx cannot hold
    the whole network.
    """
    count, limit = len(network.nodes), 45 * 60_000.0
    spare = int(network.indptr[count])
    indptr, indices, ms = network.indptr[: count + 1], network.indices[:spare], np.array(network.summer[:spare])
    matrix = csr_array((ms, indices, indptr), shape=(count, count))
    tails = np.repeat(np.arange(count), np.diff(indptr))
    query = HierarchyQuery(customized(network, "summer")) if has_hierarchy() and len(network.order) else None
    seconds = dict.fromkeys(("scipy", "networkx", "hierarchy"), 0.0)
    pairs = differ = 0
    while pairs < PAIRS:
        start = int(rng.integers(count))
        took, found = _timed(lambda s=start: dijkstra(matrix, indices=[s], limit=limit)[0])
        near = np.flatnonzero(np.isfinite(found))
        if len(near) <= PAIRS // 20:  # a place from which nothing is near tells little
            continue
        seconds["scipy"] += took
        chosen = rng.choice(near, PAIRS // 20, replace=False)
        graph = nx.DiGraph()
        inside = np.isfinite(found[tails])
        graph.add_weighted_edges_from(
            zip(tails[inside].tolist(), indices[inside].tolist(), ms[inside].tolist(), strict=True)
        )
        took, said = _timed(lambda g=graph, s=start: nx.single_source_dijkstra_path_length(g, s, cutoff=limit))
        seconds["networkx"] += took
        differ += sum(said[int(node)] != found[node] for node in chosen)
        if query is not None:
            took, answer = _timed(lambda s=start, c=chosen: query.ms_from([(s, 0.0)], c))
            seconds["hierarchy"] += took
            differ += int((answer != found[chosen]).sum())
        pairs += len(chosen)
    each = ", ".join(f"{name} {took / (pairs / (PAIRS // 20)) * 1000:.2f} ms" for name, took in seconds.items())
    print(f"{pairs:,} random pairs of junctions within 45 minutes, each 50 from one junction: {each}; {differ} differ")
    assert differ == 0


def _table(network: RoadNetwork, rng: np.random.Generator, folder: Path) -> list[str]:
    """Measure the table of 12,000 places and 1,000 services, and hold a part of it to the search."""
    nodes = network.nodes / 1e7
    lon, lat = (nodes[rng.choice(len(nodes), 13_000)] + rng.normal(0, 0.002, (13_000, 2))).T
    live = RoadTravel(RoadSearch(network), TravelBasis("roads", "car"))
    places, services = Points.of(lat[:12_000], lon[:12_000]), Points.of(lat[12_000:], lon[12_000:])
    (folder / "table").mkdir()
    points = [distinct_points(each.lat, each.lon) for each in (places, services)]
    took, pairs = _timed(lambda: write_table(folder / "table", live, *points))
    size = sum(file.stat().st_size for file in (folder / "table").iterdir()) / 1e6
    print(f"\ntable of 12,000 places x 1,000 services: {pairs:,} pairs in {took:.0f} s, {size:.0f} MB of files")
    before = _resident_mb()
    travel = TabledTravel(live, open_table(folder / "table"))
    failed = []
    for reach in (30.0, 60.0, 120.0):
        took, found = _timed(lambda r=reach: travel.pairs_within(places, services, r))
        print(f"all places x one type within {reach:.0f} minutes: {len(found.site):,} pairs in {took:.2f} s")
        failed += [] if took <= 1.5 else [f"pairs within {reach:.0f} minutes: {took:.1f} s"]
        del found
    times = [
        _timed(lambda i=i: travel.minutes_to_many(lat[i], lon[i], services, most_minutes=120.0))[0] for i in range(500)
    ]
    p95 = np.quantile(times, 0.95) * 1000
    print(f"from one place to a type: p95 {p95:.2f} ms; {_resident_mb() - before:.0f} MB added")
    few = places.take(np.arange(0, 12_000, 60))
    one, other = (each.pairs_within(few, services, 120.0) for each in (travel, live))
    assert all((getattr(one, name) == getattr(other, name)).all() for name in ("origin", "site", "minutes"))
    print(f"{len(one.site):,} of them searched again: 0 differ")
    return failed


def write_grid(path: Path, side: int, rng: np.random.Generator) -> int:
    """Write a shaken grid of streets over the country as an extract; return the number of ways."""
    lat = np.linspace(43.7, 48.2, side)[:, None] + rng.normal(0, 4.5 / side / 8, (side, side))
    lon = np.linspace(20.5, 29.5, side)[None, :] + rng.normal(0, 9.0 / side / 8, (side, side))
    number = np.arange(side * side).reshape(side, side) + 1
    pairs = np.concatenate(
        [
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
            np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
        ]
    )
    lines = np.concatenate([np.repeat(np.arange(side), side - 1), np.tile(np.arange(side), side - 1)])
    # Towns and villages of BLOCK x BLOCK crossings, between which few roads lead: a plain grid is no country.
    row, column = (pairs - 1) // side // BLOCK, (pairs - 1) % side // BLOCK
    inside = (row[:, 0] == row[:, 1]) & (column[:, 0] == column[:, 1])
    kept = rng.random(len(pairs)) < np.where(inside, 0.8, 0.12)
    pairs, lines = pairs[kept], lines[kept]
    classes = ("primary", "secondary", "tertiary", "residential", "unclassified")
    tags = [{"highway": classes[0 if line % 20 == 0 else 1 if line % 7 == 0 else 2 + line % 3]} for line in range(side)]
    flat = np.stack([lon.ravel(), lat.ravel()], axis=1)
    middle = flat[pairs - 1].mean(axis=1) + rng.normal(0, 4.5 / side / 20, (len(pairs), 2))
    writer = osmium.SimpleWriter(str(path))
    for i, spot in enumerate(np.concatenate([flat, middle]).tolist()):
        writer.add_node(osmium.osm.mutable.Node(id=i + 1, location=tuple(spot), version=1))
    for i, ((one, other), line) in enumerate(zip(pairs.tolist(), lines.tolist(), strict=True)):
        refs = [one, side * side + 1 + i, other]
        writer.add_way(osmium.osm.mutable.Way(id=i + 1, nodes=refs, tags=tags[line], version=1))
    writer.close()
    return len(pairs)


def _timed(ask: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> tuple[float, Any]:
    """Return the seconds of this process's processor, which other work on the machine does not lengthen."""
    start = clock()
    found = ask()
    return clock() - start, found


def _children() -> float:
    """Return the seconds of processor that other processes of ours took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident_mb() -> float:
    with Path("/proc/self/statm").open() as handle:
        return int(handle.read().split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
