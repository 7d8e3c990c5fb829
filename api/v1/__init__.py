"""The API for other programs: `/api/v1`, tokens only, problems by RFC 9457; `docs/api/README.md` says its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.v1.v1_routes import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(__name__, {"routes": "v1_routes"})
