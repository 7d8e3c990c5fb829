"""The tables of the ledger, by what they are about; those of referrals and accounts are in `database.models`."""

from referrals.database.tables.table_base import UtcTime, metadata

__all__ = ["UtcTime", "metadata"]
