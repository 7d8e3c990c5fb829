"""What changed in public objects, for programs that keep a copy: one row an object, by when it last changed.

The feed is made by comparing what is public now with what was public when somebody last asked, so that it holds
whatever the change came from: an import, a correction, a report, a hold that ran out. A row says that an object
changed, not how; the object is told as it is. What is gone keeps its row.

It belongs to one state of the database: a restored one begins a feed of its own, under another epoch.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import bindparam, insert, select, update

from core.i18n import _
from referrals.database.models import feed_rows, feed_state
from referrals.records.ledger_errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger

_GONE = ""
_KEYS_A_QUERY = 500
_UPDATE = (
    update(feed_rows)
    .where(feed_rows.c.key == bindparam("of_key"))
    .values(
        digest=bindparam("to_digest"),
        created=bindparam("of_created"),
        sequence=bindparam("of_sequence"),
        changed_at=bindparam("at"),
    )
)


class FeedBegunAnewError(LedgerError):
    """The feed that was read so far is not this one: the database was restored since."""


@dataclass(frozen=True)
class FeedState:
    """Which feed, and how far it has come."""

    epoch: str
    sequence: int


@dataclass(frozen=True)
class Change:
    """One object that changed: `created` and `changed` say how it was met since the place read from."""

    sequence: int
    key: str
    change: Literal["created", "changed", "removed"]
    at: datetime


def state_of(ledger: Ledger) -> FeedState | None:
    """Return how far the feed has come; None where nobody has asked for it yet."""
    with ledger.store.read() as connection:
        return _state(connection)


def bring_up_to_date(ledger: Ledger, digests: Mapping[str, str]) -> FeedState:
    """Write down what changed since the feed was last asked for, and return how far it has come.

    Parameters
    ----------
    ledger
        Where the feed is kept.
    digests
        Of every object that is public now, by its key.

    Returns
    -------
    FeedState
        Up to which the rows say what these digests say.
    """
    with ledger.store.read() as connection:
        if (found := _state(connection)) is not None and not _differences(connection, digests):
            return found
    with ledger.store.write() as connection:
        state = _begun(connection)
        return _written(connection, state, _differences(connection, digests), ledger.clock())


def add_changes(ledger: Ledger, upto: FeedState, digests: Mapping[str, str]) -> FeedState | None:
    """Write down what is known to have changed since the feed stood at a place, without reading all of it.

    Parameters
    ----------
    ledger
        Where the feed is kept.
    upto
        The place, as `bring_up_to_date` or this function gave it.
    digests
        Of the objects that changed since, by key; of one that is gone "".

    Returns
    -------
    FeedState or None
        Up to which the rows say all; None where somebody else wrote meanwhile, and nothing was written.
    """
    with ledger.store.write() as connection:
        if _begun(connection) != upto:
            return None
        return _written(connection, upto, digests, ledger.clock())


def changes_after(ledger: Ledger, upto: FeedState, after: int, limit: int) -> list[Change]:
    """Return what changed behind a place of the feed, in order.

    Parameters
    ----------
    ledger
        Where the feed is kept.
    upto
        As `bring_up_to_date` gave it; what others wrote since is left for the next question.
    after
        Sequence read so far; 0 = nothing yet.
    limit
        Most changes.

    Returns
    -------
    list of Change
        At most `limit`.

    Raises
    ------
    FeedBegunAnewError
        Where the feed has not come so far: it is another one.
    """
    if after > upto.sequence:
        raise feed_begun_anew_error()
    query = (
        select(feed_rows)
        .where(feed_rows.c.sequence > after, feed_rows.c.sequence <= upto.sequence)
        .order_by(feed_rows.c.sequence)
        .limit(limit)
    )
    with ledger.store.read() as connection:
        rows = connection.execute(query).all()
    return [
        Change(
            row.sequence,
            row.key,
            "removed" if row.digest == _GONE else "created" if row.created > after else "changed",
            row.changed_at,
        )
        for row in rows
    ]


def feed_begun_anew_error() -> FeedBegunAnewError:
    """Say that the feed has to be read from its beginning."""
    return FeedBegunAnewError(_("Fluxul de schimbări a reînceput: citiți-l de la început."))


def _state(connection: Connection) -> FeedState | None:
    row = connection.execute(select(feed_state)).one_or_none()
    return None if row is None else FeedState(row.epoch, row.sequence)


def _begun(connection: Connection) -> FeedState:
    """Return the state, held until the transaction ends: one writer at a time numbers changes."""
    row = connection.execute(select(feed_state).with_for_update()).one_or_none()
    if row is not None:
        return FeedState(row.epoch, row.sequence)
    made = FeedState(secrets.token_hex(6), 0)
    connection.execute(insert(feed_state).values(slot=1, epoch=made.epoch, sequence=made.sequence))
    return made


def _written(connection: Connection, state: FeedState, digests: Mapping[str, str], now: datetime) -> FeedState:
    """Write changes, numbered on from a state that is held, and return the state behind them."""
    keys, known = list(digests), dict[str, tuple[str, int]]()
    for start in range(0, len(keys), _KEYS_A_QUERY):
        query = select(feed_rows).where(feed_rows.c.key.in_(keys[start : start + _KEYS_A_QUERY]))
        known |= {row.key: (row.digest, row.created) for row in connection.execute(query)}
    sequence, added, changed = state.sequence, [], []
    for key, digest in digests.items():
        sequence += 1
        before, created = known.get(key, (_GONE, sequence))
        created = created if before != _GONE else sequence
        if key in known:
            changed.append(
                {"of_key": key, "to_digest": digest, "of_created": created, "of_sequence": sequence, "at": now}
            )
        else:
            added.append({"key": key, "digest": digest, "created": created, "sequence": sequence, "changed_at": now})
    if added:
        connection.execute(insert(feed_rows), added)
    if changed:
        connection.execute(_UPDATE, changed)
    connection.execute(update(feed_state).values(sequence=sequence))
    return FeedState(state.epoch, sequence)


def _differences(connection: Connection, digests: Mapping[str, str]) -> dict[str, str]:
    """Return the objects whose digest is not the one written down, with that of now; of what is gone none."""
    known = {row.key: row.digest for row in connection.execute(select(feed_rows.c.key, feed_rows.c.digest))}
    found = {key: digest for key, digest in digests.items() if known.get(key, _GONE) != digest}
    found |= {key: _GONE for key, digest in known.items() if digest != _GONE and key not in digests}
    return found
