"""Plain HTML pages of the team's journey, for poor networks and old telephones: no script, under 30 KB each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.plain.offer_cards import need_answered as need_answered
    from api.plain.search_page import question_page as question_page
    from api.plain.trip_box import trip_shown as trip_shown

__all__ = ["need_answered", "question_page", "trip_shown"]

__getattr__ = lazy_exports(
    __name__, {"need_answered": "offer_cards", "question_page": "search_page", "trip_shown": "trip_box"}
)
