"""The feed of public services brought up to what a snapshot says, once for a snapshot."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from referrals.interchange import change_feed
from referrals.interchange.change_feed import FeedState

if TYPE_CHECKING:
    from providers.catalogue.snapshot import Snapshot
    from providers.interchange.public_table import PublicTable
    from referrals.ledger.ledger import Ledger


@dataclass(frozen=True)
class _WrittenDown:
    """Up to where the feed of a ledger says what a snapshot says."""

    ledger: Ledger
    snapshot: Snapshot
    state: FeedState


_TURN = threading.Lock()
_written: list[_WrittenDown] = []  # of this process: the last one


def keep_feed(ledger: Ledger, snapshot: Snapshot, table: PublicTable) -> FeedState:
    """Write down what changed until a snapshot; nothing where that was done and nobody wrote since.

    Parameters
    ----------
    ledger
        Where the feed is kept.
    snapshot
        Services and places of this moment.
    table
        Its public services.

    Returns
    -------
    FeedState
        How far the feed has come.
    """
    with _TURN:
        for each in _written:
            if each.ledger is ledger and each.snapshot is snapshot and change_feed.state_of(ledger) == each.state:
                return each.state
        state = change_feed.bring_up_to_date(ledger, table.digests(snapshot.availability))
        _written[:] = [_WrittenDown(ledger, snapshot, state)]
        return state
