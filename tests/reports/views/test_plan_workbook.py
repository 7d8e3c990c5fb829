"""The plan of a community as a workbook: an action a row, days as days, nothing of it a formula, read back as it was."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from cases.community.community_plan import CommunityPlan, PlanAction, PlanPriority, PlanRemark
from cases.community.plan_file import read_plan
from core.errors import UnreadableFileError
from core.i18n import use_language
from reports.views.plan_workbook import blank_plan_workbook, plan_workbook

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


@pytest.mark.parametrize("written", ["ro", "en"])
@pytest.mark.parametrize("read", ["ro", "en"])
def test_what_is_written_of_a_plan_is_read_back_in_either_language(tmp_path, written, read):
    ended = replace(ACTION, action_id="N-2", what="Înscrieri", responsible="dgaspc", due_on="2027-12-31", state="done",
                    ended_on="2026-05-04", result="=gata")  # fmt: skip
    plain = replace(ACTION, action_id="N-3", what="- o listă", state="planned", begun_on="", result="")
    plan = replace(PLAN, priorities=(replace(PLAN.priorities[0], actions=(ACTION, ended, plain)), PLAN.priorities[1]))
    file = tmp_path / "plan.xlsx"
    with use_language(written):
        file.write_bytes(plan_workbook(plan, area="Parincea", made_on=date(2026, 6, 2), is_demo=True))
    with use_language(read):
        found = read_plan(file, 2026, today=date(2026, 6, 2))
    assert found.unread == ()
    assert [(each.kind, each.code, each.reason) for each in found.priorities] == [
        (each.kind, each.code, each.reason) for each in plan.priorities
    ]
    names = ("what", "responsible", "due_on", "state", "begun_on", "ended_on", "result")
    for was, now in zip(plan.priorities, found.priorities, strict=True):
        assert [[getattr(each, name) for name in names] for each in now.actions] == [
            [getattr(each, name) for name in names] for each in was.actions
        ]


def test_an_empty_sheet_has_the_titles_and_the_words_and_is_no_plan_yet(tmp_path):
    content = blank_plan_workbook(area="Parincea", made_on=date(2026, 3, 2), is_demo=False)
    book = openpyxl.load_workbook(io.BytesIO(content))
    heads = next(book["Planul"].iter_rows(values_only=True))
    assert (heads[1], "Întârziată" in heads) == ("Prioritatea", False)
    words = [cell for row in book["Liste"].iter_rows(values_only=True) for cell in row]
    assert {"Medic de familie", "primăria", "făcută"} <= set(words)
    (tmp_path / "gol.xlsx").write_bytes(content)
    with pytest.raises(UnreadableFileError):
        read_plan(tmp_path / "gol.xlsx", 2026, today=date(2026, 3, 2))
