"""The exchange itself: changes of a telephone applied to the rows of a community, one after the other, no database.

A change is applied once, whenever it comes again. What was added stays beside what others added. A field that another
device changed since it was seen keeps its value, and both are kept as a conflict. A change that speaks of what has not
come waits for it, for some days. What is not possible any more is refused in words; nothing is dropped in silence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cases.exchange import (
    assessment_changes,
    campaign_changes,
    case_changes,
    case_endings,
    plan_changes,
    referred_items,
    work_changes,
)
from cases.exchange.case_book import CaseBook, Row
from cases.exchange.change_kinds import CaseChange
from cases.exchange.exchange_context import ExchangeContext, refresh_state
from cases.exchange.exchange_errors import EarlierChangeMissingError, RefusedChangeError
from cases.rules.case_terms import days_after, term
from core.i18n import _
from core.romanian_calendar import BUCHAREST

_HANDLERS: dict[str, Callable[[CaseBook, CaseChange, ExchangeContext], int]] = {
    "household.open": case_changes.open_household,
    "household.set": case_changes.set_household,
    "case.open": case_changes.open_case,
    "case.set": case_changes.set_case,
    "case.close": case_changes.close_case,
    "case.reopen": case_changes.reopen_case,
    "case.join": case_endings.join_case,
    "case.unjoin": case_endings.unjoin_case,
    "move.offer": case_changes.offer_move,
    "move.accept": case_changes.accept_move,
    "move.withdraw": case_changes.withdraw_move,
    "assessment.add": assessment_changes.add_assessment,
    "finding.add": assessment_changes.add_finding,
    "finding.end": assessment_changes.finish_finding,
    "need.add": assessment_changes.add_need,
    "need.set": assessment_changes.set_need,
    "need.end": assessment_changes.end_need,
    "plan.add": plan_changes.add_plan,
    "plan.set": plan_changes.set_plan,
    "plan.agree": plan_changes.agree_plan,
    "item.add": plan_changes.add_item,
    "item.set": plan_changes.set_item,
    "item.begin": plan_changes.begin_item,
    "item.done": plan_changes.finish_item,
    "item.not_done": plan_changes.finish_item,
    "item.cancel": plan_changes.finish_item,
    "item.refer": referred_items.refer_item,
    "visit.add": work_changes.add_visit,
    "note.add": work_changes.add_note,
    "reading.add": work_changes.add_reading,
    "activity.add": work_changes.add_activity,
    "campaign.open": campaign_changes.open_campaign,
    "campaign.add": campaign_changes.add_to_campaign,
    "campaign.stop": campaign_changes.add_stop,
    "campaign.close": campaign_changes.close_campaign,
    "remark.done": work_changes.finish_remark,
    "conflict.settle": work_changes.settle,
}
# Of a closed case: what is about it as a whole, and work of a day on which it was open.
_AFTER_CLOSING = {"case.reopen", "case.unjoin", "reading.add", "remark.done", "conflict.settle"}
_UP_TO_CLOSING = {"visit.add", "note.add"}
_DAYS = ("on_day", "opened_on", "closed_on")


@dataclass(frozen=True)
class ChangeOutcome:
    """What became of a change.

    Attributes
    ----------
    change_id
        Of the change.
    result
        `applied`, `repeated` (it had come before), `conflict` (kept beside another value), `refused` or `waiting`.
    reason
        In words, where it was refused or waits; of one repeated, what became of it the first time.
    """

    change_id: str
    result: str
    reason: str = ""


def exchange_changes(book: CaseBook, changes: Iterable[CaseChange], context: ExchangeContext) -> list[ChangeOutcome]:
    """Apply the changes of one device, in its order, and then those that waited for them.

    Parameters
    ----------
    book
        The rows that the changes are about, with the community's waiting changes; it holds the rows to write after.
    changes
        As the device made them.
    context
        Who sends them.

    Returns
    -------
    list[ChangeOutcome]
        One for each change, in the same order.
    """
    outcomes = [_take(book, change, context) for change in changes]
    _try_waiting(book, context)
    return outcomes


def _take(book: CaseBook, change: CaseChange, context: ExchangeContext) -> ChangeOutcome:
    before = book.get("case_changes", change.change_id)
    if before is not None:
        if not _is_same(before, change, context):
            return ChangeOutcome(change.change_id, "refused", _("Codul schimbării este deja folosit."))
        return ChangeOutcome(change.change_id, "repeated", before["result"])
    result, reason = _apply(book, change, context)
    body: Mapping[str, Any] = change.body
    if change.kind == "case.join" and result == "applied":
        body = {**body, "moved": book.joins[change.case_ref]}
    book.put(
        "case_changes",
        {
            "change_id": change.change_id,
            "device_id": context.device_id,
            "device_no": change.device_no,
            "account": context.account,
            "uat_siruta": context.uat_siruta,
            "case_ref": change.case_ref,
            "household_id": change.household_id or str(body.get("household_id", "")),
            "kind": change.kind,
            "base": change.base,
            "body": json.dumps(body, ensure_ascii=False),
            "at_client": change.at_client,
            "received_at": context.now,
            "result": result,
            "reason": reason[:300],
            "has_waited": False,
        },
    )
    return ChangeOutcome(change.change_id, result, reason)


def _is_same(before: Row, change: CaseChange, context: ExchangeContext) -> bool:
    """Whether a change is the one that came before: of this device, or of its copy, which others may bring."""
    of_device = (before["device_id"], before["kind"]) == (context.device_id, change.kind)
    about = (change.case_ref, change.kind, dict(change.body))
    of_copy = before["uat_siruta"] == context.uat_siruta
    return of_device or (of_copy and (before["case_ref"], before["kind"], json.loads(before["body"])) == about)


def _apply(book: CaseBook, change: CaseChange, context: ExchangeContext) -> tuple[str, str]:
    case = book.get("cases", change.case_ref) if change.case_ref else None
    state = case["state"] if case is not None else ""
    try:
        _require_possible(case, change, context)
        conflicts = _HANDLERS[change.kind](book, change, context)
    except RefusedChangeError as error:
        return "refused", str(error)
    except EarlierChangeMissingError as error:
        return "waiting", str(error)
    case = book.get("cases", change.case_ref) if change.case_ref else None
    if case is not None:
        if change.kind != "reading.add" and case["owner"] == context.account and case["owner_seen"] != context.today:
            book.set("cases", case, owner_seen=context.today)
        refresh_state(book, case)
        book.trail.append((f"case.{change.kind}", change.case_ref, state, case["state"]))
    return ("conflict" if conflicts else "applied"), ""


def _require_possible(case: Row | None, change: CaseChange, context: ExchangeContext) -> None:
    """Refuse what no case allows: days to come, and work on one that is closed."""
    days = [change.body[name] for name in _DAYS if name in change.body]
    if any(day > context.today for day in days):
        raise RefusedChangeError(_("Ziua este în viitor: verificați ceasul telefonului."))
    if case is None or not case["closed_on"] or change.kind in _AFTER_CLOSING:
        return
    if change.kind in _UP_TO_CLOSING and change.body["on_day"] <= case["closed_on"]:
        return
    raise RefusedChangeError(_("Cazul este închis."))


def _try_waiting(book: CaseBook, context: ExchangeContext) -> None:
    """Apply what waited, as long as something comes of it; what waited too long becomes a conflict."""
    is_moving = True
    while is_moving:
        is_moving = False
        waiting = [row for row in book.tables["case_changes"].values() if row["result"] == "waiting"]
        for row in sorted(waiting, key=lambda each: (each["received_at"], each["device_id"], each["device_no"])):
            own = replace(
                context,
                account=row["account"],
                profession=context.members.get(row["account"], ""),
                device_id=row["device_id"],
            )
            result, reason = _apply(book, change_of(row), own)
            if result == "waiting":
                continue
            book.set("case_changes", row, result=result, reason=reason[:300], has_waited=True)
            is_moving = True
    for row in list(book.tables["case_changes"].values()):
        if row["result"] == "waiting" and _is_over(row, context):
            conflict = work_changes.waiting_conflict(row, context)
            book.put("case_conflicts", conflict)
            book.set("case_changes", row, result="conflict", has_waited=True)


def _is_over(row: Row, context: ExchangeContext) -> bool:
    day = row["received_at"].astimezone(BUCHAREST).date().isoformat()
    return days_after(day, term("change_waits")) <= context.today


def change_of(row: Row) -> CaseChange:
    """Return a change as it was sent, of its row."""
    return CaseChange(
        change_id=row["change_id"],
        device_no=row["device_no"],
        kind=row["kind"],
        case_ref=row["case_ref"],
        household_id="" if row["case_ref"] else row["household_id"],
        base=row["base"],
        body=json.loads(row["body"]),
        at_client=row["at_client"],
    )
