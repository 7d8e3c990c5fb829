"""Messages on their way out: to which address, in which words, by which channel, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.delivery.mail_sending import SendReport as SendReport
    from referrals.delivery.mail_sending import send_due as send_due
    from referrals.delivery.news_list import NewsLine as NewsLine
    from referrals.delivery.news_list import list_news as list_news
    from referrals.delivery.own_settings import OwnSettings as OwnSettings
    from referrals.delivery.own_settings import save_own_settings as save_own_settings

__all__ = ["NewsLine", "OwnSettings", "SendReport", "list_news", "save_own_settings", "send_due"]

__getattr__ = lazy_exports(
    __name__,
    {
        "NewsLine": "news_list",
        "OwnSettings": "own_settings",
        "SendReport": "mail_sending",
        "list_news": "news_list",
        "save_own_settings": "own_settings",
        "send_due": "mail_sending",
    },
)
