"""Dated files of everything public for other programs: `/bulk`; `docs/api/bulk.md` says what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.bulk.bulk_routes import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(__name__, {"routes": "bulk_routes"})
