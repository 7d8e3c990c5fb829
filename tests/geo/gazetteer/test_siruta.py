"""SIRUTA: the counts of the register, and how names are printed."""

import pandas as pd
import pytest

from geo.gazetteer import siruta


@pytest.fixture(scope="module")
def register():
    return siruta.load()


def test_the_register_has_the_rows_that_the_institute_published(register):
    raw = pd.read_csv(siruta.siruta_file(), sep=";")
    assert len(raw) == 16_978
    assert (raw["NIV"] == 2).sum() == 3_181
    assert len(register.localities) == 13_755
    assert len(register.counties) == 42


def test_uats_are_those_of_the_register_and_the_six_sectors(register):
    kinds = register.uats["kind"].value_counts().to_dict()
    assert kinds == {"commune": 2862, "town": 216, "municipality": 103, "sector": 6}
    assert register.uats["uat_siruta"].is_unique


def test_663_names_of_uats_are_not_unique(register):
    # Folded, as people type them: towns, communes and municipalities of the register, without the sectors.
    from core.text import fold

    units = register.uats[register.uats["kind"] != "sector"]
    assert units["name"].map(fold).duplicated(keep=False).sum() == 663


def test_every_uat_but_bucharest_has_one_seat_among_its_localities(register):
    seats = register.localities[register.localities["is_seat"]]
    assert seats["uat_siruta"].is_unique
    without = register.uats[register.uats["seat_locality_siruta"].isna()]
    assert without["uat_siruta"].tolist() == [siruta.BUCHAREST]
    assert set(register.uats["seat_locality_siruta"].dropna()) == set(seats["locality_siruta"])


def test_every_locality_lies_in_a_uat_of_its_own_county(register):
    joined = register.localities.merge(register.uats, on="uat_siruta", suffixes=("", "_uat"))
    assert len(joined) == len(register.localities)
    assert (joined["county"] == joined["county_uat"]).all()


def test_sectors_are_uats_of_their_own_under_the_municipality(register):
    sectors = register.uats[register.uats["kind"] == "sector"]
    assert set(sectors["parent_uat_siruta"]) == {siruta.BUCHAREST}
    assert sectors["uat_siruta"].tolist() == sectors["seat_locality_siruta"].tolist()
    assert sectors["full_name"].iloc[0] == "Sectorul 1, București"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (1017, "Alba Iulia"),
        (54975, "Cluj-Napoca"),
        (40241, "Codlea"),  # two spaces in the register
        (32027, "Valea lui Mihai"),
        (60598, "23 August"),
        (95612, "Alexandru I. Cuza"),
    ],
)
def test_names_are_printed_as_in_a_sentence(register, code, name):
    assert register.uats.set_index("uat_siruta")["name"][code] == name


def test_regions_of_the_county_table_agree_with_the_register(register):
    raw = pd.read_csv(siruta.siruta_file(), sep=";")
    numbered = raw[raw["NIV"] == 1].set_index("SIRUTA")["REGIUNE"]
    regions = register.counties.set_index("county_siruta")["region"]
    pairs = pd.DataFrame({"number": numbered, "region": regions})
    assert len(pairs) == 42
    assert len(pairs.drop_duplicates()) == pairs["number"].nunique() == pairs["region"].nunique() == 8


def test_county_seats_are_the_seats_of_the_register_and_ilfov_sits_in_bucharest(register):
    raw = pd.read_csv(siruta.siruta_file(), sep=";")
    seats = set(raw.loc[(raw["NIV"] == 2) & (raw["TIP"] == 1), "SIRUTA"]) | {siruta.BUCHAREST}
    assert set(register.counties["seat_uat_siruta"]) == seats
    assert register.counties.set_index("county")["seat_uat_siruta"]["IF"] == siruta.BUCHAREST
