"""The question that a session asked last, for half an hour in this process alone.

Age, sex and group of a person stand in no address and in no cookie; going back, reloading and the page of a service
find them here. Another process, or a later hour, asks again.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from providers.finder.answer import Query

KEEP_SECONDS = 30 * 60
_MOST_KEPT = 500
_kept: OrderedDict[str, tuple[float, tuple[Query, ...]]] = OrderedDict()
_lock = Lock()


def keep_question(session_id: str, queries: Sequence[Query]) -> None:
    """Keep the question of a session, in the place of the one before.

    Parameters
    ----------
    session_id
        Number of the session; nothing is kept for "" (nobody is signed in).
    queries
        A query a need; none forgets the one before.
    """
    if not session_id:
        return
    with _lock:
        _kept.pop(session_id, None)
        if queries:
            _kept[session_id] = (time.monotonic(), tuple(queries))
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)


def question_kept(session_id: str) -> tuple[Query, ...]:
    """Return the question that a session asked last.

    Parameters
    ----------
    session_id
        Number of the session.

    Returns
    -------
    tuple of Query
        A query a need; empty where none was asked lately.
    """
    with _lock:
        at, queries = _kept.get(session_id, (0.0, ()))
        if queries and time.monotonic() - at > KEEP_SECONDS:
            del _kept[session_id]
            return ()
    return queries
