"""Campaigns that ask providers for their places: their files, and what came of them on „Rapoarte”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.campaigns.campaign_files import campaign_file as campaign_file
    from reports.campaigns.fresh_figures import fresh_places as fresh_places
    from reports.campaigns.fresh_figures import fresh_places_file as fresh_places_file

__all__ = ["campaign_file", "fresh_places", "fresh_places_file"]

__getattr__ = lazy_exports(
    __name__, {"campaign_file": "campaign_files", "fresh_places": "fresh_figures", "fresh_places_file": "fresh_figures"}
)
