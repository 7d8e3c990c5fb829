"""Requests answered already: a retry with the same key gets the same answer and changes nothing."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from core.i18n import _
from referrals.database.models import answered
from referrals.records.ledger_errors import KeyReusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


def fingerprint(action: str, request: Mapping[str, object]) -> str:
    """Reduce a request to a digest: enough to see that a key came back with another one."""
    return hashlib.sha256(json.dumps([action, request], sort_keys=True, default=str).encode()).hexdigest()


def key_reused_error() -> KeyReusedError:
    """Say that a key serves one request only."""
    return KeyReusedError(_("Aceeași cheie a fost folosită pentru altă cerere. Reîncărcați pagina."))


def lookup(connection: Connection, key: str, request: str) -> str | None:
    """Look for the outcome of an earlier try with a key.

    Parameters
    ----------
    connection
        An open connection, inside the transaction that will store the outcome.
    key
        Idempotency key of the request; "" = none was given.
    request
        Fingerprint of the request.

    Returns
    -------
    str or None
        The outcome stored; None where the key is new or blank.

    Raises
    ------
    KeyReusedError
        Where the key was used for another request.
    """
    if not key:
        return None
    row = connection.execute(select(answered).where(answered.c.key == key)).one_or_none()
    if row is None:
        return None
    if row.request != request:
        raise key_reused_error()
    return str(row.outcome)


def store_outcome(connection: Connection, key: str, request: str, outcome: str, now: datetime) -> None:
    """Remember the outcome of a request, in the transaction that did it."""
    if key:
        connection.execute(insert(answered), {"key": key, "request": request, "outcome": outcome, "answered_at": now})


def purge(connection: Connection, before: datetime) -> int:
    """Drop the answers older than `before` (nobody retries after weeks); give how many."""
    return connection.execute(delete(answered).where(answered.c.answered_at < before)).rowcount
