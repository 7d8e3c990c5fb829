"""The directory of a home, opened once in this process and shared by all routes."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from referrals.ledger.provider_tokens import signing_key
from referrals.workflow.directory import Directory, open_directory

if TYPE_CHECKING:
    from core.storage.home import Home


_TURN = threading.Lock()


def directory_for(home: Home) -> Directory:
    """Return the directory of a home, one for all threads of the process.

    Parameters
    ----------
    home
        The home; HARTA_DATABASE_URL is part of what it is kept by.

    Returns
    -------
    Directory
        The same object for the same home and database.

    Raises
    ------
    LedgerError
        Where the database is missing, foreign, damaged or newer than the program.
    """
    with _TURN:  # two that come at once share one directory
        return _directory(home, home.database_url)


@lru_cache(maxsize=4)
def _directory(home: Home, _url: str) -> Directory:
    return open_directory(home)


def secret_key(home: Home) -> bytes:
    """Return the key that seals cookies and forms: the database's, so that all processes have the same."""
    return _key(home, home.database_url)


@lru_cache(maxsize=4)
def _key(home: Home, _url: str) -> bytes:
    return signing_key(directory_for(home).ledger).encode()
