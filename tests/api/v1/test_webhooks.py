"""A program subscribes, is told, tests, rotates and leaves by the API alone; another program's subscriptions are not there."""

from __future__ import annotations

import json

import pytest

from core.storage.message_settings import change_message_settings, read_message_settings
from referrals.interchange.api_tokens import list_tokens, revoke_token
from referrals.records.vocabulary import Actor
from referrals.webhooks.webhook_sending import send_webhooks
from tests.core.test_outgoing_requests import receiver
from tests.worlds.clients.api_client import ADMIN, ApiClient, is_problem, secret_for
from tests.worlds.servers.webhook_world import ADDRESS, Receiver

ALL = ("webhook", "read", "refer")
UNIT = Actor("county", "ujss-bc", "BC")


@pytest.fixture
def client(web, demo):
    change_message_settings(demo.home, webhooks_may_be_private=True)
    return ApiClient(web, secret_for(demo, "county", ALL))


def subscribe(client, address=ADDRESS, kinds=("services",)):
    answer = client.post("/api/v1/webhooks", {"address": address, "kinds": list(kinds)})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_program_does_all_of_it_by_itself(web, demo, client):
    made = subscribe(client)
    here = f"/api/v1/webhooks/{made['webhook_id']}"
    assert made["secret"].startswith("whsec_")
    assert client.get("/api/v1/webhooks").json()["webhooks"] == [client.get(here).json()]
    assert "secret" not in client.get(here).json()
    assert is_problem(client.post("/api/v1/webhooks", {"address": ADDRESS, "kinds": ["services"]}), "invalid")
    assert client.post(f"{here}/pause").json()["state"] == "paused"
    assert client.post(f"{here}/resume").json()["state"] == "active"
    turned = client.post(f"{here}/rotate").json()
    assert turned["secret"] != made["secret"]
    assert turned["former_secret_until"]
    other = ApiClient(web, secret_for(demo, "county", ALL))
    assert other.get("/api/v1/webhooks").json()["webhooks"] == []
    for method, path in (("GET", here), ("POST", f"{here}/pause"), ("DELETE", here)):
        assert is_problem(other.ask(method, path), "not-found")
    assert client.ask("DELETE", here).status_code == 200
    assert is_problem(client.get(here), "not-found")


def test_a_ping_and_events_reach_a_server_whose_answer_is_not_read(demo, client):
    with receiver(200) as (port, came):
        made = subscribe(client, f"http://127.0.0.1:{port}/in", ("referrals",))
        here = f"/api/v1/webhooks/{made['webhook_id']}"
        assert client.post(f"{here}/ping").json()["last_result"] == "200"
        asked = {"service_id": "social:mmps:1", "place": "24089", "need": "nobody-after-school", "basis": "public_task"}
        client.post("/api/v1/referrals", asked, headers={"Idempotency-Key": "k-webhook"})
        assert send_webhooks(demo, read_message_settings(demo.home))["sent"] == 1
    assert [json.loads(body)["type"] for *_rest, body in came] == ["ping", "referral.made"]
    assert client.post(f"{here}/ping").json()["last_result"] == "away"


def test_without_the_home_s_leave_nothing_goes_to_its_own_network_and_nothing_at_all_from_a_demonstration(web, demo):
    client = ApiClient(web, secret_for(demo, "county", ALL))
    for address in ("http://127.0.0.1/", "https://10.0.0.1/", "https://localhost/"):
        assert is_problem(client.post("/api/v1/webhooks", {"address": address, "kinds": ["services"]}), "invalid")
    made = subscribe(client)
    sent = Receiver()
    assert not send_webhooks(demo, read_message_settings(demo.home), send=sent)
    assert client.post(f"/api/v1/webhooks/{made['webhook_id']}/ping").json()["last_result"] == "refused"
    assert not sent.tries


def test_a_service_is_told_by_its_id_and_a_protected_one_is_not(demo, client):
    settings, sent = read_message_settings(demo.home), Receiver()
    subscribe(client)
    send_webhooks(demo, settings, send=sent)
    demo.ledger.report_capacity("social:mmps:1", places_free=9, source="phone", actor=ADMIN)
    demo.ledger.report_capacity("social:mmps:6", places_free=9, source="phone", actor=UNIT)
    send_webhooks(demo, settings, send=sent)
    assert [each["type"] for each in sent.taken] == ["services.changed", "service.changed"]
    assert sent.taken[1]["data"] == {"service_id": "social:mmps:1", "change": "changed"}


def test_a_revoked_token_is_told_nothing(demo, client):
    settings, sent = read_message_settings(demo.home), Receiver()
    subscribe(client)
    for token in list_tokens(demo.ledger, actor=ADMIN):
        revoke_token(demo.ledger, token.token_id, actor=ADMIN)
    send_webhooks(demo, settings, send=sent)
    assert not sent.tries
    assert is_problem(client.get("/api/v1/webhooks"), "unauthorized")
