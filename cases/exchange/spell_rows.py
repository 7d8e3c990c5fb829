"""Spells: for how long a case was open in a community. They are added and ended, so that no filed month changes."""

from __future__ import annotations

from cases.exchange.case_book import CaseBook
from cases.exchange.exchange_context import ExchangeContext


def begin_spell(book: CaseBook, case_ref: str, begun_as: str, day: str, context: ExchangeContext) -> None:
    """Begin a spell: the case is opened, opened anew, or taken over from another community."""
    number = len(book.of_case("case_spells", case_ref)) + 1
    book.put(
        "case_spells",
        {
            "spell_id": f"{case_ref}.{number}",
            "case_ref": case_ref,
            "uat_siruta": context.uat_siruta,
            "begun_as": begun_as,
            "begun_on": day,
            "begun_in": context.month_of(day),
            "ended_as": "",
            "ended_on": "",
            "ended_in": "",
            "outcome": "",
            "is_counted": True,
        },
    )


def end_spell(
    book: CaseBook,
    case_ref: str,
    ended_as: str,
    day: str,
    outcome: str,
    context: ExchangeContext,
    *,
    never: bool = False,
) -> None:
    """End the spell that goes on.

    never: the case should not have been there. It is in no figure, unless a month since its opening was filed: then
    it leaves the figures now.
    """
    for spell in book.of_case("case_spells", case_ref):
        if spell["ended_as"]:
            continue
        month = max(context.month_of(day), spell["begun_in"])
        is_told = any(filed >= spell["begun_in"] for filed in context.filed)
        book.set(
            "case_spells",
            spell,
            ended_as=ended_as,
            ended_on=day,
            ended_in=month,
            outcome=outcome,
            is_counted=spell["is_counted"] and (is_told or not never),
        )
