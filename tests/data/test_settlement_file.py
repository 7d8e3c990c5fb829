"""The settlement points: complete, keyed, and where they should be."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from core.resources import DATA
from geo.gazetteer.siruta import BUCHAREST, load
from geo.spatial.crs import METRIC_CRS, in_romania, to_metric
from scripts.embedded_data import build_settlements


@pytest.fixture(scope="module")
def settlements():
    return pd.read_csv(DATA / "atlas" / "settlements.csv")


def test_every_uat_has_a_point_and_all_but_one_a_settlement_of_their_own(settlements):
    uats = load().uats
    uats = uats[uats["kind"] != "sector"]
    assert set(settlements["uat_siruta"]) == set(uats["uat_siruta"])
    assert list(settlements.loc[settlements["precision"] == "county", "name"]) == ["Ulieș"]
    assert in_romania(settlements["lat"], settlements["lon"]).all()


def test_localities_are_matched_within_their_uat_and_only_once(settlements):
    localities = load().localities.set_index("locality_siruta")
    known = settlements.dropna(subset="locality_siruta")
    assert known["locality_siruta"].is_unique
    assert len(known) > 0.98 * len(settlements)
    units = known["locality_siruta"].astype(int).map(localities["uat_siruta"])
    assert ((units == known["uat_siruta"]) | (known["uat_siruta"] == BUCHAREST)).all()


def test_names_are_written_with_comma_letters(settlements):
    assert not settlements["name"].str.contains("[şţŞŢ]").any()


def test_points_lie_in_the_real_area_of_their_uat(settlements, real_data):
    real = gpd.read_file(real_data / "boundaries" / "uat_2021.geojson", use_arrow=True).to_crs(METRIC_CRS)
    shapes = dict(zip(real["natcode"].astype(int), shapely.make_valid(real.geometry.to_numpy()), strict=True))
    table = settlements[settlements["uat_siruta"].isin(shapes) & (settlements["precision"] == "settlement")]
    points = shapely.points(to_metric(table["lat"], table["lon"]))
    away = shapely.distance(points, table["uat_siruta"].map(shapes).to_numpy())
    assert (away == 0).mean() > 0.985
    assert (away > 2_000).sum() <= 8


def test_every_uat_has_people_and_estimates_say_so():
    people = pd.read_csv(DATA / "atlas" / "uat_population.csv")
    uats = load().uats
    assert set(people["uat_siruta"]) == set(uats["uat_siruta"]) - {BUCHAREST}
    assert (people["population"] > 0).all()
    assert (people["source"] == "estimate").sum() == people["year"].isna().sum() < 30


def test_population_is_near_the_census_for_most(real_data):
    people = pd.read_csv(DATA / "atlas" / "uat_population.csv").set_index("uat_siruta")["population"]
    census = pd.read_csv(real_data / "census" / "uat_population_2021.csv").dropna(subset="siruta")
    ratio = census["siruta"].astype(int).map(people) / census["pop"]
    assert 1.05 < ratio.median() < 1.25  # older censuses: people have left since
    assert ratio.between(0.5, 2).mean() > 0.89


def test_a_correction_that_no_longer_matches_is_refused():
    geonames = pd.DataFrame({"geoname_id": [7], "admin2": [100]})
    stale = pd.DataFrame({"geoname_id": ["7"], "column": ["admin2"], "published": ["99"], "corrected": ["101"]})
    with pytest.raises(ValueError, match="no longer matches"):
        build_settlements.corrected(geonames, stale)


def test_of_two_entries_of_one_locality_the_seat_has_it():
    siruta = pd.DataFrame({"SIRUTA": [11], "DENLOC": ["VALEA MARE"], "SIRSUP": [1], "TIP": [22], "NIV": [3]})
    entries = pd.DataFrame(
        {
            "geoname_id": [5, 6],
            "name": ["Valea Mare", "Valea Mare"],
            "ascii_name": ["Valea Mare", "Valea Mare"],
            "alternate_names": ["", ""],
            "feature": ["PPL", "PPLA2"],
            "uat_siruta": [1, 1],
            "population": [900, 400],
        }
    )
    assert build_settlements.matched_localities(entries, siruta).tolist() == [pd.NA, 11]
