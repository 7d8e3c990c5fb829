"""Plain HTML pages of the team"s journey, for poor networks and old telephones: no script, under 30 KB each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.plain.needs_fieldset import NeedsInput as NeedsInput
    from api.plain.needs_fieldset import more_button as more_button
    from api.plain.offer_cards import card as card
    from api.plain.offer_cards import danger as danger
    from api.plain.trip_box import draw as draw

__all__ = ["NeedsInput", "card", "danger", "draw", "more_button"]

__getattr__ = lazy_exports(
    __name__,
    {
        "NeedsInput": "needs_fieldset",
        "card": "offer_cards",
        "danger": "offer_cards",
        "draw": "trip_box",
        "more_button": "needs_fieldset",
    },
)
