"""The plan of a community as a workbook: an action a row, days as days, nothing of it a formula."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import openpyxl

from cases.community.community_plan import CommunityPlan, PlanAction, PlanPriority, PlanRemark
from reports.views.plan_workbook import plan_workbook

ACTION = PlanAction(
    "N-1", 1, '=HYPERLINK("http://x")', "town_hall", "2026-06-30", "begun", "2026-03-02", "", "+40", is_late=True
)
PLAN = CommunityPlan(
    "Y-1", 4, "BC", 24089, 2026, 1, "adopted", "2026-01-10", "2026-02-01", "",
    (
        PlanPriority("T-1", 1, "need", "identity-papers", 1, "mulți fără acte", (ACTION,)),
        PlanPriority("T-2", 1, "category", "MF", 2, "fără medic", ()),
    ),
    (PlanRemark("O-1", "bun", "2026-02-10", sends_back=False, is_open=True),),
)  # fmt: skip


def opened(plan):
    return openpyxl.load_workbook(
        io.BytesIO(plan_workbook(plan, area="Parincea", made_on=date(2026, 3, 2), is_demo=False))
    )


def test_an_action_is_a_row_and_a_priority_without_one_too():
    book = opened(PLAN)
    head, first, second = book["Planul"].iter_rows(values_only=True)
    assert head[:6] == ("Nr.", "Prioritatea", "Motivul", "Acțiunea", "Cine răspunde", "Termenul")
    assert (first[0], first[4], first[5], first[7]) == (1, "primăria", datetime(2026, 6, 30), "da")
    assert (second[0], second[2], second[3]) == (2, "fără medic", None)
    assert [row[1] for row in book["Observații"].iter_rows(values_only=True)] == ["Observația", "bun"]


def test_a_text_is_never_a_formula():
    row = next(opened(PLAN)["Planul"].iter_rows(min_row=2))
    assert {cell.data_type for cell in row} <= {"s", "n", "d"}
    assert not str(row[3].value).startswith("=")


def test_a_plan_without_anything_is_a_file_too():
    book = opened(replace(PLAN, priorities=(), remarks=()))
    assert book["Planul"].max_row == 1
