"""Work as it was done: visits, notes, readings, activities of the community, remarks seen to, conflicts settled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cases.exchange.case_book import CaseBook, Row
from cases.exchange.case_changes import household_of
from cases.exchange.exchange_context import (
    ExchangeContext,
    case_of,
    manager_words,
    require_manager,
    require_member,
    require_new,
    responsible_words,
    row_of,
)
from cases.exchange.exchange_errors import EarlierChangeMissingError, RefusedChangeError
from cases.exchange.field_changes import settle_conflict
from cases.exchange.plan_changes import begin_row, count_due_anew
from cases.rules.case_vocabulary import UNFINISHED
from core.i18n import _

if TYPE_CHECKING:
    from cases.exchange.change_kinds import CaseChange


def add_visit(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Write a visit down; items of the plan that were worked on have begun."""
    body = change.body
    require_new(book, "visits", body["visit_id"])
    if change.household_id:
        household_of(book, change.household_id, context)
    else:
        case_of(book, change.case_ref, context)
    items = [row_of(book, "plan_items", each, change.case_ref) for each in body.get("items", "").split()]
    row: Row = {
        "minutes": "15-30",
        "place": "home",
        "found": True,
        "services": "",
        "items": "",
        "next_on": "",
        "note": "",
        **body,
        "case_ref": change.case_ref,
        "household_id": change.household_id,
        "uat_siruta": context.uat_siruta,
        "by": context.account,
        "counted_in": context.month_of(body["on_day"]),
    }
    book.put("visits", row)
    for item in items:
        if item["state"] in UNFINISHED:
            begin_row(book, item, body["on_day"])
    return 0


def add_note(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Keep a note of a case."""
    case_of(book, change.case_ref, context)
    require_new(book, "case_notes", change.body["note_id"])
    values = {"case_ref": change.case_ref, "uat_siruta": context.uat_siruta, "by": context.account}
    book.put("case_notes", {**change.body, **values})
    return 0


def add_reading(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Take notice that a case was read on a telephone; the audit log keeps it."""
    case_of(book, change.case_ref, context)
    return 0


def add_activity(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Write down work of the community without persons."""
    body = change.body
    require_new(book, "activities", body["activity_id"])
    values = {"county": context.county, "uat_siruta": context.uat_siruta, "by": context.account}
    values["counted_in"] = context.month_of(body["on_day"])
    book.put("activities", {"participants": 0, **body, **values})
    return 0


def finish_remark(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Say that what a supervisor asked for was done: of a case, or of the community as a whole."""
    if change.case_ref:
        case_of(book, change.case_ref, context)
    remark = row_of(book, "supervised", change.body["remark_id"], change.case_ref)
    if not change.case_ref and remark["uat_siruta"] != context.uat_siruta:
        raise RefusedChangeError(_("Observația nu mai așteaptă, sau nu este a dumneavoastră."))
    book.set("supervised", remark, state="done")
    return 0


def settle(book: CaseBook, change: CaseChange, context: ExchangeContext) -> int:
    """Choose between two values of a field."""
    conflict = book.get("case_conflicts", change.body["conflict_id"])
    if conflict is None:
        raise EarlierChangeMissingError(_("O schimbare de dinainte nu a ajuns încă la server."))
    if (conflict["case_ref"], conflict["household_id"]) != (change.case_ref, change.household_id):
        raise RefusedChangeError(_("Schimbarea este a altui caz."))
    if change.case_ref:
        require_manager(case_of(book, change.case_ref, context), context)
    else:
        household_of(book, change.household_id, context)
    if conflict["state"] != "open":
        raise RefusedChangeError(_("S-a ales deja între cele două valori."))
    if change.body["choose"] == "other" and conflict["field"] in ("account", "owner"):
        # The team may be another one by now.
        is_owner = conflict["field"] == "owner"
        require_member(json.loads(conflict["other"]), context, manager_words() if is_owner else responsible_words())
    settle_conflict(book, conflict, change.body["choose"], change, context)
    if conflict["place"] == "plan_items" and conflict["field"] == "due_on":
        item = book.get("plan_items", conflict["row_key"])
        if item is not None:
            count_due_anew(book, item, context)
    return 0


def waiting_conflict(change_row: Row, context: ExchangeContext) -> Row:
    """Make the conflict of a change that waited in vain for one before it."""
    return {
        "conflict_id": f"X{change_row['change_id'][1:]}.0",
        "case_ref": change_row["case_ref"],
        "household_id": "" if change_row["case_ref"] else change_row["household_id"],
        "uat_siruta": change_row["uat_siruta"],
        "place": "case_changes",
        "row_key": change_row["change_id"],
        "field": change_row["kind"],
        "kept": json.dumps(None),
        "other": json.dumps(change_row["kind"]),
        "kept_change": "",
        "other_change": change_row["change_id"],
        "state": "open",
        "made_at": context.now,
        "settled_by": "",
        "settled_at": None,
    }
