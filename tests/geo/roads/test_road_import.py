"""Files of roads: extracts and layers of lines read as they are, and what is broken refused in words."""

from __future__ import annotations

import json
import re

import pytest

from core.errors import UnreadableFileError
from core.storage.editions import EditionStore
from core.storage.home import make_home
from geo.roads.reading import road_import
from geo.roads.reading.line_layer import lines_of
from geo.roads.reading.osm_extract import read_extract
from geo.roads.road_speeds import load_speeds
from referrals.homes.doctor import run_checks
from tests.worlds.files.register_files import import_file
from tests.worlds.roads.road_village import extract, layer_of


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with the village's roads in force."""
    folder = tmp_path_factory.mktemp("roads")
    home = make_home("live", folder / "var")
    import_file(home, "roads", extract(folder / "sat.osm.pbf"))
    return home


def test_an_extract_becomes_an_edition_with_both_modes(home):
    edition = EditionStore(home).current("roads")
    rows = edition.table("roads").set_index("road_id")
    assert set(rows.index) == {
        "car:secondary", "car:residential", "car:ferry", "foot:secondary", "foot:residential", "foot:ferry",
        "foot:footway",
    }  # fmt: skip
    assert rows.loc["car:residential", "seasonal_km"] == rows.loc["car:residential", "unpaved_km"] > 1
    assert edition.manifest.rows_read == edition.manifest.rows_loaded == 6
    said = " ".join(edition.manifest.notes)
    assert "neasfaltate 1 km" in said
    assert "iarna și vara" in said
    assert run_checks(home).is_sound


def test_the_order_of_points_and_ways_and_what_is_tagged_is_read(tmp_path):
    raw = read_extract(str(extract(tmp_path / "a.osm.pbf")), load_speeds())
    assert len(raw.start) == 8  # the point that the extract has not cuts the fifth way
    assert [(t.from_way, t.to_way, t.only) for t in raw.turns] == [(0, 2, False)]


@pytest.mark.usefixtures("file_reader")
@pytest.mark.parametrize("order", [("way", "node", "relation"), ("node", "relation", "way")])
def test_an_unsorted_extract_is_refused(tmp_path, order):
    with pytest.raises(UnreadableFileError, match=r"a\.osm\.pbf.*nu sunt în ordine.*sortat"):
        road_import.load(extract(tmp_path / "a.osm.pbf", order=order))


def test_a_truncated_and_a_foreign_file_are_refused(tmp_path):
    whole = extract(tmp_path / "a.osm.pbf").read_bytes()
    cut, foreign, empty = (tmp_path / f"{name}.osm.pbf" for name in ("cut", "foreign", "empty"))
    cut.write_bytes(whole[:-40])
    foreign.write_bytes(b"PK\x03\x04" + bytes(600))
    empty.write_bytes(b"")
    with pytest.raises(UnreadableFileError, match=r"cut\.osm\.pbf: fișierul nu este întreg.*neschimbate"):
        road_import.load(cut)
    for path in (foreign, empty):
        with pytest.raises(UnreadableFileError, match="am găsit alt format; așteptam un extras OpenStreetMap"):
            road_import.load(path)
    table = tmp_path / "drumuri.csv"
    table.write_text("ref,km\nDN1,3\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="nu este o rețea de drumuri"):
        road_import.load(table)


def test_a_bad_file_leaves_the_roads_in_force(home, tmp_path):
    before = EditionStore(home).current("roads").manifest.edition
    with pytest.raises(UnreadableFileError):
        import_file(home, "roads", extract(tmp_path / "a.osm.pbf", order=("way", "node", "relation")))
    assert EditionStore(home).current("roads").manifest.edition == before


@pytest.mark.slow
def test_a_real_unsorted_extract_is_refused(real_data):
    with pytest.raises(UnreadableFileError, match="nu sunt în ordine"):
        road_import.load(real_data / "roads" / "fiji-ferry.osm.pbf")


def test_steps_are_told(tmp_path):
    told: list[str] = []
    road_import.load(extract(tmp_path / "a.osm.pbf"), told.append)
    # Whoever looks twice a second may miss a step; a mode has five or six junctions.
    known = {"Leg drumurile între intersecții…", "Pregătesc căutarea: N intersecții…", "Citesc drumurile: N…"}
    assert {re.sub(r"\d", "N", line) for line in told} <= known


def test_lines_with_numbers_are_joined_to_one_network():
    read = lines_of(layer_of(), load_speeds())
    assert (read.joined, read.interchanges) == (1, 1)
    assert read.raw.local_access
    assert dict(zip([read.raw.classes[c] for c in read.raw.road_class], read.raw.forward_km_h.tolist(), strict=True)) == {
        "DN": 65, "DJ": 45, "DC": 35, "A": 100, "other": 35, "link": 45,
    }  # fmt: skip


@pytest.mark.usefixtures("file_reader")
@pytest.mark.parametrize("ending", ["geojson", "gpkg", "shp"])
def test_a_layer_of_lines_is_read_in_each_form(tmp_path, ending):
    path = tmp_path / f"drumuri.{ending}"
    layer_of().to_crs("EPSG:4326" if ending == "geojson" else "EPSG:3844").to_file(path)
    read = road_import.load(path)
    assert set(read.rows["road_id"]) == {f"car:{name}" for name in ("DN", "DJ", "DC", "A", "other", "link")}
    assert read.rows["km"].sum() == pytest.approx(58.5, abs=1)
    assert any("numai drumuri mari" in note for note in read.notes)


def test_a_layer_with_classes_of_openstreetmap_is_read_by_its_tags():
    layer = layer_of(
        [("residential", [(27.0, 46.5), (27.1, 46.5)]), ("footway", [(27.1, 46.5), (27.2, 46.5)])], "fclass"
    )
    raw = lines_of(layer.assign(oneway=["F", "B"], maxspeed=[50, 0]), load_speeds()).raw
    assert (raw.forward_km_h[0], raw.backward_km_h[0]) == (40, 0)
    assert not raw.local_access


@pytest.mark.usefixtures("file_reader")
def test_a_layer_without_a_class_or_without_lines_is_refused(tmp_path):
    path = tmp_path / "strat.geojson"
    layer_of(column="color").to_file(path)
    with pytest.raises(UnreadableFileError, match=r"coloane \(color\).*așteptam „highway” sau „ref”"):
        road_import.load(path)
    points = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"ref": "DN1"}, "geometry": {"type": "Point", "coordinates": [27, 46]}}
    ]}  # fmt: skip
    path.write_text(json.dumps(points), encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="nu are linii"):
        road_import.load(path)


