"""Campaigns of the county's teams in a crisis: what each has done by now, and what was found, small counts hidden."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.consent_form import typed_day
from cases.figures.field_campaigns import campaign_totals
from cases.figures.told_counts import count_words, rounding_words
from cases.rules.case_vocabulary import campaign_label, supply_label
from core.i18n import _, number
from pages.case_panels import case_markup
from pages.common import markup
from providers.rules.needs import need_name
from providers.rules.wording import iso_day
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.figures.field_campaigns import CampaignTotals, FieldCampaigns
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


def draw_campaigns(ledger: Ledger, actor: Actor, name_of: Callable[[int], str]) -> None:
    """Draw the totals of a day by campaign, and the needs that were found.

    Parameters
    ----------
    ledger
        Where the record is kept; it checks role and area.
    actor
        A county unit.
    name_of
        Names a community by its SIRUTA.
    """
    typed = st.text_input(
        _("La sfârșitul zilei"), f"{ledger.today():%d.%m.%Y}", max_chars=20, key="campaign_day", width=260
    )
    day = typed_day(typed)
    if day is None:
        st.html(markup.render_field_error(_("Ziua are forma zz.ll.aaaa.")))
        return
    found = campaign_totals(ledger, actor=actor, county=actor.county, day=day.isoformat())
    if not found.rows:
        advice = _("O echipă începe o campanie pe telefon, la „Azi”, „Campanii”.")
        st.html(markup.render_notice(_("Nicio campanie în ultimele zile."), [advice]))
        return
    _draw_totals(found, name_of)
    _draw_needs(found, name_of)


def _draw_totals(found: FieldCampaigns, name_of: Callable[[int], str]) -> None:
    heads = (
        _("Comunitatea"), _("Campania și ce s-a dus"), _("Ultimele vești"), _("Vizite în ziua aceasta"),
        _("Gospodării vizitate"), _("Oameni văzuți"),
    )  # fmt: skip
    rows = [
        (
            name_of(row.uat_siruta), _campaign(row), _news(found, row.uat_siruta),
            number(row.stops_today), _("{n} din {all}").format(n=number(row.reached), all=number(row.listed)),
            number(row.people),
        )
        for row in found.rows
    ]  # fmt: skip
    whole = _("Toate: gospodării vizitate {n} din {all}, oameni văzuți {people}.").format(
        n=number(sum(row.reached for row in found.rows)),
        all=number(sum(row.listed for row in found.rows)),
        people=number(sum(row.people for row in found.rows)),
    )
    st.html(markup.render_quiet(whole))
    st.html(case_markup.render_listing(_("Campaniile echipelor"), heads, rows, numbers=3))


def _campaign(row: CampaignTotals) -> str:
    over = f" · {_('încheiată la {day}').format(day=iso_day(row.ended_on))}" if row.ended_on else ""
    left = [f"{supply_label(name)}: {number(count)}" for name, count in row.supplies.items() if count]
    text = f"{campaign_label(row.kind)}, {_('din {day}').format(day=iso_day(row.begun_on))}{over}"
    return "; ".join((text, *left))


def _news(found: FieldCampaigns, uat: int) -> str:
    """Say when the telephones of a team were last here, and that some have more to send."""
    heard = found.heard.get(uat)
    if heard is None or not heard["last"]:
        return "–"
    text = moment_words(datetime.fromisoformat(heard["last"]))
    return f"{text} · {_('netrimise: {n}').format(n=number(heard['unsent']))}" if heard["unsent"] else text


def _draw_needs(found: FieldCampaigns, name_of: Callable[[int], str]) -> None:
    if not found.needs:
        st.html(markup.render_quiet(_("Nicio nevoie scrisă la aceste campanii.")))
        return
    rows = [
        (f"{name_of(row['uat_siruta'])}: {need_name(row['need'])}", count_words(row["households"]))
        for row in found.needs
    ]
    st.html(markup.render_quiet(rounding_words()))
    heads = (_("Unde și ce nevoie"), _("Gospodării"))
    st.html(case_markup.render_listing(_("Nevoi găsite"), heads, rows, numbers=1))
