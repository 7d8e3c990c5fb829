"""The web server: connections, time-outs, logs, health, middleware."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.server.health import routes as routes
    from api.server.middleware import not_found as not_found
    from api.server.middleware import stack as stack

__all__ = ["not_found", "routes", "stack"]

__getattr__ = lazy_exports(
    __name__,
    {"not_found": "middleware", "routes": "health", "stack": "middleware"},
)
