"""Files of roads: extracts and layers of lines read as they are, and what is broken refused in words."""

from __future__ import annotations

import json
from itertools import pairwise

import geopandas as gpd
import osmium
import pytest
import shapely

from core.errors import BadValueError, UnreadableFileError
from core.storage.editions import EditionStore
from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.roads.home_roads import open_roads
from geo.roads.reach_files import reach_layer
from geo.roads.reading import road_import
from geo.roads.reading.line_layer import lines_of
from geo.roads.reading.osm_extract import read_extract
from geo.roads.road_speeds import load_speeds
from geo.roads.route_files import NoRoadsError, route_layer, route_lines
from referrals.homes.doctor import run_checks
from tests.worlds.register_files import import_file

# A village and its school around Parincea: a county road, a lane with a barrier, a ferry, a footpath, a forbidden turn.
NODES = {
    1: (46.47, 27.09),
    2: (46.48, 27.09),
    3: (46.48, 27.10),
    4: (46.47, 27.10),
    5: (46.465, 27.10),
    6: (46.49, 27.09),
    7: (46.46, 27.10),
}
WAYS = {
    1: ([1, 2, 3, 4, 1], {"highway": "secondary"}),
    2: ([4, 5], {"route": "ferry", "duration": "00:10"}),
    3: ([2, 6], {"highway": "residential", "motor_vehicle:conditional": "no @ (Dec-Mar)", "surface": "gravel"}),
    4: ([6, 3], {"highway": "footway"}),
    5: ([1, 99], {"highway": "service"}),
    6: ([5, 7], {"highway": "secondary"}),
}  # fmt: skip


def extract(path, *, order=("node", "way", "relation")):
    """Write the village as an extract."""
    writer = osmium.SimpleWriter(str(path))
    adds = {
        "node": lambda: [
            writer.add_node(osmium.osm.mutable.Node(id=i, location=(lon, lat), version=1))
            for i, (lat, lon) in NODES.items()
        ],
        "way": lambda: [
            writer.add_way(osmium.osm.mutable.Way(id=i, nodes=nodes, tags=tags, version=1))
            for i, (nodes, tags) in WAYS.items()
        ],
        "relation": lambda: [
            writer.add_relation(
                osmium.osm.mutable.Relation(
                    id=1, version=1, members=[("w", 1, "from"), ("n", 2, "via"), ("w", 3, "to")],
                    tags={"type": "restriction", "restriction": "no_left_turn"},
                )
            )
        ],
    }  # fmt: skip
    for each in order:
        adds[each]()
    writer.close()
    return path


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
    assert set(told) <= {
        "Leg drumurile între intersecții…",
        "Pregătesc căutarea: 6 intersecții…",
        "Citesc drumurile: 0…",
    }


def place(home, at: tuple[float, float]):
    return load_gazetteer(home).resolve(f"{at[0]},{at[1]}")


def test_the_way_and_its_parts_differ_by_season(home):
    school, ferry = place(home, NODES[6]), place(home, NODES[5])
    summer = route_layer(home, school, ferry, mode="car", season="summer")
    assert [f["properties"]["kind"] for f in summer["features"]] == ["unpaved", "road", "ferry"]
    assert summer["features"][0]["geometry"]["coordinates"][0] == [27.09, 46.49]
    assert summer["features"][-1]["properties"]["minutes"] == 15  # with the wait
    winter = route_layer(home, school, ferry, mode="car", season="winter")
    assert winter["properties"]["minutes"] is None
    assert next(iter(route_lines(winter))).endswith("nu se ajunge pe drumurile importate.")
    walked = route_layer(home, school, place(home, NODES[3]), mode="walk", season="winter")
    assert walked["properties"]["km"] == pytest.approx(1.4, abs=0.1)
    assert "pe teren drept" in walked["properties"]["model_words"]
    lines = list(route_lines(summer))
    assert "bac: 15 min" in lines[3]
    assert lines[-1].startswith("Minute pe drumuri OpenStreetMap, ediția din")


