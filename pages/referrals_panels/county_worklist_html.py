"""The county unit's desk as markup: signals, the queue, providers. No Streamlit here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.i18n import _, ngettext, number
from core.templating import render_macro
from referrals.workflow import county_worklist

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from referrals.campaigns.provider_invitations import InvitationList
    from referrals.workflow.county_worklist import Signal

_draw = partial(render_macro, "screen/county_worklist.html")


def render_signal(signal: Signal) -> Markup:
    """Draw one signal: what is said to be wrong, what is published, what is proposed, whom to call."""
    return _draw("signal", signal)


def render_queue(table: pd.DataFrame) -> Markup:
    """Draw every row of a queue; its number leads to the referral, where steps are taken."""
    heads = [
        (words, "")
        for words in (
            _("Referirea"), _("Zile"), _("Comunitatea"), _("Nevoia"), _("Serviciul"), _("Stare"), _("Ce urmează"),
        )
    ]  # fmt: skip
    rows = [
        (
            str(row["referral_id"]),
            number(row["age_days"]),
            ngettext("{n} zi", "{n} zile", row["age_days"]).format(n=row["age_days"]),
            (row["community"], row["need"], row["service"], row["state"], row["next"]),
        )
        for row in table.to_dict("records")
    ]
    return _draw("queue", _("Coada județului"), heads, rows)


def render_providers(table: pd.DataFrame) -> Markup:
    """Draw providers with the age of the last report of their places."""
    heads = [(words, "") for words in (_("Furnizorul"), _("Tipul"), _("Telefon"), _("Ultimul raport de locuri"))]
    rows = [
        (str(row["name"]), row["kind"], row["phone"], county_worklist.report_age(row), bool(row["is_fresh"]))
        for row in table.to_dict("records")
    ]
    return _draw("providers", _("Furnizorii județului"), heads, rows)


def render_link(name: str, address: str) -> Markup:
    """Render for whom a link is and what to do with it."""
    return _draw("link_made", name, address)


def render_invitations(made: InvitationList) -> Markup:
    """List the links that were made, to print and to send from."""
    first, last = made.first, made.first + len(made.rows) - 1
    return _draw("invitations", _("{first}–{last} din {n}").format(first=first, last=last, n=made.count), made.rows)
