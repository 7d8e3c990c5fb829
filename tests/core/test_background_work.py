"""Work beside the pages ends with the block, also where the block fails."""

from __future__ import annotations

import threading

import pytest

from core.background_work import in_background


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
