"""Plain pages by which providers are asked for their places, and files of places taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.campaigns.campaign_pages import NewCampaign as NewCampaign

__all__ = ["NewCampaign"]

__getattr__ = lazy_exports(__name__, {"NewCampaign": "campaign_pages"})
