"""The public tables as objects that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.interchange.public_table import public_table_of as public_table_of

__all__ = ["public_table_of"]

__getattr__ = lazy_exports(__name__, {"public_table_of": "public_table"})
