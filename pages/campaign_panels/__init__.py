"""Panels of „Campanii de locuri”: a provider that is asked, and places taken in from a file."""

from __future__ import annotations

from pages.campaign_panels.asked_panel import draw_asked
from pages.campaign_panels.upload_panel import draw_upload

__all__ = ["draw_asked", "draw_upload"]
