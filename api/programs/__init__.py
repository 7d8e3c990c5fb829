"""What every answer to other programs stands on: tokens, limits, problems, operations and their descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.programs.api_endpoint import surface_routes as surface_routes

__all__ = ["surface_routes"]

__getattr__ = lazy_exports(__name__, {"surface_routes": "api_endpoint"})
