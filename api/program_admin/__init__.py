"""The plain page on which the administrator keeps other programs: keys, and where they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.program_admin.program_pages import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(__name__, {"routes": "program_pages"})
