"""The directory as FHIR R4 (IHE mCSD): organizations, locations, services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.fhir.fhir_routes import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(__name__, {"routes": "fhir_routes"})
