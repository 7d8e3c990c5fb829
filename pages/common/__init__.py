"""What the screens share: cached reads, pieces of a screen, words, the list of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.common.call_taps import draw_call_taps as draw_call_taps
    from pages.common.call_taps import draw_undo as draw_undo
    from pages.common.page_elements import bar as bar
    from pages.common.screen_wording import action_label as action_label
    from pages.common.shared import home as home

__all__ = ["action_label", "bar", "draw_call_taps", "draw_undo", "home"]

__getattr__ = lazy_exports(
    __name__,
    {
        "action_label": "screen_wording",
        "bar": "page_elements",
        "draw_call_taps": "call_taps",
        "draw_undo": "call_taps",
        "home": "shared",
    },
)
