"""Tables in and out: files of others read as hostile within limits, rejects, tables kept by hand, safe writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from core.reading.curated_tables import read_rows as read_rows
    from core.reading.exporting import write_csv as write_csv
    from core.reading.files import read_table as read_table
    from core.reading.sheets import read_sheet as read_sheet
    from core.reading.tidied_table import Refusal as Refusal
    from core.reading.tidied_table import TidiedTable as TidiedTable

__all__ = ["Refusal", "TidiedTable", "read_rows", "read_sheet", "read_table", "write_csv"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Refusal": "tidied_table",
        "TidiedTable": "tidied_table",
        "read_rows": "curated_tables",
        "read_sheet": "sheets",
        "read_table": "files",
        "write_csv": "exporting",
    },
)
