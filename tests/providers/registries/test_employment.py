"""Employment agencies: at the point of their seat, for the county that they serve."""

from __future__ import annotations

from hypothesis import given, settings

from providers.registries import employment
from providers.registries.register_file import RawRegister
from providers.rules.schema import Tidied
from tests.worlds.examples import examples
from tests.worlds.files.raw_tables import assert_every_row_is_accounted_for, gazetteer, hostile_tables, raw

AGENCY = "AGENȚIA JUDEȚEANĂ PENTRU OCUPAREA FORȚEI DE MUNCĂ"


def agency(county: str, locality: str, name: str = AGENCY) -> dict[str, str]:
    return {"agency_name": name, "county": county, "locality": locality}


def tidy(*agencies: dict[str, str]) -> Tidied:
    table = raw(list(agencies))
    tidied = employment.tidy(RawRegister(table), gazetteer())
    assert_every_row_is_accounted_for(table, tidied)
    return tidied


def test_an_agency_stands_at_its_seat():
    service = tidy(agency("BACĂU", "BACĂU")).services.iloc[0]
    assert (service["service_id"], service["service_type"]) == ("employment:anofm:AJOFM-BC", "EMP-AJOFM")
    assert (service["county"], service["county_served"], service["locality"]) == ("BC", "BC", "Bacău")
    assert service["position_precision"] == "locality"


def test_the_agency_of_ilfov_stands_in_bucharest_and_serves_ilfov():
    service = tidy(agency("ILFOV", "BUCUREȘTI")).services.iloc[0]
    assert (service["county"], service["county_served"]) == ("B", "IF")
    assert service["service_id"] == "employment:anofm:AJOFM-IF"
    assert "seat_outside_county" in service["flags"]


def test_bad_rows_say_what_is_wrong():
    tidied = tidy(
        agency("", "Bacău"),
        agency("Transilvania", "Cluj"),
        agency("Iași", "Nicăieri"),
        agency("Iași", "Iași", "Primăria"),
        agency("Iași", "Iași", ""),
        agency("IAŞI", "Iaşi"),
        agency("IS", "Iași"),
    )
    found = tidied.rejects[["row", "field", "reason"]].to_numpy().tolist()
    assert found == [
        [1, "county", "missing"],
        [2, "county", "unknown_code"],
        [3, "locality", "not_placed"],
        [4, "name", "unknown_code"],
        [5, "name", "missing"],
        [7, "name", "duplicate_key"],
    ]


def test_counties_without_an_agency_are_named():
    (note,) = tidy(agency("Iași", "Iași")).notes
    assert note.startswith("41 ")
    assert ": Alba, " in note
    assert "Iași" not in note


def test_local_offices_come_in_the_general_format_even_with_a_county_and_a_locality(tmp_path):
    path = tmp_path / "oficii.csv"
    path.write_text(
        "Denumire,Tip serviciu,Județ,Localitate\nAgenția locală,EMP-LOCAL,Bacău,Moinești\n", encoding="utf-8"
    )
    services = employment.tidy(employment.load(path), gazetteer()).services
    assert services[["service_type", "locality"]].to_numpy().tolist() == [["EMP-LOCAL", "Moinești"]]


SENSIBLE = {"agency_name": (AGENCY, "Agenția locală"), "county": ("Ilfov", "BC"), "locality": ("BUCUREȘTI", "Bacău")}


@settings(max_examples=examples(25), deadline=None)
@given(hostile_tables(employment.FIELDS, SENSIBLE))
def test_no_cell_can_break_the_sum_of_loaded_and_refused(table):
    assert_every_row_is_accounted_for(table, employment.tidy(RawRegister(table), gazetteer()))


def test_all_37_real_agencies_are_placed_at_their_seats(real_data):
    raw_rows = employment.load(real_data / "employment" / "ajofm_county_agencies_2025.csv")
    tidied = employment.tidy(raw_rows, gazetteer())
    services = tidied.services
    assert (len(services), len(tidied.rejects)) == (37, 0)
    assert services["lat"].notna().all()
    assert services["county_served"].is_unique
    assert not services["flags"].str.contains("place_guessed").any()
    elsewhere = services[services["county"] != services["county_served"]]
    assert elsewhere[["county", "county_served"]].to_numpy().tolist() == [["B", "IF"]]
    assert "Alba, Bihor, Gorj, Neamț, Timiș" in tidied.notes[0]
