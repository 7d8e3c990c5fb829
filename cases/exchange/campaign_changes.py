"""Campaigns of a team in a crisis: which households to pass by, and what was found and left at each.

Everything is added and nothing overwritten: two members who stop at one house leave two stops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.exchange.case_changes import household_of
from cases.exchange.exchange_context import ExchangeContext, require_new
from cases.exchange.exchange_errors import EarlierChangeMissingError, RefusedChangeError
from core.i18n import _
from referrals.database.tables.field_campaign_tables import SUPPLIES

if TYPE_CHECKING:
    from cases.exchange.case_book import CaseBook, Row
    from cases.exchange.change_kinds import CaseChange


def open_campaign(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Begin a campaign with its list of households."""
    body = change.body
    require_new(book, "field_campaigns", body["campaign_id"])
    listed = body.get("households", "").split()
    for household in listed:
        household_of(book, household, context)
    row = {"county": context.county, "uat_siruta": context.uat_siruta, "by": context.account}
    row |= {"campaign_id": body["campaign_id"], "kind": body["kind"], "begun_on": body["on_day"], "ended_on": ""}
    book.put("field_campaigns", row)
    for household in listed:
        _list_household(book, body["campaign_id"], household, context)
    return 0


def add_to_campaign(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Put a household on the list of a campaign; one that is there stays."""
    household_of(book, change.household_id, context)
    _campaign_of(book, change, context)
    _list_household(book, change.body["campaign_id"], change.household_id, context)
    return 0


def add_stop(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Write down a stop at a house, also one that was not listed."""
    body = change.body
    household_of(book, change.household_id, context)
    _campaign_of(book, change, context)
    require_new(book, "campaign_stops", body["stop_id"])
    row: Row = {
        "people": 0,
        "needs": "",
        **dict.fromkeys(SUPPLIES, 0),
        **body,
        "household_id": change.household_id,
        "uat_siruta": context.uat_siruta,
        "by": context.account,
    }
    book.put("campaign_stops", row)
    _list_household(book, body["campaign_id"], change.household_id, context)
    return 0


def close_campaign(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """End a campaign; one that is over already ended when it was first said."""
    campaign = _known(book, change, context)
    if change.body["on_day"] < campaign["begun_on"]:
        raise RefusedChangeError(_("Campania a început mai târziu."))
    if not campaign["ended_on"]:
        book.set("field_campaigns", campaign, ended_on=change.body["on_day"])
    return 0


def _known(book: CaseBook, change: CaseChange, context: ExchangeContext) -> Row:
    found = book.get("field_campaigns", change.body["campaign_id"])
    if found is None:
        raise EarlierChangeMissingError(_("Campania nu a ajuns încă la server."))
    if found["uat_siruta"] != context.uat_siruta:
        raise RefusedChangeError(_("Campania este a altei comunități."))
    return found


def _campaign_of(book: CaseBook, change: CaseChange, context: ExchangeContext) -> Row:
    """Return a campaign that goes on, or that went on upon the day of the change."""
    found = _known(book, change, context)
    if found["ended_on"] and change.body["on_day"] > found["ended_on"]:
        raise RefusedChangeError(_("Campania este încheiată."))
    return found


def _list_household(book: CaseBook, campaign_id: str, household_id: str, context: ExchangeContext) -> None:
    row = {"campaign_id": campaign_id, "household_id": household_id, "uat_siruta": context.uat_siruta}
    if book.get("campaign_households", f"{campaign_id} {household_id}") is None:
        book.put("campaign_households", row)
