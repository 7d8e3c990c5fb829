"""Signing in: accounts, OpenID Connect, the gate of a live home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.auth.sign_in import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(
    __name__,
    {"routes": "sign_in"},
)
