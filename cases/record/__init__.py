"""The case record in the database: read, written by exchanges, told to who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cases.record.record_exchange import ExchangeAnswer as ExchangeAnswer
    from cases.record.record_exchange import exchange as exchange

__all__ = ["ExchangeAnswer", "exchange"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "record_exchange"))
