"""The plan of community services as a workbook: an action a row, with its priority; remarks of the county unit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from cases.community.plan_vocabulary import (
    ACTION_STATES,
    KINDS,
    RESPONSIBLES,
    action_state_label,
    plan_titles,
    priority_codes,
    priority_name,
    responsible_label,
)
from core.i18n import _
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    from cases.community.community_plan import CommunityPlan, PlanAction, PlanPriority


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
    titles = plan_titles()
    rows = [_row(priority, action) for priority in plan.priorities for action in priority.actions or (None,)]
    table = pd.DataFrame(rows, columns=list(titles)).astype({"rank": "int64"})
    frame = pd.DataFrame(
        [(_day(each.made_on), each.remark, _("așteaptă") if each.is_open else _("văzută")) for each in plan.remarks],
        columns=["made_on", "remark", "state"],
    )
    remarks = {"made_on": _("Ziua"), "remark": _("Observația"), "state": _("Cum este")}
    sheets = [Sheet(_("Planul"), table, titles), Sheet(_("Observații"), frame, remarks)]
    return workbook(sheets, title=f"{area}. {plan.title}", made_on=made_on, is_demo=is_demo)


def blank_plan_workbook(*, area: str, made_on: date, is_demo: bool) -> bytes:
    """Write a workbook for a plan to be typed into, with the words that its cells may have; arguments as above."""
    titles = plan_titles()
    lists = {
        "priority": [priority_name(kind, code) for kind in KINDS for code in priority_codes(kind)],
        "responsible": [responsible_label(code) for code in RESPONSIBLES],
        "state": [action_state_label(state) for state in ACTION_STATES],
    }
    words = pd.DataFrame({name: pd.Series(said, dtype="str") for name, said in lists.items()})
    sheets = [
        Sheet(_("Planul"), pd.DataFrame(columns=[name for name in titles if name != "is_late"]), titles),
        Sheet(_("Liste"), words, {name: titles[name] for name in lists}),
    ]
    title = _("{area}. Planul comunității, de completat").format(area=area)
    return workbook(sheets, title=title, made_on=made_on, is_demo=is_demo)


def _row(priority: PlanPriority, action: PlanAction | None) -> dict[str, object]:
    head: dict[str, object] = {"rank": priority.rank, "priority": priority.name, "reason": priority.reason}
    if action is None:
        return head
    return head | {
        "what": action.what,
        "responsible": responsible_label(action.responsible),
        "due_on": _day(action.due_on),
        "state": action_state_label(action.state),
        "is_late": _("da") if action.is_late else "",
        "begun_on": _day(action.begun_on),
        "ended_on": _day(action.ended_on),
        "result": action.result,
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
