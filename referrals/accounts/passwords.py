"""Passwords: kept as argon2id, hashed two at a time in threads that give way to all others."""

from __future__ import annotations

import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.i18n import _
from referrals.records.ledger_errors import SignInError

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
_HASHES_AT_ONCE = 2  # each takes 64 MB
_LOWER_PRIORITY = 10  # of the system's 0 (usual) to 19


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _hashing() -> ThreadPoolExecutor:
    """Return the threads in which passwords are hashed: they give way, as a hash takes every core for a while."""
    return ThreadPoolExecutor(_HASHES_AT_ONCE, "hashing", initializer=_give_way)


def _give_way() -> None:
    # Where the system knows no order of single threads, hashing has the same as everything else.
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWER_PRIORITY)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_hashing.cache_clear)  # a forked process has none of its parent's threads


def hash_password(password: str) -> str:
    """Hash a password, in a thread that gives way to all others."""
    return _hashing().submit(_hasher().hash, password).result()


@cache
def nobody() -> str:
    """Return a hash to check against where there is no account: an answer must take as long either way."""
    return _hasher().hash(secrets.token_hex(16))


def check_password(password: str) -> None:
    """Raise SignInError for a password that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise SignInError(
            _(
                "Parola trebuie să aibă cel puțin {least} caractere. Câteva cuvinte la întâmplare sunt o parolă bună."
            ).format(least=SHORTEST_PASSWORD)
        )


def is_right(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return _hashing().submit(_hasher().verify, hashed, password[: LONGEST_PASSWORD + 1]).result()
    except (VerificationError, InvalidHashError):
        return False
