"""Routing servers that somebody already runs, asked for minutes from one point to many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.routing.matrix_protocols import MatrixProtocol as MatrixProtocol
    from geo.routing.routing_server import RoutingServer as RoutingServer
    from geo.routing.routing_server import RoutingServerError as RoutingServerError

__all__ = ["MatrixProtocol", "RoutingServer", "RoutingServerError"]

__getattr__ = lazy_exports(
    __name__,
    {"MatrixProtocol": "matrix_protocols", "RoutingServer": "routing_server", "RoutingServerError": "routing_server"},
)
