"""What the page for work in the field asks the server: who is signed in, and the exchange of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.field_work.exchange_routes import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(__name__, {"routes": "exchange_routes"})
