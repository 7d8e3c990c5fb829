"""Collections of features as a geographic system asks for them: pages, boxes, coordinates, filters."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlsplit

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api.ogc.feature_layer import CRS84, EPSG_3844, FeatureLayer
from api.ogc.feature_resources import MOST, boxes_of
from api.programs.problems import ProblemError
from geo.spatial.crs import to_metric
from tests.worlds.clients.api_client import ApiClient, is_problem, secret_for
from tests.worlds.homes import small_world

ITEMS = "/ogc/collections/{}/items"
SOCIAL = ITEMS.format("services.social")
COLLECTIONS = ("services", "services.social", "services.medical", "units", "communities", "localities")


def read(client, path, **params):
    answer = client.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def walked(client, path):
    """Every feature, by the links alone."""
    found, page = [], read(client, path)
    while True:
        found += page["features"]
        assert page["numberReturned"] == len(page["features"])
        assert page["numberMatched"] >= len(found)
        onward = [each["href"] for each in page["links"] if each["rel"] == "next"]
        if not onward:
            assert page["numberMatched"] == len(found)
            return found
        parts = urlsplit(onward[0])
        page = read(client, f"{parts.path}?{parts.query}")


def properties(features):
    """Every name of a property that is said of one of the features."""
    return {name for each in features for name in each["properties"]}


@pytest.fixture
def gis(program):
    return program("national")


def test_the_landing_page_leads_to_everything_that_it_names(gis):
    for each in read(gis, "/ogc")["links"]:
        assert gis.get(urlsplit(each["href"]).path).status_code == 200
    assert len(read(gis, "/ogc/conformance")["conformsTo"]) == 5
    listed = read(gis, "/ogc/collections")["collections"]
    assert {each["id"] for each in listed} >= set(COLLECTIONS)
    assert not any(small_world.SHELTER in each["id"] for each in listed)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_read_by_its_links_is_whole_and_every_feature_fits_its_schema(gis, name):
    limit = 2 if name == "services.social" else 3_000
    found = walked(gis, f"{ITEMS.format(name)}?limit={limit}")
    ids = [each["id"] for each in found]
    assert len(set(ids)) == len(ids)
    assert properties(found[:10]) == properties(found)  # QGIS has no other fields than these
    rest = ids[10:]
    assert rest == sorted(rest, key=lambda each: (len(each), each)) or rest == sorted(rest)
    schema = Draft202012Validator(read(gis, f"/ogc/collections/{name}/schema"))
    for each in found[:200]:
        schema.validate(each)
    assert len(found) > 2 or name not in ("services", "units", "localities")


def test_the_first_features_say_whatever_is_said_of_any_and_pages_have_each_once(gis, demo):
    small_world.report(demo.home, "social:mmps:5", 3)
    found = walked(gis, f"{SOCIAL}?limit=1")
    assert sorted(each["id"] for each in found) == [f"social:mmps:{number}" for number in range(1, 6)]
    said = {name: index for index, each in reversed(list(enumerate(found))) for name in each["properties"]}
    assert {"places_free", "places_reported_at", "licence_until", "phone"} <= said.keys()
    columns = {"a": [None, 1, 2, None], "b": [None, None, None, "x"], "c": ["y", "y", "y", None]}
    layer = FeatureLayer("x", "", "", list("pqrs"), columns, {}, {}, np.full(4, None, object), ("c",))
    assert layer.found(None, CRS84, {}).tolist() == [0, 3, 1, 2]
    assert layer.found(None, CRS84, {"c": "y"}).tolist() == [0, 1, 2]


def test_a_program_that_knows_only_names_and_passwords_gives_the_token_as_the_password(web, demo):
    secret = secret_for(demo, "national", ("read",))
    stranger = ApiClient(web)

    def asked(path, text, scheme="Basic"):
        header = f"{scheme} {base64.b64encode(text.encode()).decode()}"
        return stranger.get(path, headers={"Authorization": header})

    assert asked("/ogc/conformance", f"qgis:{secret}").json() == ApiClient(web, secret).get("/ogc/conformance").json()
    assert asked("/ogc/conformance", f":{secret}", "basic").status_code == 200
    for wrong in (secret, f"{secret}:", f"qgis:{secret}x", f"qgis:x:{secret}", "qgis:", f"qgis:ș{secret}"):
        answer = asked("/ogc/conformance", wrong)
        assert is_problem(answer, "unauthorized"), wrong
        assert answer.headers["www-authenticate"].startswith("Bearer")  # so that no browser asks for one and keeps it
    for path in ("/hsds/services", "/fhir/Organization", "/bulk", "/api/v1/services"):
        assert asked(path, f"qgis:{secret}").status_code == 401
    for header in ("Basic", "Basic !!", f"Basic qgis:{secret}"):
        assert is_problem(stranger.get("/ogc", headers={"Authorization": header}), "unauthorized")


@pytest.mark.parametrize("system", [CRS84, EPSG_3844])
def test_features_written_together_are_what_an_encoder_writes_of_each(system):
    columns = {
        "a": ['"\\\n„ț”', None, "", "\u2028\x00"], "b": [1, None, -3, 0], "c": [1.5, 1e-9, None, 2.0],
        "d": [True, False, None, True],
    }  # fmt: skip
    shapes = [*shapely.points([[26.1, 46.2], [27.0, 46.0]]), None, shapely.Point(26, 46)]
    layer = FeatureLayer("x", "", "", ["1", "ț", '"', "4"], columns, {}, {}, np.array(shapes, object), ())
    together = [json.loads(text) for text in layer.features([3, 0, 1, 2], system)]
    assert [each["id"] for each in together] == ["4", "1", "ț", '"']
    for place, each in zip([3, 0, 1, 2], together, strict=True):
        assert each["properties"] == {k: v[place] for k, v in columns.items() if v[place] is not None}
        assert (each["geometry"] is None) == (shapes[place] is None)
        assert json.loads(layer.feature(place, system, [{"rel": "self"}])) == {**each, "links": [{"rel": "self"}]}


@pytest.mark.parametrize("system", [CRS84, EPSG_3844])
def test_what_moves_is_written_behind_what_was_written_before_as_if_all_were_written_anew(system):
    still = {"a": ["x", None, None], "b": [None, None, 2]}
    shapes = np.array([shapely.Point(26.1, 46.2), None, shapely.Point(27, 46)], object)
    layer = FeatureLayer("x", "", "", list("pqr"), still, {}, {}, shapes, ("a",))
    for now in ({"c": [None, None, 1], "d": ["u", None, "v"]}, {"c": [None, 5, None], "d": [None, None, None]}):
        moved = layer.at_moment(now)
        fresh = FeatureLayer("x", "", "", list("pqr"), {**still, **now}, {}, {}, shapes, ("a",))
        assert moved.features([2, 0, 1], system) == fresh.features([2, 0, 1], system)
        assert moved.found(None, system, {}).tolist() == fresh.found(None, system, {}).tolist()
        assert [json.loads(each)["properties"] for each in moved.features([0, 1], system)] == [
            {name: values[place] for name, values in {**still, **now}.items() if values[place] is not None}
            for place in (0, 1)
        ]


def test_the_description_names_each_collection_and_the_largest_page_where_gdal_and_qgis_look_for_them(gis):
    said = read(gis, "/ogc/openapi.json")
    assert said["components"]["parameters"]["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": MOST}
    for name in COLLECTIONS:
        asked = said["paths"][f"/collections/{name}/items"]["get"]["parameters"]
        assert {"$ref": "#/components/parameters/limit"} in asked
        named = {each["name"] for each in asked if "name" in each}
        assert named == set(read(gis, f"/ogc/collections/{name}/queryables")["properties"])
    operations = [each["operationId"] for path in said["paths"].values() for each in path.values()]
    assert len(set(operations)) == len(operations)


def test_a_protected_service_is_in_no_collection_in_no_count_and_in_no_extent(gis, demo):
    said = read(gis, SOCIAL)
    assert said["numberMatched"] == 5
    assert small_world.SECRET_TOWN not in json.dumps(said, ensure_ascii=False)
    assert not any(each["id"].startswith("protected:") for each in said["features"])
    for key in ("social:mmps:6", "protected:8790CR-VD-I:BC:1"):
        assert is_problem(gis.get(f"{ITEMS.format('services')}/{key}"), "not-found")
    west, _south, _east, north = read(gis, "/ogc/collections/services.social")["extent"]["spatial"]["bbox"][0]
    assert west > 26.0  # one stands at 25.1, 47.7
    assert north < 47.0
    assert read(gis, SOCIAL, service_type=small_world.SHELTER)["numberMatched"] == 0


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    corners=st.tuples(*(st.floats(-0.2, 0.2) for _ in range(4))),
    stood_on=st.sampled_from([None, 0, 1, 2, 3]),
    system=st.sampled_from([CRS84, EPSG_3844]),
)
def test_a_box_gives_what_looking_at_every_point_gives(gis, corners, stood_on, system):
    every = {each["id"]: each["geometry"]["coordinates"] for each in read(gis, SOCIAL, crs=system)["features"]}
    south, west, north, east = corners
    middle = to_metric(*small_world.PARINCEA)[0][::-1] if system == EPSG_3844 else small_world.PARINCEA[::-1]
    scale = 100_000 if system == EPSG_3844 else 1
    low = [middle[0] + scale * min(west, east), middle[1] + scale * min(south, north)]
    high = [middle[0] + scale * max(west, east), middle[1] + scale * max(south, north)]
    if stood_on is not None:  # a corner exactly on a service: touching is enough
        low = list(every.values())[stood_on]
        high = [max(a, b) for a, b in zip(low, high, strict=True)]
    box = ",".join(repr(float(each)) for each in (*low, *high))
    asked = read(gis, SOCIAL, **{"bbox": box, "bbox-crs": system, "crs": system})
    expected = {key for key, at in every.items() if all(a <= x <= b for a, x, b in zip(low, at, high, strict=True))}
    assert {each["id"] for each in asked["features"]} == expected
    assert asked["numberMatched"] == len(expected)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(west=st.floats(20.3, 29), south=st.floats(43.7, 48), width=st.floats(0, 1.5), height=st.floats(0, 1))
def test_a_box_gives_every_unit_whose_outline_it_touches(gis, units, west, south, width, height):
    asked = read(gis, ITEMS.format("units"), bbox=f"{west},{south},{west + width},{south + height}", limit=MOST)
    box = shapely.box(west, south, west + width, south + height)
    assert {each["id"] for each in asked["features"]} == {key for key, shape in units.items() if shape.intersects(box)}


@pytest.fixture
def units(gis):
    found = read(gis, ITEMS.format("units"), limit=MOST)["features"]
    return {each["id"]: shapely.from_geojson(json.dumps(each["geometry"])) for each in found if each["geometry"]}


def test_a_box_over_the_date_line_is_two():
    assert boxes_of("170,40,-170,50", CRS84) == [(170, 40, 180, 50), (-180, 40, -170, 50)]
    assert boxes_of("26,46,0,27,47,900", CRS84) == [(26, 46, 27, 47)]
    for wrong in ("", "1,2,3", "1,2,3,nan", "26,47,27,46", "a,b,c,d", "1,2,3,4,5"):
        with pytest.raises(ProblemError):
            boxes_of(wrong, CRS84)


def test_coordinates_of_the_national_grid_are_northing_before_easting(gis):
    shown = read(gis, f"{ITEMS.format('services')}/social:mmps:1", crs=EPSG_3844)
    easting, northing = to_metric(small_world.PARINCEA[0] + 0.05, small_world.PARINCEA[1])[0]
    assert shown["geometry"]["coordinates"] == pytest.approx([northing, easting], abs=0.01)
    answer = gis.get(ITEMS.format("units"), params={"crs": EPSG_3844, "limit": 1})
    assert answer.headers["content-crs"] == f"<{EPSG_3844}>"
    shape = answer.json()["features"][0]["geometry"]["coordinates"]
    while isinstance(shape[0], list):
        shape = shape[0]
    assert 200_000 < shape[0] < 800_000  # northing of Alba Iulia
    assert 100_000 < shape[1] < 900_000


WRONG = (
    "?nothing=1", "?bbox=1,2", "?crs=EPSG:4326", "?bbox=26,46,27,47&bbox-crs=x", "?limit=0", "?limit=x", "?offset=-1",
    "?datetime=yesterday", "?name=x", "?county=BC&county=CJ", "?datetime=2026-02-30", "?bbox=2_0,43,30,48",
    "?bbox=%D9%A20,43,30,48", "?uat_siruta=x", "?f=html",
)  # fmt: skip


def test_what_is_no_parameter_or_does_not_fit_is_a_400(gis):
    for wrong in WRONG:
        answer = gis.get(f"{ITEMS.format('services')}{wrong}")
        assert answer.status_code == 400, wrong
        assert is_problem(answer, "invalid"), wrong


def test_limits_above_the_most_are_taken_down_and_queryables_choose(gis):
    assert read(gis, ITEMS.format("localities"), limit=1_000_000)["numberReturned"] == MOST
    assert read(gis, SOCIAL, county="CJ")["numberMatched"] == 0
    assert read(gis, SOCIAL, capacity_status="free")["numberMatched"] == 1
    for said in ("true", "True"):  # as JSON has it, and as Python writes it
        assert read(gis, ITEMS.format("localities"), uat_siruta=24089, is_seat=said)["numberMatched"] == 1
    assert is_problem(gis.get(ITEMS.format("localities"), params={"is_seat": "yes"}), "invalid")
    asked = read(gis, "/ogc/collections/services/queryables")["properties"]
    assert set(asked) >= {"county", "service_type", "capacity_status"}


def test_an_answer_is_told_again_only_where_places_changed(gis, demo):
    small_world.report(demo.home, "social:mmps:1", 3)
    first = gis.get(SOCIAL)
    tag = first.headers["etag"]
    assert gis.get(SOCIAL, headers={"If-None-Match": tag}).status_code == 304
    demo.note_capacity("social:mmps:1", actor=_county(), source="phone", free=2)
    again = gis.get(SOCIAL, headers={"If-None-Match": tag})
    assert again.status_code == 200
    shown = {each["id"]: each["properties"] for each in again.json()["features"]}
    assert shown["social:mmps:1"]["places_free"] == 2


def test_a_column_of_places_says_of_each_service_what_is_said_of_it_alone(gis, demo):
    small_world.report(demo.home, "social:mmps:5", 3)
    for each in walked(gis, f"{SOCIAL}?limit=3"):
        alone = read(gis, f"/api/v1/services/{each['id']}")["capacity"]
        said = {"capacity_status": alone["status"], "places_reported_at": alone["reported_at"]}
        said |= {name: alone[name] for name in ("places_free", "places_max")}
        told = {name: each["properties"].get(name) for name in said}
        assert told == said


def _county():
    from referrals.records.vocabulary import Actor

    return Actor("county", "unitate", "BC")


def test_a_token_needs_read_for_features_and_figures_for_coverages(web, demo, program):
    name = f"coverage.{small_world.CHILD_DAY_CENTRE}"
    assert is_problem(program("county", "refer").get("/ogc"), "out-of-scope")
    assert is_problem(program("county", "read").get(f"/ogc/collections/{name}"), "out-of-scope")
    small_world.give_population(demo.home)
    found = read(program("county", "figures"), ITEMS.format(name), county="BC", limit=3)
    assert found["features"][0]["properties"]["county"] == "BC"
    assert found["features"][0]["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert is_problem(program().get(ITEMS.format(f"coverage.{small_world.SHELTER}")), "not-found")
    assert secret_for(demo) not in json.dumps(found)
