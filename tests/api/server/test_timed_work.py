"""One process does the timed work; when it ends, another takes over."""

from __future__ import annotations

import threading
import time

from api.server import timed_work
from api.server.timed_work import keeping_time


def threads() -> list[str]:
    return sorted(each.name for each in threading.enumerate() if each.name in {"expiry", "messages", "maintenance"})


def until(is_so) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_of_two_one_works_and_the_other_takes_over_when_it_ends(demo):
    every = ["expiry", "maintenance", "messages"]
    with keeping_time(demo.home, every_seconds=0.02):
        with keeping_time(demo.home, every_seconds=0.02):
            until(lambda: threads() == every)
            time.sleep(0.1)
            assert threads() == every  # once, not twice
        until(lambda: threads() == every)
    assert threads() == []
    assert set(timed_work.OWN_TURNS.values()) == {0}
