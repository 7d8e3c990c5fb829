"""Work beside the pages ends with the block, also where the block fails."""

from __future__ import annotations

import logging
import threading

import pytest

from core.background_work import in_background, repeat
from core.errors import EditionError


def test_work_goes_on_while_the_block_runs_and_is_told_to_stop_at_its_end():
    began, ended = threading.Event(), threading.Event()

    def work(stop):
        began.set()
        stop.wait(30)
        ended.set()

    with in_background("some-work", work):
        assert began.wait(10)
        assert "some-work" in [thread.name for thread in threading.enumerate()]
        assert not ended.is_set()
    assert ended.is_set()


def test_a_block_that_fails_stops_it_too():
    ended = threading.Event()
    with (
        pytest.raises(ValueError, match="broken"),
        in_background("some-work", lambda stop: stop.wait(30) and ended.set()),
    ):
        raise ValueError("broken")
    assert ended.is_set()


def test_after_a_failure_it_rests_before_it_goes_on_and_writes_down_why(caplog):
    waits = []
    turns = iter([False, None, EditionError("deteriorată"), OSError("full"), ValueError("Maria"), True])

    class Stop:
        def wait(self, seconds):
            waits.append(seconds)
            return len(waits) == 7

    def turn(stop):
        assert isinstance(stop, Stop)
        ended = next(turns)
        if isinstance(ended, Exception):
            raise ended
        return ended

    repeat(turn, Stop(), 2.0, logging.getLogger("harta.test"))
    assert waits == [2.0, 60.0, 2.0, 60.0, 60.0, 60.0, 2.0]
    assert [each.message for each in caplog.records] == ["deteriorată", "full", "a turn broke off: ValueError"]
