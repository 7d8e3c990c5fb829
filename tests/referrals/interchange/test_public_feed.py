"""The feed follows snapshot after snapshot by what moved alone, and reads everything where another process wrote."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from referrals.interchange import change_feed, public_feed
from referrals.interchange.change_feed import FeedState, add_changes, bring_up_to_date, changes_after
from referrals.interchange.public_feed import keep_feed


class Table:
    """Digests of services whose places alone move, as of a public table."""

    def digests(self, available, before=None):
        return {key: each for key, each in available.items() if before is None or before[key] != each}


def snapshot(digests):
    return SimpleNamespace(availability=dict(digests))


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(public_feed, "_written", [])


def followed(ledger, state):
    found = changes_after(ledger, state, 0, 1_000)
    return {each.key for each in found if each.change != "removed"}, {each.sequence: each.key for each in found}


def test_what_is_written_by_what_moved_is_what_a_whole_comparison_finds_nothing_to_add_to(ledger, monkeypatch):
    lot, table = random.Random(4), Table()
    digests = {f"social:mmps:{n}": "a" for n in range(20)}
    keep_feed(ledger, snapshot(digests), table)
    whole = []
    monkeypatch.setattr(change_feed, "bring_up_to_date", lambda *given: whole.append(given))
    for step in range(60):
        if step % 9 == 4:  # another catalogue: some gone, some new
            table = Table()
            digests = {key: each for key, each in digests.items() if lot.random() < 0.9} | {
                f"social:mmps:{step + 100}": "a"
            }
        for key in lot.sample(sorted(digests), lot.randint(0, 3)):
            digests[key] = lot.choice("abc")
        state = keep_feed(ledger, snapshot(digests), table)
    assert not whole
    assert bring_up_to_date(ledger, digests) == state
    assert followed(ledger, state)[0] == set(digests)


def test_a_service_that_moves_there_and_back_is_told_though_nothing_differs_in_the_end(ledger):
    table, first = Table(), {"social:mmps:1": "a", "social:mmps:2": "a"}
    begun = keep_feed(ledger, snapshot(first), table)
    keep_feed(ledger, snapshot(first | {"social:mmps:1": "b"}), table)
    ended = keep_feed(ledger, snapshot(first), table)
    assert [each.key for each in changes_after(ledger, ended, begun.sequence, 9)] == ["social:mmps:1"]


def test_where_another_process_wrote_everything_is_compared(ledger):
    table, first = Table(), {"social:mmps:1": "a", "social:mmps:2": "a"}
    state = keep_feed(ledger, snapshot(first), table)
    bring_up_to_date(ledger, first | {"social:mmps:2": "b"})
    assert add_changes(ledger, state, {"social:mmps:1": "c"}) is None
    now = keep_feed(ledger, snapshot(first | {"social:mmps:1": "c", "social:mmps:2": "b"}), table)
    assert now == FeedState(state.epoch, state.sequence + 2)
    assert {each.key for each in changes_after(ledger, now, state.sequence, 9)} == set(first)
