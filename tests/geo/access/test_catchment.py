"""Places per person: against slow loops, published figures and the library `access`."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError, DuplicateKeyError, MissingColumnError
from geo.access.catchment import METHODS, floating_catchment
from geo.access.decay import gaussian, zones
from tests.worlds.examples import examples


def world(seed: int, areas: int = 12, services: int = 7) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A random country in which everything costs something and somebody lives everywhere."""
    rng = np.random.default_rng(seed)
    demand = pd.DataFrame({"area_id": np.arange(areas) + 100, "people": rng.integers(1, 500, areas)})
    supply = pd.DataFrame({"service_id": np.arange(services) + 900, "places": rng.integers(1, 40, services)})
    costs = demand[["area_id"]].merge(supply[["service_id"]], how="cross")
    return demand, supply, costs.assign(minutes=rng.uniform(1, 60, len(costs)))


def weight_by_hand(minutes: float, reach: float, steps: dict[float, float] | None) -> float:
    if minutes > reach:
        return 0.0
    return next((w for limit, w in sorted(steps.items()) if minutes <= limit), 0.0) if steps else 1.0


def rates_by_hand(demand, supply, costs, *, method, reach, steps=None) -> dict[object, float]:
    """The formulas of the docstring, one pair at a time."""
    people = dict(zip(demand["area_id"], demand["people"], strict=True))
    places = dict(zip(supply["service_id"], supply["places"], strict=True))
    w = {(a, s): 0.0 for a in people for s in places}
    for a, s, minutes in costs[["area_id", "service_id", "minutes"]].itertuples(index=False):
        w[a, s] = weight_by_hand(minutes, reach, steps)
    of_area = {a: sum(w[a, s] for s in places) for a in people}
    of_service = {s: sum(w[a, s] for a in people) for s in places}

    def ask(a, s):
        if method == "bfca":
            return w[a, s] / of_area[a] if w[a, s] else 0.0
        return w[a, s] * w[a, s] / of_area[a] if method == "3sfca" and w[a, s] else w[a, s]

    def offer(a, s):
        return (w[a, s] / of_service[s] if w[a, s] else 0.0) if method == "bfca" else ask(a, s)

    competing = {s: sum(people[a] * ask(a, s) for a in people) for s in places}
    ratio = {s: places[s] / competing[s] if competing[s] else 0.0 for s in places}
    return {a: sum(ratio[s] * offer(a, s) for s in places) for a in people}


def as_dict(table: pd.DataFrame) -> dict[object, float]:
    return dict(zip(table["area_id"], table["places_per_person"], strict=True))


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=examples(25), deadline=None)
@given(seed=st.integers(0, 10_000), reach=st.integers(1, 60))
def test_every_method_agrees_with_the_obvious_loop(method, seed, reach):
    demand, supply, costs = world(seed)
    steps = {reach / 3: 1.0, 2 * reach / 3: 0.68, float(reach): 0.22} if method in ("e2sfca", "3sfca") else None
    got = floating_catchment(demand, supply, costs, method=method, reach_minutes=reach)
    want = rates_by_hand(demand, supply, costs, method=method, reach=reach, steps=steps)
    assert as_dict(got) == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize(("method", "column"), [("2sfca", "2sfca_jobs_45min"), ("bfca", "bfca_jobs_45min")])
def test_published_figures_hold_to_four_decimals(oracles, method, column):
    land = pd.read_csv(oracles / "fca" / "land_use_5.csv")
    costs = pd.read_csv(oracles / "fca" / "travel_matrix_5.csv").set_axis(
        ["area_id", "service_id", "minutes"], axis="columns"
    )
    got = floating_catchment(
        land.rename(columns={"id": "area_id", "population": "people"}),
        land.rename(columns={"id": "service_id", "jobs": "places"}),
        costs,
        method=method,
        reach_minutes=45,
    ).set_index("area_id")["places_per_person"]
    want = pd.read_csv(oracles / "fca" / "expected.csv").set_index("id")[column]
    assert got.round(4).to_dict() == pytest.approx(want.to_dict(), abs=1e-12)


# The three-tract hospital world that ships with `access` (tests/test_hospital_example.py): a city (3) and two
# suburbs, in four states of traffic: gridlock, fast inbound, fast outbound, fast both ways.
TRACTS = pd.DataFrame({"geoid": [1, 2, 3], "people": [100, 50, 10], "places": [15, 20, 100]})
TRAFFIC = {"gridlock": (40, 40, 80), "inbound": (20, 40, 80), "outbound": (40, 20, 80), "both": (20, 20, 40)}


def hospital_costs(inbound: float, outbound: float, across: float) -> pd.DataFrame:
    rows = [(1, 1, 1), (2, 2, 1), (3, 3, 1), (1, 3, inbound), (2, 3, inbound)]
    rows += [(3, 1, outbound), (3, 2, outbound), (1, 2, across), (2, 1, across)]
    return pd.DataFrame(rows, columns=["area_id", "service_id", "minutes"])


