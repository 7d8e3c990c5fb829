"""What holds for every address below /api: who is asked in, what is refused and how, and what a log may hold."""

from __future__ import annotations

import gzip
import http.client
import json
import logging
from contextlib import closing
from itertools import product
from urllib.parse import urlsplit

import pytest

from api.programs import callers, problems
from api.programs.api_endpoint import MOST_BYTES
from api.v1 import nearest_resource, reference_page
from api.v1.v1_surface import OPERATIONS
from core.errors import MapError
from core.i18n import use_language
from tests.worlds.clients.api_client import ApiClient, is_problem, secret_for
from tests.worlds.homes import small_world
from tests.worlds.servers.loopback_server import on_loopback

OURS = {"content-type": "application/json"}
NEAREST = {"place": "Parincea, Bacău", "needs": ["domestic-violence"]}


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nothing", "/api/v2/places", "/api/v1", "/api/%ff", "/api/v10", "/api/a%0Ab"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_whatever_is_not_there_is_a_problem_in_json(web, demo, path, method):
    answer = ApiClient(web).ask(method, path)
    assert answer.status_code == 404
    assert method == "HEAD" or is_problem(answer, "not-found")


@pytest.mark.parametrize("mode", ["demo", "live"])
def test_without_a_token_nothing_but_the_description_answers(web, mode, request):
    request.getfixturevalue(mode)
    stranger = ApiClient(web)
    for each in OPERATIONS:
        path = each.path.replace("{service_id:path}", "social:mmps:1").replace("{", "").replace("}", "")
        answer = stranger.ask(each.method, f"/api/v1{path}")
        assert is_problem(answer, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert stranger.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    assert "GET /api/v1/places" in stranger.get("/api/v1/docs").text


def test_a_session_s_cookie_is_no_token(web, demo, as_role):
    browser = as_role("admin:")
    answer = browser.get("/api/v1/needs")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["{}", "Basic {}", "Bearer {}x", "Bearer", "Bearer  ", "bearer\t{}", "Token {}"])
def test_a_header_that_is_not_the_token_opens_nothing(web, demo, header):
    said = header.format(secret_for(demo))
    assert is_problem(ApiClient(web).get("/api/v1/needs", headers={"Authorization": said}), "unauthorized")


def test_two_tokens_at_once_and_a_token_in_the_address_open_nothing(web, demo):
    secret = secret_for(demo)
    assert is_problem(ApiClient(web).get(f"/api/v1/needs?access_token={secret}"), "unauthorized")
    twice = [("Authorization", f"Bearer {secret}"), ("Authorization", f"Bearer {secret}")]
    import httpx

    answer = ApiClient(web).ask("GET", "/api/v1/needs", headers=httpx.Headers(twice))
    assert answer.status_code in (200, 401)  # a client may fold two equal headers into one that is none
    assert answer.status_code == 401 or answer.request.headers.get_list("authorization") == [f"Bearer {secret}"]


def test_a_revoked_token_is_dead_at_the_next_request(web, demo):
    from referrals.interchange.api_tokens import list_tokens, revoke_token
    from tests.worlds.clients.api_client import ADMIN

    client = ApiClient(web, secret_for(demo))
    assert client.get("/api/v1/needs").status_code == 200
    revoke_token(demo.ledger, list_tokens(demo.ledger, actor=ADMIN)[0].token_id, actor=ADMIN)
    assert is_problem(client.get("/api/v1/needs"), "unauthorized")


def test_a_live_home_lets_programs_through_its_gate_and_nobody_else(web, live):
    assert ApiClient(web, secret_for(live)).get("/api/v1/needs").status_code == 200
    assert ApiClient(web).get("/api/needs").status_code == 401  # the screens' own, behind the session


