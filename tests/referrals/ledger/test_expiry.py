from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from core.storage.home import make_home
from referrals.ledger import expiry
from referrals.ledger.expiry import expiring
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import StoreLostError
from tests.worlds.homes.ledger_world import Clock, refer, report


def test_what_ran_out_is_written_down_while_nobody_asks(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("demo", tmp_path / "home")
    past = open_ledger(home, clock=Clock(datetime.now(UTC) - timedelta(days=30)))
    report(past, 1)
    refer(past)
    before = past.event_counter()
    with expiring(home, every_seconds=0.05):
        until = time.monotonic() + 10
        while past.event_counter() == before and time.monotonic() < until:
            time.sleep(0.05)
    assert past.event_counter() > before
    assert past.next_expiry() is None
    past.close()


def test_a_database_that_is_away_at_the_start_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("demo", tmp_path / "home")
    open_ledger(home).close()
    tries = []

    def comes_late(home):
        tries.append(1)
        if len(tries) < 3:
            raise StoreLostError("away")
        return open_ledger(home)

    monkeypatch.setattr(expiry, "open_ledger", comes_late)
    with expiring(home, every_seconds=0.01):
        until = time.monotonic() + 10
        while len(tries) < 3 and time.monotonic() < until:
            time.sleep(0.01)
    assert len(tries) == 3
