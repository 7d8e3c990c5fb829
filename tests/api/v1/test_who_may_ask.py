"""Role, scope, area, operation: who is answered what, whatever is asked for."""

from __future__ import annotations

import pytest

from api.v1.v1_surface import OPERATIONS
from referrals.interchange.api_tokens import SCOPES
from referrals.records.vocabulary import Actor
from tests.covering import each_once
from tests.worlds.clients.api_client import AREAS, PARINCEA, ApiClient, fitting, is_problem, secret_for
from tests.worlds.homes import small_world
from tests.worlds.servers.webhook_world import ADDRESS

OTHER = 22889  # another commune of the same county
OURS, THEIRS = "nobody-after-school", "social:mmps:1"
ASKED = {"service_id": THEIRS, "place": str(PARINCEA), "need": OURS, "basis": "public_task"}
# What is sent to each operation so that a token that may gets an answer.
SENT = {
    "find_places": ("/places?q=parincea", None),
    "list_needs": ("/needs", None),
    "show_taxonomy": ("/taxonomy", None),
    "report_places": (f"/services/{THEIRS}/places", {"places_free": 3}),
    "list_services": ("/services?county=BC", None),
    "show_service": (f"/services/{THEIRS}", None),
    "list_changes": ("/changes?limit=1", None),
    "list_organizations": ("/organizations?q=exemplu", None),
    "find_nearest": ("/nearest", {"place": str(PARINCEA), "needs": [OURS]}),
    "list_areas": ("/areas?county=BC", None),
    "show_area": (f"/areas/{PARINCEA}", None),
    "show_coverage": (f"/coverage/{small_world.CHILD_DAY_CENTRE}", None),
    "show_indicators": ("/indicators?period=2026-09", None),
    "make_referral": ("/referrals", ASKED),
    "list_referrals": ("/referrals", None),
    "show_referral": ("/referrals/{number}", None),
    "take_step": ("/referrals/{number}/accept", {}),
    "cancel_referral": ("/referrals/{number}/cancel", {}),
    "make_webhook": ("/webhooks", {"address": ADDRESS, "kinds": ["services"]}),
    "list_webhooks": ("/webhooks", None),
    "show_webhook": ("/webhooks/W-NOTTHERE", None),
    "take_webhook_step": ("/webhooks/W-NOTTHERE/rotate", None),
    "remove_webhook": ("/webhooks/W-NOTTHERE", None),
}


def ask(client, operation, number: str):
    path, body = SENT[operation.name]
    more = {"json": body} if body is not None else {}
    return client.ask(
        operation.method, f"/api/v1{path.format(number=number)}", headers={"Idempotency-Key": "key-of-a-test"}, **more
    )


def made(demo, county: str = "BC", uat: int = PARINCEA) -> str:
    """A referral of a team of this commune."""
    from tests.worlds.homes.ledger_world import refer, terms

    actor = Actor("team", "echipa", county, uat)
    return refer(demo.ledger, terms(THEIRS), county=county, uat_siruta=uat, actor=actor).referral_id


def test_no_operation_escapes_the_table():
    assert set(SENT) == {each.name for each in OPERATIONS}


@pytest.mark.parametrize(
    ("role", "operation"), each_once(list(AREAS), OPERATIONS), ids=lambda each: getattr(each, "name", each)
)
def test_a_token_of_one_scope_opens_what_the_scope_names_and_nothing_else(web, demo, role, operation):
    number = made(demo)
    for scope in fitting(role):
        answer = ask(ApiClient(web, secret_for(demo, role, (scope,))), operation, number)
        if scope not in operation.scopes:
            assert is_problem(answer, "out-of-scope"), (scope, answer.text)
            assert answer.json()["scope"] == list(operation.scopes)
        elif operation.name == "show_coverage":
            assert is_problem(answer, "not-imported")  # of how many people live where
        elif operation.name == "show_indicators":
            assert is_problem(answer, "unknown-code")  # no list of communities
        elif operation.name == "make_webhook":
            assert is_problem(answer, "invalid")  # told of services, it would have to read them
        elif "W-NOTTHERE" in SENT[operation.name][0]:
            assert is_problem(answer, "not-found")
        else:
            assert answer.status_code == operation.status, (scope, answer.text)
        if scope in operation.scopes:
            number = made(demo)  # a step may have ended the other


