"""The embedded open registers: what they hold, and that the builder makes them of the published files."""

from __future__ import annotations

import gzip
import io

import pandas as pd
import pytest

from core.resources import DATA
from geo.gazetteer.gazetteer import load_gazetteer
from scripts import build_open_data
from scripts.build_open_data import FILES

ROWS = {
    "open_education.csv.gz": 18_200,
    "open_hospitals.csv.gz": 179,
    "open_employment.csv.gz": 37,
    "open_town_halls.csv.gz": 3_187,
    "court_areas.csv": 176,
}


def table(name: str) -> pd.DataFrame:
    content = (DATA / "providers" / name).read_bytes()
    text = gzip.decompress(content) if name.endswith(".gz") else content
    return pd.read_csv(io.BytesIO(text), dtype="str", keep_default_na=False)


def test_each_file_holds_every_row_that_was_published():
    assert {each.name: len(table(each.name)) for each in FILES} == ROWS


def test_every_place_belongs_to_one_court_of_its_own_county():
    courts = table("court_areas.csv")
    uats = load_gazetteer().uats.set_index("uat_siruta")["county"]
    listed = courts.assign(uat=courts["areas_served"].str.split(";")).explode("uat")
    listed = listed[listed["uat"] != ""]
    assert listed["uat"].is_unique
    assert len(listed) == 3_184
    assert (listed["uat"].astype(int).map(uats) == listed["county"]).all()
    assert courts.loc[courts["areas_served"] == "", "name"].tolist() == ["Judecătoria Însurăței"]
    assert courts.loc[courts["is_suspended"] == "true", "name"].tolist() == ["Judecătoria Însurăței"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"siruta": "1017"}, "two courts"),
        ({"siruta": "999999"}, "unknown"),
        ({"county": "AB", "siruta": "24089"}, "another county"),
        ({"seat_siruta": "5"}, "no UAT"),
    ],
)
def test_a_territory_that_does_not_add_up_is_refused(change, message):
    row = {"county": "AB", "court": "Judecătoria X", "seat_siruta": "1017", "suspended": "0", "siruta": "1213"}
    raw = pd.DataFrame([{**row, "siruta": "1017"}, {**row, **change}])
    with pytest.raises(ValueError, match=message):
        build_open_data.check_courts(raw)


@pytest.mark.slow
@pytest.mark.parametrize("each", FILES, ids=lambda each: each.name)
def test_building_from_the_published_file_gives_the_bytes_in_the_repository(each, real_data, tmp_path):
    made = build_open_data.build(each, real_data, tmp_path)
    assert made.read_bytes() == (DATA / "providers" / each.name).read_bytes()
