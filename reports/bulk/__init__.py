"""Everything public as dated files: tables in several forms, digests, a dictionary, a catalogue of data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.bulk.bulk_files import export_bulk as export_bulk
    from reports.bulk.bulk_tables import BulkTable as BulkTable
    from reports.bulk.bulk_tables import gather_bulk as gather_bulk
    from reports.bulk.kept_bulk import make_day as make_day

__all__ = ["BulkTable", "export_bulk", "gather_bulk", "make_day"]

__getattr__ = lazy_exports(
    __name__,
    {"BulkTable": "bulk_tables", "export_bulk": "bulk_files", "gather_bulk": "bulk_tables", "make_day": "kept_bulk"},
)
