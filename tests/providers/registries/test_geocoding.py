from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.gazetteer.gazetteer import Gazetteer
from providers.registries.geocoding import PLACED_COLUMNS, geocode, join_flags, parse_coordinates
from tests.worlds.examples import examples

PARINCEA_POINT = (46.4833, 27.1)
BUCHAREST, SECTOR_3 = 179132, 179169


class Boxes:
    """Boundaries drawn with a ruler: county letters and UAT of rectangles (south, west, north, east)."""

    def __init__(self, *boxes):
        self.boxes = boxes

    def _at(self, lats, lons, what):
        out = np.full(len(np.atleast_1d(lats)), None, dtype=object)
        for i, (lat, lon) in enumerate(zip(np.atleast_1d(lats), np.atleast_1d(lons), strict=True)):
            for (south, west, north, east), *facts in self.boxes:
                if south <= lat <= north and west <= lon <= east:
                    out[i] = facts[what]
        return out

    def county_at(self, lats, lons):
        return self._at(lats, lons, 0)

    def uat_at(self, lats, lons):
        return self._at(lats, lons, 1)


def with_boundaries(gazetteer: Gazetteer, *boxes) -> Gazetteer:
    return Gazetteer(gazetteer.counties, gazetteer.uats, gazetteer.localities, lambda: Boxes(*boxes))


def rows(*records: dict) -> pd.DataFrame:
    blank = {"county": None, "lat": np.nan, "lon": np.nan, "siruta": pd.NA, "locality": ""}
    table = pd.DataFrame([blank | r for r in records])
    return table.astype({"siruta": "Int64", "lat": "float64", "lon": "float64"})


def placed_one(gazetteer, **record):
    return geocode(rows(record), gazetteer).iloc[0]


def codes(flags: str) -> set[str]:
    return set(flags.split(";")) - {""}


def test_a_point_in_the_stated_county_is_kept_as_the_address(gazetteer):
    lat, lon = PARINCEA_POINT
    one = placed_one(gazetteer, county="BC", lat=lat, lon=lon, locality="Parincea")
    assert (one["lat"], one["lon"], one["position_precision"]) == (lat, lon, "address")
    assert one["uat_siruta"] == gazetteer.match_uat("Parincea", "BC")[0]
    assert one["problem"] == ""


def test_a_row_without_a_point_stands_at_its_locality_by_siruta(gazetteer):
    code, _how = gazetteer.match_locality("Parincea", county="BC")
    one = placed_one(gazetteer, siruta=code)
    there = gazetteer.by_siruta(code)
    assert (one["lat"], one["lon"], one["county"]) == (there.lat, there.lon, "BC")
    assert one["flags"] == ""


def test_a_code_of_a_commune_with_a_village_name_stands_in_the_village(gazetteer):
    uat, _how = gazetteer.match_uat("Parincea", "BC")
    village = gazetteer.localities[(gazetteer.localities["uat_siruta"] == uat) & ~gazetteer.localities["is_seat"]].iloc[
        0
    ]
    one = placed_one(gazetteer, county="BC", siruta=uat, locality=f"sat {village['name']}")
    assert one["locality_siruta"] == village["locality_siruta"]


def test_a_code_of_a_commune_alone_stands_at_its_seat(gazetteer):
    uat, _how = gazetteer.match_uat("Parincea", "BC")
    one = placed_one(gazetteer, siruta=uat)
    assert one["locality_siruta"] == gazetteer.by_siruta(uat).locality_siruta


@pytest.mark.parametrize(
    "text",
    ["Parincea", "PARINCEA", "com. Parincea", "Comuna Parincea", "sat Parincea, com. Parincea", "Parincea (Parincea)"],
)
def test_a_name_within_its_county_is_found_and_said_to_be_by_name(gazetteer, text):
    one = placed_one(gazetteer, county="BC", locality=text)
    assert one["uat_siruta"] == gazetteer.match_uat("Parincea", "BC")[0]
    assert "place_by_name" in codes(one["flags"])


def test_a_village_named_with_its_commune_is_not_taken_for_its_namesake(gazetteer):
    one = placed_one(gazetteer, county="AB", locality="sat Vidolm, com. Ocoliș")
    assert (one["locality"], one["uat_siruta"]) == ("Vidolm", gazetteer.match_uat("Ocoliș", "AB")[0])


