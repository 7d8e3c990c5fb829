"""Backups of a home: written as one file, looked into, and brought back with the erasures made since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.backups.archive import look_into as look_into
    from referrals.backups.creation import backup as backup
    from referrals.backups.ledger_move import move_ledger as move_ledger
    from referrals.backups.restoring import restore as restore

__all__ = ["backup", "look_into", "move_ledger", "restore"]

__getattr__ = lazy_exports(
    __name__,
    {"backup": "creation", "look_into": "archive", "move_ledger": "ledger_move", "restore": "restoring"},
)
