"""The search against its peers, in one run: 100,000 services in 20 types, k = 5, half and 2 % of the places free.

    python -m bench.bench_nearest

Services lie on the country's settlements, shifted by up to 3 km (seed 20261122: synthetic). Peers: our
kernel, the same with exact minutes, scipy's tree over the free services only, `rtree` per type, brute force,
and, where a PostgreSQL with PostGIS is found, its KNN over a GiST index of the free services of the type
(partial index: the best that it can do) and over one index of everything filtered afterwards.
"""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import rtree
from pyproj import Transformer
from rich.console import Console
from rich.table import Table
from scipy.spatial import cKDTree

from bench import postgres
from geo.gazetteer.gazetteer import Gazetteer, load_gazetteer
from geo.spatial.crs import MAP_CRS, METRIC_CRS, to_metric
from geo.spatial.nearest import PointIndex, nearest, nearest_for_many, propose
from geo.spatial.travel import CAR
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query
from providers.finder.finder import find
from providers.rules.schema import services_table

if TYPE_CHECKING:
    from collections.abc import Callable

SEED, SERVICES, TYPES, QUERIES, K = 20261122, 100_000, 20, 2_000, 5
TYPE_CODES = (
    "8891CZ-C-II", "8891CZ-C-III", "8891CZ-C-IV", "8891CZ-C-VI", "8899CZ-D-I", "8899CZ-D-II", "8730CR-V-I",
    "8810CZ-V-I", "8810CZ-V-II", "8899CZ-F-I", "8899CZ-PN-III", "8899CZ-PN-IV", "8790CR-T-I", "8790CR-PFA-I",
    "8790CR-PD-I", "MED-GP", "MED-DENT", "MED-PHARM", "EMP-TRAIN", "EMP-SOCIAL",
)  # fmt: skip


