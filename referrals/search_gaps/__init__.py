"""What people search and do not find: needs and places without an answer, and words that mean no need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.search_gaps.gap_counts import SearchGaps as SearchGaps
    from referrals.search_gaps.gap_counts import note_answers as note_answers
    from referrals.search_gaps.gap_counts import note_unfound as note_unfound
    from referrals.search_gaps.gap_counts import search_gaps as search_gaps
    from referrals.search_gaps.gap_text import gap_lines as gap_lines
    from referrals.search_gaps.gap_text import gap_parts as gap_parts
    from referrals.search_gaps.gap_text import gaps_json as gaps_json

__all__ = ["SearchGaps", "gap_lines", "gap_parts", "gaps_json", "note_answers", "note_unfound", "search_gaps"]

__getattr__ = lazy_exports(
    __name__,
    {
        "SearchGaps": "gap_counts",
        "gap_lines": "gap_text",
        "gap_parts": "gap_text",
        "gaps_json": "gap_text",
        "note_answers": "gap_counts",
        "note_unfound": "gap_counts",
        "search_gaps": "gap_counts",
    },
)
