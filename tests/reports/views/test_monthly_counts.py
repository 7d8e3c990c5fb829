"""The monthly form is filled from cases; what was typed stays; a filed report and its counts do not change."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from core.storage.home import make_home
from referrals.ledger.ledger import open_ledger
from referrals.monthly import drafts, figure_entry, monthly_reports
from referrals.monthly.figure_entry import Figure
from referrals.records.vocabulary import Actor
from reports.indicators.indicators import bounds
from reports.views import monthly_check, monthly_counts
from reports.views.figures_import import read_figures, template
from reports.views.monthly_view import check_typed, field_hint, file_typed, open_month
from tests.worlds.homes.counted_month import PARINCEA, keep_cases
from tests.worlds.homes.ledger_world import Clock

TEAM, COUNTY = Actor("team", "echipa-1", "BC", PARINCEA), Actor("county", "ujss-bc", "BC")
ADMIN = Actor("admin", "a")
MONTH, NEXT = "2026-10", "2026-11"
KNOWN = bounds("community")


@pytest.fixture
def clock():
    return Clock(datetime(2026, 10, 20, 9, tzinfo=UTC))


@pytest.fixture
def ledger(tmp_path, clock):
    opened = open_ledger(make_home("live", tmp_path / "var"), clock=clock, may_begin=True)
    yield opened
    opened.close()


@pytest.fixture
def counted(ledger, clock):
    keep_cases(ledger, "2026-10-05", range(1, 10), assessed=7, planned=3)
    clock.at = datetime(2026, 11, 5, 9, tzinfo=UTC)
    return ledger


def opened(ledger, month=MONTH, actor=TEAM):
    return open_month(ledger, "BC", PARINCEA, month, actor=actor)


def type_in(ledger, **values):
    drafts.save_draft(ledger, "BC", PARINCEA, MONTH, values, actor=TEAM, bounds=KNOWN)


def people(month) -> dict:
    return {code: month.typed.get(code) for code in ("BEN", "EVAL", "PLAN")}


def rest(ledger):
    """Type what is not counted."""
    type_in(ledger, **dict.fromkeys(set(KNOWN) - {"BEN", "EVAL", "PLAN"}, 1))


def test_the_form_of_a_community_that_works_with_cases_is_filled_and_says_so(counted):
    month = opened(counted)
    assert people(month) == month.counted == {"BEN": 9, "EVAL": 7, "PLAN": 3}
    assert "numărat din cazuri" in field_hint(KNOWN["BEN"], month, 9)
    assert "cazuri" not in field_hint(KNOWN["SPAS"], month, None)
    assert opened(counted, "2026-09").counted == {}, "there was no case yet"


def test_without_cases_nothing_is_counted(ledger, clock):
    clock.at = datetime(2026, 11, 5, 9, tzinfo=UTC)
    month = opened(ledger)
    assert month.counted == month.typed == {}


def test_what_was_typed_before_stays_and_the_difference_is_shown(counted):
    figure_entry.enter(counted, [Figure("BC", PARINCEA, MONTH, "BEN", 12)], KNOWN, actor=TEAM)
    month = opened(counted)
    assert people(month) == {"BEN": 12, "EVAL": 7, "PLAN": 3}
    assert "din cazuri: 9, diferența scrisă: +3" in field_hint(KNOWN["BEN"], month, 12)
    type_in(counted, EVAL=6, PLAN=None)
    month = opened(counted)
    assert people(month) == {"BEN": 12, "EVAL": 6, "PLAN": 3}, "who empties a field takes what is counted"
    type_in(counted, BEN=None)
    assert people(opened(counted))["BEN"] == 9


def test_what_is_filed_says_where_each_figure_comes_from(counted):
    rest(counted)
    type_in(counted, **{**opened(counted).draft, "PLAN": 2})
    month = opened(counted)
    rows = monthly_check.checked_rows(check_typed(counted, month, actor=TEAM), month.counted)
    named = " ".join(values[0] for values, _doubts in rows)
    assert "Persoane înregistrate · numărat din cazuri" in named
    assert "Planuri făcute · din cazuri: 3, diferența scrisă: −1" in named
    file_typed(counted, month, {}, actor=TEAM)
    said = monthly_reports.figures(counted, actor=TEAM).set_index("indicator")
    assert said.loc[["BEN", "EVAL", "PLAN", "SPAS"], "value"].tolist() == [9, 7, 2, 1]
    assert said.loc[["BEN", "EVAL", "PLAN", "SPAS"], "source"].tolist() == ["cases", "cases", "screen", "screen"]
    found = monthly_counts.figures_of(counted, MONTH, actor=COUNTY)
    (row,) = monthly_counts.month_differences(counted, found, actor=COUNTY)
    assert (row["indicator"], row["counted"], row["said"]) == ("PLAN", 3, 2)
    assert monthly_counts.difference_lines([row]) == ["24089, 2026-10: Planuri făcute – numărat din cazuri 3, scris 2"]


def test_a_filed_month_is_frozen_and_late_facts_count_in_the_first_that_is_not(counted, clock):
    rest(counted)
    file_typed(counted, opened(counted), {}, actor=TEAM)
    with counted.store.read() as connection:
        kept = connection.exec_driver_sql("select month from case_months").scalars().all()
    assert kept == [MONTH], "kept when it was filed, not when the next telephone calls"
    keep_cases(counted, "2026-10-30", range(20, 23), assessed=3)
    assert opened(counted).counted == {"BEN": 9, "EVAL": 7, "PLAN": 3}
    assert opened(counted).known["BEN"] == 9
    clock.at = datetime(2026, 12, 3, 9, tzinfo=UTC)
    assert people(opened(counted, NEXT)) == {"BEN": 12, "EVAL": 10, "PLAN": 3}


def test_a_returned_month_counts_again_what_was_counted_and_keeps_what_was_typed(counted):
    rest(counted)
    type_in(counted, **{**opened(counted).draft, "PLAN": 2})
    file_typed(counted, opened(counted), {}, actor=TEAM)
    monthly_reports.send_back(counted, "BC", PARINCEA, MONTH, "lipsește un caz", actor=COUNTY)
    keep_cases(counted, "2026-10-30", range(20, 21), assessed=1)
    month = opened(counted)
    assert people(month) == {"BEN": 10, "EVAL": 8, "PLAN": 2}


def test_a_county_unit_sees_what_is_counted_and_other_counties_nothing(counted):
    assert opened(counted, actor=COUNTY).counted["BEN"] == 9
    assert monthly_counts.counted_month(counted, "BC", PARINCEA, MONTH, actor=Actor("county", "x", "CJ")) == {}
    assert monthly_counts.counted_of(counted, "BC", MONTH, actor=COUNTY) == {PARINCEA: {"BEN": 9, "EVAL": 7, "PLAN": 3}}


def test_the_table_to_fill_in_has_what_is_counted_and_is_read_again(counted, tmp_path):
    mine = pd.DataFrame({"uat_siruta": [PARINCEA, 22889], "name": ["Parincea", "Alta"], "county": "BC"})
    table = template(mine, MONTH, counted=monthly_counts.counted_of(counted, "BC", MONTH, actor=COUNTY))
    given = table.dropna(subset="Valoare")[["Cod SIRUTA", "Cod indicator", "Valoare"]].to_numpy().tolist()
    assert given == [[PARINCEA, "BEN", 9], [PARINCEA, "EVAL", 7], [PARINCEA, "PLAN", 3]]
    table.to_csv(tmp_path / "cifre.csv", index=False)
    assert {each.value for each in read_figures(tmp_path / "cifre.csv", mine)} == {9, 7, 3}
    assert template(mine, MONTH)["Valoare"].isna().all()
