"""What the screens share: cached reads, pieces of a screen, words, the list of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.common.page_elements import bar as bar
    from pages.common.shared import home as home

__all__ = ["bar", "home"]

__getattr__ = lazy_exports(
    __name__,
    {"bar": "page_elements", "home": "shared"},
)
