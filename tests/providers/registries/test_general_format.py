"""The general format: what its page promises, row by row."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnError
from core.text import fold
from providers.registries import general_format
from providers.registries.general_values import WORDS
from providers.rules.schema import SERVICE_COLUMNS, VOCABULARIES, Tidied
from tests.worlds.examples import examples
from tests.worlds.files.raw_tables import assert_every_row_is_accounted_for, gazetteer, hostile_tables, raw

PAGE = (Path(__file__).parents[3] / "docs" / "general-format.md").read_text(encoding="utf-8")


def doctor(**cells: str) -> dict[str, str]:
    """A synthetic family doctor in Parincea, county Bacău."""
    return {"service_type": "MED-GP", "name": "Cabinet", "county": "Bacău", "locality": "Parincea", **cells}


def tidy(*rows: dict[str, str], registry: str = "medical") -> Tidied:
    table = raw(list(rows))
    tidied = general_format.tidy(table, gazetteer(), registry=registry)
    assert_every_row_is_accounted_for(table, tidied)
    return tidied


def test_the_page_describes_the_columns_that_the_code_reads():
    described = re.findall(r"^\| ([^|`]+) \| `(\w+)` \| (da|nu) \|", PAGE, re.MULTILINE)
    read = [(c.title, c.name, "da" if c.required else "nu") for c in general_format.FORMAT]
    assert described == read


def test_the_page_lists_the_words_of_every_vocabulary():
    for name, words in WORDS.items():
        (cell,) = re.findall(rf"^\| [^|]+ \| `{name}` \| \w+ \| (.+) \|$", PAGE, re.MULTILINE)
        assert all(word in cell for word in words), name
        assert set(words.values()) == VOCABULARIES[name], name


def test_the_example_of_the_page_loads(tmp_path):
    (example,) = re.findall(r"```csv\n(.+?)```", PAGE, re.DOTALL)
    path = tmp_path / "exemplu.csv"
    path.write_text(example, encoding="utf-8")
    tidied = general_format.tidy(general_format.load(path), gazetteer(), registry="medical")
    assert tidied.services["service_type"].tolist() == ["MED-GP", "MED-PERM", "MED-PHARM"]
    assert tidied.services["county"].tolist() == ["BC"] * 3


def test_every_column_lands_in_the_table_of_services():
    names = {c.name for c in general_format.FORMAT} - {"uat", "siruta"}
    assert names <= set(SERVICE_COLUMNS)


def test_a_filled_in_row_keeps_what_was_written():
    row = doctor(
        registry_key="CMI 12/3", organization="Cabinet Medical", organization_cui="RO 4905584", delivery="la sediu",
        service_area="listă", areas_served="24089; Iași", access_route="trimitere", age_min="18", age_max="64", sex="femei",
        groups="disability", places_max="25 /zi", licence_from="31.01.2024", licence_until="2029-01-30",
        licence_status="Activă", operating_status="închis", closed_from="01.12.2026", closed_until="2026-12-10", county_served="IS", phone="0234 111 222", website="www.a.ro",
    )  # fmt: skip
    service = tidy(row).services.iloc[0]
    expected = {
        "service_id": "medical:own:CMI-12-3", "organization": "Cabinet Medical", "organization_cui": "4905584",
        "delivery": "at_site", "service_area": "listed", "areas_served": "24089;IS", "access_route": "medical",
        "age_min": 18, "age_max": 64, "sex": "F", "groups": "disability", "places_max": 25, "capacity_unit": "per_day",
        "capacity_text": "25 /zi", "licence_from": pd.Timestamp("2024-01-31"), "licence_until": pd.Timestamp("2029-01-30"),
        "licence_status": "active", "operating_status": "closed", "county": "BC", "county_served": "IS",
        "closed_from": pd.Timestamp("2026-12-01"), "closed_until": pd.Timestamp("2026-12-10"),
        "phone": "0234111222", "website": "www.a.ro",
    }  # fmt: skip
    assert {name: service[name] for name in expected} == expected


def test_empty_cells_mean_unknown_or_as_the_type_has_it():
    service = tidy(doctor()).services.iloc[0]
    unknown = [
        "delivery",
        "age_min",
        "sex",
        "groups",
        "places_max",
        "capacity_unit",
        "licence_until",
        "closed_until",
        "phone",
    ]
    assert service[unknown].isna().all()
    assert (service["licence_status"], service["operating_status"]) == ("unknown", "open")


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"service_type": "vrăjitor"}, "Tip serviciu", "unknown_code"),
        ({"service_type": "EDU-SCHOOL"}, "Tip serviciu", "unknown_code"),
        ({"name": ""}, "Denumire", "missing"),
        ({"age_min": "optsprezece"}, "Vârsta minimă", "bad_number"),
        ({"age_min": "65", "age_max": "18"}, "Vârsta maximă", "bad_number"),
        ({"sex": "X"}, "Sex", "unknown_code"),
        ({"groups": "disability; marțieni"}, "Grupuri", "unknown_code"),
        ({"areas_served": "24089; Atlantida"}, "Zone deservite", "unknown_code"),
        ({"licence_until": "31.02.2024"}, "Licență până la", "bad_date"),
        ({"closed_until": "joi"}, "Închis temporar până la", "bad_date"),
        ({"closed_from": "2026-12-10", "closed_until": "2026-12-09"}, "Închis temporar până la", "bad_date"),
        ({"county_served": "Atlantida"}, "Județ deservit", "unknown_code"),
        ({"locality": "Nicăieri"}, "Localitate", "not_placed"),
        ({"locality": "Valea Mare"}, "Localitate", "ambiguous_place"),
        ({"county": ""}, "Localitate", "not_placed"),
    ],
)
def test_a_wrong_value_that_decides_who_may_come_refuses_the_row(cells, field, reason):
    rejects = tidy(doctor(**cells)).rejects
    assert rejects[["field", "reason"]].to_numpy().tolist() == [[field, reason]]


def test_places_that_cannot_be_read_are_unknown_and_flagged():
    service = tidy(doctor(places_max="destule")).services.iloc[0]
    assert pd.isna(service["places_max"])
    assert "capacity_unread" in service["flags"]


def test_a_type_may_be_named_in_words():
    assert tidy(doctor(service_type="Medic de Familie")).services["service_type"].tolist() == ["MED-GP"]


def test_a_service_that_goes_out_or_answers_from_afar_needs_no_place():
    afar = {"service_type": "MED-TELE", "name": "Consultații la distanță"}
    service = tidy(afar).services.iloc[0]
    assert (service["position_precision"], pd.isna(service["lat"])) == ("none", True)
    assert tidy({**afar, "service_type": "MED-GP"}).rejects["reason"].tolist() == ["not_placed"]


def test_rows_without_a_code_get_one_of_their_own_fields():
    first, second = tidy(doctor(), doctor(name="Alt cabinet")).services["service_id"]
    assert first != second
    assert tidy(doctor(name="CABINET")).services["service_id"].tolist() == [first]
    assert tidy(doctor(), doctor()).rejects["reason"].tolist() == ["duplicate_key"]


@pytest.mark.parametrize(("said", "is_secret"), [("da", True), ("confidențială", True), ("✓", True), ("nu", False)])
def test_a_row_that_the_list_marks_is_secret(said, is_secret):
    assert tidy(doctor(is_secret=said)).services["is_secret"].tolist() == [is_secret]


def test_a_shelter_in_the_social_registry_is_secret_and_its_reject_does_not_say_where():
    shelter = {
        "service_type": "8790CR-VD-I", "name": "Centru", "county": "Bacău", "locality": "Orașul Tainic", "registry_key": "Tainic-7"
    }  # fmt: skip
    loaded = tidy(shelter, registry="social").services
    assert (loaded["is_secret"].tolist(), loaded["position_precision"].tolist()) == ([True], ["none"])
    for wrong in ("licence_until", "county_served", "sex", "areas_served"):
        rejects = tidy({**shelter, wrong: "Tainic"}, shelter, shelter, registry="social").rejects
        assert rejects["reason"].tolist() != []
        assert "Tainic" not in rejects.to_string(), wrong


def test_the_same_list_as_csv_and_as_sheet_reads_the_same(tmp_path):
    titles = [c.title.upper() for c in general_format.FORMAT][::-1]
    cells = {
        c.title.upper(): doctor(siruta="24098", lat="46,48", lon="27.10").get(c.name, "") for c in general_format.FORMAT
    }
    csv_path, sheet_path = tmp_path / "a.csv", tmp_path / "a.xlsx"
    csv_path.write_bytes(("\t".join(titles) + "\n" + "\t".join(cells[t] for t in titles)).encode("utf-8"))
    with xlsxwriter.Workbook(str(sheet_path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 0, titles)
        sheet.write_row(3, 0, [float(cells[t]) if t == "COD SIRUTA" else cells[t] for t in titles])
    tables = [
        general_format.tidy(general_format.load(p), gazetteer(), registry="medical") for p in (csv_path, sheet_path)
    ]
    assert tables[0].services["position_precision"].tolist() == ["address"]
    pd.testing.assert_frame_equal(tables[0].services, tables[1].services)


def test_a_file_that_cannot_say_where_is_refused(tmp_path):
    path = tmp_path / "fara_loc.csv"
    path.write_text("Tip serviciu,Denumire,Județ\nMED-GP,Cabinet,BC\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match=r"fara_loc.csv.*Cod SIRUTA"):
        general_format.load(path)


FIELDS = [c.field for c in general_format.FORMAT]
SENSIBLE = {
    "service_type": ("MED-GP", "farmacie", "MED-TELE"), "name": ("Cabinet",), "county": ("Bacău",), "locality": ("Parincea",),
    "lat": ("46.48",), "lon": ("27.1",), "siruta": ("24098",), "sex": ("F",), "age_min": ("18",), "places_max": ("14 - 20",),
    "groups": ("disability",), "areas_served": ("BC;24089",), "licence_until": ("2030-01-01",),
}  # fmt: skip


@settings(max_examples=examples(30), deadline=None)
@given(hostile_tables(FIELDS, SENSIBLE), st.sampled_from(["medical", "education", "employment", "social"]))
def test_no_cell_can_break_the_sum_of_loaded_and_refused(table, registry):
    tidied = general_format.tidy(table, gazetteer(), registry=registry)
    assert_every_row_is_accounted_for(table, tidied)


@given(st.sampled_from(sorted(WORDS)), st.data())
def test_words_are_read_in_any_case_and_without_diacritics(name, data):
    from providers.registries.general_values import choices

    word = data.draw(st.sampled_from(sorted(WORDS[name])))
    column, check = choices(pd.Series([word.upper(), fold(word), f" {word}"]), name, "X")
    assert set(column) == {WORDS[name][word]}
    assert not check.bad.any()
