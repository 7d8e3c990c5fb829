"""A list of the nurses' application brought on the server: read by the telephones' rules, nobody's name let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cases.list_import.case_import import import_cases as import_cases
    from cases.list_import.list_report import CaseImport as CaseImport
    from cases.list_import.list_rules import read_list as read_list

__all__ = ["CaseImport", "import_cases", "read_list"]

__getattr__ = lazy_exports(
    __name__, {"CaseImport": "list_report", "import_cases": "case_import", "read_list": "list_rules"}
)