def test_a_point_in_another_county_is_flagged_and_the_row_stands_at_its_stated_locality(gazetteer):
    bucharest = with_boundaries(gazetteer, ((44.3, 25.9, 44.55, 26.3), "B", SECTOR_3))
    one = placed_one(bucharest, county="IF", lat=44.4267, lon=26.1025, locality="Afumați")
    assert "county_mismatch" in codes(one["flags"])
    assert (one["county"], one["position_precision"]) == ("IF", "locality")
    assert one["lat"] != 44.4267


def test_a_point_in_another_county_whose_locality_nobody_knows_is_a_bad_position(gazetteer):
    one = placed_one(gazetteer, county="CJ", lat=44.4267, lon=26.1025, locality="Nicăieri pe lume")
    assert one["problem"] == "bad_position"
    assert one["position_precision"] == "none"


def test_without_boundaries_a_guess_does_not_overrule_a_row_near_its_own_town(gazetteer):
    galati = gazetteer.place_of(uat_siruta=gazetteer.match_uat("Galați", "GL")[0])
    braila = gazetteer.place_of(uat_siruta=gazetteer.match_uat("Brăila", "BR")[0])
    # three tenths of the way from Galați to Brăila, some 5 km out
    lat = galati.lat + 0.3 * (braila.lat - galati.lat)
    lon = galati.lon + 0.3 * (braila.lon - galati.lon)
    assert placed_one(gazetteer, county="GL", lat=lat, lon=lon, locality="Galați")["position_precision"] == "address"
    drawn = with_boundaries(gazetteer, ((45.0, 27.5, 45.9, 28.5), "BR", braila.uat_siruta))
    strict = placed_one(drawn, county="GL", lat=lat, lon=lon, locality="Galați")
    assert "county_mismatch" in codes(strict["flags"])


def test_a_street_named_after_a_far_town_does_not_move_the_service_there(gazetteer):
    one = placed_one(gazetteer, county="BC", lat=46.2037, lon=26.6263, locality="Bacău")  # in Oituz, 46 km off
    assert "far_from_locality" in codes(one["flags"])
    assert (one["locality"], one["position_precision"]) == ("Bacău", "locality")


def test_a_far_point_at_a_namesake_of_the_locality_is_the_namesake(gazetteer):
    # Iași has a commune Cozmești by the Prut and a village Cozmești in Stolniceni-Prăjescu, 98 km away.
    twins = gazetteer.localities.query("county == 'IS' and name == 'Cozmești'")
    village = gazetteer.place_of(
        locality_siruta=int(
            twins.loc[twins["uat_siruta"] != gazetteer.match_uat("Cozmești", "IS")[0], "locality_siruta"].iloc[0]
        )
    )
    one = placed_one(gazetteer, county="IS", lat=village.lat, lon=village.lon, locality="Cozmești")
    assert (one["locality_siruta"], one["position_precision"]) == (village.locality_siruta, "address")


def test_swapped_coordinates_are_turned_round_and_flagged(gazetteer):
    one = placed_one(gazetteer, county="BC", lat=PARINCEA_POINT[1], lon=PARINCEA_POINT[0], locality="Parincea")
    assert (one["lat"], one["lon"]) == PARINCEA_POINT
    assert "coordinates_swapped" in codes(one["flags"])


def test_coordinates_outside_the_country_are_dropped_for_the_locality(gazetteer):
    one = placed_one(gazetteer, county="BC", lat=0.0, lon=0.0, locality="Parincea")
    assert "coordinates_dropped" in codes(one["flags"])
    assert one["position_precision"] == "locality"


def test_a_point_at_sea_near_its_town_is_kept(gazetteer):
    drawn = with_boundaries(gazetteer, ((44.0, 28.0, 44.3, 28.65), "CT", 60419))
    one = placed_one(drawn, county="CT", lat=44.1717, lon=28.6604, locality="Constanța")
    assert (one["position_precision"], codes(one["flags"])) == ("address", {"outside_counties", "place_by_name"})


def test_in_bucharest_the_point_tells_the_sector(gazetteer):
    drawn = with_boundaries(gazetteer, ((44.3, 25.9, 44.55, 26.3), "B", SECTOR_3))
    one = placed_one(drawn, county="B", lat=44.42, lon=26.15, locality="București")
    assert one["uat_siruta"] == SECTOR_3
    assert placed_one(gazetteer, county="B", locality="București")["uat_siruta"] == BUCHAREST


