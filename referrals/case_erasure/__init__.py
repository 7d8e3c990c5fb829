"""Forgetting a case record: what is left of it are counts. The rest of the record is the room `cases`."""

from referrals.case_erasure.record_erasure import case_digest

__all__ = ["case_digest"]
