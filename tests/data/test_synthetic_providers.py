"""The synthetic services: schema, believable numbers, and nothing in them that could be taken for real."""

from __future__ import annotations

import pandas as pd
import pytest

from core.resources import DATA
from core.storage.import_kinds import KINDS
from core.storage.service_ids import service_id
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.crs import geodesic_m, in_romania
from providers.registries.social import social_register
from providers.rules import secrecy
from providers.rules.schema import check_services, services_table
from providers.rules.taxonomy import service_types
from scripts import build_data
from scripts.embedded_data import build_capacity, build_counts, build_services
from tests.covering import repeats

PROVIDERS = DATA / "providers"
REGISTRIES = build_services.REGISTRIES


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer()


@pytest.fixture(scope="module")
def services():
    tables = [services_table(pd.read_parquet(PROVIDERS / f"synthetic_{r}.parquet")) for r in REGISTRIES]
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def capacity():
    whole = dict.fromkeys(("places_free", "places_max", "age_days"), "Int64")
    return pd.read_csv(PROVIDERS / "synthetic_capacity.csv", dtype=whole)


def uats_with(services, code):
    return set(services.loc[services["service_type"] == code, "uat_siruta"])


@pytest.mark.parametrize("registry", REGISTRIES)
def test_every_registry_keeps_the_common_schema(registry):
    table = check_services(services_table(pd.read_parquet(PROVIDERS / f"synthetic_{registry}.parquet")))
    assert (table["registry"] == registry).all()
    prefix = service_id(registry, KINDS[registry].default_source, "demo-")
    assert table["service_id"].str.startswith(prefix).all()
    assert {service_types()[code].registry for code in table["service_type"].unique()} == {registry}


def test_every_row_says_that_it_is_demonstrative_and_reaches_nobody(services):
    assert services["name"].str.contains("Demonstrativ").all()
    assert services["organization"].str.contains("Demonstrativ").all()
    assert services["phone"].str.fullmatch(r"0000 \d{3} \d{3}").all()
    assert services["phone"].is_unique
    assert services[["organization_cui", "email", "website"]].isna().all().all()


def test_points_are_near_the_locality_that_the_row_names(services, gazetteer):
    assert in_romania(services["lat"], services["lon"]).all()
    sample = services[services["position_precision"] == "address"].head(300)
    for row in sample.itertuples():
        place = gazetteer.place_of(locality_siruta=row.locality_siruta)
        assert geodesic_m(place.lat, place.lon, [row.lat], [row.lon])[0] < 1_500
    uats = gazetteer.uats.set_index("uat_siruta")["county"]
    assert (services["uat_siruta"].map(uats) == services["county"]).all()


def test_the_numbers_are_those_of_the_country(services, gazetteer):
    kinds = gazetteer.uats.set_index("uat_siruta")["kind"]
    communes = set(kinds[kinds == "commune"].index)
    assert 5_300 < (services["registry"] == "social").sum() < 5_500
    assert set(kinds[kinds != "municipality"].index) <= uats_with(services, "EDU-SCHOOL")
    assert 0.8 < len(communes & uats_with(services, "MED-GP")) / len(communes) < 0.95
    assert len(communes & uats_with(services, "MED-HOSP")) < 100
    agencies = services[services["service_type"] == "EMP-AJOFM"]
    assert sorted(agencies["county_served"]) == sorted(gazetteer.counties["county"])
    assert (services["service_type"] == "EMP-LOCAL").sum() > 42


def test_every_social_type_of_the_nomenclature_has_a_service(services):
    social_types = {code for code, kind in service_types().items() if kind.registry == "social"}
    assert social_types == set(services.loc[services["registry"] == "social", "service_type"])


def test_counts_per_county_follow_the_real_ones(services):
    real = pd.read_csv(PROVIDERS / "calibration_counts.csv").query("registry == 'social'")
    ours = services[services["registry"] == "social"].groupby("county_served").size()
    by_county = real.dropna(subset="county").groupby("county")["services"].sum()
    assert ours.corr(by_county.reindex(ours.index).fillna(0)) > 0.9


def test_licences_are_mixed(services):
    ours = services[services["registry"] == "social"]
    assert {"active", "withdrawn", "suspended"} == set(ours["licence_status"])
    assert {"accredited", "withdrawn"} == set(ours["accreditation_status"])
    assert 0.02 < (ours["licence_until"] < build_services.DEMO_DAY).mean() < 0.08
    assert 0.02 < ours["licence_until"].isna().mean() < 0.08


def test_protected_services_are_there_and_flagged_by_code_or_by_name(services):
    said = [secrecy.is_secret(c, n) for c, n in zip(services["service_type"], services["name"], strict=True)]
    assert services["is_secret"].tolist() == said
    types = service_types()
    hidden = services[services["is_secret"]]
    by_name = [not types[code].is_secret for code in hidden["service_type"]]
    assert 50 < len(hidden) < 200
    assert 5 < sum(by_name) < 30


def test_reports_are_of_mixed_age_and_unknown_is_not_zero(services, capacity):
    assert capacity["service_id"].is_unique
    assert set(capacity["service_id"]) <= set(services["service_id"])
    assert set(capacity["status"]) == {"free", "full", "waitlist", "assess", "unknown"}
    free = capacity["status"] == "free"
    assert (capacity.loc[free, "places_free"] > 0).all()
    assert (capacity.loc[capacity["status"] == "full", "places_free"] == 0).all()
    assert capacity.loc[~capacity["status"].isin(["free", "full"]), "places_free"].isna().all()
    assert (capacity.loc[free, "places_free"] <= capacity.loc[free, "places_max"]).all()
    assert 0.4 < (capacity["age_days"] <= 14).mean() < 0.8
    assert (capacity["age_days"] > 60).any()
    social_ids = services.loc[services["registry"] == "social", "service_id"]
    assert 0.3 < 1 - social_ids.isin(capacity["service_id"]).mean() < 0.7


def test_no_synthetic_name_is_that_of_a_real_service(services, gazetteer, real_data):
    raw = social_register.load(real_data / "social" / "licensed_services_2017.json")
    real = set(social_register.tidy(raw, gazetteer).services["name"])
    assert not real & set(services["name"])


def test_sharing_out_gives_everything_out_near_the_quota():
    weights = {code: 1.0 + code % 7 for code in range(40)}
    parts = build_counts.shared(123, weights)
    assert sum(parts.values()) == 123
    total = sum(weights.values())
    assert all(abs(parts[c] - 123 * w / total) < 1.5 for c, w in weights.items())


@pytest.mark.slow
@repeats("tests/data/test_source_cards.py::test_a_card_tells_its_file_its_licence_and_its_digest")
def test_building_again_gives_the_files_in_the_repository(tmp_path):
    population = pd.read_csv(DATA / "atlas" / "uat_population.csv", dtype={"year": "Int64"})
    build_data.build_provider_files(population, tmp_path)
    for path in sorted((tmp_path / "providers").iterdir()):
        message = f"{path.name} is no longer what scripts/build_data.py makes: run it again"
        assert path.read_bytes() == (PROVIDERS / path.name).read_bytes(), message


def test_a_report_belongs_to_its_service_whatever_stands_beside_it(services):
    some = services.head(400)
    alone = build_capacity.reports(some.tail(200)).reset_index(drop=True)
    among = build_capacity.reports(some)
    among = among[among["service_id"].isin(some.tail(200)["service_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, among)
