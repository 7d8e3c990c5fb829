"""What every answer to other programs stands on: tokens, limits, problems, operations and their descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.programs.api_endpoint import surface_routes as surface_routes
    from api.programs.application import ApiSurface as ApiSurface
    from api.programs.callers import Call as Call
    from api.programs.file_answers import file_answer as file_answer
    from api.programs.operations import Operation as Operation
    from api.programs.problems import ProblemError as ProblemError

__all__ = ["ApiSurface", "Call", "Operation", "ProblemError", "file_answer", "surface_routes"]

__getattr__ = lazy_exports(
    __name__,
    {
        "ApiSurface": "application",
        "Call": "callers",
        "Operation": "operations",
        "ProblemError": "problems",
        "file_answer": "file_answers",
        "surface_routes": "api_endpoint",
    },
)
