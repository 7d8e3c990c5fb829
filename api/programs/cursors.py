"""Where the next page of a list begins: opaque to other programs, so that we may change what is in it."""

from __future__ import annotations

import base64
import binascii

from api.programs.problems import ProblemError

LONGEST = 400
_LONGEST_NUMBER = 18


def cursor_to(key: str) -> str:
    """Return the cursor of what comes behind a key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(cursor: str | None) -> str:
    """Return the key that a cursor names; "" for none. ProblemError where it is none of ours.

    >>> key_of(cursor_to("social:mmps:1")), key_of(None)
    ('social:mmps:1', '')
    """
    if not cursor:
        return ""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise cursor_error() from None


def number_of(cursor: str) -> int:
    """Return the number that a cursor names. ProblemError where it is none.

    >>> number_of(cursor_to("24089"))
    24089
    """
    key = key_of(cursor)
    if not (key.isascii() and key.isdigit() and len(key) <= _LONGEST_NUMBER):
        raise cursor_error()
    return int(key)


def cursor_error() -> ProblemError:
    """Say that a cursor is none that a page gave."""
    return ProblemError("invalid", {"errors": [{"at": ["query", "after"], "code": "cursor"}]})
