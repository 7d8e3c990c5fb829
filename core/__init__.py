"""What every room needs and no geography: errors, language, text, templates; files and homes in rooms of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from core.errors import BadValueError as BadValueError
    from core.errors import MapError as MapError
    from core.i18n import use_language as use_language
    from core.templating import render as render
    from core.text import fold as fold

__all__ = ["BadValueError", "MapError", "fold", "render", "use_language"]

__getattr__ = lazy_exports(
    __name__,
    {
        "BadValueError": "errors",
        "MapError": "errors",
        "fold": "text",
        "render": "templating",
        "use_language": "i18n",
    },
)
