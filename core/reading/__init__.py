"""Tables in and out: files of others read as hostile within limits, rejects, tables kept by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from core.reading.curated_tables import read_rows as read_rows
    from core.reading.reading_account import open_account as open_account
    from core.reading.sheets import read_workbook as read_workbook
    from core.reading.tables import read_table as read_table
    from core.reading.tidied_table import Refusal as Refusal
    from core.reading.tidied_table import TidiedTable as TidiedTable

__all__ = ["Refusal", "TidiedTable", "open_account", "read_rows", "read_table", "read_workbook"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Refusal": "tidied_table",
        "TidiedTable": "tidied_table",
        "open_account": "reading_account",
        "read_rows": "curated_tables",
        "read_table": "tables",
        "read_workbook": "sheets",
    },
)
