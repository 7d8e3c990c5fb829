"""What is to be doubted of the registers as a whole: services that may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.quality.duplicates import find_duplicates as find_duplicates
    from providers.quality.register_quality import judged_by_list as judged_by_list
    from providers.quality.register_quality import rows_of_figure as rows_of_figure

__all__ = ["find_duplicates", "judged_by_list", "rows_of_figure"]

__getattr__ = lazy_exports(
    __name__,
    {"find_duplicates": "duplicates", "judged_by_list": "register_quality", "rows_of_figure": "register_quality"},
)
