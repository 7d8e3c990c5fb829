"""Names that registers print, matched to codes: sure, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Bacău", "BC"), ("BC", "BC"), ("JUDEȚUL BACĂU", "BC"), ("Jud. Bacau", "BC"), (4, "BC"), ("4", "BC"),
        ("Caraș Severin", "CS"), ("CARAŞ-SEVERIN", "CS"), ("BISTRITA-NASAUD", "BN"), ("Municipiul București", "B"),
        ("Bucuresti - Sector 2", "B"), ("SECTORUL 2", "B"), ("Dîmbovița", "DB"), ("Vilcea", "VL"), ("Valcea", "VL"),
        ("", None), ("Chișinău", None), (None, None), (99, None),
    ],
)  # fmt: skip
def test_counties_are_known_by_every_usual_name(gazetteer, text, letters):
    assert gazetteer.county_code(text) == letters


@pytest.mark.parametrize(
    ("name", "county", "code", "how"),
    [
        ("Parincea", "BC", 24089, "exact"),
        ("COMUNA PARINCEA", "Bacău", 24089, "exact"),
        ("MUNICIPIUL  CODLEA", "BV", 40241, "exact"),
        ("TÎRGU MUREŞ", "MS", 114319, "folded"),
        ("Targu Mures", "MS", 114319, "loose"),
        ("MUN. TG. MURES", "MUREȘ", 114319, "loose"),
        ("Clujnapoca", "CJ", 54975, "loose"),
        ("Parincia", "BC", 24089, "fuzzy"),
        ("MUNICIPIUL BUCUREȘTI", "B", 179132, "exact"),
        ("Sectorul 3", "B", 179169, "exact"),
        ("București Sector 3", "B", 179169, "exact"),
        ("Ștefănești", "BT", 39168, "exact"),
        ("Ștefănești", None, None, "ambiguous"),
        ("Parincea", "VS", None, "none"),
        ("", "BC", None, "none"),
    ],
)
def test_a_uat_is_matched_within_its_county_and_says_how(gazetteer, name, county, code, how):
    assert gazetteer.match_uat(name, county) == (code, how)


def test_every_uat_is_matched_by_its_own_full_name(gazetteer):
    units = gazetteer.uats[gazetteer.uats["kind"] != "sector"]
    for row in units.itertuples():
        assert gazetteer.match_uat(row.full_name.upper(), row.county) == (row.uat_siruta, "exact")


def test_a_locality_is_matched_within_its_uat_or_county(gazetteer):
    assert gazetteer.match_locality("Nanesti", uat_siruta=24089) == (24132, "folded")
    assert gazetteer.match_locality("sat Nănești", county="BC")[0] == 24132
    assert gazetteer.match_locality("Nănești", uat_siruta=1017) == (None, "none")


def test_of_namesakes_in_a_county_the_only_seat_is_meant(gazetteer):
    code, how = gazetteer.match_locality("Nicolae Bălcescu", county="CL")
    assert (gazetteer.by_siruta(code).label, how) == ("Nicolae Bălcescu, județul Călărași", "exact")


@given(st.text(max_size=40), st.one_of(st.none(), st.sampled_from(["BC", "Bacău", "XX", ""])))
def test_no_name_makes_matching_fail(gazetteer, name, county):
    known = set(gazetteer.uats["uat_siruta"])
    code, how = gazetteer.match_uat(name, county)
    assert (code in known) == (how not in ("ambiguous", "none"))
