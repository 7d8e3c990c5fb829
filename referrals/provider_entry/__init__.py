"""A provider corrects the entry of its own service: what its page asks, and what it said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.provider_entry.entry_form import EntryField as EntryField
    from referrals.provider_entry.entry_form import SaidBefore as SaidBefore
    from referrals.provider_entry.entry_form import WrongEntryError as WrongEntryError
    from referrals.provider_entry.entry_form import entry_fields as entry_fields
    from referrals.provider_entry.entry_form import read_statements as read_statements
    from referrals.provider_entry.entry_form import said_before as said_before

__all__ = ["EntryField", "SaidBefore", "WrongEntryError", "entry_fields", "read_statements", "said_before"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "entry_form"))
