"""Points of addresses: from a table with titles, and from OpenStreetMap's extracts, whole or broken."""

from __future__ import annotations

import pandas as pd
import pytest

from core.errors import MissingColumnError, UnreadableFileError
from geo.layers import addresses

PARINCEA, BACAU = 24098, 20304
LAT, LON = 46.4719, 27.0986
HEAD = "Strada,Număr,Localitate,Județ,Latitudine,Longitudine\n"


def table(folder, text: str):
    path = folder / "adrese.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_a_table_of_addresses_is_tied_to_its_localities(tmp_path, gazetteer):
    path = table(tmp_path, f'str. Principală,12A,Parincea,Bacău,"{str(LAT).replace(".", ",")}",{LON}\n')
    read = addresses.load(path, gazetteer)
    (row,) = read.rows.to_dict("records")
    assert list(read.rows.columns) == list(addresses.ADDRESS_COLUMNS)
    assert (row["locality_siruta"], row["street"], row["number"]) == (PARINCEA, "principala", "12a")
    assert (row["lat"], row["lon"]) == (LAT, LON)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"Principală,,Parincea,Bacău,{LAT},{LON}", "missing"),
        ("Principală,1,Parincea,Bacău,48.85,2.35", "bad_position"),
        ("Principală,1,Parincea,Bacău,,", "bad_position"),
        (f"Principală,1,Xyzzyx,Bacău,{LAT},{LON}", "not_placed"),
    ],
)
def test_what_is_no_address_here_is_refused_with_its_reason(tmp_path, gazetteer, line, reason):
    read = addresses.load(table(tmp_path, line + "\n"), gazetteer)
    assert read.rows_read == len(read.rows) + len(read.rejects) == 1
    assert read.rejects["reason"].tolist() == [reason]


def test_an_address_twice_is_once_and_one_in_two_places_is_none(tmp_path, gazetteer):
    path = table(
        tmp_path,
        f"Principală,1,Parincea,Bacău,{LAT},{LON}\nPRINCIPALA,1,Parincea,Bacău,{LAT},{LON}\n"
        f"Florilor,2,Parincea,Bacău,{LAT},{LON}\nFlorilor,2,Parincea,Bacău,{LAT + 0.02},{LON}\n",
    )
    read = addresses.load(path, gazetteer)
    assert read.rows["address_id"].tolist() == [f"{PARINCEA}:principala:1"]
    assert sorted(read.rejects["reason"]) == ["bad_position", "duplicate_key", "duplicate_key"]


def test_a_table_without_a_place_is_refused(tmp_path, gazetteer):
    path = tmp_path / "adrese.csv"
    path.write_text(f"Strada,Număr,Latitudine,Longitudine\nPrincipală,1,{LAT},{LON}\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="lipsește locul"):
        addresses.load(path, gazetteer)


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    """An extract of three nodes and a house: a numbered point, the house's corners, and a numbered house."""
    osmium = pytest.importorskip("osmium", reason="osmium reads extracts of OpenStreetMap; make install brings it")
    path = tmp_path_factory.mktemp("osm") / "mic.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        tags = {"addr:street": "Strada Principală", "addr:housenumber": "3", "addr:city": "Parincea"}
        writer.add_node(osmium.osm.mutable.Node(id=1, location=(LON, LAT), tags=tags))
        for number, (east, north) in enumerate(((0, 0), (0.002, 0), (0.002, 0.002), (0, 0.002)), start=2):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(LON + east, LAT + north)))
        house = {"building": "yes", "addr:street": "Str. Florilor", "addr:housenumber": "7 B"}
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=[2, 3, 4, 5, 2], tags=house))
        writer.add_way(osmium.osm.mutable.Way(id=2, nodes=[2, 3], tags={"highway": "residential"}))
    return path


def test_an_extract_gives_its_points_and_the_middles_of_its_houses(extract, gazetteer):
    rows = addresses.load(extract, gazetteer).rows
    found = {(street, number): (round(lat, 4), round(lon, 4)) for street, number, lat, lon in zip(
        rows["street"], rows["number"], rows["lat"], rows["lon"], strict=True
    )}  # fmt: skip
    assert found == {
        ("principala", "3"): (LAT, LON),
        ("florilor", "7b"): (round(LAT + 0.001, 4), round(LON + 0.001, 4)),
    }
    assert set(rows["locality_siruta"]) == {PARINCEA}


@pytest.mark.parametrize("cut", [0, 20, 0.9])
def test_an_extract_that_is_cut_off_is_refused_in_words(extract, tmp_path, gazetteer, cut):
    whole = extract.read_bytes()
    path = tmp_path / "taiat.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * cut) if cut < 1 else cut])
    with pytest.raises(UnreadableFileError, match="nu este un extras OpenStreetMap întreg"):
        addresses.load(path, gazetteer)


def test_a_file_of_another_kind_is_refused_in_words(tmp_path, gazetteer):
    pytest.importorskip("osmium")
    path = tmp_path / "altceva.osm.pbf"
    path.write_bytes(b"PK" + b"altceva" * 100)
    with pytest.raises(UnreadableFileError, match="nu este un extras OpenStreetMap întreg"):
        addresses.load(path, gazetteer)


@pytest.mark.slow
def test_a_foreign_extract_has_no_address_in_romania(real_data, gazetteer):
    pytest.importorskip("osmium")
    read = addresses.load(real_data / "roads" / "liechtenstein.osm.pbf", gazetteer)
    assert read.rows.empty
    assert len(read.rejects) == read.rows_read > 500
    assert set(read.rejects["reason"]) == {"bad_position"}


@pytest.mark.slow
def test_nearly_all_real_addresses_are_found_again_however_they_are_written(real_data, gazetteer):
    """Polling stations with a street and a number: written anew as registers write, each finds its own point."""
    from providers.catalogue.address_points import address_index

    stations = pd.read_csv(real_data / "streets" / "polling_stations_2025.csv", dtype="str", keep_default_na=False)
    said = stations["address"].str.extract(
        r"Localitate: (?P<locality>.*?), Artera: (?P<street>.*?), Nr: (?P<number>\S+)"
    )
    raw = said.assign(county=stations["county"], lat=stations["latitude"], lon=stations["longitude"]).dropna()
    raw = raw.assign(row=range(1, len(raw) + 1)).reset_index(drop=True)
    points = addresses.tidy(raw, gazetteer).rows
    index = address_index(points)
    own = raw.set_index("row").loc[points["source_row"].astype(int)]
    found = 0
    for place, street, number, lat, lon in zip(
        points["locality_siruta"], own["street"], own["number"], points["lat"], points["lon"], strict=True
    ):
        typed = f"{street.replace('Strada ', 'str. ').replace('Bulevardul', 'B-dul')}, nr. {number}".upper()
        match = index.match(typed, locality_siruta=int(place), uat_siruta=None)
        found += match is not None and abs(match.lat - lat) + abs(match.lon - lon) < 0.005
    assert len(points) > 5_000
    assert found >= 0.98 * len(points)
