"""What every room needs and no geography: errors, language, text, files, sheets, home, editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from core.editions import Edition as Edition
    from core.editions import EditionStore as EditionStore
    from core.errors import BadValueError as BadValueError
    from core.errors import MapError as MapError
    from core.home import Home as Home
    from core.home import home_path as home_path
    from core.home import make_home as make_home
    from core.i18n import use_language as use_language
    from core.text import fold as fold

__all__ = [
    "BadValueError",
    "Edition",
    "EditionStore",
    "Home",
    "MapError",
    "fold",
    "home_path",
    "make_home",
    "use_language",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "BadValueError": "errors",
        "Edition": "editions",
        "EditionStore": "editions",
        "Home": "home",
        "MapError": "errors",
        "fold": "text",
        "home_path": "home",
        "make_home": "home",
        "use_language": "i18n",
    },
)
