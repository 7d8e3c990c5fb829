"""The feed of what changed: services created, changed and removed, their places included, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Query

from api.programs.cursors import LONGEST, cursor_error, cursor_to, key_of
from api.programs.operations import Answered, CallOf, Operation
from api.v1 import shapes
from referrals.interchange import change_feed
from referrals.interchange.public_feed import keep_feed

if TYPE_CHECKING:
    from api.programs.callers import Call
    from referrals.interchange.change_feed import FeedState

_MOST = 1_000
_LONGEST_NUMBER = 18


def _list_changes(
    call: CallOf,
    after: Annotated[str | None, Query(max_length=LONGEST, description="`next` of the last answer")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 500,
) -> Answered:
    """List what changed since the last answer, each service once, as it is now."""
    state = up_to_date(call)
    epoch, start = _place(after, state)
    if epoch != state.epoch:
        raise change_feed.feed_begun_anew_error()
    found = change_feed.changes_after(call.directory.ledger, state, start, limit + 1)
    table, available = call.public, call.snapshot.availability
    items = []
    for each in found[:limit]:
        place = table.place_of.get(each.key)
        service = None if each.change == "removed" or place is None else table.followed(place, available)
        items.append(
            {
                "sequence": each.sequence,
                "kind": "service",
                "id": each.key,
                "change": each.change,
                "at": each.at.isoformat(),
                "service": service,
            }
        )
    more = len(found) > limit
    reached = found[limit - 1].sequence if more else state.sequence
    return Answered({"changes": items, "next": cursor_to(f"{state.epoch}:{reached}"), "more": more})


def up_to_date(call: Call) -> FeedState:
    """Write down what changed until the snapshot of this call."""
    return keep_feed(call.directory.ledger, call.snapshot, call.public)


def _place(after: str | None, state: FeedState) -> tuple[str, int]:
    if not after:
        return state.epoch, 0
    epoch, _sign, number = key_of(after).partition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
        raise cursor_error()
    return epoch, int(number)


OPERATIONS = (
    Operation(
        "list_changes", "GET", "/changes", _list_changes, ("read",), shapes.Changes,
        "Changes of services and their places", refusals=(410,), is_kept=True,
    ),
)  # fmt: skip
