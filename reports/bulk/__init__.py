"""Everything public as dated files: tables in several forms, digests, a dictionary, a catalogue of data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.bulk.bulk_files import export_bulk as export_bulk

__all__ = ["export_bulk"]

__getattr__ = lazy_exports(__name__, {"export_bulk": "bulk_files"})