def test_bodies_that_are_too_large_broken_or_of_another_kind_are_problems(program):
    client = program()
    url = "/api/v1/nearest"
    assert is_problem(client.ask("POST", url, content=b"x" * 5_000_000, headers=OURS), "too-large")
    assert is_problem(client.ask("POST", url, content=b'"' + b"x" * MOST_BYTES, headers=OURS), "too-large")

    async def parts():
        for _ in range(100):
            yield b"x" * 50_000

    assert is_problem(client.ask("POST", url, content=parts(), headers=OURS), "too-large")
    for broken in (b"\xff\xfe{", b"{", b'{"place": "\xc3"}', b"[" * 30_000, b"nul", b"\x00", b'{"a": 1e999999}'):
        answer = client.ask("POST", url, content=broken, headers=OURS)
        assert answer.status_code in (400, 422)
        assert is_problem(answer, "malformed") or is_problem(answer, "invalid")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "json"):
        said = client.ask("POST", url, content=b"{}", headers={"content-type": kind})
        assert is_problem(said, "unsupported-media-type")


def test_who_reads_only_after_sending_all_is_told_that_it_was_too_much(web, demo):
    body, headers = b'"' + b"x" * 5_000_000, {**OURS, "Authorization": f"Bearer {secret_for(demo)}"}
    with on_loopback(web) as address:
        for parts in (body, (body[start : start + 65_536] for start in range(0, len(body), 65_536))):
            with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)) as line:
                line.request("POST", "/api/v1/nearest", body=parts, headers=headers)
                answer = line.getresponse()
                assert (answer.status, json.loads(answer.read())["type"]) == (413, "/api/v1/docs#too-large")


@pytest.mark.parametrize(
    "said",
    [
        {"place": "Popescu Ion, strada Lungă", "needs": ["domestic-violence"]},
        {"place": "Parincea, Bacău", "needs": ["Popescu Ion"]},
        {"place": "Parincea, Bacău", "needs": ["domestic-violence"], "Popescu Ion": 1},
        {"place": "Parincea, Bacău", "needs": ["domestic-violence"], "sex": "Popescu Ion"},
        {"place": "Parincea, Bacău", "needs": ["domestic-violence"], "age": "Popescu Ion"},
        {"place": "Parincea, Bacău", "needs": ["domestic-violence"], "home": "Popescu Ion"},
        {"place": "Parincea, Bacău", "services": ["Popescu Ion"]},
        {"place": "Parincea, Bacău", "needs": ["domestic-violence"], "groups": ["Popescu Ion"]},
        ["Popescu Ion"],
        "Popescu Ion",
        {"place": "\ud800Popescu", "needs": ["domestic-violence"]},
    ],
)
def test_a_problem_never_repeats_what_was_sent(program, said):
    body = json.dumps(said).encode()
    for language in ("ro", "en"):
        headers = {**OURS, "Accept-Language": language}
        answer = program().ask("POST", "/api/v1/nearest", content=body, headers=headers)
        assert answer.status_code in (400, 422)
        assert answer.json()["type"].startswith("/api/v1/docs#")
        assert "Popescu" not in answer.text
        assert "opescu" not in str(answer.headers)


def test_problems_are_said_in_romanian_or_english_by_accept_language(program):
    client = program()
    said = {}
    for header in ("en", "en-GB,en;q=0.9,ro;q=0.1", "ro", "de,fr", "", "ro;q=0,en;q=0.5", "q=;,;"):
        answer = client.get("/api/v1/nothing", headers={"Accept-Language": header})
        said[header] = (answer.headers["content-language"], answer.json()["title"])
    assert said["en"] == said["en-GB,en;q=0.9,ro;q=0.1"] == said["ro;q=0,en;q=0.5"] == ("en", "Not there")
    assert said["ro"] == said["de,fr"] == said[""] == said["q=;,;"] == ("ro", "Nu există")


def test_every_kind_of_problem_has_words_in_both_languages_and_its_place_on_the_page(web, demo):
    page = ApiClient(web).get("/api/v1/docs", headers={"Accept-Language": "en"}).text
    for name in problems.STATUSES:
        with use_language("ro"):
            romanian = problems.sentences(name)
        with use_language("en"):
            english = problems.sentences(name)
        assert all(romanian)
        assert romanian[1] != english[1]
        assert f'id="{name}"' in page


class _HiddenError(Exception):
    pass


def _fail(error: Exception):
    def handler(*_more, **_said):
        raise error

    return handler


