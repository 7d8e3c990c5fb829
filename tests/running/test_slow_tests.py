"""A test that takes long says so, or fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.conftest import is_too_slow


@pytest.mark.parametrize(
    ("took", "marks", "profile", "expected"),
    [
        (5.1, (), None, True),
        (4.9, (), None, False),
        (9.0, ("slow",), None, False),
        (9.0, ("browser",), None, False),
        (9.0, (), "search", False),
    ],
)
def test_more_than_five_seconds_of_processor_need_a_mark(monkeypatch, took, marks, profile, expected):
    monkeypatch.delenv("HYPOTHESIS_PROFILE", raising=False)
    if profile:
        monkeypatch.setenv("HYPOTHESIS_PROFILE", profile)
    item = SimpleNamespace(get_closest_marker=lambda name: name if name in marks else None)
    assert is_too_slow(item, took, 5.0) is expected
    assert not is_too_slow(item, took, None)
