"""A sender killed at any step loses no message; one goes twice only between the server's yes and our note of it."""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest

from referrals.delivery import mail_sending
from referrals.delivery.mail_sending import send_due
from referrals.ledger.ledger import open_ledger
from referrals.outbox import message_queue
from tests.worlds.homes.ledger_world import MONDAY, Clock, refer, report
from tests.worlds.servers.mail_world import SETTINGS, MailDirectory, rows

COUNT = 6
# A step of sending, before or after which the process dies, the third time it comes there.
STEPS = [
    (message_queue, "take_due", "before"),
    (message_queue, "take_due", "after"),
    (message_queue, "put_in_mail", "before"),
    (message_queue, "put_in_mail", "after"),
    (mail_sending.mail_text, "compose", "after"),
    (None, "send", "before"),
    (None, "send", "after"),
    (message_queue, "settle", "before"),
    (message_queue, "settle", "after"),
]


class Ledgerlike:
    """A post that writes down on the disk what it took."""

    def __init__(self, path):
        self.path = path

    def send(self, mail, mail_id):
        with self.path.open("a") as taken:
            taken.write(f"{mail['Message-ID']}\n")
            taken.flush()
            os.fsync(taken.fileno())


def dying(function, when, calls):
    def wrapped(*args, **named):
        calls.append(1)
        if len(calls) == 3 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **named)
        if len(calls) == 3 and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


@pytest.mark.parametrize(("module", "name", "when"), STEPS, ids=[f"{when} {name}" for _m, name, when in STEPS])
def test_a_sender_killed_at_a_step_loses_nothing(url, tmp_path, module, name, when):
    clock = Clock()
    with closing(open_ledger(url, clock=clock)) as ledger:
        report(ledger, 50)
        for _n in range(COUNT):
            refer(ledger)
        MailDirectory(ledger, tmp_path).snapshot()
    taken = tmp_path / "taken"
    assert run_killed(url, tmp_path, taken, module, name, when), "it was killed"
    with closing(open_ledger(url, clock=Clock(MONDAY + message_queue.LEASE + timedelta(seconds=2)))) as ledger:
        send_due(MailDirectory(ledger, tmp_path), SETTINGS, channel=Ledgerlike(taken))
        assert {one.state for one in rows(ledger)} == {"sent"}
    found = Counter(taken.read_text().split())
    assert len(found) == COUNT
    twice = [number for number, count in found.items() if count > 1]
    is_between = (name, when) in {("send", "after"), ("settle", "before"), ("settle", "after")}
    assert len(twice) == (1 if is_between else 0), "settled within a transaction that was never committed"


def run_killed(url, tmp_path, taken, module, name, when) -> bool:
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    try:
        post = Ledgerlike(taken)
        owner = module or post
        limit = message_queue.take_due
        setattr(owner, name, dying(getattr(owner, name), when, []))
        if name == "take_due":  # one at a time, so that it comes there more than twice
            inner = message_queue.take_due
            message_queue.take_due = lambda connection, now: inner(connection, now, most=2)
        del limit
        ledger = open_ledger(url, clock=Clock())
        send_due(MailDirectory(ledger, tmp_path), SETTINGS, channel=post)
    finally:
        os._exit(0)
