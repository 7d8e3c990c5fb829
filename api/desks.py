"""The desk of a home, opened once in this process and shared by all routes."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from referrals.desk import Desk, open_desk
from referrals.links import signing_key

if TYPE_CHECKING:
    from geo.home import Home


_TURN = threading.Lock()


def desk_of(home: Home) -> Desk:
    """Return the desk of a home. HARTA_DATABASE_URL is part of what it is kept by."""
    with _TURN:  # two that come at once share one desk
        return _desk(home, home.database_url)


@lru_cache(maxsize=4)
def _desk(home: Home, _url: str) -> Desk:
    return open_desk(home)


def secret_key(home: Home) -> bytes:
    """Return the key that seals cookies and forms: the database's, so that all processes have the same."""
    return _key(home, home.database_url)


@lru_cache(maxsize=4)
def _key(home: Home, _url: str) -> bytes:
    return signing_key(desk_of(home).ledger).encode()
