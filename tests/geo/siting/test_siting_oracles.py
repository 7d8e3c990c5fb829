"""Siting against answers that others published: OR-Library's p-medians and spopt's San Francisco."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse.csgraph import floyd_warshall

from core.errors import InfeasibleSitingError
from geo.siting.facility_location import maximal_coverage, p_median, set_cover


def or_library(path: Path) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Read one file: `n m p`, then m edges; of a repeated edge the last counts. All vertices weigh 1."""
    words = [int(w) for w in path.read_text().split()]
    n, m, p = words[:3]
    ways = np.full((n, n), np.inf)
    for i, j, cost in np.array(words[3 : 3 + 3 * m]).reshape(-1, 3):
        ways[i - 1, j - 1] = ways[j - 1, i - 1] = cost
    ways = floyd_warshall(ways)
    np.fill_diagonal(ways, 0)
    vertices = np.arange(1, n + 1)
    costs = pd.DataFrame({"area_id": np.repeat(vertices, n), "site_id": np.tile(vertices, n), "cost": ways.ravel()})
    return pd.DataFrame({"area_id": vertices, "people": 1}), costs, p


def published(folder: Path) -> dict[str, int]:
    lines = (folder / "optima.txt").read_text().splitlines()[1:]
    return {name: int(value) for name, value in (line.split() for line in lines if line.strip())}


@pytest.mark.parametrize("name", ["pmed1", "pmed2", "pmed3", "pmed4", "pmed5"])
def test_the_p_medians_of_or_library_are_met_exactly(oracles, name):
    folder = oracles / "orlib_pmed"
    demand, costs, p = or_library(folder / f"{name}.txt")
    got = p_median(demand, costs, sites=p)
    assert got.objective == published(folder)[name]
    assert got.is_proven
    assert len(got.sites) == p


def test_the_capacitated_form_without_tight_capacities_gives_the_same_p_median(oracles):
    demand, costs, p = or_library(oracles / "orlib_pmed" / "pmed5.txt")
    wide = pd.DataFrame({"site_id": demand["area_id"], "places": 100})
    got = p_median(demand, costs[costs["cost"] < 80], sites=p, candidates=wide)
    assert got.objective == published(oracles / "orlib_pmed")["pmed5"]


@pytest.fixture(scope="module")
def san_francisco() -> tuple[pd.DataFrame, pd.DataFrame]:
    """205 census tracts, 16 candidate stores, network metres: the test data inside spopt's own package."""
    found = find_spec("spopt")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the package spopt is not installed: it comes with requirements-dev.lock")
    folder = Path(found.submodule_search_locations[0]) / "tests" / "test_locate" / "data"
    if not folder.is_dir():
        pytest.skip("this spopt ships no test data; 0.7.0 does")
    ways = pd.read_csv(folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    tracts = pd.read_csv(folder / "SF_demand_205_centroid_uniform_weight.csv").sort_values("NAME")
    costs = ways.rename(columns={"DestinationName": "area_id", "name": "site_id", "distance": "cost"})
    # spopt's own test joins tracts and distances by position, both sorted by name
    keys = np.sort(costs["area_id"].unique())
    return pd.DataFrame({"area_id": keys, "people": tracts["POP2000"].to_numpy()}), costs


def test_the_p_median_of_san_francisco(san_francisco):
    demand, costs = san_francisco
    got = p_median(demand, costs, sites=4)
    assert got.objective / demand["people"].sum() == pytest.approx(2982.1268579890657, rel=1e-12)


def test_the_maximal_coverage_of_san_francisco(san_francisco):
    demand, costs = san_francisco
    got = maximal_coverage(demand, costs, sites=4, reach=5000)
    assert len(got.unmet) == 21
    assert 100 * (1 - len(got.unmet) / len(demand)) == pytest.approx(89.75609756097561)


def test_too_few_or_too_many_stores_are_infeasible_as_in_spopt(san_francisco):
    demand, costs = san_francisco
    for ask in (
        lambda: maximal_coverage(demand, costs, sites=1000, reach=5000),
        lambda: p_median(demand, costs, sites=0),
        lambda: set_cover(demand, costs, reach=20),
    ):
        with pytest.raises(InfeasibleSitingError):
            ask()


def test_covering_and_the_shortest_longest_way_agree_with_each_other(san_francisco):
    demand, costs = san_francisco
    longest = p_median(demand, costs, sites=4, worst_off_first=True).assignment["cost"].max()
    assert set_cover(demand, costs, reach=longest).objective <= 4
    assert set_cover(demand, costs, reach=longest - 1).objective > 4