@pytest.mark.parametrize("text", ["Sector 3", "Sectorul 3", "București, Sector 3"])
def test_in_bucharest_the_name_tells_the_sector(gazetteer, text):
    assert placed_one(gazetteer, county="B", locality=text)["uat_siruta"] == SECTOR_3
    assert placed_one(gazetteer, county="B", siruta=BUCHAREST, locality=text)["uat_siruta"] == SECTOR_3


def test_a_code_of_another_county_yields_to_county_and_name_that_agree(gazetteer):
    cluj, _how = gazetteer.match_uat("Cluj-Napoca", "CJ")
    one = placed_one(gazetteer, county="BC", siruta=cluj, locality="Parincea")
    assert (one["county"], one["locality"]) == ("BC", "Parincea")
    assert "siruta_mismatch" in codes(one["flags"])


def test_an_unknown_code_falls_back_on_the_name_and_says_so(gazetteer):
    one = placed_one(gazetteer, county="BC", siruta=999_999, locality="Parincea")
    assert one["locality"] == "Parincea"
    assert {"siruta_unknown", "place_by_name"} <= codes(one["flags"])


def test_nothing_known_is_not_placed(gazetteer):
    assert placed_one(gazetteer)["problem"] == "not_placed"
    assert placed_one(gazetteer, locality="Parincea")["problem"] == "not_placed"  # a name alone is no place


def test_only_a_point_tells_the_locality_where_the_name_is_unknown(gazetteer):
    lat, lon = PARINCEA_POINT
    one = placed_one(gazetteer, county="BC", lat=lat, lon=lon, locality="abc")
    assert "place_from_position" in codes(one["flags"])
    assert one["position_precision"] == "address"


@pytest.mark.parametrize(
    ("lat", "lon", "expected", "flag"),
    [
        ("46.03", "23.57", (46.03, 23.57), ""),
        ("46,03", "23,57", (46.03, 23.57), "coordinates_mended"),
        ("46.03, 23.57", "", (46.03, 23.57), "coordinates_mended"),
        ("46,03; 23,57", "", (46.03, 23.57), "coordinates_mended"),
        ("46.03,23.57", "", (46.03, 23.57), "coordinates_mended"),
        ("4603377", "235693", (46.03377, 23.5693), "coordinates_mended"),
        ("46.03°", "23.57 E", (46.03, 23.57), "coordinates_mended"),
        ("", "", (np.nan, np.nan), ""),
        ("abc", "23.57", (np.nan, np.nan), "coordinates_unread"),
        ("46.03", "", (np.nan, np.nan), "coordinates_unread"),
        ("1e400", "nan", (np.nan, np.nan), "coordinates_unread"),
    ],
)
def test_coordinates_are_read_as_people_type_them(lat, lon, expected, flag):
    read = parse_coordinates(pd.Series([lat]), pd.Series([lon])).iloc[0]
    assert (read["lat"], read["lon"]) == pytest.approx(expected, nan_ok=True)
    assert read["flags"] == flag


def test_flags_are_joined_without_repeats():
    assert join_flags("a;b", "", "b", "c") == "a;b;c"


hostile_row = st.fixed_dictionaries(
    {
        "county": st.sampled_from([None, "BC", "B", "IF", "XX", ""]),
        "lat": st.one_of(st.floats(), st.sampled_from([46.5, 27.0, np.nan])),
        "lon": st.one_of(st.floats(), st.sampled_from([26.9, 46.5, np.nan])),
        "siruta": st.one_of(st.just(pd.NA), st.sampled_from([20297, 179132, 179169, 4]), st.integers(-(2**62), 2**62)),
        "locality": st.one_of(
            st.text(max_size=12), st.sampled_from(["Bacău", "sat X, com. Parincea", "Sector 9", "()"])
        ),
    }
)


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(hostile_row, max_size=4))
def test_rows_placed_together_stand_where_each_stands_alone(gazetteer, records):
    table = rows(*records) if records else rows({}).iloc[:0]
    together = geocode(table, gazetteer)
    assert list(together.columns) == list(PLACED_COLUMNS)
    for i in range(len(table)):
        pd.testing.assert_frame_equal(together.iloc[[i]], geocode(table.iloc[[i]], gazetteer))
    has_point = together["position_precision"] != "none"
    assert (has_point == together["lat"].notna()).all()
    assert ((together["problem"] == "") == has_point).all()
