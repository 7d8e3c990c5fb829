"""Campaigns: providers asked for their places, what they answered, and the share of services with a fresh place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.campaigns.campaign_status import asked_providers as asked_providers
    from referrals.campaigns.campaign_status import campaign_table as campaign_table
    from referrals.campaigns.campaign_steps import plan as plan
    from referrals.campaigns.campaign_steps import remind as remind
    from referrals.campaigns.campaign_steps import start as start
    from referrals.campaigns.campaign_steps import stop as stop
    from referrals.campaigns.campaign_view import show_campaign as show_campaign
    from referrals.campaigns.fresh_share import fresh_share_table as fresh_share_table

__all__ = ["asked_providers", "campaign_table", "fresh_share_table", "plan", "remind", "show_campaign", "start", "stop"]

__getattr__ = lazy_exports(
    __name__,
    {
        "asked_providers": "campaign_status",
        "campaign_table": "campaign_status",
        "fresh_share_table": "fresh_share",
        "plan": "campaign_steps",
        "remind": "campaign_steps",
        "show_campaign": "campaign_view",
        "start": "campaign_steps",
        "stop": "campaign_steps",
    },
)
