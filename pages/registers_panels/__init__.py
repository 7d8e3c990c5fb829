"""Panels of „Registre”: how good each source is, and services that may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.registers_panels.duplicates_panel import duplicates_panel as duplicates_panel
    from pages.registers_panels.quality_panel import quality_panel as quality_panel

__all__ = ["duplicates_panel", "quality_panel"]

__getattr__ = lazy_exports(__name__, {"duplicates_panel": "duplicates_panel", "quality_panel": "quality_panel"})
