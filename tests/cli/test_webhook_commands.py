"""`harta webhooks`: a program is subscribed, stopped, turned, and taken off."""

from __future__ import annotations

import json

from tests.cli.test_administration_commands import harta
from tests.cli.test_outbox_commands import ledger  # noqa: F401  (a fixture)
from tests.worlds.servers.webhook_world import ADDRESS


def test_a_program_is_subscribed_listed_stopped_turned_and_removed(ledger):  # noqa: F811
    token = json.loads(harta("token", "create", "--name", "dosar", "--scope", "read", "--scope", "webhook", "--json"))
    assert "Niciun program" in harta("webhooks")
    assert "publică" in harta(
        "webhooks", "add", token["token_id"], "--address", "https://10.0.0.1/", "--kind", "services", code=1
    )
    made = json.loads(harta("webhooks", "add", token["token_id"], "--address", ADDRESS, "--kind", "services", "--json"))
    number = made["webhook_id"]
    assert made["secret"] not in harta("webhooks", "list")
    assert json.loads(harta("webhooks", "pause", number, "--json"))["state"] == "paused"
    assert "active" in harta("webhooks", "resume", number)
    assert json.loads(harta("webhooks", "rotate", number, "--json"))["secret"] != made["secret"]
    assert json.loads(harta("webhooks", "retry", number, "--json"))["dead"] == 0
    harta("webhooks", "remove", number)
    assert json.loads(harta("webhooks", "--json")) == []
    assert "Nu există niciun abonament" in harta("webhooks", "remove", number, code=1)
    harta("webhooks", "pause", code=2)
