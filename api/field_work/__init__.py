"""The page of teams in the field, `/teren/`: its shell, which holds nobody's data, and the exchange of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.field_work.guide_page import guide_parts as guide_parts
    from api.field_work.shell_pages import routes as routes
    from api.field_work.shell_pages import shell_html as shell_html

__all__ = ["guide_parts", "routes", "shell_html"]

__getattr__ = lazy_exports(
    __name__, {"guide_parts": "guide_page", "routes": "shell_pages", "shell_html": "shell_pages"}
)