def test_every_scope_opens_something():
    assert {scope for each in OPERATIONS for scope in each.scopes} == set(SCOPES)


@pytest.mark.parametrize(
    ("role", "area", "where", "may"),
    [
        ("team", {}, PARINCEA, True),
        ("team", {}, OTHER, False),
        ("team", {"uat_siruta": OTHER}, PARINCEA, False),
        ("county", {}, PARINCEA, True),
        ("county", {}, OTHER, True),
        ("county", {"county": "CJ"}, PARINCEA, False),
    ],
)
def test_referrals_are_made_read_and_taken_on_within_the_area_and_are_not_there_outside_it(
    web, demo, role, area, where, may
):
    number = made(demo, uat=where)
    client = ApiClient(web, secret_for(demo, role, ("refer", "answer"), **area))
    shown = client.get(f"/api/v1/referrals/{number}")
    listed = client.get("/api/v1/referrals").json()["referrals"]
    taken = client.post(f"/api/v1/referrals/{number}/accept", {})
    made_there = client.post(
        "/api/v1/referrals", {**ASKED, "place": str(where)}, headers={"Idempotency-Key": "key-12345"}
    )
    if may:
        assert shown.json()["referral_id"] == number
        assert [each["referral_id"] for each in listed] == [number]
        assert taken.json()["state"] == "accepted"
        assert made_there.status_code == 201
        assert made_there.headers["location"] == f"/api/v1/referrals/{made_there.json()['referral_id']}"
    else:
        nowhere = client.get("/api/v1/referrals/R-NOTTHERE")
        assert is_problem(shown, "not-found")
        assert shown.content == nowhere.content
        assert listed == []
        assert is_problem(taken, "not-found")
        assert is_problem(made_there, "not-allowed")
        with demo.ledger.store.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*), min(state) FROM referrals").one() == (1, "held")


def test_what_another_area_s_token_tried_stands_in_the_trail(web, demo):
    from tests.worlds.clients.api_client import ADMIN

    number = made(demo)
    client = ApiClient(web, secret_for(demo, "county", ("refer",), county="CJ"))
    client.get(f"/api/v1/referrals/{number}")
    table = demo.ledger.audit_log(actor=ADMIN, subject=number)
    tried = table[table["after"] == "refused"]
    assert list(tried["action"]) == ["referral.read"]
    assert tried["account"].iloc[0].startswith("token:T-")


def test_a_provider_reports_places_of_its_own_services_alone(web, demo):
    client = ApiClient(web, secret_for(demo, "provider", services=("social:mmps:1", "social:mmps:2")))
    for number in (1, 2):
        answer = client.put(f"/api/v1/services/social:mmps:{number}/places", {"places_free": number, "places_max": 9})
        assert answer.json()["places_free"] == number
        assert answer.json()["status"] == "free"
    assert is_problem(client.put("/api/v1/services/social:mmps:3/places", {"places_free": 1}), "not-allowed")
    assert demo.capacity_of("social:mmps:3")["places_free"] == 0


@pytest.mark.parametrize("role", ["team", "county", "national", "provider"])
def test_nobody_reports_places_of_a_protected_or_unknown_service(web, demo, role):
    client = ApiClient(web, secret_for(demo, role))
    public = [key for key in demo.snapshot().catalogue.services["service_id"] if key.startswith("protected:")]
    assert len(public) == 2
    for key in (*public, "social:mmps:6", "social:mmps:nothing", "x", "protected:8790CR-VD-I:BC:abcdefghij234567"):
        answer = client.put(f"/api/v1/services/{key}/places", {"places_free": 1})
        assert is_problem(answer, "not-found"), answer.text
    assert is_problem(client.put("/api/v1/services/social:mmps:1/places", {}), "invalid")
    assert is_problem(client.put("/api/v1/services/social:mmps:1/places", {"places_free": -1}), "invalid")
    assert is_problem(client.put("/api/v1/services/social:mmps:1/places", {"status": "free"}), "invalid")
