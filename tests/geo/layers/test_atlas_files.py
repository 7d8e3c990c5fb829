"""The atlas read from files and put on one table: three rows at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import MissingColumnError, UnreadableFileError
from geo.gazetteer.gazetteer import load_gazetteer
from geo.gazetteer.siruta import BUCHAREST
from geo.layers import atlas_files
from geo.layers.atlas_layer import (
    AtlasLimits,
    atlas_class,
    atlas_layer,
    class_name,
    load_limits,
    priority,
)

LIMITS = AtlasLimits((0.0, 6.1, 24.0), (0.0, 6.1, 24.0), "test")
PARINCEA, BACAU, SECTOR_1 = 24089, 20297, 179141


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer()


def rural(gazetteer, *rows):
    raw = pd.DataFrame(list(rows)).fillna("").assign(row=range(1, len(rows) + 1))
    return atlas_files.tidy_rural(raw, gazetteer, limits=LIMITS)


def urban(gazetteer, *rows):
    raw = pd.DataFrame(list(rows)).fillna("").assign(row=range(1, len(rows) + 1))
    return atlas_files.tidy_urban(raw, gazetteer)


def test_a_commune_is_found_by_code_or_by_name_and_county(gazetteer):
    found = rural(
        gazetteer,
        {"siruta": "24089", "rate_percent": "16,8"},
        {"name": "COMUNA FILIPESTI", "county": "Bacău", "rate_percent": "0"},
    )
    assert found.rows["uat_siruta"].tolist() == [PARINCEA, 22576]
    assert found.rows["rural_class"].tolist() == [3, 1]
    assert found.rows["matched_by"].tolist()[0] == "siruta"
    assert found.notes == ("1 rând legat după denumire",)


def test_rows_in_are_rows_loaded_and_rows_refused(gazetteer):
    found = rural(
        gazetteer,
        {"siruta": "24089", "rate_percent": "5"},
        {"siruta": "24089", "rate_percent": "6"},
        {"siruta": "20297", "rate_percent": "6"},
        {"siruta": "99", "rate_percent": "6"},
        {"siruta": "24034", "county": "Iași", "rate_percent": "6"},
        {"name": "Parincia Mare de Sus", "county": "BC", "rate_percent": "6"},
        {"name": "Aninoasa", "rate_percent": "6"},
        {"siruta": "24187", "rate_percent": "106"},
        {"siruta": "24196", "rate_percent": "7"},
        {"siruta": "24210", "rural_class": "foarte"},
        {"rate_percent": "6"},
    )
    assert found.rows_read == 11 == len(found.rows) + len(found.rejects)
    reasons = found.rejects.set_index("row")["reason"].to_dict()
    assert {2: "duplicate_key", 3: "other_kind", 4: "unknown_code", 5: "county_mismatch"}.items() <= reasons.items()
    assert {6: "unknown_name", 7: "ambiguous_name", 8: "bad_number", 11: "missing"}.items() <= reasons.items()


def test_an_unknown_name_is_refused_with_the_nearest_ones(gazetteer):
    found = rural(gazetteer, {"name": "Parinceaa de Jos", "county": "BC", "rate_percent": "6"})
    ambiguous = rural(gazetteer, {"name": "Aninoasa", "rate_percent": "6"})
    assert "nicio unitate" in found.rejects["message"][0]
    assert "Dâmbovița" in ambiguous.rejects["message"][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1), ("4", 4), ("severă", 4), ("marginalizare severa", 4), ("Peste medie", 3), ("sub medie", 2), ("fără", 1)],
)
def test_a_class_is_read_as_number_or_words(gazetteer, text, expected):
    assert rural(gazetteer, {"siruta": "24089", "rural_class": text}).rows["rural_class"].tolist() == [expected]


def test_a_published_class_stays_and_disagreement_is_counted(gazetteer):
    found = rural(gazetteer, {"siruta": "24089", "rural_class": "4", "rate_percent": "3"})
    assert found.rows["rural_class"].tolist() == [4]
    assert "1 clasă publicată" in found.notes[-1]


def test_a_file_is_read_whatever_its_titles_and_decimal_comma(gazetteer, tmp_path):
    path = tmp_path / "atlas.csv"
    path.write_text("Atlas\n\nComuna;Județul;Rata marginalizării (%);LHDI\nPARINCEA;BACĂU;16,8 %;42,5\n", "utf-8")
    found = atlas_files.load_rural(path, gazetteer)
    assert found.rows[["uat_siruta", "rate_percent", "lhdi"]].iloc[0].tolist() == [PARINCEA, 16.8, 42.5]


def test_a_file_without_rate_and_class_or_without_key_is_refused_whole(gazetteer, tmp_path):
    path = tmp_path / "atlas.csv"
    path.write_text("Comuna,Județ\nParincea,Bacău\n", "utf-8")
    with pytest.raises(MissingColumnError, match="rata"):
        atlas_files.load_rural(path, gazetteer)
    path.write_text("Județ,Zone marginalizate\nBacău,3\n", "utf-8")
    with pytest.raises(MissingColumnError, match="SIRUTA"):
        atlas_files.load_urban(path, gazetteer)


def test_urban_shares_over_a_hundred_and_communes_are_refused(gazetteer):
    found = urban(
        gazetteer,
        {"siruta": "20297", "marginalised_percent": "3,2", "housing_percent": "10"},
        {"siruta": "24089", "marginalised_percent": "3,2"},
        {"siruta": "13169", "marginalised_percent": "60", "housing_percent": "50"},
        {"siruta": "54975", "marginalised_percent": ""},
    )
    assert found.rows["uat_siruta"].tolist() == [BACAU]
    assert found.rejects["reason"].tolist() == ["other_kind", "bad_total", "missing"]


@given(st.lists(st.floats(0, 100), max_size=20))
def test_classes_agree_with_the_obvious_comparison(rates):
    def by_hand(rate):
        return 1 if rate <= 0 else 2 if rate <= 6.1 else 3 if rate <= 24 else 4

    assert atlas_class(rates, LIMITS.rural).tolist() == [by_hand(r) for r in rates]


def test_limits_are_configurable_and_must_ascend(tmp_path):
    assert load_limits().rural == (0.0, 6.1, 24.0)
    path = tmp_path / "limits.toml"
    path.write_text("[rural]\nlimits_percent=[0,10,5]\n[urban]\nlimits_percent=[0,1,2]\n", "utf-8")
    with pytest.raises(UnreadableFileError, match="crescătoare"):
        load_limits(path)
    path.write_text("[rural]\nlimits_percent=[1,2,3]\n[urban]\nlimits_percent=[0,1,2]\n", "utf-8")
    assert load_limits(path).rural == (1.0, 2.0, 3.0)


def test_every_class_has_words():
    assert len({class_name(c) for c in (1, 2, 3, 4)}) == 4


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**6), st.integers(0, 10**6))
def test_priority_orders_by_class_and_then_by_people(class_a, class_b, people_a, people_b):
    a, b = priority(pd.Series([class_a, class_b], dtype="Int64"), pd.Series([float(people_a), float(people_b)]))
    assert (a < b) == ((class_a, people_a) < (class_b, people_b)) or abs(a - b) < 1e-9


def world(gazetteer):
    rural_table = rural(gazetteer, {"siruta": "24089", "rate_percent": "10", "lhdi": "40"}).rows
    urban_table = urban(
        gazetteer,
        {"siruta": "20297", "marginalised_percent": "2"},
        {"siruta": str(BUCHAREST), "marginalised_percent": "3"},
    ).rows
    people = pd.DataFrame({"uat_siruta": [PARINCEA, BACAU, SECTOR_1], "population": [1000, 5000, 2000]})
    return rural_table, urban_table, people


def test_both_atlases_stand_on_one_table(gazetteer):
    layer = atlas_layer(gazetteer.uats, *world(gazetteer), limits=LIMITS).set_index("uat_siruta")
    assert len(layer) == len(gazetteer.uats)
    assert layer.loc[[PARINCEA, BACAU], "atlas_class"].tolist() == [3, 2]
    assert layer.loc[[PARINCEA, BACAU], "people_marginalised"].tolist() == [100, 100]
    assert layer.loc[PARINCEA, "lhdi"] == 40
    assert layer.loc[24034, ["atlas_class", "people_marginalised"]].isna().all()


def test_a_sector_has_the_rate_of_bucharest_and_bucharest_the_people_of_its_sectors(gazetteer):
    layer = atlas_layer(gazetteer.uats, *world(gazetteer), limits=LIMITS).set_index("uat_siruta")
    assert layer.loc[SECTOR_1, ["rate_percent", "people_marginalised"]].tolist() == [3.0, 60]
    assert layer.loc[BUCHAREST, ["population", "people_marginalised"]].tolist() == [2000, 60]


def test_bucharest_without_a_rate_has_the_mean_of_its_sectors(gazetteer):
    sectors = urban(
        gazetteer,
        {"siruta": str(SECTOR_1), "marginalised_percent": "1"},
        {"name": "Sectorul 2", "county": "B", "marginalised_percent": "4"},
    ).rows
    people = pd.DataFrame({"uat_siruta": sectors["uat_siruta"], "population": [1000, 2000]})
    layer = atlas_layer(gazetteer.uats, None, sectors, people, limits=LIMITS).set_index("uat_siruta")
    assert layer.loc[BUCHAREST, "rate_percent"] == pytest.approx(3)


def test_nothing_imported_is_an_empty_atlas_and_no_error(gazetteer):
    layer = atlas_layer(gazetteer.uats, None, None, None, limits=LIMITS)
    assert layer["atlas_class"].isna().all()
    assert np.isnan(layer["priority"]).all()
