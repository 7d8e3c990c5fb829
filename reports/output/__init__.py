"""Files for people: PDF, charts, maps on paper, workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.output.charts import columns as columns
    from reports.output.pdf import ReportPdf as ReportPdf
    from reports.output.pdf import new_pdf as new_pdf
    from reports.output.pdf import to_bytes as to_bytes
    from reports.output.pdf_map import draw_map as draw_map
    from reports.output.xlsx import Sheet as Sheet
    from reports.output.xlsx import workbook as workbook

__all__ = ["ReportPdf", "Sheet", "columns", "draw_map", "new_pdf", "to_bytes", "workbook"]

__getattr__ = lazy_exports(
    __name__,
    {
        "ReportPdf": "pdf",
        "Sheet": "xlsx",
        "columns": "charts",
        "draw_map": "pdf_map",
        "new_pdf": "pdf",
        "to_bytes": "pdf",
        "workbook": "xlsx",
    },
)
