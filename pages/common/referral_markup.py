"""Pieces of „Referiri” as HTML text. No Streamlit here; whatever comes from a register or a form is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from core.i18n import _, number
from pages.common import stacked
from providers.finder import search_terms
from providers.finder.answer import Result
from providers.finder.offer_view import places_badge
from providers.rules import needs, taxonomy, wording
from referrals.records.vocabulary import OPEN, WITH_A_PLACE, reason_label, state_label
from referrals.workflow import worklist

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from providers.finder.answer import Offer
    from referrals.records.vocabulary import Referral

_SHOWN_STATES = (
    "held", "asked", "accepted", "started", "completed", "broken_off", "declined", "expired", "cancelled",
)  # fmt: skip


def who(words: str) -> str:
    """Say in whose name the page is, and where to change that."""
    change = escape(_("schimbați"))
    return f'<p class="hs-quiet">{escape(words)} · <a href="/intra?spre=/referiri" target="_self">{change}</a></p>'


def done(words: str) -> str:
    """Say what was done."""
    return f'<p class="hs-notice" role="status">{escape(words)}</p>'


def need_words(referral: Referral) -> str:
    """Name the need, unless it has to stay unsaid on a screen that others may see."""
    known = needs.needs().get(referral.need)
    kind = taxonomy.service_types().get(referral.service_type)
    if (known and known.is_sensitive) or (kind and (kind.is_sensitive or kind.is_secret)):
        return _("nevoie confidențială")
    found = search_terms.all_search_terms().get(referral.need)
    return found.label if found else referral.need


def card(referral: Referral, service: str, need: str) -> str:
    """Draw one referral: where, in what state, what to do next."""
    kind = "hs-free" if referral.state in WITH_A_PLACE else "hs-ask"
    urgent = worklist.is_urgent(referral) and referral.state in ("held", "asked")
    soon = f'<p class="hs-caution">{escape(_("Expiră curând."))}</p>' if urgent else ""
    reason = f" · {escape(reason_label(referral.reason))}" if referral.reason else ""
    return (
        f'<article class="hs-card hs-result hs-plain" aria-label="{escape(referral.referral_id)}">'
        f'<h3>{escape(service)}</h3><div class="hs-body">'
        f'<p class="hs-what">{escape(need)} · <span class="hs-nobr">{escape(referral.referral_id)}</span>'
        f' · <span class="hs-nobr">{escape(referral.case_ref)}</span></p>'
        f'<p class="hs-places"><span class="hs-chip {kind}">{escape(state_label(referral.state))}</span>'
        f'<span class="hs-soft">{escape(_("din {when}").format(when=worklist.moment_words(referral.made_at)))}'
        f"{reason}</span></p>"
        f"{soon}<p>{escape(worklist.what_next(referral))}</p>{_papers(referral)}</div></article>"
    )


def _papers(referral: Referral) -> str:
    """Lead to what is handed over; a referral that has ended sends nobody anywhere."""
    if referral.state not in OPEN:
        return ""
    return (
        f'<p><a href="/simplu/referire/{escape(referral.referral_id)}/bilet.pdf" target="_blank">'
        f"{escape(_('Biletul de dat persoanei (PDF)'))}</a> · "
        f'<a href="/simplu/referire/{escape(referral.referral_id)}" target="_self">'
        f"{escape(_('Biletul ca text, legătura pentru furnizor'))}</a></p>"
    )


def offer_line(offer: Offer) -> str:
    """Say in one line where the next best is and what is known of its places."""
    parts = [places_badge(offer).words, offer.phone or ""]
    if isinstance(offer, Result):
        parts.insert(0, wording.minute_words(offer.minutes))
    said = " · ".join(part for part in parts if part)
    return f'<p class="hs-quiet"><b>{escape(offer.name)}</b>: {escape(said)}</p>'


def counts_table(counts: pd.DataFrame, by: str, name_of: Callable[[object], str]) -> str:
    """Draw counts as a table: a row an area, a column a state that occurs."""
    found: dict[object, dict[str, int]] = {}
    for code, state, count in zip(counts[by], counts["state"], counts["referrals"], strict=True):
        of_area = found.setdefault(code, {})
        of_area[state] = of_area.get(state, 0) + int(count)
    states = [state for state in _SHOWN_STATES if any(state in of_area for of_area in found.values())]
    heads = [_("Unde"), *(state_label(state) for state in states)]
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(number(found[code].get(state, 0)))}</td>" for state in states)
        + "</tr>"
        for name, code in sorted(((name_of(code), code) for code in found), key=lambda pair: pair[0])
    )
    caption = escape(_("Referiri după stare"))
    return (
        f'<div class="hs-table" tabindex="0" role="region" aria-label="{caption}"><table class="{stacked.kind(heads)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{stacked.labelled(rows, heads)}</tbody></table></div>"
    )
