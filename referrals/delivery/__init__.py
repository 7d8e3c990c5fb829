"""Messages on their way out: to which address, in which words, by which channel, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.delivery.mail_sending import SendReport as SendReport
    from referrals.delivery.mail_sending import send_due as send_due

__all__ = ["SendReport", "send_due"]

__getattr__ = lazy_exports(__name__, {"SendReport": "mail_sending", "send_due": "mail_sending"})
