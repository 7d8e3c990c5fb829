"""What is counted of cases: the figures of a month, frozen once the report of the month is filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cases.figures.case_figures import CaseFigures as CaseFigures
    from cases.figures.case_figures import figures_of as figures_of

__all__ = ["CaseFigures", "figures_of"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "case_figures"))
