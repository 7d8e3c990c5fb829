"""The public tables as objects that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.interchange.hsds_reading import read_records as read_records
    from providers.interchange.hsds_tables import write_tables as write_tables
    from providers.interchange.public_table import PublicTable as PublicTable
    from providers.interchange.public_table import public_table_of as public_table_of

__all__ = ["PublicTable", "public_table_of", "read_records", "write_tables"]

__getattr__ = lazy_exports(
    __name__,
    {
        "PublicTable": "public_table",
        "public_table_of": "public_table",
        "read_records": "hsds_reading",
        "write_tables": "hsds_tables",
    },
)
