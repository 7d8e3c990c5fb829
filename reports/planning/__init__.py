"""Coverage and plans as lines, data and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.planning.coverage_files import write_coverage as write_coverage
    from reports.planning.coverage_files import write_plan as write_plan
    from reports.planning.coverage_query import ask as ask
    from reports.planning.coverage_query import coverage_lines as coverage_lines

__all__ = ["ask", "coverage_lines", "write_coverage", "write_plan"]

__getattr__ = lazy_exports(
    __name__,
    {
        "ask": "coverage_query",
        "coverage_lines": "coverage_query",
        "write_coverage": "coverage_files",
        "write_plan": "coverage_files",
    },
)
