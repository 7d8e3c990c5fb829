"""What a home must still have before anybody works in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.storage.editions import EditionStore
from core.storage.import_kinds import KINDS
from referrals.ledger.ledger import open_ledger

if TYPE_CHECKING:
    from core.storage.home import Home


def require_present(home: Home, *, editions: bool = True) -> str:
    """Raise the first fault that makes a home unfit to work in: its ledger, or an edition in force, is lost.

    editions: whether these are looked at too; an import may be what brings a lost one back. Those that a question can
    be answered without are not.
    Returns what stands in the way of writing only, in words (a full disk); empty where nothing does.
    """
    ledger = open_ledger(home)
    notice = ledger.notice()
    ledger.close()
    if editions:
        for kind, row in KINDS.items():
            if row.is_needed:
                EditionStore(home).in_force(kind)
    return notice
