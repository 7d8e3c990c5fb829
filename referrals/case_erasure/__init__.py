"""Forgetting a case record: what is left of it are counts. The rest of the record is the room `cases`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.case_erasure.record_erasure import case_digest as case_digest
    from referrals.case_erasure.record_erasure import erase_record as erase_record
    from referrals.case_erasure.record_erasure import note_row as note_row

__all__ = ["case_digest", "erase_record", "note_row"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "record_erasure"))
