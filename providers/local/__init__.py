"""Local knowledge: what no register has, and what comes on some days; how an answer offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.local.local_help import local_offers as local_offers
    from providers.local.visit_days import parse_days as parse_days
    from providers.local.visit_days import upcoming_days as upcoming_days

__all__ = ["local_offers", "parse_days", "upcoming_days"]

__getattr__ = lazy_exports(
    __name__,
    {
        "local_offers": "local_help",
        "parse_days": "visit_days",
        "upcoming_days": "visit_days",
    },
)
