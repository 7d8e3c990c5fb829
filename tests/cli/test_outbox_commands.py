"""`harta outbox`: what waits, sending by hand, trying again, settings; no address is printed."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from core.errors import NotAllowedError
from core.storage.home import make_home
from referrals.delivery import outbox_listing
from referrals.ledger.ledger import open_ledger
from tests.cli.test_administration_commands import harta
from tests.worlds.homes.ledger_world import COUNTY, NATIONAL, TEAM, refer, report

CONFIGURED = ("--channel", "file", "--address", "https://harta.example.ro/", "--sender", "harta@example.ro")


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    with closing(open_ledger(make_home("live", tmp_path / "home"), may_begin=True)) as opened:
        report(opened, 3)
        yield opened


def test_messages_are_off_then_configured_then_sent_by_hand_and_listed(ledger):
    made = refer(ledger)
    assert "oprite" in harta("outbox", "send", code=1)
    said = json.loads(harta("outbox", "configure", *CONFIGURED, "--json"))
    assert (said["channel"], said["public_address"]) == ("file", "https://harta.example.ro")
    sent = json.loads(harta("outbox", "send", "--now", "--json"))
    assert sent["skipped"] == 1, "no register was imported: nobody's address is known"
    found = json.loads(harta("outbox", "list", "--state", "skipped", "--json"))
    assert found["counts"]["skipped"] == 1
    (one,) = found["messages"]
    assert (one["kind"], one["referral"], one["reason"]) == ("referral_new", made.referral_id, "no_service")
    assert "@" not in harta("outbox", "list")
    assert "sent, failed" in harta("outbox", "list", "--state", "lost", code=1)


def test_what_was_given_up_goes_back_by_command_and_the_audit_log_says_so(ledger):
    refer(ledger)
    with ledger.store.write() as connection:
        connection.exec_driver_sql("UPDATE messages SET state = 'dead', reason = 'refused'")
    assert json.loads(harta("outbox", "retry", "--json")) == {"retried": 1}
    with ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT state FROM messages").scalars().all() == ["waiting"]
        assert connection.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'message.retry'").scalar_one() == 1


def test_wrong_usage_is_said(ledger):
    assert harta("outbox", "burn", code=2) == ""
    harta("outbox", "list", "--channel", "file", code=2)
    assert "e-mail" in harta("outbox", "configure", "--channel", "file", "--address", "https://a.example.ro", code=1)


@pytest.mark.parametrize("actor", [TEAM, COUNTY, NATIONAL])
def test_only_who_keeps_the_machine_sees_and_moves_the_queue(ledger, actor):
    with pytest.raises(NotAllowedError):
        outbox_listing.list_outbox(ledger, actor=actor)
    with pytest.raises(NotAllowedError):
        outbox_listing.retry_messages(ledger, actor=actor)
