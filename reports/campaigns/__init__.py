"""A campaign that asks providers for their places, as files: the printed list with codes, and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.campaigns.campaign_files import campaign_file as campaign_file
    from reports.campaigns.campaign_list_pdf import campaign_list_pdf as campaign_list_pdf

__all__ = ["campaign_file", "campaign_list_pdf"]

__getattr__ = lazy_exports(__name__, {"campaign_file": "campaign_files", "campaign_list_pdf": "campaign_list_pdf"})
