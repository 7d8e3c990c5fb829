"""Panels of „Registre”: how good each source is, services that may be one, and other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.registers_panels.duplicates_panel import draw_duplicates as draw_duplicates
    from pages.registers_panels.programs_panel import draw_programs as draw_programs
    from pages.registers_panels.quality_panel import draw_quality as draw_quality

__all__ = ["draw_duplicates", "draw_programs", "draw_quality"]

__getattr__ = lazy_exports(
    __name__,
    {"draw_duplicates": "duplicates_panel", "draw_programs": "programs_panel", "draw_quality": "quality_panel"},
)
