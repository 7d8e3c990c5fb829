"""Long lists: which part of one a page shows."""

from core.lists.paging import PageOfMany, page_of

__all__ = ["PageOfMany", "page_of"]
