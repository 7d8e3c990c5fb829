"""The synthetic atlas and the demonstration's communities keep what they promise, and say what they are."""

from __future__ import annotations

import tomllib

import pandas as pd
import pytest

from core.resources import DATA
from geo.gazetteer.gazetteer import load_gazetteer
from geo.gazetteer.siruta import BUCHAREST
from geo.layers import atlas_files, community_list
from geo.layers.atlas_layer import LIMITS_FILE, atlas_layer
from scripts import build_data
from scripts.embedded_data import build_atlas, build_communities

ATLAS = DATA / "atlas"


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer()


@pytest.fixture(scope="module")
def layer(gazetteer):
    rural = atlas_files.load_rural(ATLAS / "synthetic_atlas_rural.csv", gazetteer)
    urban = atlas_files.load_urban(ATLAS / "synthetic_atlas_urban.csv", gazetteer)
    assert rural.rejects.empty
    assert urban.rejects.empty
    return atlas_layer(gazetteer.uats, rural.rows, urban.rows, pd.read_csv(ATLAS / "uat_population.csv"))


def national_percent(layer: pd.DataFrame) -> dict[str, float]:
    """Per cent of the people of each area who live in marginalised areas; Bucharest once, by its sectors."""
    known = layer[layer["people_marginalised"].notna() & (layer["population"] > 0)]
    known = known[known["name"].str.match(r"Sectorul \d") | (known["county"] != "B")]
    sums = known.groupby("area")[["people_marginalised", "population"]].sum().astype("float64")
    return (100 * sums["people_marginalised"] / sums["population"]).to_dict()


def test_the_national_figures_hold_within_a_tenth_of_a_point(layer):
    published = tomllib.loads(LIMITS_FILE.read_text("utf-8"))["national"]
    found = national_percent(layer)
    assert found["rural"] == pytest.approx(published["rural_percent"], abs=0.1)
    assert found["urban"] == pytest.approx(published["urban_percent"], abs=0.1)


def test_every_uat_is_in_one_of_the_two_atlases(layer):
    assert layer["atlas_class"].notna().all()
    rural = layer[layer["area"] == "rural"]
    assert set(rural["atlas_class"]) == {1, 2, 3, 4}


def test_the_development_index_falls_where_the_class_rises(layer):
    rural = layer[layer["area"] == "rural"]
    assert rural.groupby("atlas_class")["lhdi"].mean().is_monotonic_decreasing
    assert rural["rate_percent"].corr(rural["lhdi"], method="spearman") < -0.6


def test_classes_follow_from_the_limits():
    table = pd.read_csv(ATLAS / "synthetic_atlas_rural.csv")
    limits = tomllib.loads(LIMITS_FILE.read_text("utf-8"))["rural"]["limits_percent"]
    by_hand = [1 + sum(rate > limit for limit in limits) for rate in table["rate_percent"]]
    assert table["rural_class"].tolist() == by_hand


def test_urban_shares_make_a_hundred():
    table = pd.read_csv(ATLAS / "synthetic_atlas_urban.csv")
    shares = table.filter(like="_percent")
    assert shares.sum(axis=1).between(99.8, 100.2).all()
    assert (shares >= 0).all().all()


def test_the_demonstration_has_the_contract_s_communities(gazetteer, layer):
    found = community_list.load(ATLAS / "communities_demo.csv", gazetteer)
    assert found.rejects.empty
    promised = build_communities.load_promises()
    is_commune = found.rows["kind"] == "commune"
    assert len(found.rows) == promised.communities
    assert (is_commune.sum(), (~is_commune).sum()) == (promised.communes, promised.towns)
    assert found.rows["county"].nunique() == promised.counties
    communes = layer.set_index("uat_siruta").loc[found.rows.loc[is_commune, "uat_siruta"], "atlas_class"]
    assert communes.isin(promised.rural_classes).all()
    towns = found.rows.loc[found.rows["kind"] != "commune", "uat_siruta"]
    assert layer.set_index("uat_siruta").loc[towns, "atlas_class"].isin([3, 4]).all()


def test_only_the_known_communities_are_confirmed_and_the_others_say_that_they_are_invented(gazetteer):
    found = community_list.load(ATLAS / "communities_demo.csv", gazetteer).rows.set_index("uat_siruta")
    known = community_list.load(ATLAS / "communities_known.csv", gazetteer).rows
    confirmed = found[found["status"] == "confirmed"]
    assert set(confirmed.index) == set(known["uat_siruta"])
    others = found[found["status"] == "invented"]
    assert others["note"].str.startswith("inventată").all()


def test_a_uat_draws_the_same_numbers_whoever_else_is_built(gazetteer):
    people = pd.read_csv(ATLAS / "uat_population.csv")
    uats = gazetteer.uats.merge(people, on="uat_siruta").query("not is_urban").head(60)
    whole = build_atlas.rural_atlas(uats, set(), national_percent=6.2, limits=(0, 6.1, 24))
    backwards = build_atlas.rural_atlas(uats[::-1], set(), national_percent=6.2, limits=(0, 6.1, 24))
    pd.testing.assert_frame_equal(whole, backwards[::-1].reset_index(drop=True))


def test_building_from_the_installed_packages_gives_the_files_in_the_repository(tmp_path):
    population = pd.read_csv(ATLAS / "uat_population.csv", dtype={"year": "Int64"})
    table = build_data.build_atlas_files(population, tmp_path)
    build_data.build_community_files(table, tmp_path)
    for path in sorted((tmp_path / "atlas").iterdir()):
        assert path.read_bytes() == (ATLAS / path.name).read_bytes(), path.name


def test_bucharest_is_in_the_atlas_by_its_sectors(layer):
    row = layer.set_index("uat_siruta").loc[BUCHAREST]
    assert row["atlas_class"] == 2
    assert row["people_marginalised"] > 0
