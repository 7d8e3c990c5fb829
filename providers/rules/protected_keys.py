"""Keys of services with a protected address, outside the editions: none of them finds a row of a register.

Two forms, both saying what is public already, the type and the county that answers for the service:

- `protected:TYPE:COUNTY:1`, the *public id*: a count among the rows that look alike to everybody. It tells the
  lines of one answer or file apart, and opens nothing.
- `protected:TYPE:COUNTY:k3xq…`, the *sealed key*: a keyed hash (HMAC-SHA-256, 80 bits) of the register's key, the
  same in every edition. The ledger keeps what is done with a service under it, and only the county unit that
  answers for the service is given it.

docs/decisions/0026-protected-services.md says why there are two.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import TYPE_CHECKING, Any

from core.storage.service_ids import lasting_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

PREFIX = "protected:"
PROTECTED_VALUE = "(protejat)"  # what an error or a list of rejects says instead of what it found
_DIGEST_BYTES = 10
_SEALED = re.compile(r"protected:(?P<type>[^:]+):(?P<county>[A-Z]{0,2}):(?P<tail>[a-z2-7]{16})")
_NUMBERED = re.compile(r"protected:(?P<type>[^:]+):(?P<county>[A-Z]{0,2}):[0-9]+")


def is_protected(service_id: str) -> bool:
    """Whether an id has one of the two forms of this module (no register's key begins so)."""
    return service_id.startswith(PREFIX)


def tail(service_id: str, key: bytes) -> str:
    """Return the keyed hash of a register's `service_id`: 16 letters and digits, the end of its sealed key.

    An id that was there before registries had sources keeps the hash that it had.

    >>> tail("social:1", b"k") == tail("social:1", b"k") != tail("social:1", b"other")
    True
    """
    digest = hmac.digest(key, lasting_id(service_id).encode(), "sha256")[:_DIGEST_BYTES]
    return base64.b32encode(digest).decode().lower()


def sealed_key(service_id: str, service_type: str, county: str, key: bytes) -> str:
    """Return the sealed key of a service. service_id: as the register has it. key: the home's own secret."""
    return f"{PREFIX}{service_type}:{county}:{tail(service_id, key)}"


def tail_of(service_id: str) -> str:
    """Return the keyed hash in a sealed key; "" for any other text."""
    found = _SEALED.fullmatch(service_id)
    return found["tail"] if found else ""


def county_of(service_id: str) -> str:
    """Return the letters of the county that answers for a sealed key; "" for any other text, a public id too.

    >>> county_of("protected:8790CR-VD-I:BC:abcdefghij234567"), county_of("protected:8790CR-VD-I:BC:1")
    ('BC', '')
    """
    found = _SEALED.fullmatch(service_id)
    return found["county"] if found else ""


def described(service_id: str) -> tuple[str, str] | None:
    """Return the type and the county that either form tells; None for any other text."""
    found = _SEALED.fullmatch(service_id) or _NUMBERED.fullmatch(service_id)
    return (found["type"], found["county"]) if found else None


def public_form(service_id: str) -> str:
    """Return what files and terminals say in place of a `service_id` of the ledger: type and county, no hash.

    >>> public_form("protected:8790CR-VD-I:BC:abcdefghij234567"), public_form("social:1")
    ('protected:8790CR-VD-I:BC', 'social:1')
    """
    return service_id.rpartition(":")[0] if tail_of(service_id) else service_id


def public_ids(hidden: pd.DataFrame, lines: Sequence[str]) -> pd.Series[Any]:
    """Return public ids for protected services: a number within type and county, on their index.

    hidden: their rows, redacted but for `service_id`. lines: the columns that are public. The number depends on those
    alone: rows that differ only in what is kept back are one like the other, whichever comes first.
    """
    alike = hidden["service_type"] + ":" + hidden["county"].fillna("")
    order = hidden[list(lines)].assign(_alike=alike, _key=hidden["service_id"]).sort_values(["_alike", *lines, "_key"])
    numbers = order.groupby("_alike").cumcount() + 1
    return (PREFIX + alike + ":" + numbers.reindex(hidden.index).astype("str")).astype("str")
