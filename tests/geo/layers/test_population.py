"""Population: codes or names, the census's printed table, sums that must agree."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnError, UnreadableFileError
from geo.layers import population
from geo.layers.census_table import age_columns, printed_table
from tests.worlds.examples import examples

ROMANIA_2021 = 19_053_815  # total of the printed table, and of the census
NO_CORRECTIONS = pd.DataFrame(columns=["row_id", "column", "published", "corrected", "reason", "source"], dtype="str")


def tidy(gazetteer, *rows, corrections=NO_CORRECTIONS, **ages):
    raw = pd.DataFrame(rows, columns=["name", "county", "siruta", "population"], dtype="str")
    return population.tidy(raw.assign(row=range(1, len(rows) + 1), **ages), gazetteer, corrections)


def test_the_real_table_is_loaded_whole_its_two_codeless_rows_by_correction(real_data, gazetteer):
    layer = population.load(real_data / "census" / "uat_population_2021.csv", gazetteer)
    assert layer.rows_read == len(layer.rows) == 3_181
    assert layer.rejects.empty
    corrected = layer.rows[layer.rows["matched"] == "corrected"]
    assert corrected["name"].tolist() == ["Petreu", "București"]
    assert corrected["county"].tolist() == ["BH", "B"]
    assert layer.rows["population"].sum() == ROMANIA_2021


def test_without_corrections_the_misprinted_rows_are_refused_not_guessed(real_data, gazetteer, tmp_path):
    none = tmp_path / "none.csv"
    NO_CORRECTIONS.to_csv(none, index=False)
    layer = population.load(real_data / "census" / "uat_population_2021.csv", gazetteer, corrections_file=none)
    assert layer.rejects["value"].tolist() == ["ABRAMUȚ, BIHOR", "MUNICIPIUL BUCURESTI, VRANCEA"]
    assert set(layer.rejects["reason"]) == {"unknown_code"}
    assert layer.rows_read == len(layer.rows) + 2


@pytest.mark.slow
def test_the_printed_census_agrees_with_its_own_totals_and_with_the_table(real_data, gazetteer):
    printed = population.load(real_data / "census" / "rpl2021_tabel_1.03_age_groups.xls", gazetteer)
    assert printed.rows_read == len(printed.rows) == 3_181
    assert not [n for n in printed.notes if "tipărit" in n]  # every county adds up
    table = population.load(real_data / "census" / "uat_population_2021.csv", gazetteer)
    assert (
        printed.rows.set_index("uat_siruta")["population"].to_dict()
        == table.rows.set_index("uat_siruta")["population"].to_dict()
    )
    ages = printed.rows[list(age_columns())]
    assert ages.isna().sum().sum() == 19  # confidential
    complete = ages.notna().all(axis=1)
    assert (ages[complete].sum(axis=1) == printed.rows.loc[complete, "population"]).all()


def test_every_correction_has_a_reason_and_still_matches_the_real_table(real_data):
    corrections = pd.read_csv(population.CORRECTIONS_FILE, dtype="str", keep_default_na=False)
    assert (corrections["reason"] != "").all()
    raw = pd.read_csv(real_data / "census" / "uat_population_2021.csv")
    assert set(corrections["row_id"]) <= set(raw["name"] + "|" + raw["county"])


def test_a_row_is_matched_by_code_else_by_name_within_its_county(gazetteer):
    layer = tidy(
        gazetteer,
        ("MUNICIPIUL ALBA IULIA", "ALBA", "1017", "64227"),
        ("ORAȘ STEFANESTI", "Botoșani", "", "100"),
        ("Ștefănești", "AG", "", "200"),
    )
    assert layer.rows["uat_siruta"].tolist() == [1017, 39168, 13392]
    assert layer.rows["matched"].tolist() == ["code", "folded", "exact"]


def test_what_is_not_sure_is_refused_with_its_reason(gazetteer):
    layer = tidy(
        gazetteer,
        ("Parincea", "Vaslui", "", "10"),
        ("Ștefănești", "", "", "10"),
        ("Parincea", "Bacău", "1017", "10"),
        ("Parincea", "Bacău", "", "mulți"),
        ("Parincea", "Bacău", "", "10"),
        ("Parincea", "Bacău", "24089", "11"),
    )
    assert layer.rejects["row"].tolist() == [1, 2, 3, 4, 5]
    assert layer.rejects["reason"].tolist() == ["unknown_code"] * 3 + ["duplicate_key"] * 2
    assert "altei unități" in layer.rejects["message"].iloc[2]
    assert layer.rows[["uat_siruta", "population"]].to_numpy().tolist() == [[24089, 11]]  # the row with the code


def test_a_number_that_is_none_is_refused(gazetteer):
    layer = tidy(gazetteer, ("Parincea", "Bacău", "", "3.500"), ("Aiud", "AB", "", "-"))
    assert layer.rejects["reason"].tolist() == ["bad_number"]
    assert layer.rows["population"].tolist() == [0]


def test_age_groups_that_do_not_add_up_are_refused_and_confidential_ones_are_unknown(gazetteer):
    ages = {age: ["1", "1", "1"] for age in age_columns()}
    ages["age_0_4"] = ["1", "2", "*"]
    layer = tidy(gazetteer, ("Parincea", "BC", "", "18"), ("Aiud", "AB", "", "18"), ("Blaj", "AB", "", "40"), **ages)
    assert layer.rejects[["row", "reason", "value"]].to_numpy().tolist() == [[2, "bad_sum", "18"]]
    assert "19" in layer.rejects["message"].iloc[0]
    assert pd.isna(layer.rows["age_0_4"].iloc[1])


@pytest.mark.parametrize("cell", ["1.234", "12,5", "-5", "nu știm", "1e3", "3000001"])
def test_an_age_that_is_no_number_refuses_its_row_and_is_not_taken_for_confidential(gazetteer, cell):
    ages = {age: ["1", "1"] for age in age_columns()}
    ages["age_5_9"] = [cell, ".."]
    layer = tidy(gazetteer, ("Parincea", "BC", "", "18"), ("Blaj", "AB", "", "18"), **ages)
    assert layer.rejects[["row", "field", "value", "reason"]].to_numpy().tolist() == [
        [1, "age_5_9", cell, "bad_number"]
    ]
    assert pd.isna(layer.rows["age_5_9"].iloc[0])


def test_known_ages_that_are_more_than_all_people_are_refused(gazetteer):
    ages = {age: ["1"] for age in age_columns()}
    ages |= {"age_0_4": ["*"], "age_5_9": ["50"]}
    layer = tidy(gazetteer, ("Parincea", "BC", "", "18"), **ages)
    assert layer.rejects["reason"].tolist() == ["bad_sum"]


def printed(*body):
    heads = [f"{a} - {a + 4}" for a in range(0, 80, 5)] + ["80 - 85", "85 ani"]
    return [["TABEL"], ["JUDET", "TOTAL", "GRUPA"], ["", "", *heads], ["", "", *(["ani"] * 18)], ["A", 1.0], *body]


def line(name, total):
    return [name, float(total), *([0.0] * 17), float(total)]


def test_a_printed_table_is_blocks_of_counties_and_a_commune_may_bear_a_countys_name():
    rows, totals = printed_table(
        printed(
            [""], line("BOTOSANI", 30), line("ORAȘ ȘTEFANEȘTI", 10), line("CALARAȘI", 20),
            [""], line("CALARASI", 5), line("MUNICIPIUL CALARAȘI", 5),
            [""], line("MUNICIPIUL BUCURESTI", 7),
            [""], ["* - valoare confidentiala"],
        )
    )  # fmt: skip
    assert rows[["name", "county", "population"]].to_numpy().tolist() == [
        ["ORAȘ ȘTEFANEȘTI", "BOTOSANI", "10"],
        ["CALARAȘI", "BOTOSANI", "20"],
        ["MUNICIPIUL CALARAȘI", "CALARASI", "5"],
        ["MUNICIPIUL BUCURESTI", "MUNICIPIUL BUCURESTI", "7"],
    ]
    assert totals["population"].tolist() == [30, 5, 7]
    assert set(age_columns()) <= set(rows.columns)
    assert rows["age_85_plus"].tolist() == ["10", "20", "5", "7"]


def test_a_county_whose_rows_do_not_add_up_is_said(gazetteer):
    rows, totals = printed_table(printed([""], line("BACAU", 30), line("PARINCEA", 10)))
    layer = population.tidy(rows, gazetteer, NO_CORRECTIONS, county_totals=totals)
    assert "BACAU: totalul tipărit este 30, rândurile adună 10" in layer.notes


def test_a_sheet_without_age_groups_is_no_printed_table():
    assert printed_table([["nume", "total"], ["PARINCEA", 10.0]]) is None
    assert printed_table([]) is None


def test_a_file_of_another_kind_is_refused_by_name(tmp_path, gazetteer):
    path = tmp_path / "populatie.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match=r"populatie\.csv"):
        population.load(path, gazetteer)
    path.write_bytes(b"")
    with pytest.raises(UnreadableFileError, match=r"populatie\.csv"):
        population.load(path, gazetteer)


cell = st.one_of(
    st.text(max_size=15),
    st.sampled_from(
        ["", "Parincea", "PARINCEA", "Aiud", "BC", "Alba", "24089", "1213", "179132", "10", "-", "*", "1e9"]
    ),
)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(cell, cell, cell, cell), max_size=6))
def test_rows_in_are_rows_loaded_and_rows_refused_whatever_comes(gazetteer, rows):
    layer = tidy(gazetteer, *rows)
    assert layer.rows_read == len(rows) == len(layer.rows) + len(layer.rejects)
    assert sorted([*layer.rows["source_row"], *layer.rejects["row"]]) == list(range(1, len(rows) + 1))
    assert layer.rows["uat_siruta"].is_unique
