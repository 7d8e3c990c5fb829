"""The last question of a session: of that session alone, for half an hour, and of a bounded number of sessions."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from api.http import kept_question
from api.http.kept_question import keep_question, question_kept


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    kept_question._kept.clear()
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(kept_question.time, "monotonic", lambda: clock.now)
    return clock


def test_a_question_is_of_its_session_until_it_is_old(moment):
    keep_question("one", ["asked"])
    assert (question_kept("one"), question_kept("other"), question_kept("")) == (("asked",), (), ())
    moment.now = kept_question.KEEP_SECONDS + 1
    assert question_kept("one") == ()


def test_the_next_question_takes_the_place_of_the_one_before_and_none_forgets_it():
    keep_question("one", ["asked"])
    keep_question("one", ["another"])
    assert question_kept("one") == ("another",)
    keep_question("one", [])
    assert question_kept("one") == ()


def test_nobody_and_too_many_sessions_are_not_kept():
    keep_question("", ["asked"])
    assert question_kept("") == ()
    for number in range(kept_question._MOST_KEPT + 1):
        keep_question(f"s{number}", ["asked"])
    assert (question_kept("s0"), question_kept("s1")) == ((), ("asked",))
