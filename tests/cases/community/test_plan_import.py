"""A plan brought from a sheet is a draft of its community, whole; whoever may not bring it and a bad sheet leave nothing."""

from __future__ import annotations

import csv

import pytest

from cases.community.community_plan import adopted_plan
from cases.community.plan_import import import_plan
from cases.community.plan_steps import adopt_plan, note_progress
from core.bad_rows import BadRowsError
from core.errors import BadValueError, NotAllowedError
from referrals.records.vocabulary import Actor
from tests.cases.community.plan_world import CARAVAN, YEAR, adopted, plans_of
from tests.worlds.homes.case_world import COUNTY_LETTERS, ELSEWHERE, NURSE, UAT, WORKER
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, audited, everything

HEADS = ["Prioritatea", "Motivul", "Acțiunea", "Cine răspunde", "Termenul"]
ROWS = [
    ["Nu are buletin", "mulți fără acte", CARAVAN.what, "primăria", "2026"],
    ["Medic de familie", "doi din trei", "Lista celor fără medic", "asistent medical", "12.2026"],
    ["Școlarizare", "de ales", "", "", ""],
]


@pytest.fixture
def sheet(tmp_path):
    def write(rows=ROWS[:2]):
        path = tmp_path / "plan.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([HEADS, *rows])
        return path

    return write


def brought(ledger, path, actor=WORKER, year=YEAR, uat=UAT):
    return import_plan(ledger, path, year, uat, COUNTY_LETTERS, actor=actor)


@pytest.mark.parametrize("who", [WORKER, NURSE, ADMIN])
def test_a_sheet_becomes_a_draft_that_the_team_adopts(ledger, sheet, who):
    report = brought(ledger, sheet(), who)
    (draft,) = plans_of(ledger)
    assert (draft.plan_id, draft.state, draft.number) == (report.plan_id, "draft", 1)
    assert [(each.rank, each.code) for each in draft.priorities] == [(1, "identity-papers"), (2, "MF")]
    assert [(each.what, each.state) for each in draft.actions] == [
        (CARAVAN.what, "planned"), ("Lista celor fără medic", "planned"),
    ]  # fmt: skip
    assert (report.priorities, report.actions) == (2, 2)
    assert "Priorități: 2; acțiuni: 2." in report.lines()[0]
    adopt_plan(ledger, draft.plan_id, version=draft.version, actor=WORKER)
    assert adopted_plan(ledger, UAT).plan_id == report.plan_id
    steps = [each for each in audited(ledger) if each.startswith("community_plan.")]
    assert steps == ["community_plan.import", "community_plan.adopt"]


@pytest.mark.parametrize("who", [ELSEWHERE, COUNTY, NATIONAL, Actor("provider", "link:L"), Actor("system", "harta")])
def test_nobody_else_brings_a_plan(ledger, sheet, who):
    before = everything(ledger)
    with pytest.raises(NotAllowedError):
        brought(ledger, sheet(), who)
    assert everything(ledger) == before


def test_of_a_bad_sheet_nothing_is_written(ledger, sheet):
    before = everything(ledger)
    with pytest.raises(BadRowsError, match=r"Rândul 3 .*„Școlarizare”"):
        brought(ledger, sheet(ROWS))
    for year in (YEAR - 2, YEAR + 6):
        with pytest.raises(BadValueError, match="un an între"):
            brought(ledger, sheet(), year=year)
    assert everything(ledger) == before


def test_a_plan_in_force_is_revised_and_a_year_with_a_draft_keeps_it(ledger, sheet):
    in_force = adopted(ledger)
    assert brought(ledger, sheet([ROWS[1]])).priorities == 1
    draft, kept = plans_of(ledger)
    assert (draft.number, draft.state, kept) == (2, "draft", in_force)
    before = everything(ledger)
    with pytest.raises(BadValueError, match="deja o ciornă"):
        brought(ledger, sheet())
    assert everything(ledger) == before


def test_an_action_that_is_in_the_plan_in_force_goes_on_with_it(ledger, sheet):
    plan = adopted(ledger)
    brought(ledger, sheet(), year=YEAR)
    caravan = plan.actions[0]
    note_progress(ledger, caravan.action_id, "begun", "este chemată", version=caravan.version, actor=WORKER)
    draft = plans_of(ledger)[0]
    assert [(each.state, each.result) for each in draft.actions] == [("begun", "este chemată"), ("planned", "")]
