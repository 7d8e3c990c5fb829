"""The database: tables, migrations, the audit log and its anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.database.audit import verify as verify
    from referrals.database.idempotency import lookup as lookup
    from referrals.database.schema_migration import ensure_current as ensure_current
    from referrals.database.store import open_store as open_store

__all__ = ["ensure_current", "lookup", "open_store", "verify"]

__getattr__ = lazy_exports(
    __name__,
    {"ensure_current": "schema_migration", "lookup": "idempotency", "open_store": "store", "verify": "audit"},
)
