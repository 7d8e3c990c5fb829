"""The tables of the ledger, by what they are about; those of referrals and accounts are in `database.models`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.database.tables.case_tables import cases as cases
    from referrals.database.tables.exchange_tables import case_changes as case_changes
    from referrals.database.tables.table_base import UtcTime as UtcTime
    from referrals.database.tables.table_base import metadata as metadata

__all__ = ["UtcTime", "case_changes", "cases", "metadata"]

__getattr__ = lazy_exports(
    __name__,
    {"UtcTime": "table_base", "case_changes": "exchange_tables", "cases": "case_tables", "metadata": "table_base"},
)
