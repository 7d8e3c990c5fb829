"""Reports from the field and the corrections that a county accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.field.corrected_catalogue import CorrectedCatalogue as CorrectedCatalogue
    from referrals.field.corrected_catalogue import apply_corrections as apply_corrections
    from referrals.field.field_reports import FieldReport as FieldReport
    from referrals.field.field_reports import report as report
    from referrals.field.field_reports import settle as settle

__all__ = ["CorrectedCatalogue", "FieldReport", "apply_corrections", "report", "settle"]

__getattr__ = lazy_exports(
    __name__,
    {
        "CorrectedCatalogue": "corrected_catalogue",
        "FieldReport": "field_reports",
        "apply_corrections": "corrected_catalogue",
        "report": "field_reports",
        "settle": "field_reports",
    },
)