def test_areas_grow_with_the_minutes_and_name_their_roads(home):
    layer = reach_layer(home, load_gazetteer(home), place(home, NODES[1]), (1, 3, 12), mode="car", season="summer")
    areas = [shapely.geometry.shape(f["geometry"]) for f in layer["features"]]
    assert [f["properties"]["minutes"] for f in layer["features"]] == [12, 3, 1]
    assert [a.area < b.area and a.difference(b).area < 1e-9 for a, b in pairwise(areas[::-1])] == [True, True]
    near, across = shapely.Point(27.09, 46.475), shapely.Point(27.10, 46.4645)
    assert [area.contains(near) for area in areas] == [True, True, True]
    assert [area.contains(across) for area in areas] == [False, False, False]
    assert shapely.geometry.shape(
        reach_layer(home, load_gazetteer(home), place(home, NODES[1]), (20,), mode="car", season="summer")["features"][
            0
        ]["geometry"]
    ).contains(across)
    assert layer["properties"]["model"] == "roads_car_summer"


def test_without_roads_areas_are_circles_and_say_so(tmp_path):
    bare = make_home("live", tmp_path / "var")
    layer = reach_layer(bare, load_gazetteer(bare), place(bare, NODES[1]), (20,), mode="car", season="summer")
    (feature,) = layer["features"]
    assert layer["properties"]["model"] == "straight_line_car"
    assert feature["properties"]["area_km2"] == pytest.approx(3.1416 * (15 / 1.35) ** 2, rel=0.01)
    with pytest.raises(NoRoadsError, match="Nu sunt importate drumuri"):
        route_layer(bare, place(bare, NODES[1]), place(bare, NODES[2]), mode="car", season="summer")
    for mode, season in (("plane", "summer"), ("car", "spring")):
        with pytest.raises(BadValueError, match="Nu cunosc"):
            reach_layer(bare, load_gazetteer(bare), place(bare, NODES[1]), (20,), mode=mode, season=season)


LINES = [
    ("DN2", [(27.0, 46.5), (27.1, 46.5), (27.2, 46.5)]),
    ("DJ207D", [(27.1, 46.5), (27.1, 46.6)]),
    ("DC 5", [(27.1004, 46.6001), (27.2, 46.6)]),  # stops some 30 m short
    ("A3", [(27.15, 46.4), (27.15, 46.55)]),  # crosses without a point in common
    ("?", [(27.2, 46.6), (27.3, 46.6)]),
]


def layer_of(lines=LINES, column="ref"):
    return gpd.GeoDataFrame(
        {column: [name for name, _line in lines]}, geometry=[shapely.LineString(x) for _n, x in lines], crs="EPSG:4326"
    )


def test_lines_with_numbers_are_joined_to_one_network():
    read = lines_of(layer_of(), load_speeds())
    assert (read.joined, read.interchanges) == (1, 1)
    assert read.raw.local_access
    assert dict(zip([read.raw.classes[c] for c in read.raw.road_class], read.raw.forward_km_h.tolist(), strict=True)) == {
        "DN": 65, "DJ": 45, "DC": 35, "A": 100, "other": 35, "link": 45,
    }  # fmt: skip


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


def test_a_place_off_the_main_roads_reaches_them_over_local_roads(tmp_path):
    home = make_home("live", tmp_path / "var")
    path = tmp_path / "drumuri.geojson"
    layer_of().to_file(path)
    import_file(home, "roads", path)
    assert open_roads(home, "walk") is None
    way = route_layer(home, place(home, (46.52, 27.0)), place(home, (46.5, 27.2)), mode="car", season="summer")
    assert [f["properties"]["kind"] for f in way["features"]] == ["local", "road"]
    assert way["features"][0]["properties"]["minutes"] == pytest.approx(2.22 * 1.35 / 25 * 60, abs=0.1)
    assert "Drumurile locale sunt socotite în linie dreaptă" in way["properties"]["model_words"]


def test_a_pass_of_a_layer_has_its_kilometres_and_its_winter(tmp_path):
    home = make_home("live", tmp_path / "var")
    path = tmp_path / "drumuri.geojson"
    # Over the mountain in 13 km as drawn, 26.8 by the posts; around it in some 120.
    over = [(24.6, 45.45), (24.6, 45.52), (24.6, 45.54), (24.6, 45.64), (24.6, 45.70)]
    around = [(24.6, 45.45), (25.2, 45.45), (25.2, 45.70), (24.6, 45.70)]
    layer_of([("DN7C", over), ("DN1;DN7", around)]).to_file(path)
    import_file(home, "roads", path)
    ways = {
        season: route_layer(home, place(home, over[0][::-1]), place(home, over[-1][::-1]), mode="car", season=season)
        for season in ("summer", "winter")
    }
    summer, winter = (ways[season]["properties"]["minutes"] for season in ("summer", "winter"))
    assert summer == pytest.approx(26.8 / 40 * 60 + (28.0 - 12.2) / 65 * 60, abs=3)
    assert winter > 100
