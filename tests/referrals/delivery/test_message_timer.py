"""Sending goes on while the server runs, whatever one turn met."""

from __future__ import annotations

from threading import Event

from referrals.delivery import message_timer
from tests.worlds.servers.mail_world import MailDirectory


def test_a_turn_that_breaks_off_does_not_end_those_after_it(ledger, tmp_path, monkeypatch):
    turns, has_gone_on = [], Event()

    def deliver(*_places, **_named):
        turns.append(len(turns))
        if len(turns) == 1:
            raise ValueError("a fault of ours")
        has_gone_on.set()

    monkeypatch.setattr(message_timer, "deliver_once", deliver)
    directory = MailDirectory(ledger, tmp_path)
    with message_timer.delivering(directory.home, lambda _home: directory, every_seconds=0.01):
        assert has_gone_on.wait(10)
