"""The queue of a team and of a county unit on plain pages: what is looked for, saved views, steps for several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.queue.queue_search import BulkOffered as BulkOffered
    from api.queue.queue_search import QueueSearch as QueueSearch
    from api.queue.queue_search import ViewOffered as ViewOffered

__all__ = ["BulkOffered", "QueueSearch", "ViewOffered"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "queue_search"))
