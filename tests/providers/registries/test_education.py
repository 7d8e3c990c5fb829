"""The school network: any edition's layout, every unit accounted for, each at its locality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings

from core.errors import MissingColumnError, UnreadableFileError
from providers.registries import education
from providers.registries.corrections import COLUMNS as CORRECTION_COLUMNS
from providers.registries.register_file import RawRegister
from tests.worlds.examples import examples
from tests.worlds.files.raw_tables import assert_every_row_is_accounted_for, gazetteer, hostile_tables, raw

if TYPE_CHECKING:
    from pathlib import Path

UNIT = "Unitate de învățământ"
TITLES = {
    "county": "Judet PJ", "locality": "Localitate unitate", "siruta": "Cod SIRUTA unitate", "key": "Cod SIIIR unitate",
    "name": "Denumire lunga unitate", "unit_kind": "Tip unitate", "organization_key": "Cod SIIIR PJ", "cui": "Cod fiscal",
}  # fmt: skip


def unit(key: str = "0461100001", **cells: str) -> dict[str, str]:
    """A synthetic school in Parincea (SIRUTA 24098), county Bacău."""
    school = {"county": "BC", "locality": "PARINCEA", "siruta": "24098", "name": "ȘCOALA GIMNAZIALĂ PARINCEA"}
    return {"key": key, "unit_kind": UNIT, **school, **cells}


def tidy(*units: dict[str, str], **options: pd.DataFrame) -> education.Tidied:
    table = raw(list(units))
    tidied = education.tidy(RawRegister(table), gazetteer(), **options)
    assert_every_row_is_accounted_for(table, tidied)
    return tidied


def write_sheet(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Export")
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    return path


def test_a_school_stands_at_the_locality_of_its_code():
    service = tidy(unit()).services.iloc[0]
    place = gazetteer().by_siruta(24098)
    assert (service["service_id"], service["service_type"]) == ("education:siiir:0461100001", "EDU-SCHOOL")
    assert (service["lat"], service["lon"]) == (place.lat, place.lon)
    assert (service["county"], service["county_served"], service["position_precision"]) == ("BC", "BC", "locality")
    assert pd.isna(service["places_max"])


def test_a_school_of_a_bucharest_sector_stands_in_the_sector():
    sector = unit(county="B", locality="BUCUREŞTI SECTORUL 3", siruta="179169")
    service = tidy(sector).services.iloc[0]
    assert (service["uat_siruta"], service["county"], service["flags"]) == (179169, "B", "")


def test_a_code_of_a_uat_means_its_village_of_that_name():
    parincea = gazetteer().by_siruta(24098).uat_siruta
    service = tidy(unit(siruta=str(parincea), locality="VALENI")).services.iloc[0]
    assert (service["uat_siruta"], service["locality"]) == (parincea, "Văleni")


def test_an_edition_without_codes_is_placed_by_name_and_county():
    service = tidy(unit(siruta="")).services.iloc[0]
    assert (service["locality_siruta"], service["flags"]) == (24098, "place_by_name")


def test_a_name_that_the_county_has_twice_is_told_apart_by_the_school_it_belongs_to():
    twice = unit(siruta="", locality="VALENI")
    assert tidy(twice).rejects["reason"].tolist() == ["ambiguous_place"]
    service = tidy({**twice, "organization_siruta": "24098"}).services.iloc[0]
    assert service["uat_siruta"] == gazetteer().by_siruta(24098).uat_siruta
    assert "place_from_organization" in service["flags"]


def test_the_zero_that_a_spreadsheet_ate_is_put_back():
    assert tidy(unit(key="461100001")).services["registry_key"].tolist() == ["0461100001"]


def test_a_repeated_code_keeps_the_first_row_that_can_be_loaded():
    tidied = tidy(unit(county="?", siruta="", locality=""), unit(), unit(name="ALTA"))
    assert tidied.services["source_row"].tolist() == [2]
    assert tidied.rejects[["row", "reason"]].to_numpy().tolist() == [[1, "not_placed"], [3, "duplicate_key"]]


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"key": ""}, "Cod SIIIR unitate", "missing"),
        ({"key": "=1+1"}, "Cod SIIIR unitate", "bad_number"),
        ({"name": " "}, "Denumire lunga unitate", "missing"),
        ({"unit_kind": "Navă spațială"}, "Tip unitate", "unknown_code"),
        ({"siruta": "1", "locality": "Nicăieri"}, "Localitate unitate", "not_placed"),
    ],
)
def test_a_row_that_cannot_be_loaded_says_which_cell_and_why(cells, field, reason):
    rejects = tidy(unit(**cells)).rejects
    assert rejects[["row", "field", "reason"]].to_numpy().tolist() == [[1, field, reason]]


def test_a_unit_of_a_school_has_the_fiscal_code_of_the_school():
    school = unit(cui="RO 4905584", organization_key="0461100001")
    nursery = unit(
        "0462100002", name="GRĂDINIȚA PARINCEA", organization_key="461100001", organization="ȘCOALA PARINCEA"
    )
    services = tidy(school, nursery).services
    assert services["organization_cui"].tolist() == ["4905584", "4905584"]
    assert services["organization"].tolist() == ["ȘCOALA GIMNAZIALĂ PARINCEA", "ȘCOALA PARINCEA"]


def test_contacts_are_cleaned_and_filler_is_left_out():
    cells = {"phone": "234123456 / 0734-111-222", "email": " a@b.ro ", "street": " PRINCIPALA ", "number": "FN"}
    service = tidy(unit(**cells, schedule="Program normal")).services.iloc[0]
    assert service["phone"] == "0234123456; 0734111222"
    assert (service["email"], service["address"]) == ("a@b.ro", "PRINCIPALA")
    assert pd.isna(service["hours"])  # shifts of pupils are no opening hours


def test_a_correction_applies_while_the_published_value_is_there_and_is_reported_when_not():
    fixes = pd.DataFrame(
        [
            ["0461100001", "siruta", "24098", "179169", "moved", "test"],
            ["0461100001", "name", "OTHER", "X", "typo", "test"],
        ],
        columns=list(CORRECTION_COLUMNS),
    )
    tidied = tidy(unit(county="B"), corrections=fixes)
    assert tidied.services["uat_siruta"].tolist() == [179169]
    assert "siruta_corrected" in tidied.services["flags"].iloc[0]
    assert len(tidied.notes) == 2


def test_a_level_that_the_name_does_not_tell_is_flagged_and_counted():
    tidied = tidy(unit(name="ȘCOALA INTERNAȚIONALĂ"))
    assert tidied.services[["service_type", "flags"]].to_numpy().tolist() == [["EDU-SCHOOL", "level_unknown"]]
    assert tidied.notes == ("1 unitate cu nivelul ghicit.",)


def test_the_header_may_stand_anywhere_and_the_columns_in_any_order(tmp_path):
    cells = [unit(), unit("0461100003", name="=HYPERLINK(1)", siruta="179169", county="B")]
    order = list(TITLES)
    this_year = [["***Export"], [], [], [TITLES[c] for c in order], *([row.get(c, "") for c in order] for row in cells)]
    back = order[::-1]
    next_year = [
        ["Generat la data"],
        ["An", *(TITLES[c].upper().replace("_", " ") for c in back), "Coloană nouă"],
        *(["2025-2026", *(float(row[c]) if c == "siruta" else row.get(c, "") for c in back), "x"] for row in cells),
    ]
    old = education.tidy(education.load(write_sheet(tmp_path / "a.xlsx", this_year)), gazetteer())
    new = education.tidy(education.load(write_sheet(tmp_path / "b.xlsx", next_year)), gazetteer())
    assert len(old.services) == 2
    pd.testing.assert_frame_equal(old.services, new.services)


def test_a_cp1250_csv_reads_the_same(tmp_path):
    lines = [";".join(TITLES.values()), ";".join(unit(name="ŞCOALA PRIMARĂ").get(c, "") for c in TITLES)]
    path = tmp_path / "retea.csv"
    path.write_bytes("\r\n".join(lines).replace("ț", "ţ").replace("ș", "ş").encode("cp1250"))
    services = education.tidy(education.load(path), gazetteer()).services
    assert services[["name", "service_type"]].to_numpy().tolist() == [["ȘCOALA PRIMARĂ", "EDU-PRIMARY"]]


def test_a_file_that_is_not_the_register_is_refused_with_its_name(tmp_path):
    for name, content in (("empty.xlsx", b""), ("cut.xlsx", b"PK\x03\x04 truncated"), ("empty.csv", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableFileError, match=name):
            education.load(tmp_path / name)
    other = write_sheet(tmp_path / "other.xlsx", [["Produs", "Preț"], ["pâine", 5]])
    with pytest.raises(MissingColumnError, match="Cod SIIIR unitate"):
        education.load(other)
    titles = [TITLES[c] for c in ("key", "name", "unit_kind", "county")]
    with pytest.raises(MissingColumnError, match="Localitate unitate"):
        education.load(write_sheet(tmp_path / "nowhere.xlsx", [titles, ["1", "x", UNIT, "BC"]]))


SENSIBLE = {"key": ("0461100001", "0461100002"), "unit_kind": (UNIT, "Palatul copiilor"), "siruta": ("24098", "179169")}


@settings(max_examples=examples(30), deadline=None)
@given(hostile_tables(education.FIELDS, SENSIBLE))
def test_no_cell_can_break_the_sum_of_loaded_and_refused(table):
    assert_every_row_is_accounted_for(table, education.tidy(RawRegister(table), gazetteer()))


def test_the_real_network_is_accounted_for_and_placed(real_data):
    raw_rows = education.load(real_data / "education" / "retea-scolara-2024-2025.xlsx")
    tidied = education.tidy(raw_rows, gazetteer())
    services = tidied.services
    assert tidied.rows_read == 18_200 == len(services) + len(tidied.rejects)
    assert services["lat"].notna().sum() >= 0.995 * 18_200
    assert (services["service_type"] == "EDU-CJRAE").sum() == 59
    bucharest = services[services["county"] == "B"]
    assert len(bucharest) == 743
    assert bucharest["uat_siruta"].nunique() == 6
    assert services["flags"].eq("level_unknown").sum() <= 25
    assert services["organization_cui"].notna().mean() > 0.99


def test_a_list_in_the_general_format_is_read_too(tmp_path, gazetteer):
    file = tmp_path / "dupa-scoala.csv"
    file.write_text(
        "cod,denumire,tip serviciu,județ,localitate\nA1,Școala după școală Parincea,EDU-AFTER,BC,Parincea\n",
        encoding="utf-8",
    )
    tidied = education.tidy(education.load(file), gazetteer)
    assert tidied.services["service_type"].tolist() == ["EDU-AFTER"]
    assert tidied.services["registry"].tolist() == ["education"]
    assert tidied.rows_read == 1
