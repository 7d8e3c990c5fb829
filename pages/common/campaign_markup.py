"""Campaigns and the file of places as markup, by the same rows as on plain pages. No Streamlit here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.i18n import _
from core.templating import render_macro

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from providers.rules.wording import Phone
    from referrals.campaigns.campaign_view import CampaignLine, CampaignName, CampaignShown

_draw = partial(render_macro, "screen/campaigns.html")


def render_head(shown: CampaignShown) -> Markup:
    """Render which campaign this is and how many answered."""
    return _draw("head", shown)


def render_asked(line: CampaignLine) -> Markup:
    """Draw the head of one provider."""
    return _draw("asked", line)


def render_calls(phones: Sequence[Phone]) -> Markup:
    """Draw whom to call."""
    return _draw("calls", phones)


def render_plan(lines: Iterable[str], warning: str) -> Markup:
    """Render what starting would do, and what keeps messages from going out."""
    return _draw("plan", list(lines), warning)


def render_campaigns(some: Sequence[CampaignName]) -> Markup:
    """List campaigns, each with its page."""
    return _draw("campaigns", some)


def render_places(summary: str, rows: Sequence[tuple[str, str, str, str]]) -> Markup:
    """Show what a file of places says: service, places free, in all, when."""
    heads = [(_("Serviciul"), ""), (_("Locuri libere"), "hs-num"), (_("În total"), "hs-num"), (_("Când"), "")]
    return _draw("places", summary, _("Ce s-a înțeles din fișier"), heads, rows)
