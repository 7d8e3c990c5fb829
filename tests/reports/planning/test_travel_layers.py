"""Areas reached and ways between places, by the travel model that the home chose."""

from __future__ import annotations

from itertools import pairwise

import pytest
import shapely

from core.errors import BadValueError, UnknownCodeError
from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.roads.home_roads import open_roads
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.snapshot import Snapshot
from providers.rules.schema import services_table
from referrals.homes import travel_setting
from reports.planning.travel_layers import NoRoadsError, isochrone_layer, route_layer, route_lines, service_place
from tests.providers.finder.test_finder import service
from tests.worlds.files.register_files import import_file
from tests.worlds.roads.road_village import NODES, extract, layer_of
from tests.worlds.twins.obvious_finder import NOW, capacity_table


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home that measures on the village's roads, in summer."""
    folder = tmp_path_factory.mktemp("roads")
    home = make_home("live", folder / "var")
    import_file(home, "roads", extract(folder / "sat.osm.pbf"))
    travel_setting.choose(home, "roads")
    return home


def place(home, at: tuple[float, float]):
    return load_gazetteer(home).resolve(f"{at[0]},{at[1]}")


def test_the_way_and_its_parts_differ_by_season(home):
    school, ferry = place(home, NODES[6]), place(home, NODES[5])
    summer = route_layer(home, school, ferry, mode="car")
    assert summer == route_layer(home, school, ferry, mode="car", season="summer")
    assert [f["properties"]["kind"] for f in summer["features"]] == ["unpaved", "road", "ferry"]
    assert summer["features"][0]["geometry"]["coordinates"][0] == [27.09, 46.49]
    assert summer["features"][-1]["properties"]["minutes"] == 15  # with the wait
    winter = route_layer(home, school, ferry, mode="car", season="winter")
    assert winter["properties"]["minutes"] is None
    assert next(iter(route_lines(winter))).endswith("nu se ajunge pe drumurile importate.")
    walked = route_layer(home, school, place(home, NODES[3]), mode="walk", season="winter")
    assert walked["properties"]["km"] == pytest.approx(1.4, abs=0.1)
    assert "ca pe teren drept" in walked["properties"]["model_words"]
    lines = list(route_lines(summer))
    assert "bac: 15 min" in lines[3]
    assert lines[-1].startswith("Cum se calculează minutele: pe drumuri OSM, ediția din")


def test_areas_grow_with_the_minutes_and_name_their_roads(home):
    layer = isochrone_layer(home, load_gazetteer(home), place(home, NODES[1]), (1, 3, 12), mode="car", season="summer")
    areas = [shapely.geometry.shape(f["geometry"]) for f in layer["features"]]
    assert [f["properties"]["minutes"] for f in layer["features"]] == [12, 3, 1]
    assert [a.area < b.area and a.difference(b).area < 1e-9 for a, b in pairwise(areas[::-1])] == [True, True]
    near, across = shapely.Point(27.09, 46.475), shapely.Point(27.10, 46.4645)
    assert [area.contains(near) for area in areas] == [True, True, True]
    assert [area.contains(across) for area in areas] == [False, False, False]
    assert shapely.geometry.shape(
        isochrone_layer(home, load_gazetteer(home), place(home, NODES[1]), (20,), mode="car", season="summer")[
            "features"
        ][0]["geometry"]
    ).contains(across)
    assert layer["properties"]["model"] == "roads_car_summer"


def test_imported_roads_count_only_where_the_home_chose_them(home, tmp_path):
    straight = make_home("live", tmp_path / "var")
    import_file(straight, "roads", extract(tmp_path / "sat.osm.pbf"))
    area = isochrone_layer(
        straight, load_gazetteer(straight), place(straight, NODES[1]), (20,), mode="car", season="winter"
    )
    assert area["properties"]["model"] == "straight_line_car"
    with pytest.raises(NoRoadsError):
        route_layer(straight, place(straight, NODES[1]), place(straight, NODES[2]), mode="car")
    winter = isochrone_layer(home, load_gazetteer(home), place(home, NODES[1]), (20,), mode="car", season="winter")
    assert winter["properties"]["model"] == "roads_car_winter"


