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
    """Up to where the feed of a ledger says what a snapshot says, and the digests that are written down there."""

    ledger: Ledger
    snapshot: Snapshot
    table: PublicTable
    state: FeedState
    digests: dict[str, str]


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
        last = next((each for each in _written if each.ledger is ledger), None)
        if last is not None and change_feed.state_of(ledger) != last.state:
            last = None  # another process wrote: what it wrote is read
        if last is not None and last.snapshot is snapshot:
            return last.state
        state = None
        if last is not None:
            digests, changed = _since(last, snapshot, table)
            state = change_feed.add_changes(ledger, last.state, changed) if changed else last.state
        if state is None:
            digests = table.digests(snapshot.availability)
            state = change_feed.bring_up_to_date(ledger, digests)
        _written[:] = [_WrittenDown(ledger, snapshot, table, state, digests)]
        return state


def _since(last: _WrittenDown, snapshot: Snapshot, table: PublicTable) -> tuple[dict[str, str], dict[str, str]]:
    """Return the digests of now and those that are others than written down; "" of what is gone."""
    if table is last.table:  # the same catalogue: a report or a hold, the commonest of all changes
        some = table.digests(snapshot.availability, last.snapshot.availability)
        digests = {**last.digests, **some}
    else:
        some = digests = table.digests(snapshot.availability)
    changed = {key: digest for key, digest in some.items() if last.digests.get(key) != digest}
    return digests, changed | dict.fromkeys(last.digests.keys() - digests.keys(), "")
