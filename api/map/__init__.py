"""The map of all services: its page, and what it asks for while somebody moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.map.map_area import area_card as area_card
    from api.map.map_backgrounds import backgrounds as backgrounds
    from api.map.map_routes import routes as routes

__all__ = ["area_card", "backgrounds", "routes"]

__getattr__ = lazy_exports(
    __name__, {"area_card": "map_area", "backgrounds": "map_backgrounds", "routes": "map_routes"}
)