def test_without_roads_areas_are_circles_and_say_so(tmp_path):
    bare = make_home("live", tmp_path / "var")
    layer = isochrone_layer(bare, load_gazetteer(bare), place(bare, NODES[1]), (20,), mode="car", season="summer")
    (feature,) = layer["features"]
    assert layer["properties"]["model"] == "straight_line_car"
    assert feature["properties"]["area_km2"] == pytest.approx(3.1416 * (15 / 1.35) ** 2, rel=0.01)
    with pytest.raises(NoRoadsError, match=r"harta import roads.*harta travel roads.*linie dreaptă"):
        route_layer(bare, place(bare, NODES[1]), place(bare, NODES[2]), mode="car", season="summer")
    for mode, season in (("plane", "summer"), ("car", "spring")):
        with pytest.raises(UnknownCodeError, match="Nu cunosc"):
            isochrone_layer(bare, load_gazetteer(bare), place(bare, NODES[1]), (20,), mode=mode, season=season)


def test_a_place_off_the_main_roads_reaches_them_over_local_roads(tmp_path):
    home = make_home("live", tmp_path / "var")
    path = tmp_path / "drumuri.geojson"
    layer_of().to_file(path)
    import_file(home, "roads", path)
    travel_setting.choose(home, "roads")
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
    travel_setting.choose(home, "roads")
    ways = {
        season: route_layer(home, place(home, over[0][::-1]), place(home, over[-1][::-1]), mode="car", season=season)
        for season in ("summer", "winter")
    }
    summer, winter = (ways[season]["properties"]["minutes"] for season in ("summer", "winter"))
    assert summer == pytest.approx(26.8 / 40 * 60 + (28.0 - 12.2) / 65 * 60, abs=3)
    assert winter > 100


def at_parincea(*services):
    gazetteer = load_gazetteer(None)
    catalogue = make_catalogue(services_table([service(n, *NODES[6], **said) for n, said in services]), gazetteer)
    return Snapshot(catalogue, availability(catalogue, capacity_table({}), now=NOW), gazetteer)


def test_who_comes_to_a_service_is_asked_of_the_roads_as_they_lead_there_and_never_of_a_protected_one(home):
    shelter = "8790CR-VD-I"
    snapshot = at_parincea((1, {}), (2, {"service_type": shelter, "is_secret": True}), (3, {"delivery": "at_home"}))
    found = service_place(snapshot, "social:mmps:1")
    layer = isochrone_layer(home, snapshot.gazetteer, found, (5, 20), mode="car", towards=True)
    assert [f["properties"]["to"] for f in layer["features"]] == ["Serviciul 1"] * 2
    hidden = snapshot.catalogue.services.query("is_secret")["service_id"].tolist()
    assert len(hidden) == 1
    for code in (*hidden, "social:mmps:2", "social:mmps:9"):
        with pytest.raises(UnknownCodeError, match="Nu există serviciul"):
            service_place(snapshot, code)
    with pytest.raises(BadValueError, match="nu se merge"):
        service_place(snapshot, "social:mmps:3")


def test_land_between_reached_roads_is_filled_where_asked_and_nothing_beyond_them(home):
    gazetteer, middle = load_gazetteer(home), place(home, NODES[1])
    plain, filled = (
        shapely.geometry.shape(
            isochrone_layer(home, gazetteer, middle, (12,), mode="car", gap_m=gap)["features"][0]["geometry"]
        )
        for gap in (0.0, 1_500.0)
    )
    assert filled.area > plain.area
    assert plain.difference(filled.buffer(1e-4)).is_empty
    assert filled.difference(plain.convex_hull.buffer(0.004)).is_empty
