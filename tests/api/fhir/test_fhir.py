"""FHIR R4 for directories: what can be asked is what the statement says, ids lead on, and `near` is the nearest first."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from fhir.resources.R4B import get_fhir_model_class

from api.fhir import fhir_surface
from api.fhir.fhir_resources import CAN, NAMES, OPERATIONS
from geo.spatial.crs import geodesic_m
from providers.interchange.fhir_objects import CAPACITY, CAPACITY_CODES, SERVICE_TYPE, FhirDirectory
from providers.interchange.hsds_terms import hsds_id
from providers.interchange.public_table import public_table_of
from referrals.records.vocabulary import Actor
from tests.worlds.clients.api_client import ApiClient
from tests.worlds.homes import small_world

KIND = small_world.CHILD_DAY_CENTRE


@pytest.fixture
def hospital(program):
    return program("national", "read")


def read(client, path, **params):
    answer = client.get(f"/fhir/{path}", params=params or None)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    return answer.json()


def resources(bundle):
    assert bundle["resourceType"] == "Bundle"
    return [each["resource"] for each in bundle.get("entry", ())]


def empties(content):
    """What FHIR allows nowhere: null, and what is empty."""
    if content in (None, "", [], {}):
        yield content
    for each in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from empties(each)


def test_the_statement_names_what_answers_and_nothing_else(web, hospital):
    said = ApiClient(web).get("/fhir/metadata").json()
    assert said["fhirVersion"] == "4.0.1"
    told = {each["type"]: each for each in said["rest"][0]["resource"]}
    paths = {each.path for each in OPERATIONS}
    for kind, each in told.items():
        codes = {one["code"] for one in each["interaction"]}
        assert ("history-type" in codes) == (f"/{kind}/_history" in paths)
        assert {f"/{kind}", f"/{kind}/{{id}}"} <= paths
        asked = {each["name"] for each in fhir_surface.SURFACE.document()["paths"][f"/{kind}"]["get"]["parameters"]}
        assert {name for name, _of in CAN[kind][1]} == {name.partition(":")[0] for name in asked} - {
            "_count",
            "_offset",
        }
        assert asked == set(NAMES[kind])
    assert set(told) == {path.split("/")[1] for path in paths}


@pytest.mark.parametrize("kind", CAN)
def test_a_search_is_read_by_its_links_each_resource_by_its_id_and_a_form_gives_the_same(hospital, kind):
    bundle = read(hospital, kind, _count=200)
    assert bundle["total"] > 200
    (onward,) = [each["url"] for each in bundle["link"] if each["relation"] == "next"]
    parts = urlsplit(onward)
    second = hospital.get(f"{parts.path}?{parts.query}").json()
    ids = [each["id"] for each in (*resources(bundle), *resources(second))]
    assert len(set(ids)) == len(ids) == min(400, bundle["total"])
    one = resources(bundle)[0]
    assert read(hospital, f"{kind}/{one['id']}") == one
    posted = hospital.ask(
        "POST",
        f"/fhir/{kind}/_search",
        content=f"_id={one['id']}",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert resources(posted.json()) == [one]
    for each in resources(bundle):
        assert each["resourceType"] == kind
        assert list(empties(each)) == []


@pytest.mark.parametrize("path", [*CAN, "HealthcareService/_history"])
def test_every_resource_fits_the_models_of_others(hospital, path):
    model, start = get_fhir_model_class("Bundle"), 0
    while True:
        bundle = read(hospital, path, _count=500, _offset=start)
        model.model_validate(bundle)  # and with it every resource in it
        start += 500
        if start >= bundle["total"] or start >= 3_000:
            return


def test_the_models_of_others_refuse_what_is_wrong(hospital):
    bundle = read(hospital, "Location", _count=1)
    get_fhir_model_class("CapabilityStatement").model_validate(hospital.get("/fhir/metadata").json())
    for name, wrong in (("status", ["closed"]), ("position", {"longitude": "far"}), ("colour", "red")):
        bundle["entry"][0]["resource"] |= {name: wrong}
        with pytest.raises(ValueError, match=name):
            get_fhir_model_class("Bundle").model_validate(bundle)
        del bundle["entry"][0]["resource"][name]


def test_a_name_is_found_by_its_beginning_a_part_or_the_whole_of_it(hospital):
    def names(**said):
        return [each["name"] for each in resources(read(hospital, "HealthcareService", _count=500, **said))]

    full = "Centrul de zi „Luminița”"
    assert full in names(name="CENTRUL DE ZI")
    assert {full} == set(names(**{"name:contains": "luminita"}) + names(**{"name:exact": full}))
    assert names(name="luminita") == names(**{"name:exact": full.lower()}) == []
    assert names(**{"name:contains": "luminita", "name": "centrul"}) == [full]
    kinds = f"{SERVICE_TYPE}|{KIND},|{small_world.SHELTER}"
    assert len(names(**{"service-type": kinds})) == 7
    assert names(**{"service-type": f"urn:other|{KIND}"}) == []


def test_what_is_not_looked_at_is_in_no_link_and_a_wrong_modifier_or_a_strict_question_is_refused(hospital):
    bundle = read(hospital, "Location", _sort="name", _format="json", type=KIND)
    assert [each["url"].partition("?")[2] for each in bundle["link"]] == [f"type={KIND}&_count=50&_offset=0"]
    strict = {"Prefer": "respond-async, handling=strict"}
    assert hospital.get("/fhir/Location", params={"type": KIND}, headers=strict).status_code == 200
    for params, headers in (
        ({"_sort": "name"}, strict),
        ({"name:text": "x"}, {}),
        ({"type:not": KIND}, {}),
        ({"near:missing": "true"}, {}),
        ({"type": [KIND, small_world.SHELTER]}, {}),
    ):
        answer = hospital.get("/fhir/Location", params=params, headers=headers)
        assert answer.status_code == 400, params
        assert answer.json()["resourceType"] == "OperationOutcome"


def test_near_gives_the_nearest_first_within_the_distance(hospital, demo):
    lat, lon = small_world.PARINCEA
    found = resources(read(hospital, "Location", near=f"{lat}|{lon}|8|km", type=f"{SERVICE_TYPE}|{KIND}"))
    metres = [
        geodesic_m(lat, lon, each["position"]["latitude"], each["position"]["longitude"]).item() for each in found
    ]
    assert metres == sorted(metres)
    assert max(metres) <= 8_000
    names = [each["name"] for each in found]
    assert names == ["Centrul de zi „Expirat”", "Centrul de zi „Plin”", "Centrul de zi „Luminița”"]
    written = f"{lat + 5e-15!r}|{lon + 5e-15!r}|{8 + 1e-14!r}|km"  # as programs write numbers in full
    assert len(written) > 50
    assert len(resources(read(hospital, "Location", near=written, type=KIND))) == 3
    answer = hospital.get("/fhir/Location", params={"near": "x"})
    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"


def test_near_has_the_order_of_the_answer_to_a_question(program):
    client = program("county", "read", "nearest")
    asked = client.post("/api/v1/nearest", {"place": "46.48333,27.1", "services": [KIND], "k": 50}).json()
    order = [each["service_id"] for each in sorted(asked["results"], key=lambda e: (e["minutes"], e["service_id"]))]
    assert len(order) > 2
    ids = [each["id"] for each in resources(read(client, "Location", near="46.48333|27.1", type=KIND))]
    ours = [hsds_id("service_at_location", key) for key in order]
    assert [each for each in ids if each in ours] == ours


def test_near_has_what_lies_beyond_water_without_a_road_last(demo):
    snapshot = demo.snapshot()
    directory = FhirDirectory(public_table_of(demo.home, snapshot), snapshot)
    places, (lat, lon) = list(directory.locations.values()), small_world.PARINCEA
    order = directory.nearest(places, lat, lon, 50_000.0)
    assert len(order) > 3
    rules = snapshot.catalogue.rules
    side = rules.side.copy()
    side[directory.table.rows[order[0]]] += 1  # as if the nearest stood on another side
    changed = replace(snapshot, catalogue=replace(snapshot.catalogue, rules=replace(rules, side=side)))
    assert FhirDirectory(directory.table, changed).nearest(places, lat, lon, 50_000.0) == [*order[1:], order[0]]


def test_a_service_says_the_state_of_its_places_where_it_is_known(hospital, demo):
    found = {
        e["identifier"][0]["value"]: e for e in resources(read(hospital, "HealthcareService", **{"service-type": KIND}))
    }
    for key, each in found.items():
        state = demo.capacity_of(key)["status"] if key.startswith("social:") else "unknown"
        codes = [
            one["valueCodeableConcept"]["coding"][0]["code"]
            for one in each.get("extension", ())
            if one["url"] == CAPACITY
        ]
        assert codes == ([CAPACITY_CODES[state]] if state in CAPACITY_CODES else []), key
    assert len(found) == 5


def test_a_protected_service_has_no_location_no_organization_and_no_telephone(hospital):
    found = resources(read(hospital, "HealthcareService", **{"service-type": small_world.SHELTER}))
    assert len(found) == 2
    for each in found:
        assert not {"location", "providedBy", "telecom", "extension"} & each.keys()
    assert small_world.SECRET_TOWN not in json.dumps(found, ensure_ascii=False)
    assert read(hospital, "Location", type=small_world.SHELTER)["total"] == 0
    lat, lon = small_world.PARINCEA
    assert read(hospital, "Location", type=small_world.SHELTER, near=f"{lat}|{lon}|50|km")["total"] == 0


def test_the_history_tells_what_changed_since(hospital, demo):
    assert read(hospital, "HealthcareService/_history", _count=1)["total"] > 5
    since = (datetime.now(UTC) + timedelta(milliseconds=1)).isoformat()
    demo.note_capacity("social:mmps:1", actor=Actor("county", "unitate", "BC"), source="phone", free=1)
    bundle = read(hospital, "HealthcareService/_history", _since=since)
    assert [each["request"]["method"] for each in bundle["entry"]] == ["PUT"]
    assert resources(bundle)[0]["identifier"][0]["value"] == "social:mmps:1"


def test_refusals_are_operation_outcomes(web, program):
    answer = ApiClient(web).get("/fhir/Organization")
    assert answer.status_code == 401
    assert answer.json()["issue"][0]["code"] == "login"
    client = program("county", "read")
    for path in ("Organization/x", "Nothing", "Location/00000000-0000-4000-8000-000000000000"):
        said = client.get(f"/fhir/{path}")
        assert said.status_code in (400, 404)
        assert said.json()["resourceType"] == "OperationOutcome"
