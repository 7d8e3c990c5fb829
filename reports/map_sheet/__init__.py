"""What a map shows, as a sheet: the drawing, its legend in words, its services, its sources; on paper as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.map_sheet.sheet_areas import draw_areas as draw_areas
    from reports.map_sheet.sheet_content import MapSheet as MapSheet
    from reports.map_sheet.sheet_pdf import map_sheet_pdf as map_sheet_pdf

__all__ = ["MapSheet", "draw_areas", "map_sheet_pdf"]

__getattr__ = lazy_exports(
    __name__, {"MapSheet": "sheet_content", "draw_areas": "sheet_areas", "map_sheet_pdf": "sheet_pdf"}
)
