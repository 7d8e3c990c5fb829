"""Files with the habits of real spreadsheets: each gives what the table beside them says, or is refused in words."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.errors import MapError
from core.storage.editions import EditionStore
from core.storage.home import make_home
from providers.catalogue.catalogue import load_catalogue
from providers.imports import importing
from reports.output.fonts import printable
from tests.worlds.files.expected_files import EXPECTED, UNTRIED, expected_folder, kind_of_file
from tests.worlds.files.register_files import import_file

CONTROL_LOCALITIES = ["Parincea", "Sascut", "Buhuși", "Onești", "Moinești", "Comănești"]


@pytest.fixture(autouse=True)
def one_gazetteer(gazetteer, monkeypatch):
    monkeypatch.setattr(importing, "load_gazetteer", lambda _home: gazetteer)


@pytest.fixture
def brought(tmp_path, file_reader):
    """Import one of the files into a home of its own: the report as JSON, the table in force, the home."""
    folder = expected_folder()

    def bring(name, **said):
        home = make_home("live", tmp_path / "home")
        kind = kind_of_file(name)
        report = import_file(home, kind, folder / name, **said).as_json()
        table = EditionStore(home).current_table(kind, "boundaries" if kind == "boundaries" else "services")
        return report, table, home

    return bring


def unused_rows(report, title):
    """Rows of the cells of a title that were named as not used."""
    return sorted({row for cell in report["unused"]["cells"] if cell["title"] == title for row in cell["rows"]})


def test_every_file_of_the_table_is_tried_here_or_with_the_sources():
    table = (expected_folder() / "EXPECTED.md").read_text(encoding="utf-8")
    files = set(re.findall(r"^\| (\w+\.\w+) \|", table, re.MULTILINE))
    assert files == set(EXPECTED) | set(UNTRIED)


def test_the_plain_form_is_six_services_and_nothing_is_left(brought):
    report, table, _home = brought("social_control.xlsx")
    assert table["locality"].tolist() == CONTROL_LOCALITIES
    assert report["unused"] == {"titles": [], "sheets": [], "layers": [], "cells": []}


def test_a_hidden_first_sheet_is_passed_over_by_name(brought):
    report, table, _home = brought("b01_hidden_first_sheet.xlsx")
    assert (len(table), report["unused"]["sheets"]) == (6, ["Liste"])


def test_a_sheet_a_county_is_read_whole(brought):
    report, table, _home = brought("b02_sheet_per_county.xlsx")
    assert (report["rows_read"], len(table), sorted(set(table["county"]))) == (12, 12, ["BC", "IS", "VS"])


def test_a_merged_status_and_a_merged_mark_hold_for_all_their_rows(brought, gazetteer):
    _report, table, home = brought("b03_merged_status_and_protected.xlsx")
    assert table["licence_status"].tolist()[:3] == ["suspended"] * 3
    assert table["is_secret"].tolist() == [False] * 3 + [True] * 3
    catalogue = load_catalogue(home, gazetteer)
    assert not catalogue.services["address"].fillna("").str.contains("Mică").any()


def test_titles_in_two_rows_give_the_licence_days(brought):
    report, table, _home = brought("b04_two_level_header.xlsx")
    assert {day.date() for day in table["licence_until"]} == {date(2020, 1, 1)}
    assert report["unused"]["titles"] == []


def test_of_titles_that_come_twice_those_of_the_service_place_it(brought):
    report, table, _home = brought("b05_duplicate_titles.xlsx")
    assert set(table["county"]) == {"BC"}
    assert not table["address"].str.contains("Sediului").any()
    assert report["unused"]["titles"] == ["Județ [C]", "Localitate [D]", "Adresa [E]"]


def test_unusual_titles_of_mark_status_and_end_are_understood(brought):
    _report, table, _home = brought("b06_unknown_titles.xlsx")
    assert table["is_secret"].tolist() == [False] * 3 + [True] * 3
    assert table["licence_status"].tolist()[:3] == ["withdrawn"] * 3
    assert {day.date() for day in table["licence_until"]} == {date(2020, 1, 1)}


def test_formulas_without_a_result_are_named_and_no_state_is_made_of_them(brought):
    report, table, _home = brought("b07_formulas_uncached.xlsx")
    for title in ("Stare", "Telefon", "Capacitate"):
        assert unused_rows(report, title) == [1, 2, 3, 4, 5, 6]
    assert set(table["licence_status"]) == {"unknown"}
    assert table["flags"].str.contains("status_unread").all()


def test_a_space_in_the_last_row_of_the_sheet_is_no_row(brought):
    report, table, _home = brought("b09_stray_cell_bottom.xlsx")
    assert (report["rows_read"], len(table)) == (6, 6)


def test_marks_of_many_kinds_protect(brought):
    _report, table, _home = brought("b11_marks.xlsx")
    assert table["is_secret"].tolist() == [True, False, True, False, True, True]


def test_days_in_words_are_read_where_one_reading_is_possible(brought):
    report, table, _home = brought("b13_text_dates.xlsx")
    days = table["licence_until"].dt.date
    assert set(days.dropna()) == {date(2020, 12, 31)}
    assert unused_rows(report, "Valabilitatea licenței") == (table.loc[days.isna(), "source_row"].tolist())
    assert table["places_max"].tolist() == [20] * 6
    assert set(table["organization_cui"]) == {"10000001"}


def test_codes_that_became_decimals_are_read_as_codes(brought):
    _report, table, _home = brought("c01_floatified.csv")
    assert table["locality_siruta"].tolist() == [25317, 25816, 96094, 95925]
    assert table["phone"].tolist() == ["0234111222", "112", "0722000111", "0232111222"]


def test_telephones_are_read_or_counted_as_lost(brought):
    report, table, _home = brought("c02_phones.csv")
    phones = dict(zip(table["registry_key"], table["phone"].fillna(""), strict=True))
    assert phones["1"] == phones["3"] == phones["5"] == phones["6"] == phones["14"] == "0234513296"
    assert phones["2"] == "0722000111"
    assert phones["8"] == "0722000111; 0733000222"
    assert [phones[key] for key in ("7", "15", "16")] == ["", "", ""]
    assert {7, 15, 16} <= set(unused_rows(report, "Telefon"))


def test_an_open_quote_swallows_no_row(brought):
    report, table, _home = brought("c03_open_quote.csv")
    assert report["rows_read"] == 40 == report["rows_loaded"] + report["rows_rejected"]
    assert "Farmacia Sf. Ana" in set(table["name"])


def test_the_delimiter_is_the_one_of_the_titles(brought):
    _report, table, _home = brought("c04_title_semicolon.csv")
    assert (len(table), set(table["locality"])) == (5, {"Parincea"})
    assert table["address"].str.contains("ap. 4, cam. 1").all()


def test_the_layer_of_units_is_read_and_the_other_named(brought):
    report, table, _home = brought("g1_two_layers.gpkg")
    assert (len(table), report["unused"]["layers"]) == (93, ["judete"])
    assert set(table["kind"]) <= {"commune", "town", "municipality"}


def test_a_unit_in_two_features_is_joined(brought):
    report, table, _home = brought("g2_split_unit.geojson")
    assert (len(table), report["rows_rejected"]) == (93, 0)
    assert table.loc[table["uat_siruta"] == 24089, "area_km2"].tolist() == [pytest.approx(68.96, abs=0.01)]


def test_of_a_collection_of_shapes_the_polygons_are_kept(brought):
    report, table, _home = brought("g3_collections.geojson")
    assert (len(table), report["rows_rejected"]) == (93, 0)


def test_nested_services_have_their_providers(brought):
    _report, table, _home = brought("s01_nested.xml")
    assert table["organization"].tolist() == ["Furnizor 1"] * 4 + ["Furnizor 2"] * 2 + ["Furnizor 3"]


def test_the_exact_title_wins_over_one_that_is_like_it(brought):
    _report, table, _home = brought("t04_similar_titles.xlsx")
    assert table["name"].tolist() == [f"Centrul Rază de Soare {n}" for n in (1, 2, 3)]
    assert [day.day for day in table["licence_until"]] == [1, 2, 3]


def test_a_binary_workbook_is_refused_with_what_to_do(brought):
    with pytest.raises(MapError, match="salvați-l ca XLSX"):
        brought("x01_own.xlsb")


def test_rare_signs_are_printed_or_said_in_words(brought):
    _report, table, _home = brought("p01_names.csv")
    printed = [printable(text) for text in (*table["name"], *table["organization"], *table["address"])]
    assert not [text for text in printed if "?" in text]
    assert "Центр допомоги Україна їєґ" in printed
    assert "[alt alfabet]" in printed
