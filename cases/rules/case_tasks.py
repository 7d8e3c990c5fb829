"""What is to be done with a case, by its facts and a day: never kept, so it is never out of date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.rules.case_states import CaseRow
from cases.rules.case_terms import days_after, due_day, term
from cases.rules.case_vocabulary import FAILED_REFERRAL, UNFINISHED
from core.i18n import _

_Due = tuple[str, str, str]  # kind, item, day


@dataclass(frozen=True)
class CaseTask:
    """One thing to do.

    Attributes
    ----------
    kind
        `assess`, `gaps`, `plan`, `begin`, `item`, `choose`, `worked`, `review`, `close`, `remark` or `unseen`.
    case_ref, item_id
        Of which case, and of which item of its plan; "" = of the case as a whole.
    due_on
        The day by which it is due.
    is_late
        Whether that day has passed.
    """

    kind: str
    case_ref: str
    item_id: str
    due_on: str
    is_late: bool


def tasks_of(
    case: CaseRow, assessments: Iterable[CaseRow], plans: Iterable[CaseRow], items: Iterable[CaseRow],
    remarks: Iterable[CaseRow], *, today: str, last_seen: str = "",
) -> list[CaseTask]:  # fmt: skip
    """List what is to be done with an open case, the most pressing first.

    case: its row, with the state that follows. assessments, plans, items (with `referral_state`), remarks: their rows.
    last_seen: the day of the last visit. A case that is closed or erased has no task.
    """
    if case["state"] in ("closed", "erased"):
        return []
    level = case["level_said"] or case["level"]
    newest = max(assessments, key=lambda each: each["on_day"], default=None)
    found = [*_next_steps(case, newest, plans, level, today), *_of_assessment(case, newest, level, today)]
    for item in items:
        found += _of_item(item, today)
    found += [("remark", "", each["due_on"] or today) for each in remarks if each["state"] == "open"]
    if level == "urgent":
        due = days_after(max(last_seen, case["opened_on"]), term("urgent_unseen"))
        found += [("unseen", "", due)] if due <= today else []
    tasks = [CaseTask(kind, case["case_ref"], item_id, due, due < today) for kind, item_id, due in found]
    return sorted(tasks, key=lambda task: (task.due_on, task.kind, task.item_id))


def _next_steps(case: CaseRow, newest: CaseRow | None, plans: Iterable[CaseRow], level: str, today: str) -> list[_Due]:
    if newest is None:
        return [("assess", "", due_day(case["opened_on"], "assess", level))]
    match case["state"]:
        case "assessed":
            return [("plan", "", due_day(newest["on_day"], "plan", level))]
        case "planned":
            agreed = max((plan["agreed_on"] for plan in plans if plan["state"] == "agreed"), default=today)
            return [("begin", "", due_day(agreed, "plan", level))]
        case "watched":
            return [("close", "", case["next_review"] or today)]
    return []


def _of_assessment(case: CaseRow, newest: CaseRow | None, level: str, today: str) -> list[_Due]:
    if newest is None:
        return []
    gaps = [] if newest["complete"] else [("gaps", "", due_day(newest["on_day"], "assess", level))]
    is_due = bool(case["next_review"]) and case["next_review"] <= today
    return [*gaps, *([("review", "", case["next_review"])] if is_due else [])]


def _of_item(item: CaseRow, today: str) -> list[_Due]:
    if item["state"] in UNFINISHED:
        if item["referral_state"] in FAILED_REFERRAL:
            return [("choose", item["item_id"], today)]
        return [("item", item["item_id"], item["due_on"])]
    if item["state"] == "done" and item["result"] == "unknown" and item["referral_state"]:
        return [("worked", item["item_id"], days_after(item["done_on"], term("urgent_unseen")))]
    return []


def task_label(kind: str) -> str:
    """Return in words what is to be done, in the language of the screen."""
    return {
        "assess": _("de evaluat"),
        "gaps": _("de completat evaluarea"),
        "plan": _("de făcut planul"),
        "begin": _("de început planul"),
        "item": _("acțiune din plan"),
        "choose": _("de ales alt serviciu"),
        "worked": _("de întrebat dacă a ajutat"),
        "review": _("de reevaluat"),
        "close": _("de închis sau de reevaluat"),
        "remark": _("cerut de supervizor"),
        "unseen": _("urgent, nevăzut"),
    }[kind]
