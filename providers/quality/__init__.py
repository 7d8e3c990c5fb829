"""What is to be doubted of the registers as a whole: services that may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.quality.duplicates import find_duplicates as find_duplicates

__all__ = ["find_duplicates"]

__getattr__ = lazy_exports(__name__, {"find_duplicates": "duplicates"})
