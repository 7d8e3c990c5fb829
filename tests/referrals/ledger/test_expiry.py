from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from core.home import make_home
from referrals.ledger.expiry import expiring
from referrals.ledger.ledger import open_ledger
from tests.worlds.ledger_world import Clock, refer, report


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