def world(rng: np.random.Generator, gazetteer: Gazetteer, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of synthetic services, WGS84 degrees: a settlement each, shifted by up to 3 km."""
    known = gazetteer.localities[gazetteer.localities["lat"].notna()]
    at = known.iloc[rng.integers(0, len(known), size)]
    xy = to_metric(at["lat"].to_numpy(float), at["lon"].to_numpy(float)) + rng.uniform(-3_000, 3_000, (size, 2))
    lon, lat = Transformer.from_crs(METRIC_CRS, MAP_CRS, always_xy=True).transform(xy[:, 0], xy[:, 1])
    return lat, lon


def timed(ask: Callable[[int], object], queries: int) -> tuple[float, float]:
    """Median and 99th percentile of one question, microseconds."""
    for i in range(min(50, queries)):
        ask(i)
    took = []
    for i in range(queries):
        start = time.perf_counter_ns()
        ask(i)
        took.append((time.perf_counter_ns() - start) / 1_000)
    return statistics.median(took), float(np.percentile(took, 99))


def kernels(share: float, postgis: Any) -> list[tuple[str, float, float]]:
    """Time every peer at one share of free places; all must name the same five."""
    rng = np.random.default_rng(SEED)
    gazetteer = load_gazetteer(None)
    lat, lon = world(rng, gazetteer, SERVICES)
    kind = rng.integers(0, TYPES, SERVICES)
    free = rng.random(SERVICES) < share
    rows = [np.flatnonzero(kind == t) for t in range(TYPES)]
    indexes = [PointIndex.of(lat[r], lon[r]) for r in rows]
    masks = [~free[r] for r in rows]
    asked = rng.integers(0, TYPES, QUERIES)
    qlat, qlon = world(rng, gazetteer, QUERIES)
    qxy = to_metric(qlat, qlon)

    def ours(i: int) -> np.ndarray:
        return propose(indexes[asked[i]], qxy[i : i + 1], K, masks[asked[i]])

    def exact(i: int) -> np.ndarray:
        t = asked[i]
        return nearest(indexes[t], qlat[i], qlon[i], k=K, left_out=masks[t], travel=CAR).positions

    lines = [("pykdtree per type + mask (our kernel)", *timed(ours, QUERIES))]
    lines.append(("the same, exact minutes on the ellipsoid", *timed(exact, QUERIES)))
    freed = [np.flatnonzero(~m) for m in masks]
    trees = [cKDTree(index.xy[f]) for index, f in zip(indexes, freed, strict=True)]

    def scipy_free(i: int) -> np.ndarray:
        return freed[asked[i]][trees[asked[i]].query(qxy[i], k=K)[1]]

    lines.append(("scipy cKDTree of the free, rebuilt on change", *timed(scipy_free, QUERIES)))
    boxes = [_rtree(index.xy[f]) for index, f in zip(indexes, freed, strict=True)]

    def by_rtree(i: int) -> np.ndarray:
        x, y = qxy[i]
        return freed[asked[i]][list(boxes[asked[i]].nearest((x, y, x, y), K))[:K]]

    lines.append(("rtree of the free per type", *timed(by_rtree, QUERIES)))

    def brute(i: int) -> np.ndarray:
        t = asked[i]
        away = np.where(masks[t], np.inf, np.hypot(*(indexes[t].xy - qxy[i]).T))
        best = np.argpartition(away, K)[:K]
        return best[np.argsort(away[best])]

    lines.append(("brute force (numpy)", *timed(brute, 400)))
    for i in range(300):
        for peer in (scipy_free, by_rtree, brute):
            if set(peer(i)) != set(ours(i)):
                raise AssertionError(f"{peer.__name__} disagrees at question {i}")
    if postgis is not None:
        lines += postgis_lines(postgis, lat, lon, kind, free, qxy, asked)
    return lines


def _rtree(xy: np.ndarray) -> Any:
    return rtree.index.Index((i, (x, y, x, y), None) for i, (x, y) in enumerate(xy))


def postgis_lines(
    connection: Any,
    lat: np.ndarray,
    lon: np.ndarray,
    kind: np.ndarray,
    free: np.ndarray,
    qxy: np.ndarray,
    asked: np.ndarray,
) -> list[tuple[str, float, float]]:
    """Time PostGIS KNN on the same points, prepared statements on one local connection."""
    xy = to_metric(lat, lon)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS service")
        cursor.execute("CREATE TABLE service (id int, kind int, free boolean, point geometry(Point, 3844))")
        with cursor.copy("COPY service FROM STDIN") as copy:
            for i, ((x, y), t, f) in enumerate(zip(xy, kind, free, strict=True)):
                copy.write_row((i, int(t), bool(f), f"SRID=3844;POINT({x} {y})"))
        cursor.execute("CREATE INDEX service_point ON service USING gist (point)")
        for t in range(TYPES):
            cursor.execute(f"CREATE INDEX service_free_{t} ON service USING gist (point) WHERE free AND kind = {t}")
        cursor.execute("ANALYZE service")
    knn = "ORDER BY point <-> ST_SetSRID(ST_MakePoint(%s, %s), 3844) LIMIT 5"

    def partial(i: int) -> list[Any]:
        with connection.cursor() as cursor:
            sql = f"SELECT id FROM service WHERE free AND kind = {int(asked[i])} {knn}"  # noqa: S608  our own numbers
            return cursor.execute(sql, tuple(map(float, qxy[i])), prepare=True).fetchall()

    lines = [("PostGIS KNN, partial index per type", *timed(partial, QUERIES // 2))]
    with connection.cursor() as cursor:
        for t in range(TYPES):
            cursor.execute(f"DROP INDEX service_free_{t}")

    def filtered(i: int) -> list[Any]:
        with connection.cursor() as cursor:
            sql = f"SELECT id FROM service WHERE free AND kind = {int(asked[i])} {knn}"  # noqa: S608  our own numbers
            return cursor.execute(sql, tuple(map(float, qxy[i])), prepare=True).fetchall()

    lines.append(("PostGIS KNN, one index filtered afterwards", *timed(filtered, QUERIES // 10)))
    return lines


def whole(share: float) -> list[tuple[str, float, float]]:
    """Time the whole function: rules, two blocks, reasons, as a table; and every locality at once."""
    rng = np.random.default_rng(SEED)
    gazetteer = load_gazetteer(None)
    lat, lon = world(rng, gazetteer, SERVICES)
    kind = rng.integers(0, TYPES, SERVICES)
    services = services_table(
        pd.DataFrame(
            {
                "service_id": [f"social:mmps:{i}" for i in range(SERVICES)], "registry": "social",
                "registry_key": [str(i) for i in range(SERVICES)], "service_type": np.array(TYPE_CODES)[kind],
                "name": [f"Serviciul sintetic {i}" for i in range(SERVICES)], "organization": "Furnizor sintetic",
                "county": "BC", "lat": lat, "lon": lon, "position_precision": "address", "source_row": range(SERVICES),
            }
        )
    )  # fmt: skip
    catalogue = make_catalogue(services, gazetteer)
    free = rng.random(SERVICES) < share
    now = pd.Timestamp("2026-11-22T09:00Z")
    capacity = pd.DataFrame(
        {
            "service_id": services["service_id"], "status": np.where(free, "free", "full"),
            "places_free": pd.array(free.astype(int), "Int64"), "places_max": pd.array([10] * SERVICES, "Int64"),
            "places_reported_at": now,
        }
    )  # fmt: skip
    snapshot = Snapshot(catalogue, availability(catalogue, capacity, now=now.to_pydatetime()), gazetteer)
    known = gazetteer.localities[gazetteer.localities["lat"].notna()]["locality_siruta"].to_numpy()
    places = [gazetteer.by_siruta(int(code)) for code in rng.choice(known, 500)]
    asked = rng.integers(0, TYPES, 500)

    def ask(i: int) -> pd.DataFrame:
        answer = find(snapshot, Query(places[i], (TYPE_CODES[asked[i]],)))
        return pd.DataFrame([vars(result) for result in answer.results])

    lines = [("whole answer with reasons, as a table", *timed(ask, 500))]
    index = catalogue.types[TYPE_CODES[0]].index
    mask = ~free[np.flatnonzero(kind == 0)]
    localities = gazetteer.localities[gazetteer.localities["lat"].notna()]
    lats, lons = localities["lat"].to_numpy(float), localities["lon"].to_numpy(float)

    def every(_i: int) -> object:
        return nearest_for_many(index, lats, lons, k=K, left_out=mask, travel=CAR)

    lines.append((f"{len(lats)} localities x one type, exact", *timed(every, 5)))
    return lines


def main() -> None:
    """Print one table a share."""
    console = Console()
    with ExitStack() as stack:
        connection = _postgis(stack, console)
        for share in (0.5, 0.02):
            lines = kernels(share, connection) + whole(share)
            table = Table(title=f"{SERVICES:,} synthetic services, {TYPES} types, k={K}, {share:.0%} free (µs)")
            for column in ("what", "median", "p99", "ratio to the kernel"):
                table.add_column(column, justify="left" if column == "what" else "right")
            for what, median, p99 in lines:
                table.add_row(what, f"{median:,.1f}", f"{p99:,.1f}", f"{median / lines[0][1]:,.1f}")
            console.print(table)


def _postgis(stack: ExitStack, console: Console) -> Any:
    if not postgres.is_available():
        console.print("PostgreSQL was not found: PostGIS is not measured")
        return None
    import psycopg

    address = stack.enter_context(postgres.server(durable=False))
    connection = stack.enter_context(psycopg.connect(f"{address}postgres", autocommit=True))
    try:
        connection.execute("CREATE EXTENSION postgis")
    except psycopg.Error as error:
        console.print(f"PostGIS is not measured: {error}")
        return None
    return connection


if __name__ == "__main__":
    main()
