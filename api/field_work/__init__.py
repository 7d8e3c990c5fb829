"""The page of teams in the field, `/teren/`: its shell, which holds nobody's data, and the exchange of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.field_work.shell_pages import routes as routes

__all__ = ["routes"]

__getattr__ = lazy_exports(__name__, {"routes": "shell_pages"})
