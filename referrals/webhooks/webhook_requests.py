"""One request to a receiver: signed, to its public address, and how it ended; a test event among them."""

from __future__ import annotations

import secrets as random_bytes
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import update

from core.outgoing_requests import PrivateAddressError, send_request
from referrals.database.models import webhooks
from referrals.interchange.api_tokens import find_token
from referrals.ledger.provider_tokens import signing_key
from referrals.webhooks.subscriptions import find_webhook
from referrals.webhooks.webhook_events import PING, WebhookEvent, event_id_of
from referrals.webhooks.webhook_signing import body_of, secret_of, signed_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.storage.message_settings import MessageSettings
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor
    from referrals.webhooks.subscriptions import Webhook
    from referrals.workflow.directory import Directory

AWAY, REFUSED = "away", "refused"
_SECONDS = 5.0  # of silence of a receiver
_TAKEN, _ELSEWHERE = 200, 300


class Sender(Protocol):
    """Sends one request, as `core.outgoing_requests.send_request` does."""

    def __call__(
        self, method: str, url: str, *, body: bytes, headers: Mapping[str, str], may_be_private: bool, seconds: float
    ) -> int:
        """Return the status of the answer."""


def ping_webhook(
    directory: Directory, webhook_id: str, settings: MessageSettings, *, actor: Actor, send: Sender = send_request
) -> str:
    """Send a test event now, also to a paused subscription, and return how that ended.

    Parameters
    ----------
    directory
        Of the home.
    webhook_id
        Which subscription.
    settings
        Of the home.
    actor
        Who asks: the program itself, or who keeps tokens.
    send
        Sends one request.

    Returns
    -------
    str
        An HTTP status; `away` where nobody answered, `refused` where the address may not be asked.

    Raises
    ------
    UnknownWebhookError
        Where there is none, or it is another program's.
    """
    ledger = directory.ledger
    now = ledger.clock()
    found = find_webhook(ledger, webhook_id, actor=actor)
    with ledger.store.read() as connection:
        token = find_token(connection, found.token_id)
    result = REFUSED
    if token.is_valid(now) and (settings.webhooks_may_be_private or not directory.home.is_demo):
        event = WebhookEvent(event_id_of(found.webhook_id, random_bytes.token_hex(8)), PING, "", "", now)
        result = try_event(ledger, found, event, settings, send)
    with ledger.store.write() as connection:
        own = webhooks.c.webhook_id == found.webhook_id
        connection.execute(update(webhooks).where(own).values(last_result=result))
    return result


def try_event(ledger: Ledger, to: Webhook, event: WebhookEvent, settings: MessageSettings, send: Sender) -> str:
    """Send one event once and return how that ended; nothing of the answer but its status is looked at."""
    now, key = ledger.clock(), signing_key(ledger)
    numbers = [to.secret_number]
    if to.former_until is not None and now < to.former_until:
        numbers.append(to.secret_number - 1)
    body = body_of(event)
    signed = signed_headers(event.event_id, body, [secret_of(key, to.webhook_id, each) for each in numbers], now)
    try:
        status = send(
            "POST",
            to.address,
            body=body,
            headers=signed,
            may_be_private=settings.webhooks_may_be_private,
            seconds=_SECONDS,
        )
    except PrivateAddressError:
        return REFUSED
    except (OSError, ValueError):
        return AWAY
    return str(status)


def is_taken(result: str) -> bool:
    """Whether a try that ended so was taken: a status of 2xx and no other."""
    return result.isdigit() and _TAKEN <= int(result) < _ELSEWHERE
