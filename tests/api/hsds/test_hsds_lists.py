"""HSDS lists as other directories read them: every object by the standard's schema, every page, every filter."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from providers.interchange.hsds_terms import SERVICE_TYPES, hsds_id, term_id
from referrals.records.vocabulary import Actor
from tests.worlds.clients.api_client import ApiClient, is_problem
from tests.worlds.files.directory_profiles import HSDS_OBJECTS, hsds_validator, page_faults, uk_validator
from tests.worlds.homes import small_world

LISTS = tuple(HSDS_OBJECTS)
pytestmark = pytest.mark.usefixtures("offices")


@pytest.fixture
def other(program):
    return program("national", "read")


def read(client, path, **params):
    answer = client.get(f"/hsds/{path}", params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def social(client):
    """Services of the small world, by their key: the offices of every home are not among them."""
    terms = [term_id(SERVICE_TYPES, code) for code in (small_world.CHILD_DAY_CENTRE, small_world.SHELTER)]
    return {own_id(each): each for term in terms for each in lines(client, "services", taxonomy_term_id=term)}


def lines(client, path, **params):
    answer = client.get(f"/hsds/{path}", params={"format": "ndjson", **params})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def own_id(each):
    return next((a["value"] for a in each.get("attributes", ()) if a["link_type"] == "service_id"), "")


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
def test_first_middle_and_last_page_have_the_objects_of_the_whole_list_in_order(other, offices, name):
    whole = [each["id"] for each in lines(other, name)]
    assert len(set(whole)) == len(whole) > 1
    size = 30 if offices else 400
    pages = -(-len(whole) // size)
    for number in {1, (pages + 1) // 2, pages}:
        page = read(other, name, page=number, per_page=size)
        assert [each["id"] for each in page["contents"]] == whole[(number - 1) * size : number * size]
        assert (page["total_items"], page["total_pages"]) == (len(whole), pages)
        assert (page["first_page"], page["last_page"]) == (number == 1, number == pages)
        assert page["size"] == len(page["contents"])
    behind = read(other, name, page=pages + 1, per_page=size)
    assert behind["empty"]
    assert behind["contents"] == []


def some_pages(client, name):
    """First, middle and last page of a list, each by GET and by POST, and what else is to be looked at."""
    first = read(client, name, page=1, per_page=60)
    for number in {1, max(1, first["total_pages"] // 2), first["total_pages"]}:
        page = read(client, name, page=number, per_page=60)
        assert list(page_faults(page)) == []
        assert client.post(f"/hsds/{name}", {"page": number, "per_page": 60}).json() == page
        yield from page["contents"]
    yield from social(client).values() if name == "services" else ()


@pytest.mark.parametrize("name", LISTS)
def test_every_object_keeps_the_schema_of_the_standard_and_has_no_name_of_its_own(other, oracles, name):
    checker = hsds_validator(oracles, name)
    for each in some_pages(other, name):
        assert [error.message for error in checker.iter_errors(each)] == [], each


@pytest.mark.parametrize("name", LISTS)
def test_every_object_has_what_the_open_referral_uk_profile_requires(other, name):
    checker = uk_validator(HSDS_OBJECTS[name])
    for each in some_pages(other, name):
        assert [error.message for error in checker.iter_errors(each)] == [], each


def test_these_checks_refuse_what_the_profile_does_not_allow(other):
    checker = uk_validator("service")
    good = social(other)["social:mmps:1"]
    place = good["service_at_locations"][0]
    for wrong in (
        {"id": "7"},
        {"status": "open"},
        {"url": "example/counselling"},
        {"email": "email-example_com"},
        {"last_modified": "yesterday"},
        {"service_at_locations": [{**place, "location": {"id": place["location"]["id"]}}]},
        {"attributes": [{"value": "without an id"}]},
    ):
        assert not checker.is_valid({**good, **wrong}), wrong
    for name in ("id", "name", "status"):
        assert not checker.is_valid({key: value for key, value in good.items() if key != name})
    assert list(page_faults({"contents": []}))


@pytest.mark.parametrize("name", LISTS)
def test_each_object_is_found_by_its_id_and_a_post_gives_what_a_get_gives(other, name):
    first = read(other, name, per_page=2)["contents"]
    assert read(other, f"{name}/{first[0]['id']}") == first[0]
    assert other.post(f"/hsds/{name}", {"per_page": 2}).json()["contents"] == first
    assert is_problem(other.get(f"/hsds/{name}/{'0' * 8}-0000-4000-8000-{'0' * 12}"), "not-found")
    assert is_problem(other.post(f"/hsds/{name}", {"nothing": 2}), "invalid")


def test_a_service_carries_codes_of_its_areas_one_place_a_point_languages_and_where_it_comes_from(other):
    first = social(other)["social:mmps:1"]
    assert first["languages"][0]["code"] == "ro"
    assert first["metadata"][0]["updated_by"].startswith("Registru inventat")
    assert all(area["uri"].split(":")[0] in ("siruta", "nuts", "iso3166") for area in first["service_areas"])
    assert first["service_at_locations"][0]["location"]["external_identifier"] == "24089"
    assert all(each["taxonomy_term_id"] for each in first["attributes"])
    known = {each["id"]: each for each in lines(other, "taxonomy_terms")}
    for each in first["attributes"]:
        assert each["taxonomy_term_id"] in known, each
    taxonomies = {each["id"] for each in lines(other, "taxonomies")}
    assert {each["taxonomy_id"] for each in known.values()} == taxonomies


@pytest.mark.slow
def test_services_at_one_point_and_address_are_at_one_location(other):
    found: dict[str, str] = {}
    at = [each["location"] for each in lines(other, "service_at_locations")]
    for each in at:
        assert found.setdefault(each["id"], json.dumps(each)) == json.dumps(each)
    assert len(found) < len(at)


def test_what_was_modified_follows_reports_of_places(other, demo):
    service = social(other)["social:mmps:2"]["id"]
    moment = datetime.now(UTC)
    after = (moment - timedelta(seconds=1)).isoformat()
    assert read(other, "services", modified_after=after)["total_items"] == 0
    demo.note_capacity("social:mmps:2", actor=Actor("county", "unitate", "BC"), source="phone", free=4)
    changed = read(other, "services", modified_after=after)
    assert [each["id"] for each in changed["contents"]] == [service]
    (capacity,) = changed["contents"][0]["capacities"]
    assert capacity["available"] == 4
    assert changed["contents"][0]["last_modified"] == capacity["updated"]


def test_filters_add_up_and_a_minimal_service_is_its_name(other):
    one = social(other)["social:mmps:1"]
    term = next(a["taxonomy_term_id"] for a in one["attributes"] if a["link_type"] == "service_type")
    found = read(other, "services", taxonomy_term_id=term, organization_id=one["organization_id"], minimal="true")
    assert found["total_items"] == 5
    assert all(
        {"id", "name", "status"}
        <= each.keys()
        <= {"id", "organization_id", "name", "status", "description", "last_modified", "alert"}
        for each in found["contents"]
    )
    assert read(other, "services", taxonomy_term_id=term, search="luminița")["total_items"] == 1
    assert read(other, "organizations", search="exemplu")["total_items"] == 1


def test_a_protected_service_has_its_public_label_and_no_place(other):
    found = social(other)
    assert small_world.SECRET_TOWN not in json.dumps(found, ensure_ascii=False)
    hidden = [each for key, each in found.items() if key.startswith("protected:")]
    assert len(hidden) == 2
    for each in hidden:
        assert not {"service_at_locations", "phones", "capacities", "organization"} & each.keys()
    link = hsds_id("service_at_location", "social:mmps:6")
    assert is_problem(other.get(f"/hsds/service_at_locations/{link}"), "not-found")
    assert is_problem(other.get(f"/hsds/services/{hsds_id('service', 'social:mmps:6')}"), "not-found")
    shelters = read(other, "service_at_locations", taxonomy_term_id=term_id(SERVICE_TYPES, small_world.SHELTER))
    assert shelters["total_items"] == 0


def test_what_answers_here_and_its_profile(web, other):
    said = read(other, "")
    assert said["version"] == "3.1"
    stranger = ApiClient(web)
    assert stranger.get(said["profile"].removeprefix("http://127.0.0.1")).json()["hsds_version"] == "3.1"
    assert stranger.get("/hsds/openapi.json").status_code == 200
    assert is_problem(stranger.get("/hsds/services"), "unauthorized")
