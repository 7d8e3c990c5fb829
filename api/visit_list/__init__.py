"""The list for a person on plain pages: kept, ordered, printed and handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.visit_list.visit_list_pages import ListEntry as ListEntry
    from api.visit_list.visit_list_pages import entries_of as entries_of
    from api.visit_list.visit_list_pages import step_words as step_words

__all__ = ["ListEntry", "entries_of", "step_words"]

__getattr__ = lazy_exports(
    __name__,
    {
        "ListEntry": "visit_list_pages",
        "entries_of": "visit_list_pages",
        "step_words": "visit_list_pages",
    },
)
