"""Panels of the screens about cases: what a county unit supervises, one case that it opened with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.case_panels.opened_case_panel import draw_moves as draw_moves
    from pages.case_panels.opened_case_panel import draw_opening as draw_opening
    from pages.case_panels.session_panel import draw_remarks as draw_remarks
    from pages.case_panels.session_panel import draw_session_form as draw_session_form

__all__ = ["draw_moves", "draw_opening", "draw_remarks", "draw_session_form"]

__getattr__ = lazy_exports(
    __name__,
    {
        "draw_moves": "opened_case_panel",
        "draw_opening": "opened_case_panel",
        "draw_remarks": "session_panel",
        "draw_session_form": "session_panel",
    },
)
