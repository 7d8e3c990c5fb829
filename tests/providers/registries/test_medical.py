"""Hospitals with their beds and points; everything else of the registry in the general format."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings

from core.errors import MissingColumnError
from geo.spatial.areas import AreaIndex
from geo.spatial.crs import to_metric
from providers.registries import medical
from providers.registries.corrections import COLUMNS as CORRECTION_COLUMNS
from providers.registries.register_file import RawRegister
from providers.rules.schema import Tidied
from tests.worlds.examples import examples
from tests.worlds.files.raw_tables import assert_every_row_is_accounted_for, gazetteer, hostile_tables, raw

NO_FIXES = pd.DataFrame(columns=list(CORRECTION_COLUMNS), dtype="str")


def hospital(key: str = "1", **cells: str) -> dict[str, str]:
    """A synthetic hospital at the centre of Alba Iulia."""
    own = {"hospital_name": "Spitalul Nou", "lat": "46.0680", "lon": "23.5700", "geo_qual": "-1", "beds": "120"}
    return {"key": key, **own, **cells}


def tidy(*hospitals: dict[str, str], corrections: pd.DataFrame = NO_FIXES) -> Tidied:
    table = raw(list(hospitals))
    tidied = medical.tidy(RawRegister(table), gazetteer(), corrections=corrections)
    assert_every_row_is_accounted_for(table, tidied)
    return tidied


def test_a_hospital_stands_at_its_point_in_the_county_that_holds_it():
    service = tidy(hospital()).services.iloc[0]
    assert (service["service_id"], service["service_type"]) == ("medical:own:1", "MED-HOSP")
    assert (service["lat"], service["lon"], service["position_precision"]) == (46.068, 23.57, "address")
    assert (service["county"], service["county_served"], service["places_max"]) == ("AB", "AB", 120)
    assert "position_unverified" in service["flags"]


def test_a_point_of_known_quality_is_not_doubted():
    assert "position_unverified" not in tidy(hospital(geo_qual="1")).services.iloc[0]["flags"]


@pytest.mark.parametrize("beds", ["", "multe", "0", "=2+2", "-5"])
def test_beds_that_cannot_be_read_are_unknown_and_never_zero(beds):
    tidied = tidy(hospital(beds=beds))
    assert tidied.services["places_max"].isna().all()
    assert tidied.notes == ("1 spital fără număr de paturi.",)


def test_the_owner_printed_behind_the_name_becomes_the_organization():
    services = tidy(
        hospital("1", hospital_name="Spitalul Municipal Aiud Consiliul Local Aiud", lat="46.31", lon="23.72"),
        hospital("2", hospital_name="Spitalul Clinic Primăria Municipiului Alba Iulia"),
        hospital("3"),
    ).services
    assert services["name"].tolist() == ["Spitalul Municipal Aiud", "Spitalul Clinic", "Spitalul Nou"]
    owners = ["Consiliul Local Aiud", "Primăria Municipiului Alba Iulia", "Spitalul Nou"]
    assert services["organization"].tolist() == owners
    assert services["locality"].iloc[0] == "Aiud"


def test_a_point_far_from_the_owning_town_or_in_another_county_than_the_owner_is_flagged():
    far = hospital("1", hospital_name="Spitalul Orășenesc Consiliul Local Aiud")
    other = hospital("2", hospital_name="Spitalul Consiliul Județean Bacău")
    flags = tidy(far, other).services["flags"].tolist()
    assert "far_from_town" in flags[0]
    assert "county_doubtful" in flags[1]


def test_swapped_and_comma_decimal_coordinates_are_mended_and_flagged():
    services = tidy(hospital("1", lat="23.57", lon="46.068"), hospital("2", lat="46,068", lon="23,57")).services
    assert services["lat"].tolist() == [46.068, 46.068]
    assert "coordinates_swapped" in services["flags"].iloc[0]
    assert "coordinates_mended" in services["flags"].iloc[1]


@pytest.mark.parametrize(("lat", "lon"), [("", ""), ("0", "0"), ("52.5", "13.4"), ("x", "y")])
def test_a_hospital_without_a_usable_point_or_town_is_refused(lat, lon):
    rejects = tidy(hospital(lat=lat, lon=lon)).rejects
    assert rejects["field"].tolist() == ["lat, lon"]


def test_an_email_in_the_column_of_web_pages_is_shown_as_an_email():
    services = tidy(hospital("1", website="spital@example.ro"), hospital("2", website="in constructie")).services
    assert services["email"].iloc[0] == "spital@example.ro"
    assert services["website"].isna().all()


def test_a_repeated_id_is_refused_and_a_missing_one_is_made_the_same_every_time():
    tidied = tidy(hospital(), hospital(), hospital(""), hospital("", hospital_name="Altul"))
    assert tidied.rejects[["row", "reason"]].to_numpy().tolist() == [[2, "duplicate_key"]]
    again = tidy(hospital("", hospital_name="ALTUL"))
    assert again.services["service_id"].iloc[0] == tidied.services["service_id"].iloc[2]


def test_a_corrected_position_stands_at_the_town_until_somebody_gives_a_better_one():
    fixes = pd.DataFrame(
        [
            ["1", "lat", "46.0680", "", "wrong town", "test"],
            ["1", "lon", "23.5700", "", "wrong town", "test"],
            ["1", "siruta", "", "24098", "seat", "test"],
        ],
        columns=list(CORRECTION_COLUMNS),
    )
    service = tidy(hospital(), corrections=fixes).services.iloc[0]
    assert (service["locality"], service["county"], service["position_precision"]) == ("Parincea", "BC", "locality")
    assert service["flags"] == "position_corrected"


def test_a_list_of_doctors_comes_in_the_general_format(tmp_path):
    path = tmp_path / "medici.csv"
    path.write_text("Cod;Tip serviciu;Denumire;Cod SIRUTA\n7;medic de familie;Cabinet;24098\n", encoding="utf-8")
    services = medical.tidy(medical.load(path), gazetteer()).services
    assert services[["service_id", "service_type"]].to_numpy().tolist() == [["medical:own:7", "MED-GP"]]


def test_a_file_in_neither_layout_names_what_both_lack(tmp_path):
    path = tmp_path / "altceva.csv"
    path.write_text("produs,pret\npaine,5\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match=r"hospital_name.*Tip serviciu"):
        medical.load(path)


SENSIBLE = {"lat": ("46.068", "46,1"), "lon": ("23.57",), "key": ("1", "2"), "geo_qual": ("-1",)}


@settings(max_examples=examples(25), deadline=None)
@given(hostile_tables(medical.FIELDS, SENSIBLE))
def test_no_cell_can_break_the_sum_of_loaded_and_refused(table):
    assert_every_row_is_accounted_for(table, medical.tidy(RawRegister(table), gazetteer(), corrections=NO_FIXES))


def test_the_real_hospitals_are_all_there_with_their_beds(real_data):
    raw_rows = medical.load(real_data / "health" / "hospitals_eurostat_2020.csv")
    tidied = medical.tidy(raw_rows, gazetteer())
    assert_every_row_is_accounted_for(raw_rows.table, tidied)
    services = tidied.services
    assert (len(services), len(tidied.rejects)) == (179, 0)
    assert services["places_max"].notna().sum() == 178
    assert services["county"].notna().all()
    # Every correction still fits the file that it was written for.
    assert services["flags"].str.contains("position_corrected").sum() == 4
    assert not any("nu se mai potrivește" in note for note in tidied.notes)


def test_with_boundaries_the_area_that_holds_the_point_names_the_place_not_the_nearest_village():
    # Bărăbanț is a part of Alba Iulia; an area drawn round its point says that it belongs to Aiud.
    here = gazetteer().by_siruta(1035)
    aiud = gazetteer().resolve("Aiud").uat_siruta
    corners = to_metric([here.lat - 0.01, here.lat + 0.01], [here.lon - 0.01, here.lon + 0.01])
    areas = AreaIndex(np.array([shapely.box(*corners.ravel())]), np.array([aiud]), np.array(["AB"], dtype=object))
    table = raw([hospital(lat=str(here.lat), lon=str(here.lon))])
    bounded = replace(gazetteer(), areas_source=lambda: areas)
    service = medical.tidy(RawRegister(table), bounded, corrections=NO_FIXES).services.iloc[0]
    assert (service["uat_siruta"], service["locality"]) == (aiud, "Aiud")
    assert (service["lat"], service["position_precision"]) == (here.lat, "address")