def by_access(demand, supply, costs, *, stage: str, weight=None, reach=None) -> dict[object, float]:
    """The same question put to the library."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        access = pytest.importorskip("access", reason="the library `access` is not installed")
        model = access.Access(
            demand_df=demand, demand_index="area_id", demand_value="people",
            supply_df=supply, supply_index="service_id", supply_value="places",
            cost_df=costs.copy(), cost_origin="area_id", cost_dest="service_id", cost_name="minutes",
        )  # fmt: skip
        options = {"weight_fn": weight} if weight else {}
        getattr(model, stage)(name="x", max_cost=reach, **options)
    return model.access_df["x_places"].to_dict()


@pytest.mark.parametrize("traffic", TRAFFIC)
@pytest.mark.parametrize("method", ["2sfca", "3sfca"])
def test_the_hospital_world_agrees_with_the_library_access(method, traffic):
    demand, supply = TRACTS.rename(columns={"geoid": "area_id"}), TRACTS.rename(columns={"geoid": "service_id"})
    costs = hospital_costs(*TRAFFIC[traffic])
    # 61 minutes; its three-step weights divide by every pair, also those out of reach (see the decision page)
    near = costs[costs["minutes"] <= 61]
    stage = {"2sfca": "two_stage_fca", "3sfca": "three_stage_fca"}[method]
    got = floating_catchment(demand, supply, near, method=method, reach_minutes=61, decay=lambda m: 1 / m)
    want = by_access(
        demand[["area_id", "people"]], supply[["service_id", "places"]], near, stage=stage,
        weight=lambda minutes: 1 / minutes, reach=61,
    )  # fmt: skip
    assert as_dict(got) == pytest.approx(want, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("method", ["2sfca", "e2sfca", "gaussian", "3sfca"])
def test_random_worlds_agree_with_the_library_access(method, seed):
    weights = pytest.importorskip("access.weights", reason="the library `access` is not installed")
    demand, supply, costs = world(seed, areas=40, services=15)
    near = costs[costs["minutes"] <= 30]
    library = {
        "2sfca": ("two_stage_fca", None),
        "e2sfca": ("enhanced_two_stage_fca", weights.step_fn({10: 1, 20: 0.68, 30: 0.22})),
        "gaussian": ("enhanced_two_stage_fca", weights.gaussian(15)),
        "3sfca": ("three_stage_fca", weights.step_fn({10: 0.962, 20: 0.704, 30: 0.377, 60: 0.042})),
    }
    stage, weight = library[method]
    ours = {
        "e2sfca": zones({10: 1, 20: 0.68, 30: 0.22}),
        "gaussian": gaussian(15),
        "3sfca": zones({10: 0.962, 20: 0.704, 30: 0.377, 60: 0.042}),
    }
    name = "e2sfca" if method == "gaussian" else method
    got = floating_catchment(demand, supply, costs, method=name, reach_minutes=30, decay=ours.get(method))
    want = by_access(demand, supply, near, stage=stage, weight=weight, reach=30)
    assert as_dict(got) == pytest.approx({a: want.get(a, 0.0) for a in demand["area_id"]}, abs=1e-9)


def test_where_the_library_gives_nan_infinity_or_too_much_we_give_what_holds():
    """The known defects of docs/known-defects-of-access.md, in the smallest world that shows them."""
    demand = pd.DataFrame({"area_id": [1, 2, 3], "people": [100, 50, 0]})
    supply = pd.DataFrame({"service_id": [7, 8], "places": [10, 5]})
    costs = pd.DataFrame([(1, 7, 10.0), (2, 7, 50.0), (3, 8, 5.0)], columns=["area_id", "service_id", "minutes"])
    theirs = by_access(demand, supply, costs, stage="two_stage_fca", reach=30)
    assert np.isnan(theirs[2])
    assert np.isinf(theirs[3])
    assert as_dict(floating_catchment(demand, supply, costs, reach_minutes=30)) == {1: 0.1, 2: 0.0, 3: 0.0}
    costs = costs.assign(minutes=[10.0, 10.0, 5.0])
    far = pd.concat([costs, costs.head(1).assign(service_id=8, minutes=500.0)])
    near, moved = (
        by_access(demand, supply, c, stage="three_stage_fca", weight=lambda m: 1 / m, reach=30) for c in (costs, far)
    )
    assert near[1] != pytest.approx(moved[1], rel=1e-3)
    ours = [as_dict(floating_catchment(demand, supply, c, method="3sfca", reach_minutes=30)) for c in (costs, far)]
    assert ours[0] == ours[1]


@settings(max_examples=examples(25), deadline=None)
@given(seed=st.integers(0, 1000), shuffle=st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing_at_all(seed, shuffle):
    demand, supply, costs = world(seed)
    shuffled = [t.sample(frac=1, random_state=shuffle) for t in (demand, supply, costs)]
    for method in METHODS:
        left = floating_catchment(demand, supply, costs, method=method, reach_minutes=30)
        right = floating_catchment(*shuffled, method=method, reach_minutes=30)
        pd.testing.assert_frame_equal(left, right, check_exact=True)


@settings(max_examples=examples(25), deadline=None)
@given(seed=st.integers(0, 1000))
def test_two_step_shares_add_up_to_the_places_that_somebody_reaches(seed):
    demand, supply, costs = world(seed)
    rates = floating_catchment(demand, supply, costs, reach_minutes=25)
    reached = set(costs.loc[costs["minutes"] <= 25, "service_id"])
    offered = supply.loc[supply["service_id"].isin(reached), "places"].sum()
    assert (rates["places_per_person"] * demand["people"]).sum() == pytest.approx(offered)


def test_a_pair_at_exactly_the_limit_is_within_reach():
    demand, supply, costs = world(1, areas=1, services=1)
    assert as_dict(floating_catchment(demand, supply, costs.assign(minutes=30.0), reach_minutes=30))[100] > 0
    assert as_dict(floating_catchment(demand, supply, costs.assign(minutes=30.001), reach_minutes=30))[100] == 0


def empty(table: pd.DataFrame) -> pd.DataFrame:
    return table.iloc[:0]


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_register_an_island_and_nobody_in_need_give_zeros_and_never_na(method):
    demand, supply, costs = world(3)
    island = costs.iloc[:0]
    worlds = {
        "empty register": (demand, empty(supply), empty(costs)),
        "no way to anywhere": (demand, supply, island),
        "a way that is not known": (demand, supply, costs.assign(minutes=np.nan)),
        "zero capacity": (demand, supply.assign(places=0), costs),
        "capacity not known": (demand, supply.assign(places=pd.array([None] * len(supply), "Int64")), costs),
        "nobody in need": (demand.assign(people=0), supply, costs),
    }
    for name, tables in worlds.items():
        got = floating_catchment(*tables, method=method, reach_minutes=30)
        assert list(got["area_id"]) == list(demand["area_id"]), name
        assert (got["places_per_person"] == 0).all(), name
    assert floating_catchment(empty(demand), supply, costs, method=method, reach_minutes=30).empty


def test_one_service_and_one_area_is_a_simple_division():
    demand = pd.DataFrame({"area_id": ["A"], "people": [200]})
    supply = pd.DataFrame({"service_id": ["S"], "places": [10]})
    costs = pd.DataFrame({"area_id": ["A"], "service_id": ["S"], "minutes": [5.0]})
    for method in ("2sfca", "e2sfca", "bfca", "3sfca"):
        got = floating_catchment(demand, supply, costs, method=method, reach_minutes=30)
        assert got["places_per_person"].tolist() == [0.05], method


def test_pairs_of_unknown_areas_and_services_are_left_out():
    demand, supply, costs = world(4)
    strangers = pd.DataFrame({"area_id": [7, 100], "service_id": [900, 8], "minutes": [1.0, 1.0]})
    plain = floating_catchment(demand, supply, costs, reach_minutes=30)
    pd.testing.assert_frame_equal(
        floating_catchment(demand, supply, pd.concat([costs, strangers]), reach_minutes=30), plain
    )


@pytest.mark.parametrize("kind", ["category", "str", "object"])
def test_keys_may_be_of_any_kind_as_long_as_they_agree(kind):
    demand, supply, costs = world(5)
    plain = floating_catchment(demand, supply, costs, reach_minutes=30)["places_per_person"]
    keyed = [
        t.assign(**{c: t[c].astype(str).astype(kind) for c in t if c.endswith("_id")}) for t in (demand, supply, costs)
    ]
    assert floating_catchment(*keyed, reach_minutes=30)["places_per_person"].tolist() == plain.tolist()


def test_wrong_tables_are_refused_in_words():
    demand, supply, costs = world(6)
    with pytest.raises(MissingColumnError, match="people"):
        floating_catchment(demand.drop(columns="people"), supply, costs, reach_minutes=30)
    with pytest.raises(DuplicateKeyError, match="pair 100"):
        floating_catchment(demand, supply, pd.concat([costs, costs.head(1)]), reach_minutes=60)
    with pytest.raises(DuplicateKeyError, match="area_id 100"):
        floating_catchment(pd.concat([demand, demand.head(1)]), supply, costs, reach_minutes=60)
    with pytest.raises(BadValueError, match="people"):
        floating_catchment(demand.assign(people=-1), supply, costs, reach_minutes=60)
    with pytest.raises(BadValueError, match="negative"):
        floating_catchment(demand, supply, costs.assign(minutes=-1.0), reach_minutes=60)
    with pytest.raises(BadValueError, match="area_id"):
        floating_catchment(demand.assign(area_id=demand["area_id"].astype(str)), supply, costs, reach_minutes=60)
    with pytest.raises(BadValueError, match="4sfca"):
        floating_catchment(demand, supply, costs, method="4sfca", reach_minutes=60)


def test_inputs_are_not_changed():
    tables = world(7)
    before = [t.copy() for t in tables]
    floating_catchment(*tables, method="3sfca", reach_minutes=30)
    for table, old in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, old)
