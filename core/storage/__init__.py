"""Homes, editions with their digests, and source cards: what lies on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from core.storage.editions import Edition as Edition
    from core.storage.editions import EditionStore as EditionStore
    from core.storage.home import Home as Home
    from core.storage.home import home_path as home_path
    from core.storage.home import make_home as make_home
    from core.storage.home import open_home as open_home
    from core.storage.source_cards import read_card as read_card

__all__ = ["Edition", "EditionStore", "Home", "home_path", "make_home", "open_home", "read_card"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Edition": "editions",
        "EditionStore": "editions",
        "Home": "home",
        "home_path": "home",
        "make_home": "home",
        "open_home": "home",
        "read_card": "source_cards",
    },
)
