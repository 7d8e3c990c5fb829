"""The plan of a case: drawn up, agreed, and its items done one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cases.exchange.case_book import CaseBook, Row
from cases.exchange.case_endings import end_item
from cases.exchange.exchange_context import (
    ExchangeContext,
    case_of,
    require_manager,
    require_member,
    require_new,
    responsible_words,
    row_of,
    seen_needs,
)
from cases.exchange.exchange_errors import RefusedChangeError
from cases.exchange.field_changes import change_fields
from cases.rules.case_terms import due_day
from cases.rules.case_vocabulary import UNFINISHED
from core.i18n import _

if TYPE_CHECKING:
    from cases.exchange.change_kinds import CaseChange


def add_plan(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Draw a plan up, with its items; it holds once it is agreed."""
    case = case_of(book, change.case_ref, context)
    body = change.body
    require_new(book, "plans", body["plan_id"])
    for item in body.get("items", ()):
        require_new(book, "plan_items", item["item_id"])
        require_member(item.get("account", ""), context, responsible_words())
    level = case["level_said"] or case["level"]
    book.put(
        "plans",
        {
            "plan_id": body["plan_id"],
            "case_ref": change.case_ref,
            "uat_siruta": context.uat_siruta,
            "number": max((plan["number"] for plan in book.of_case("plans", change.case_ref)), default=0) + 1,
            "kind": body["kind"],
            "goal": body.get("goal", ""),
            "state": "draft",
            "made_on": body["on_day"],
            "agreed_on": "",
            "agreed_in": "",
            "agreed_how": "",
            "review_on": body.get("review_on") or due_day(body["on_day"], "review", level),
            "by": context.account,
            "version": 1,
            "touched": {},
        },
    )
    for item in body.get("items", ()):
        _put_item(book, body["plan_id"], case, item, context)
    return 0


def _put_item(book: CaseBook, plan_id: str, case: Row, values: Mapping[str, Any], context: ExchangeContext) -> Row:
    # An item for a need that is hidden stays hidden, also when the team learns of such a need by itself.
    rows = [each for each in seen_needs(book, values["need"], case, context) if not each["ended_on"]]
    row: Row = {
        "plan_id": plan_id,
        "case_ref": case["case_ref"],
        "uat_siruta": context.uat_siruta,
        "found_by": rows[0]["found_by"] if rows else "",
        "account": "",
        "due_in": "",
        "state": "planned",
        "begun_on": "",
        "done_on": "",
        "done_in": "",
        "result": "",
        "reason": "",
        "service_type": "",
        "referral_id": "",
        "version": 1,
        "touched": {},
        **values,
    }
    book.put("plan_items", row)
    return row


def set_plan(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Change the goal or the review of a plan."""
    case_of(book, change.case_ref, context)
    values = dict(change.body)
    plan = row_of(book, "plans", values.pop("plan_id"), change.case_ref)
    if plan["state"] not in ("draft", "agreed"):
        raise RefusedChangeError(_("Planul nu mai este în vigoare."))
    return change_fields(book, "plans", plan, values, change, context)


def agree_plan(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Let a plan hold that the person agreed to; the one before is replaced, and what it left open ends."""
    case = case_of(book, change.case_ref, context)
    require_manager(case, context)
    plan = row_of(book, "plans", change.body["plan_id"], change.case_ref)
    if plan["state"] == "agreed":
        return 0
    if plan["state"] != "draft":
        raise RefusedChangeError(_("Planul nu mai este în vigoare."))
    if not book.of_case("assessments", change.case_ref):
        raise RefusedChangeError(_("Planul se agreează după o evaluare."))
    day = change.body["on_day"]
    items = book.of_case("plan_items", change.case_ref)
    for before in book.of_case("plans", change.case_ref):
        if before["state"] == "agreed":
            book.set("plans", before, state="replaced", version=before["version"] + 1)
            for item in items:
                if item["plan_id"] == before["plan_id"] and item["state"] in UNFINISHED:
                    end_item(book, item, "cancelled", day, "", context)
    agreed = {"agreed_on": day, "agreed_in": context.month_of(day), "agreed_how": change.body["how"]}
    book.set("plans", plan, state="agreed", **agreed, version=plan["version"] + 1)
    for item in items:
        if item["plan_id"] == plan["plan_id"] and item["state"] in UNFINISHED:
            book.set("plan_items", item, due_in=context.month_of(item["due_on"]))
    if case["next_review"] < plan["review_on"]:
        book.set("cases", case, next_review=plan["review_on"])
    return 0


def add_item(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Add an item to a plan."""
    case = case_of(book, change.case_ref, context)
    body = change.body
    plan = row_of(book, "plans", body["plan_id"], change.case_ref)
    require_new(book, "plan_items", body["item_id"])
    require_member(body.get("account", ""), context, responsible_words())
    if plan["state"] not in ("draft", "agreed"):
        raise RefusedChangeError(_("Planul nu mai este în vigoare."))
    row = _put_item(book, plan["plan_id"], case, body, context)
    if plan["state"] == "agreed":
        book.set("plan_items", row, due_in=context.month_of(row["due_on"]))
    return 0


def set_item(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Change who does an item, and by when."""
    case_of(book, change.case_ref, context)
    values = dict(change.body)
    item = row_of(book, "plan_items", values.pop("item_id"), change.case_ref)
    require_unfinished(item)
    require_member(values.get("account", ""), context, responsible_words())
    before = item["due_on"]
    conflicts = change_fields(book, "plan_items", item, values, change, context)
    if item["due_on"] != before:
        count_due_anew(book, item, context)
    return conflicts


def count_due_anew(book: CaseBook, item: Row, context: ExchangeContext) -> None:
    """Let a changed deadline count in its month, unless the item was due in a month that is filed."""
    if item["due_in"] and item["due_in"] not in context.filed:
        book.set("plan_items", item, due_in=context.month_of(item["due_on"]))


def require_unfinished(item: Row) -> None:
    """Raise RefusedChangeError for an item that is over."""
    if item["state"] not in UNFINISHED:
        raise RefusedChangeError(_("Acțiunea este încheiată sau anulată."))


def begin_item(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Begin an item."""
    case_of(book, change.case_ref, context)
    begin_row(book, row_of(book, "plan_items", change.body["item_id"], change.case_ref), change.body["on_day"])
    return 0


def begin_row(book: CaseBook, item: Row, day: str) -> None:
    """Write down that an item has begun; one that was finished meanwhile stays so."""
    if item["state"] == "cancelled":
        raise RefusedChangeError(_("Acțiunea este încheiată sau anulată."))
    if item["state"] == "planned":
        book.set("plan_items", item, state="begun", begun_on=day, version=item["version"] + 1)


def finish_item(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Write down that an item was done, not done, or is called off; done twice is done."""
    case_of(book, change.case_ref, context)
    item = row_of(book, "plan_items", change.body["item_id"], change.case_ref)
    state = {"item.done": "done", "item.not_done": "not_done", "item.cancel": "cancelled"}[change.kind]
    if item["state"] == state:
        if state == "done" and item["result"] in ("", "unknown") and change.body.get("result"):
            book.set("plan_items", item, result=change.body["result"])
        return 0
    require_unfinished(item)
    end_item(book, item, state, change.body["on_day"], change.body.get("reason", ""), context)
    if state == "done":
        book.set("plan_items", item, result=change.body.get("result", ""))
    return 0
