"""What is done with a view of the map: searched by name, printed, copied as a picture, shown in a frame elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.map.tools.tool_routes import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(__name__, {"routes": "tool_routes"})
