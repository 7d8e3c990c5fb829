"""Where a case goes when a service said no."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.bounded_cache import BoundedCache
from referrals.workflow import next_best


def offer(service_id: str, service_type: str, **said):
    return SimpleNamespace(
        service_id=service_id,
        service_type=service_type,
        is_secret=False,
        access_route="direct",
        status="unknown",
        flags=(),
        closed_from=None,
        closed_until=None,
        **said,
    )


@pytest.mark.parametrize(
    ("there", "found"),
    [
        ([offer("authority:oficii:SPAS-24089", "AUT-SPAS"), offer("social:mmps:2", "8730CR-V-II")], "social:mmps:2"),
        ([offer("authority:oficii:SPAS-24089", "AUT-SPAS"), offer("authority:oficii:PRIM-24089", "AUT-PRIM")], None),
        ([offer("social:mmps:1", "8730CR-V-II"), offer("social:mmps:3", "8730CR-V-II")], "social:mmps:3"),
    ],
)
def test_the_next_service_is_none_of_the_offices_of_those_who_ask_nor_one_that_was_tried(monkeypatch, there, found):
    monkeypatch.setattr(next_best, "question_of", lambda *_a, **_k: SimpleNamespace(origin=None, wanted=()))
    monkeypatch.setattr(next_best, "find", lambda _snapshot, _query: None)
    monkeypatch.setattr(next_best, "offers", lambda _answer: there)
    refused = SimpleNamespace(service_id="social:mmps:1")
    snapshot = SimpleNamespace(kept=BoundedCache(1))
    bests = next_best.next_bests(SimpleNamespace(snapshot=lambda: snapshot), refused)
    assert [each.service_id for each in bests] == ([found] if found else [])
