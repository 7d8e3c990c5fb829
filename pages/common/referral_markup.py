"""Pieces of „Referiri” as markup. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.i18n import _, number
from core.templating import render_macro
from core.text import collation_key
from providers.finder.answer import Result
from providers.finder.offer_view import places_badge
from providers.rules.travel_words import time_words
from providers.rules.wording import phone_words
from referrals.answers import ProviderWords
from referrals.records.vocabulary import OPEN, WITH_A_PLACE, reason_label, state_label
from referrals.workflow import worklist

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from markupsafe import Markup

    from providers.finder.answer import Offer
    from providers.rules.wording import Phone
    from referrals.answers import HistoryLine
    from referrals.queue import BulkOutcome
    from referrals.records.vocabulary import Referral

_SHOWN_STATES = (
    "held", "asked", "accepted", "started", "completed", "broken_off", "declined", "expired", "cancelled",
)  # fmt: skip
_TEMPLATE = "screen/referrals.html"


@dataclass(frozen=True)
class ReferralAnswers:
    """What came back about a referral: what its provider said beside the answer, and its steps so far."""

    words: ProviderWords
    history: tuple[HistoryLine, ...]


def render_who(words: str) -> Markup:
    """Render in whose name the page is, and where to change that."""
    return render_macro(_TEMPLATE, "who", words)


def render_step_done(words: str) -> Markup:
    """Render which step was taken."""
    return render_macro(_TEMPLATE, "step_done", words)


def render_outcome(outcome: BulkOutcome) -> Markup:
    """Render what became of several referrals that were stepped at once."""
    return render_macro(_TEMPLATE, "outcome", outcome)


def render_referral(
    referral: Referral,
    service: str,
    need: str,
    phones: tuple[Phone, ...] = (),
    *,
    answers: ReferralAnswers | None = None,
) -> Markup:
    """Draw one referral: where, in what state, what to do next; one that has ended sends nobody anywhere."""
    provider_words = answers.words if answers else ProviderWords()
    return render_macro(
        _TEMPLATE,
        "referral",
        {
            "number": referral.referral_id,
            "case": referral.case_ref,
            "service": service,
            "need": need,
            "state": state_label(referral.stage),
            "has_place": referral.state in WITH_A_PLACE,
            "since": _("din {when}").format(when=worklist.moment_words(referral.made_at)),
            "reason": reason_label(referral.reason) if referral.reason else "",
            "is_urgent": worklist.is_urgent(referral) and referral.state in ("held", "asked"),
            "next": worklist.what_next(referral),
            "is_open": referral.state in OPEN,
            "phones": phones if referral.state in OPEN else (),
            "visit": worklist.visit_words(provider_words.visit_at),
            "called": worklist.moment_words(provider_words.call_at),
            "history": answers.history if answers else (),
        },
    )


def render_offer_line(offer: Offer) -> Markup:
    """Render in one line where the next best is and what is known of its places."""
    parts = [places_badge(offer).words, phone_words(offer.phone)]
    if isinstance(offer, Result):
        parts.insert(0, time_words(offer.minutes, offer.travel))
    return render_macro(_TEMPLATE, "offer_line", offer.name, " · ".join(part for part in parts if part))


def render_counts(counts: pd.DataFrame, by: str, name_of: Callable[[object], str]) -> Markup:
    """Draw counts as a table: a row an area, a column a state that occurs."""
    found: dict[object, dict[str, int]] = {}
    for code, state, count in zip(counts[by], counts["state"], counts["referrals"], strict=True):
        of_area = found.setdefault(code, {})
        of_area[state] = of_area.get(state, 0) + int(count)
    states = [state for state in _SHOWN_STATES if any(state in of_area for of_area in found.values())]
    named = sorted(
        ((name_of(code), of_area) for code, of_area in found.items()), key=lambda pair: collation_key(pair[0])
    )
    rows = [(name, *(number(of_area.get(state, 0)) for state in states)) for name, of_area in named]
    return render_macro(_TEMPLATE, "counts", [(state_label(state), "") for state in states], rows)