def test_a_fault_of_ours_is_a_problem_and_its_words_stay_out_of_the_log(program, monkeypatch, caplog):
    client = program()
    caplog.set_level(logging.DEBUG)
    with monkeypatch.context() as broken:
        broken.setattr(nearest_resource, "find", _fail(_HiddenError("Popescu Ion, 1790101221144")))
        answer = client.post("/api/v1/nearest", {**NEAREST, "age": 37, "sex": "F"})
    assert is_problem(answer, "fault")
    assert answer.json()["reference"] in caplog.text  # by which the line is found
    assert "_find_nearest nearest_resource.py" in caplog.text
    for word in ("Popescu", "1790101221144", "Parincea", "domestic-violence"):
        assert word not in caplog.text
        assert word not in answer.text
    assert client.post("/api/v1/nearest", NEAREST).status_code == 200


def test_a_refusal_of_the_core_that_has_no_kind_of_its_own_is_no_stack(program, monkeypatch):
    monkeypatch.setattr(nearest_resource, "find", _fail(MapError("Popescu Ion")))
    answer = program().post("/api/v1/nearest", NEAREST)
    assert is_problem(answer, "conflict")
    assert "Popescu" not in answer.text


def test_a_database_that_is_away_is_said_with_when_to_come_back(program, monkeypatch):
    from referrals.records.ledger_errors import StoreLostError

    client = program()
    monkeypatch.setattr(callers, "token_of", _fail(StoreLostError("host=10.1.1.1")))
    answer = client.get("/api/v1/needs")
    assert is_problem(answer, "unavailable")
    assert answer.headers["retry-after"] == "10"
    assert "10.1.1.1" not in answer.text


def test_what_was_answered_is_not_sent_again_where_nothing_changed(program):
    client = program()
    for path in (
        "/api/v1/needs",
        "/api/v1/services?county=BC",
        "/api/v1/areas?county=BC",
        "/api/v1/services/social:mmps:1",
    ):
        first = client.get(path)
        tag = first.headers["etag"]
        for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            again = client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert first.headers["cache-control"] == "private, no-cache"
        assert "Authorization" in first.headers["vary"]


