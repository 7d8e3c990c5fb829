"""Subscriptions of a token: where its program is told of what happens. Another token's are not there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Path

from api.programs.operations import Answered, CallOf, Operation
from api.programs.problems import ProblemError
from api.v1 import shapes
from core.storage.message_settings import read_message_settings
from referrals.webhooks import subscriptions, webhook_requests

if TYPE_CHECKING:
    from api.programs.callers import Call
    from referrals.webhooks.subscriptions import Webhook

_Number = Annotated[str, Path(pattern=r"^W-[0-9A-Za-z]{1,17}$", description="Number of the subscription")]
_PINGING = threading.BoundedSemaphore(2)  # of this process: who is waited for must not take every thread


def _make_webhook(call: CallOf, asked: shapes.WebhookRequestBody) -> Answered:
    """Subscribe: what happens from now on is told; what was before is read."""
    made, secret = subscriptions.make_webhook(
        call.directory.ledger,
        call.token.token_id,
        asked.address,
        asked.kinds,
        actor=call.actor,
        may_be_private=read_message_settings(call.home).webhooks_may_be_private,
    )
    where = {"Location": f"/api/v1/webhooks/{made.webhook_id}"}
    return Answered(_facts(call, made, secret), 201, where)


def _list_webhooks(call: CallOf) -> Answered:
    """List the subscriptions of this token, the newest first."""
    found = subscriptions.list_webhooks(call.directory.ledger, actor=call.actor)
    return Answered({"webhooks": [_facts(call, each) for each in found]})


def _show_webhook(call: CallOf, webhook_id: _Number) -> Answered:
    """Show a subscription, and how much it has still to be told."""
    return Answered(_facts(call, subscriptions.find_webhook(call.directory.ledger, webhook_id, actor=call.actor)))


def _take_webhook_step(
    call: CallOf,
    webhook_id: _Number,
    step: Annotated[Literal["pause", "resume", "rotate", "ping", "retry"], Path()],
) -> Answered:
    """Pause it or let it go on, give it a new secret, send it a test event, try again what was given up."""
    ledger, actor, secret = call.directory.ledger, call.actor, None
    match step:
        case "pause" | "resume":
            subscriptions.set_paused(ledger, webhook_id, step == "pause", actor=actor)
        case "rotate":
            _changed, secret = subscriptions.rotate_secret(ledger, webhook_id, actor=actor)
        case "retry":
            subscriptions.retry_dead(ledger, webhook_id, actor=actor)
        case "ping":
            if not _PINGING.acquire(blocking=False):
                raise ProblemError("unavailable")
            try:
                settings = read_message_settings(call.home)
                webhook_requests.ping_webhook(call.directory, webhook_id, settings, actor=actor)
            finally:
                _PINGING.release()
    return Answered(_facts(call, subscriptions.find_webhook(ledger, webhook_id, actor=actor), secret))


def _remove_webhook(call: CallOf, webhook_id: _Number) -> Answered:
    """Take a subscription away, with what it had still to be told."""
    facts = _facts(call, subscriptions.find_webhook(call.directory.ledger, webhook_id, actor=call.actor))
    subscriptions.remove_webhook(call.directory.ledger, webhook_id, actor=call.actor)
    return Answered(facts)


def _facts(call: Call, found: Webhook, secret: str | None = None) -> dict[str, Any]:
    owed = subscriptions.count_owed(call.directory.ledger, found.webhook_id, actor=call.actor)
    return {**found.as_json(), **owed, **({"secret": secret} if secret else {})}


_SCOPES = (subscriptions.SCOPE,)
_ONE = "/webhooks/{webhook_id}"
OPERATIONS = (
    Operation(
        "make_webhook", "POST", "/webhooks", _make_webhook, _SCOPES, shapes.WebhookResponse, "Subscribe", status=201
    ),
    Operation("list_webhooks", "GET", "/webhooks", _list_webhooks, _SCOPES, shapes.Webhooks, "Own subscriptions"),
    Operation("show_webhook", "GET", _ONE, _show_webhook, _SCOPES, shapes.WebhookResponse, "One subscription"),
    Operation(
        "take_webhook_step", "POST", f"{_ONE}/{{step}}", _take_webhook_step, _SCOPES, shapes.WebhookResponse,
        "Pause, go on, rotate the secret, test, retry",
    ),
    Operation("remove_webhook", "DELETE", _ONE, _remove_webhook, _SCOPES, shapes.WebhookResponse, "Unsubscribe"),
)  # fmt: skip
