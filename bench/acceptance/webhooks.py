"""Two hundred events told over HTTP to a receiver that fails half the time: each at least once, in order, signed.

The receiver is a server of its own on this machine; it checks every signature by the independent library
`standardwebhooks`. Time between turns is moved on, so that pauses of minutes take none.
"""

from __future__ import annotations

import json
import random
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import standardwebhooks.webhooks
from standardwebhooks import Webhook as Verifier

from core.storage.home import make_home
from core.storage.message_settings import MessageSettings
from referrals.interchange.api_tokens import create_token
from referrals.ledger.ledger import Ledger, open_ledger
from referrals.records.vocabulary import Actor, ServiceTerms
from referrals.webhooks import subscriptions
from referrals.webhooks.webhook_sending import send_webhooks

EVENTS = 200
ADMIN, UNIT, TEAM = Actor("admin", "bench"), Actor("county", "unit", "BC"), Actor("team", "team", "BC", 22889)
LIFE = (("accept", "accepted"), ("start", "started"), ("complete", "completed"))
SETTINGS = MessageSettings(webhooks_may_be_private=True)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.at


class Receiver(BaseHTTPRequestHandler):
    """Takes one half of what comes, answers 503 or closes the connection for the other."""

    secret = ""
    dice = random.Random(7)
    counts: ClassVar[Counter[str]] = Counter()
    taken: ClassVar[list[tuple[str, str, str]]] = []

    def do_POST(self) -> None:
        """Check the signature, then take it or fail."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            said = Verifier(self.secret).verify(body, dict(self.headers))
        except Exception:  # noqa: BLE001  (whatever is wrong with it)
            self.counts["bad signatures"] += 1
            said = json.loads(body)
        self.counts["tries"] += 1
        if self.dice.random() < 0.5:
            self.counts["failures"] += 1
            if self.dice.random() < 0.5:
                self.close_connection = True
                return
            self.send_response(503)
            self.end_headers()
            return
        self.taken.append((self.headers["webhook-id"], said["data"]["referral_id"], said["data"]["state"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_what: object) -> None:
        """Write nothing."""


def referred(ledger: Ledger) -> dict[str, list[str]]:
    """Make referrals with their steps until there are enough events; give the states of each in order."""
    terms = ServiceTerms(service_id="social:mmps:1", service_type="8899CZ-PN-V", county="BC")
    ledger.report_capacity("social:mmps:1", places_free=1_000, source="phone", actor=UNIT)
    want: dict[str, list[str]] = {}
    while sum(map(len, want.values())) < EVENTS:
        made = ledger.refer(
            terms, case_ref=None, need="hrana", county="BC", uat_siruta=22889, basis="public_task", actor=TEAM
        )
        want[made.referral_id] = ["held"]
        for step, state in LIFE[: len(want) % 4]:
            if sum(map(len, want.values())) < EVENTS:
                ledger.transition(made.referral_id, step, actor=UNIT)
                want[made.referral_id].append(state)
    return want


def main() -> None:
    """Tell them all and print the figures; a fault stops the run."""
    clock = Clock()

    class Then(datetime):
        """The receiver's own clock, which goes as the sender's does."""

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
            return clock()

    standardwebhooks.webhooks.datetime = Then  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as folder:
        home = make_home("live", Path(folder) / "home")
        server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with closing(open_ledger(home, clock=clock, may_begin=True)) as ledger:
            token, _secret = create_token(
                ledger, "bench", role="county", county="BC", scopes=["refer", "webhook"], actor=ADMIN
            )
            made, Receiver.secret = subscriptions.make_webhook(
                ledger, token.token_id, f"http://127.0.0.1:{server.server_port}/in", ["referrals"], actor=ADMIN,
                may_be_private=True,
            )  # fmt: skip
            want = referred(ledger)
            start, began, turns = time.perf_counter(), clock.at, 0
            while len({each[0] for each in Receiver.taken}) < EVENTS:
                send_webhooks(SimpleNamespace(ledger=ledger, home=home), SETTINGS)  # type: ignore[arg-type]
                clock.at += timedelta(seconds=5)
                turns += 1
                assert turns < 20_000, "not all were told"
            took = time.perf_counter() - start
            owed = subscriptions.count_owed(ledger, made.webhook_id, actor=ADMIN)
        server.shutdown()
    in_order = defaultdict(list)
    seen: set[str] = set()
    for event, number, state in Receiver.taken:
        if event not in seen:
            in_order[number].append(state)
        seen.add(event)
    assert in_order == want, "out of order"
    assert not Receiver.counts["bad signatures"]
    tries, failures = Receiver.counts["tries"], Receiver.counts["failures"]
    print(f"{EVENTS} events of {len(want)} referrals, each taken at least once, in order of each referral")
    again = len(Receiver.taken) - EVENTS
    print(f"{tries} tries, {failures} failed ({failures / tries:.0%}); taken more than once: {again}")
    print(f"{tries} signatures checked by standardwebhooks: all genuine; given up: {owed['dead']}")
    print(f"{turns} turns in {took:.1f} s; by the sender's clock {(clock.at - began).total_seconds() / 60:.0f} minutes")


if __name__ == "__main__":
    main()