def test_another_report_of_places_is_another_digest(program):
    client = program()
    path = "/api/v1/services/social:mmps:1"
    before = client.get(path).headers["etag"]
    assert client.put(f"{path}/places", {"places_free": 7}).status_code == 200
    after = client.get(path, headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.json()["capacity"]["places_free"] == 7


def test_answers_of_persons_are_kept_nowhere(program):
    client = program("team")
    for answer in (client.post("/api/v1/nearest", NEAREST), client.get("/api/v1/referrals")):
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


def test_long_answers_are_compressed_for_who_takes_it(program):
    answer = program().get("/api/v1/needs", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(answer.content)) < len(answer.content) / 3


def test_a_token_and_a_stranger_ask_so_often_a_minute_and_are_told_how_often(program, web, monkeypatch):
    client = program()
    monkeypatch.setattr(callers.TOKENS, "tries", 3)
    monkeypatch.setattr(callers.NETWORKS, "tries", 2)
    left = [client.get("/api/v1/needs").headers["ratelimit"] for _ in range(3)]
    assert left == [f'"minute";r={n};t=60' for n in (2, 1, 0)]
    answer = client.get("/api/v1/needs")
    assert is_problem(answer, "too-many-requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["ratelimit-policy"] == '"minute";q=3;w=60'
    stranger = ApiClient(web)
    assert [stranger.get("/api/v1/docs").status_code for _ in range(3)] == [200, 200, 429]
    assert ApiClient(web, address="10.0.0.8").get("/api/v1/docs").status_code == 200


def test_the_document_names_every_operation_its_scope_and_all_its_answers(web, demo):
    document = ApiClient(web).get("/api/v1/openapi.json").json()
    described = {
        operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()
    }
    assert set(described) == {each.name for each in OPERATIONS}
    for each in OPERATIONS:
        said = described[each.name]
        assert f"`{each.scopes[0]}`" in said["description"]
        assert {int(status) for status in said["responses"]} == {each.status, *each.statuses}
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert "cdn" not in str(document)


def test_the_document_and_the_page_name_every_fact_of_a_service_and_every_parameter(web, program):
    document = ApiClient(web).get("/api/v1/openapi.json").json()
    told = document["components"]["schemas"]
    service = program().get("/api/v1/services/social:mmps:1").json()
    assert service.keys() == told["OneService"]["properties"].keys()
    assert all(each.get("description") or "$ref" in each for each in told["OneService"]["properties"].values())
    page = ApiClient(web).get("/api/v1/docs").text
    for path in document["paths"].values():
        for operation in path.values():
            section = page.partition(f'<h3 id="{operation["operationId"]}">')[2].partition("<h3")[0]
            assert section
            for one in operation.get("parameters", ()):
                assert f"<code>{one['name']}</code>" in section
    assert "<code>capacity.places_free</code>" in page
    assert "<code>needs</code> <i>list of string of 1–60 characters, at most 10</i>" in page
    for form in reference_page.OTHER_FORMS:
        assert form[1] in page
        assert program("national").get(form[1]).status_code == 200


def test_a_path_takes_no_other_method_than_its_own(program):
    client = program()
    for path, method in product(("/api/v1/needs", "/api/v1/services", "/api/v1/nearest"), ("DELETE", "PATCH")):
        answer = client.ask(method, path)
        assert is_problem(answer, "method-not-allowed")
        assert answer.headers["allow"] == ("POST" if path.endswith("nearest") else "GET, HEAD")
    said = client.ask("OPTIONS", "/api/v1/referrals")
    assert is_problem(said, "method-not-allowed")
    assert said.headers["allow"] == "GET, HEAD, POST"


def test_only_the_headers_of_an_answer_are_sent_to_who_asks_for_them_alone(web, program):
    client = program("national")
    for path in (
        "/api/v1/needs", "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/nothing", "/ogc/collections/units/items?limit=1",
        "/hsds/services?format=ndjson", "/hsds/services", "/fhir/metadata", "/fhir/Location", "/bulk",
    ):  # fmt: skip
        whole, head = client.get(path), client.ask("HEAD", path)
        assert head.status_code == whole.status_code
        for name in ("content-type", "etag", "cache-control"):
            assert head.headers.get(name) == whole.headers.get(name), (path, name)
    assert client.ask("HEAD", "/hsds/services?format=ndjson").content == b""  # none of it is made
    assert client.ask("HEAD", "/api/v1/nearest").status_code == 405
    assert ApiClient(web).ask("HEAD", "/api/v1/needs").status_code == 401


UNKNOWN = (
    "services?countty=BC", "services?county=BC&county=CJ", "needs?x=1", "services?county=XX", "areas?county=XX",
    "places?q=parincea&county=XX", "coverage/8899CZ-PN-V?county=XX", "referrals?state=nothing", "areas?after=2aM",
    "areas?after=OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "services/social:mmps:1?x=1", "indicators?period=2026-13",
)  # fmt: skip


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_asked_wrongly_is_refused_and_not_passed_over(program, path):
    answer = program().get(f"/api/v1/{path}")
    assert is_problem(answer, "invalid"), answer.text
    said = answer.json()
    assert ("errors" in said) == ("„errors”" in said["detail"])


@pytest.mark.parametrize("path", ["services?service_type=nothing", "services?registry=nothing"])
def test_a_code_that_is_none_is_no_empty_list(program, path):
    assert is_problem(program().get(f"/api/v1/{path}"), "unknown-code")


def test_a_county_is_understood_however_it_is_written(program):
    client = program()
    total = client.get("/api/v1/services?county=BC").json()["total"]
    assert total > 0
    assert {client.get(f"/api/v1/services?county={said}").json()["total"] for said in ("bc", "Bacău")} == {total}


@pytest.mark.parametrize("minutes", [15, 30, 45, 60])
def test_a_coverage_is_asked_within_each_of_the_minutes_that_are_offered(program, minutes):
    answer = program("national").get(f"/api/v1/coverage/{small_world.CHILD_DAY_CENTRE}?within={minutes}")
    assert is_problem(answer, "not-imported"), answer.text  # of how many people live where: nothing else is wrong
