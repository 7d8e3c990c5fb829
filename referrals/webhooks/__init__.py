"""Other programs told of what happens: subscriptions, the events that each may know of, and their sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.webhooks.subscriptions import Webhook as Webhook
    from referrals.webhooks.subscriptions import list_webhooks as list_webhooks
    from referrals.webhooks.subscriptions import make_webhook as make_webhook
    from referrals.webhooks.webhook_sending import send_webhooks as send_webhooks

__all__ = ["Webhook", "list_webhooks", "make_webhook", "send_webhooks"]

__getattr__ = lazy_exports(
    __name__, {name: "webhook_sending" if name == "send_webhooks" else "subscriptions" for name in __all__}
)