def written(path, features, **more):
    """Write features as JSON that knows NaN, as hostile files do."""
    said = [
        {"type": "Feature", "properties": {"highway": kind}, "geometry": {"type": "LineString", "coordinates": line}}
        for kind, line in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": said, **more}), encoding="utf-8")
    return path


GOOD = [("primary", [[27.0, 46.5], [27.1, 46.5]]), ("tertiary", [[27.1, 46.5], [27.1, 46.6]])]
NAN, ENDLESS = float("nan"), float("inf")


@pytest.mark.usefixtures("file_reader")
@pytest.mark.parametrize(
    ("kind", "line", "field", "reason"),
    [
        ("primary", [[NAN, 46.5], [27.1, 46.5]], "geometry", "nu sunt numere|nu este o linie"),
        ("primary", [[27.0, 46.5], [27.1, ENDLESS]], "geometry", "nu sunt numere|nu este o linie"),
        ("primary", [[554_000, 5_144_000], [555_000, 5_144_000]], "geometry", "nu sunt grade"),
        ("primary", [[27.0, 46.5], [27.0, 46.5]], "geometry", "lungimea zero"),
        ("=cmd|' /C calc'!A0", [[27.1, 46.6], [27.2, 46.6]], "highway", "nu este un fel de drum"),
        ("", [[27.1, 46.6], [27.2, 46.6]], "highway", "nu este un fel de drum"),
        (None, [[27.1, 46.6], [27.2, 46.6]], "highway", "nu este un fel de drum"),
    ],
)
def test_a_hostile_line_is_counted_with_its_row_and_field_and_the_others_are_read(tmp_path, kind, line, field, reason):
    path = written(tmp_path / "strat.geojson", [GOOD[0], (kind, line), GOOD[1]])
    read = road_import.load(path)
    assert read.rows_read == 3
    (refused,) = read.rejects.to_dict("records")
    assert (refused["row"], refused["field"]) == (2, field)
    assert re.search(reason, refused["message"])
    assert read.rows["km"].sum() == pytest.approx(18.8, abs=0.3)
    with pytest.raises(UnreadableFileError, match=r"strat\.geojson.*(rândul 1, |nu are linii)"):
        road_import.load(written(tmp_path / "strat.geojson", [(kind, line)]))


@pytest.mark.usefixtures("file_reader")
def test_roads_outside_the_country_are_counted_and_said(tmp_path):
    swapped = [(kind, [point[::-1] for point in line]) for kind, line in GOOD]
    notes = " ".join(road_import.load(written(tmp_path / "a.geojson", swapped)).notes)
    assert "niciun drum nu este în România" in notes
    notes = " ".join(
        road_import.load(written(tmp_path / "b.geojson", [*GOOD, ("primary", [[27.1, 46.6], [33.0, 46.6]])])).notes
    )
    assert "În afara României" not in notes
    assert "Atenție" not in notes


def test_a_line_of_very_many_points_and_a_feature_of_very_many_lines_are_read(tmp_path):
    path = tmp_path / "strat.geojson"
    long = [[27.0 + i * 1e-6, 46.5 + (i % 2) * 1e-6] for i in range(100_000)]
    parts = [[[27.1, 46.5 + i * 1e-5], [27.1, 46.5 + (i + 1) * 1e-5]] for i in range(10_000)]
    features = [
        {"type": "Feature", "properties": {"highway": "primary"}, "geometry": {"type": kind, "coordinates": where}}
        for kind, where in (("LineString", [*long, [27.1, 46.5]]), ("MultiLineString", parts))
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    read = road_import.load(path)
    assert read.rows_read == 2
    assert read.rejects.empty
