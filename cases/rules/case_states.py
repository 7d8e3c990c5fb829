"""What a case is, by its facts: never chosen, and kept only to be searched by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cases.rules.case_vocabulary import UNFINISHED

CaseRow = Mapping[str, Any]


def state_of_case(
    case: CaseRow, assessments: Iterable[CaseRow], plans: Iterable[CaseRow], items: Iterable[CaseRow]
) -> str:
    """Return the state that follows from the facts of a case.

    Parameters
    ----------
    case
        Its row: `erased_at`, `closed_on`.
    assessments
        Its finished assessments.
    plans
        Its plans: `plan_id`, `state`.
    items
        The items of its plans: `plan_id`, `state`.

    Returns
    -------
    str
        `erased`, `closed`, `noted` (no finished assessment), `assessed` (no agreed plan), `watched` (every item of the
        agreed plan is finished, and there is one), `active` (one is begun or done and one is not finished), `planned`.

    Examples
    --------
    >>> plan = {"plan_id": "P", "state": "agreed"}
    >>> state_of_case({"erased_at": None, "closed_on": ""}, [{}], [plan], [{"plan_id": "P", "state": "planned"}])
    'planned'
    """
    if case["erased_at"] is not None:
        return "erased"
    if case["closed_on"]:
        return "closed"
    agreed = {plan["plan_id"] for plan in plans if plan["state"] == "agreed"}
    if not agreed:
        return "assessed" if any(True for _each in assessments) else "noted"
    if not any(True for _each in assessments):
        return "noted"
    states = [item["state"] for item in items if item["plan_id"] in agreed]
    if states and not any(state in UNFINISHED for state in states):
        return "watched"
    return "active" if any(state in ("begun", "done") for state in states) else "planned"


def months_from(day: str) -> str:
    """Return the month of a day."""
    return day[:7]


def month_after(month: str) -> str:
    """Return the month after a month.

    Examples
    --------
    >>> month_after("2026-12")
    '2027-01'
    """
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def counted_month(day: str, filed: frozenset[str]) -> str:
    """Return the month in whose figures a fact of a day counts: its own, or the first after it that is not filed.

    Parameters
    ----------
    day
        ISO.
    filed
        Months whose report is filed.

    Returns
    -------
    str
        For instance 2026-10.
    """
    month = months_from(day)
    while month in filed:
        month = month_after(month)
    return month
