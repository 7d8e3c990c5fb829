"""The referral that an item of a plan waits for: it is tied to the item, and the item follows its states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.exchange.case_book import CaseBook, Row
from cases.exchange.case_endings import end_item
from cases.exchange.exchange_context import ExchangeContext, case_of, refresh_state, row_of
from cases.exchange.exchange_errors import EarlierChangeMissingError, RefusedChangeError
from cases.exchange.plan_changes import begin_row, require_unfinished
from cases.rules.case_vocabulary import BY_REFERRAL, FAILED_REFERRAL, TAKEN_REFERRAL, UNFINISHED
from core.i18n import _
from core.romanian_calendar import BUCHAREST
from referrals.records.vocabulary import OPEN

if TYPE_CHECKING:
    from cases.exchange.change_kinds import CaseChange


def refer_item(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Tie an item to the referral that was made for it; from then on it follows the referral."""
    case_of(book, change.case_ref, context)
    item = row_of(book, "plan_items", change.body["item_id"], change.case_ref)
    require_unfinished(item)
    referral = book.get("referrals", change.body["referral_id"])
    if referral is None:
        raise EarlierChangeMissingError(_("Referirea nu a ajuns încă la server."))
    if referral["case_ref"] != change.case_ref:
        raise RefusedChangeError(_("Referirea este a altui caz."))
    book.set("plan_items", item, referral_id=referral["referral_id"], version=item["version"] + 1)
    follow_referral(book, item, referral["state"], context)
    return 0


def follow_referral(book: CaseBook, item: Row, state: str, context: ExchangeContext) -> bool:
    """Let an item follow its referral: accepted begins it, completed ends it; whether it worked is still to be asked.

    One that was declined, expired, broken off or cancelled leaves the item as it is: a task says to choose again.
    Returns whether the item changed.
    """
    before = item["state"]
    if before in UNFINISHED:
        if state in TAKEN_REFERRAL:
            begin_row(book, item, context.today)
        elif state == "completed":
            end_item(book, item, "done", context.today, "", context)
            book.set("plan_items", item, result="unknown")
    return bool(item["state"] != before)


def follow_all(book: CaseBook, context: ExchangeContext) -> list[str]:
    """Tie referrals to the items that wait for them, and let every item of the book follow its own.

    Returns the cases in which something changed.
    """
    moved = tie_referrals(book)
    for item in list(book.tables["plan_items"].values()):
        referral = book.get("referrals", item["referral_id"]) if item["referral_id"] else None
        case = book.get("cases", item["case_ref"])
        if referral is None or case is None or case["closed_on"]:
            continue
        if follow_referral(book, item, referral["state"], context):
            refresh_state(book, case)
            moved.append(case["case_ref"])
    return list(dict.fromkeys(moved))


def tie_referrals(book: CaseBook) -> list[str]:
    """Tie each referral of a case to an unfinished item for its need, and return the cases in which one was tied.

    An item waits for a referral where a provider is to do it and it has none, or where its own came to nothing; one
    whose referral the new one takes the place of comes first. A referral that was over before the plan was drawn up
    is not what the plan waits for.
    """
    tied = {item["referral_id"] for item in book.tables["plan_items"].values()}
    moved = []
    for referral in sorted(book.tables["referrals"].values(), key=lambda each: (each["made_at"], each["referral_id"])):
        case = book.get("cases", referral["case_ref"])
        if referral["referral_id"] in tied or case is None or case["closed_on"]:
            continue
        waiting = [item for item in book.of_case("plan_items", case["case_ref"]) if _waits_for(book, item, referral)]
        if waiting:
            chosen = min(waiting, key=lambda item: (item["referral_id"] != referral["replaces"], item["item_id"]))
            book.set("plan_items", chosen, referral_id=referral["referral_id"], version=chosen["version"] + 1)
            tied.add(referral["referral_id"])
            moved.append(case["case_ref"])
    return moved


def _waits_for(book: CaseBook, item: Row, referral: Row) -> bool:
    plan = book.get("plans", item["plan_id"])
    if item["need"] != referral["need"] or item["state"] not in UNFINISHED or plan is None:
        return False
    is_older = referral["made_at"].astimezone(BUCHAREST).date().isoformat() < plan["made_on"]
    if plan["state"] not in ("draft", "agreed") or (is_older and referral["state"] not in OPEN):
        return False
    before = book.get("referrals", item["referral_id"]) if item["referral_id"] else None
    if before is not None:
        return before["state"] in FAILED_REFERRAL
    return not item["referral_id"] and item["member"] == BY_REFERRAL
