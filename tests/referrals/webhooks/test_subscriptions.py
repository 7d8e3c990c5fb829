"""Who subscribes to what, at which address, and what stands in the trail of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import NotAllowedError
from referrals.database.models import webhooks
from referrals.interchange.api_tokens import create_token
from referrals.records.ledger_errors import BadWebhookError, UnknownTokenError, UnknownWebhookError
from referrals.webhooks import subscriptions
from referrals.webhooks.subscriptions import checked_address, make_webhook
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM
from tests.worlds.servers.webhook_world import ADDRESS


def token(ledger, *scopes, role="county"):
    area = {"county": "BC"} if role == "county" else {}
    return create_token(ledger, "program", role=role, scopes=scopes, actor=ADMIN, **area)[0]


@pytest.mark.parametrize(
    ("role", "scopes", "kinds", "may"),
    [
        ("county", ("webhook", "refer"), ("referrals",), True),
        ("county", ("webhook", "answer"), ("referrals",), True),
        ("county", ("webhook", "read"), ("services",), True),
        ("county", ("webhook", "read"), ("referrals",), False),
        ("county", ("webhook", "refer"), ("services", "referrals"), False),
        ("county", ("read", "refer"), ("services",), False),
        ("national", ("webhook", "read"), ("services",), True),
        ("county", ("webhook", "read"), (), False),
        ("county", ("webhook", "read"), ("persons",), False),
    ],
)
def test_what_is_told_is_within_role_and_scopes_of_the_token(ledger, role, scopes, kinds, may):
    own = token(ledger, *scopes, role=role)
    if not may:
        with pytest.raises(BadWebhookError):
            make_webhook(ledger, own.token_id, ADDRESS, kinds, actor=own.actor())
        assert subscriptions.list_webhooks(ledger, actor=ADMIN) == []
        return
    made, secret = make_webhook(ledger, own.token_id, ADDRESS, kinds, actor=own.actor())
    assert subscriptions.list_webhooks(ledger, actor=own.actor()) == [made]
    assert secret.startswith("whsec_")
    with ledger.store.read() as connection:
        assert secret[6:] not in repr(connection.execute(select(webhooks)).all())


def test_another_program_s_subscription_is_not_there_and_people_without_tokens_get_nowhere(ledger):
    own, other = token(ledger, "webhook", "read"), token(ledger, "webhook", "read")
    made, _ = make_webhook(ledger, own.token_id, ADDRESS, ["services"], actor=own.actor())
    steps = [
        lambda actor: subscriptions.find_webhook(ledger, made.webhook_id, actor=actor),
        lambda actor: subscriptions.set_paused(ledger, made.webhook_id, True, actor=actor),
        lambda actor: subscriptions.rotate_secret(ledger, made.webhook_id, actor=actor),
        lambda actor: subscriptions.retry_dead(ledger, made.webhook_id, actor=actor),
        lambda actor: subscriptions.count_owed(ledger, made.webhook_id, actor=actor),
        lambda actor: subscriptions.remove_webhook(ledger, made.webhook_id, actor=actor),
        lambda actor: make_webhook(ledger, own.token_id, ADDRESS + "2", ["services"], actor=actor),
    ]
    for step in steps:
        with pytest.raises(UnknownWebhookError):
            step(other.actor())
        for person in (TEAM, COUNTY, NATIONAL):
            with pytest.raises(NotAllowedError):
                step(person)
    assert subscriptions.list_webhooks(ledger, actor=other.actor()) == []
    assert subscriptions.list_webhooks(ledger, actor=ADMIN) == [made]
    for step in steps[:5]:
        step(own.actor())
    assert subscriptions.remove_webhook(ledger, made.webhook_id, actor=own.actor()).webhook_id == made.webhook_id
    trail = ledger.audit_log(actor=ADMIN, subject=made.webhook_id)
    assert sorted(trail["action"]) == [f"webhook.{step}" for step in ("make", "pause", "remove", "retry", "rotate")]
    with pytest.raises(UnknownTokenError):
        make_webhook(ledger, "T-NOTHING", ADDRESS, ["services"], actor=ADMIN)


def test_a_program_has_few_addresses_and_each_once(ledger, monkeypatch):
    monkeypatch.setattr(subscriptions, "MOST_OF_A_TOKEN", 2)
    own = token(ledger, "webhook", "read")
    for end in ("1", "2"):
        make_webhook(ledger, own.token_id, ADDRESS + end, ["services"], actor=own.actor())
    for end in ("1", "3"):
        with pytest.raises(BadWebhookError):
            make_webhook(ledger, own.token_id, ADDRESS + end, ["services"], actor=own.actor())


@pytest.mark.parametrize(
    "address",
    [
        "", "program", "http://program.example.ro/", "ftp://program.example.ro/", "https://", "https:///in",
        "https://a:b@program.example.ro/", "https://program.example.ro/#a", "https://127.0.0.1/", "https://[::1]/",
        "https://10.1.2.3/", "https://192.168.0.1/", "https://169.254.169.254/latest", "https://localhost/",
        "https://a.localhost/", "https://[fd00::1]/", "https://0.0.0.0/", "https://program.example.ro:0/",
        "https://program.example.ro:99999/", "https://pro gram.example.ro/", "https://program.example.ro/\nx",
        "https://program.exämple.ro/", "https://" + "a" * 600, "javascript:alert(1)", "https://100.64.0.1/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_and_encrypted_is_refused(address):
    with pytest.raises(BadWebhookError):
        checked_address(address, may_be_private=False)


def test_this_machine_is_told_without_encryption_only_where_the_home_lets_it():
    assert checked_address(f" {ADDRESS} ", may_be_private=False) == ADDRESS
    assert checked_address("http://127.0.0.1:9000/in", may_be_private=True) == "http://127.0.0.1:9000/in"
    with pytest.raises(BadWebhookError):
        checked_address("http://program.example.ro/", may_be_private=True)


def test_a_restored_copy_tells_nobody_until_somebody_says_so(ledger):
    own = token(ledger, "webhook", "read")
    made, _ = make_webhook(ledger, own.token_id, ADDRESS, ["services"], actor=ADMIN)
    with ledger.store.write() as connection:
        subscriptions.hold_back_restored(connection)
    found = subscriptions.find_webhook(ledger, made.webhook_id, actor=ADMIN)
    assert (found.state, found.reason) == ("paused", "restored")
