"""The plan of community services as a workbook: an action a row, with its priority; remarks of the county unit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from cases.community.plan_vocabulary import action_state_label, responsible_label
from core.i18n import _
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    from cases.community.community_plan import CommunityPlan, PlanAction, PlanPriority

_COLUMNS = (
    "rank",
    "priority",
    "reason",
    "what",
    "responsible",
    "due_on",
    "state",
    "is_late",
    "begun_on",
    "ended_on",
    "result",
)


def plan_workbook(plan: CommunityPlan, *, area: str, made_on: date, is_demo: bool) -> bytes:
    """Write a plan as a workbook.

    Parameters
    ----------
    plan
        The plan, as its reader has it.
    area
        Whose it is, in words.
    made_on
        Goes into the properties of the file.
    is_demo
        Whether the sheets carry the mark of a demonstration.

    Returns
    -------
    bytes
        The XLSX file: an action a row, a priority without one a row of its own; days are days.
    """
    titles = dict(
        zip(
            _COLUMNS,
            (
                _("Nr."), _("Prioritatea"), _("Motivul"), _("Acțiunea"), _("Cine răspunde"), _("Termenul"),
                _("Cum este"), _("Întârziată"), _("Începută la"), _("Încheiată la"), _("Ce a ieșit"),
            ),
            strict=True,
        )
    )  # fmt: skip
    rows = [_row(priority, action) for priority in plan.priorities for action in priority.actions or (None,)]
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"rank": "int64"})
    said = pd.DataFrame(
        [(_day(each.made_on), each.remark, _("așteaptă") if each.is_open else _("văzută")) for each in plan.remarks],
        columns=["made_on", "remark", "state"],
    )
    remarks = {"made_on": _("Ziua"), "remark": _("Observația"), "state": _("Cum este")}
    sheets = [Sheet(_("Planul"), table, titles), Sheet(_("Observații"), said, remarks)]
    return workbook(sheets, title=f"{area}. {plan.title}", made_on=made_on, is_demo=is_demo)


def _row(priority: PlanPriority, action: PlanAction | None) -> tuple[object, ...]:
    head = (priority.rank, priority.name, priority.reason)
    if action is None:
        return (*head, *[None] * (len(_COLUMNS) - len(head)))
    return (
        *head,
        action.what,
        responsible_label(action.responsible),
        _day(action.due_on),
        action_state_label(action.state),
        _("da") if action.is_late else "",
        _day(action.begun_on),
        _day(action.ended_on),
        action.result,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
