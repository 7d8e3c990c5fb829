"""The directory as HSDS 3.1 (Open Referral), for other directories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.hsds.hsds_routes import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(__name__, {"routes": "hsds_routes"})
