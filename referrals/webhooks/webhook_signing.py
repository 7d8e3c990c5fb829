"""What a webhook carries and how it is signed, after Standard Webhooks (version 1.0.0, standardwebhooks.com).

The secret of a subscription is computed from the home's own signing key and a number that grows with every rotation:
it is kept nowhere. While a former one is still valid a delivery is signed with both.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from referrals.webhooks.webhook_events import WebhookEvent

SECRET_PREFIX = "whsec_"  # noqa: S105  (what every secret begins with)


def secret_of(key: str, webhook_id: str, number: int) -> str:
    """Return the secret of a subscription by its number, as its receiver keeps it.

    Parameters
    ----------
    key
        The signing key of the home.
    webhook_id, number
        Of which subscription, and which of its secrets.

    Returns
    -------
    str
        `whsec_` and 32 bytes in base64.
    """
    made = hmac.new(key.encode(), f"webhook:{webhook_id}:{number}".encode(), hashlib.sha256).digest()
    return SECRET_PREFIX + base64.b64encode(made).decode()


def body_of(event: WebhookEvent) -> bytes:
    """Write what is sent: kind, moment, and ids and states alone."""
    values = {"type": event.kind, "timestamp": event.at.isoformat(), "data": event.data()}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(event_id: str, body: bytes, secrets: Iterable[str], now: datetime) -> dict[str, str]:
    """Return the headers of one try: the event's id is the same at every try, the moment is of the try.

    Parameters
    ----------
    event_id
        By which a receiver knows what it has already.
    body
        What is sent, byte for byte.
    secrets
        The valid ones, the newest first.
    now
        The moment, UTC.

    Returns
    -------
    dict of str to str
        `webhook-id`, `webhook-timestamp`, `webhook-signature` and the type of the content.
    """
    moment = str(int(now.timestamp()))
    signed = f"{event_id}.{moment}.".encode() + body
    return {
        "Content-Type": "application/json",
        "User-Agent": "harta-webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_signature(each, signed)}" for each in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
