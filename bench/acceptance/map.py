"""A thousand random views and filters of the map of services against a look at every service of the demonstration.

    python -m bench.acceptance.map [views]

The home is HARTA_HOME, or a demonstration made in a temporary folder. Compared: which services are in view, the sum
of the clusters, the count of each state and of each register. The peer is tests/worlds/twins/obvious_map.py. A
difference, or a protected service in any view, stops the run.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.storage.home import open_home
from core.storage.import_kinds import REGISTRIES
from providers.rules import needs, taxonomy
from providers.service_map import MapFilter, MapView, answer_map_view
from providers.service_map.map_filter import ASK, FREE, FULL
from providers.service_map.map_zone import MapZone
from referrals.homes.demonstration import make_demo
from referrals.workflow.directory import open_directory
from tests.worlds.twins.obvious_map import fits, services_on_map

if TYPE_CHECKING:
    from providers.catalogue.snapshot import Snapshot

VIEWS = 1000


def main() -> None:
    """Print how many views and services were compared; exit 1 at the first difference."""
    views = int(sys.argv[1]) if sys.argv[1:] else VIEWS
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")
        directory = open_directory(home)
        _compare(directory.snapshot(), views)
        directory.ledger.close()


def _compare(snapshot: Snapshot, views: int) -> None:
    rng, start = random.Random(17), time.perf_counter()
    every = services_on_map(snapshot)
    secret = set(snapshot.catalogue.services.index[snapshot.catalogue.services["is_secret"]])
    seen_in_all, marks, empty = 0, 0, 0
    for number in range(views):
        chosen, view = _filter(rng, snapshot), _view(rng, rng.choice(every))
        answer = answer_map_view(snapshot, chosen, view)
        (south, west), (north, east) = view.corners
        seen = [each for each in every if south <= each["lat"] <= north and west <= each["lon"] <= east]
        kept = [each for each in seen if fits(each, chosen, snapshot)]
        registries = Counter(each["registry"] for each in seen if fits(each, chosen, snapshot, "registru"))
        differences = {
            "services": (sorted(answer.rows.tolist()), sorted(each["row"] for each in kept)),
            "sum of clusters": (int(answer.clusters.size.sum()), len(kept)),
            "states": (answer.by_state, tuple(sum(e["state"] == state for e in kept) for state in (FREE, ASK, FULL))),
            "registers": (Counter({n: c for n, c in answer.counts["registru"].items() if c}), registries),
            "protected": (secret & set(answer.rows.tolist()), set()),
        }
        for what, (found, expected) in differences.items():
            if found != expected:
                raise SystemExit(f"view {number}, {what}: {chosen} {view}")
        seen_in_all += len(kept)
        marks += len(answer.clusters.size)
        empty += not kept
    print(
        f"{views} views of {len(every)} services ({len(secret)} protected, in none): {seen_in_all} services in "
        f"{marks} marks, {empty} views empty; all equal, {time.perf_counter() - start:.0f} s"
    )


def _view(rng: random.Random, centre: dict[str, Any]) -> MapView:
    lat, lon = (centre[name] + rng.gauss(0, 0.1) for name in ("lat", "lon"))
    high = rng.choice((0.02, 0.1, 0.4, 1.5, 5.0))
    return MapView(((lat - high, lon - high * 1.4), (lat + high, lon + high * 1.4)), rng.randint(5, 18))


def _filter(rng: random.Random, snapshot: Snapshot) -> MapFilter:
    def sometimes(choices: list[Any], blank: object, share: float = 0.15) -> Any:
        return rng.choice(choices) if rng.random() < share else blank

    gazetteer = snapshot.gazetteer
    codes = list(needs.needs()) + list(taxonomy.service_types())
    near = sometimes(["Parincea, Bacău", "Iași, Iași", "Sulina, Tulcea"], "")
    zone = f"{rng.uniform(44, 47):.3f},{rng.uniform(22, 28):.3f},{rng.uniform(1, 90):.1f}"
    return MapFilter(
        registries=frozenset(rng.sample(list(REGISTRIES), rng.choice((0, 0, 1, 3)))),
        wanted=sometimes(codes, "", 0.3),
        group=sometimes(list(taxonomy.groups()), ""),
        places=sometimes([FREE, ASK, FULL], None),
        is_open_now=rng.random() < 0.1,
        delivery=sometimes(["at_site", "at_home", "mobile", "remote"], "", 0.15),
        near=gazetteer.resolve(near) if near else None,
        km=sometimes([2.0, 15.0, 80.0], None, 0.5) if near else None,
        zone=sometimes([MapZone.parse(zone)], None, 0.15),
    )


if __name__ == "__main__":
    main()
