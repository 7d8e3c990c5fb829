"""A year of public outputs, published month by month, against an attacker who keeps them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from bench.disclosure.public_attack import as_of, attack_on, publications, published
from core.errors import BadValueError
from referrals.records.vocabulary import LEAST_SHOWN, SYSTEM
from reports.disclosure import public_figures
from reports.disclosure.public_figures import hidden_cells, public_period
from reports.documents.report_writing import write_all
from reports.indicators.indicators import LEVELS, NATION, indicators
from reports.indicators.period import parse_period
from reports.indicators.report_data import load_report_data
from reports.views.report_views import make_view, unmet_table, workbook_sheets
from tests.covering import daily

DAY = date(2026, 11, 22)
SECOND_QUARTER, THIRD_QUARTER, WHOLE = (parse_period(text) for text in ("2026-T2", "2026-T3", "all"))


@pytest.fixture(scope="module")
def whole(directory):
    return load_report_data(directory, actor=SYSTEM, day=DAY)


def _of_counties(whole, most: int, fewest: int):
    """The smaller year: the counties with most and with fewest referrals, so that a look takes seconds."""
    counted = whole.parts[whole.parts["part"] == "REF"].groupby("county")["value"].sum().sort_values()
    counties = [*counted.index[-most:], *counted.index[:fewest]]
    communities = whole.communities[whole.communities["county"].isin(counties)].reset_index(drop=True)
    return replace(
        whole,
        communities=communities,
        parts=whole.parts[whole.parts["uat_siruta"].isin(communities["uat_siruta"])],
        unmet=whole.unmet[whole.unmet["uat_siruta"].isin(communities["uat_siruta"])],
        kept={},
        _worked_out={},
    )


@pytest.fixture(scope="module", params=daily([1, 2], lambda most: most == 1))
def facts(whole, request):
    return _of_counties(whole, request.param, 1)


@pytest.fixture(scope="module")
def out(facts):
    return publications(facts)


@pytest.mark.slow
def test_an_attacker_with_all_public_outputs_of_a_year_recovers_no_small_count(facts, out):
    assert len(out) > 17
    found = attack_on(facts, out)
    assert found.small > 300
    assert found.recovered == []


def test_no_small_count_is_printed(out):
    assert all(not 0 < count < LEAST_SHOWN for count in published(out).values())


@pytest.mark.slow
def test_what_is_hidden_does_not_depend_on_what_comes_later(facts, out):
    for period, then in out.items():
        if not period.is_whole:
            assert hidden_cells(facts, period) == hidden_cells(then, period)


def test_a_quarter_is_chosen_once_until_one_of_its_counts_changes(facts, monkeypatch):
    def refuse(*_said, **_named):
        raise AssertionError("chosen again")

    before = hidden_cells(facts, THIRD_QUARTER)
    monkeypatch.setattr(public_figures, "hide", refuse)
    assert hidden_cells(replace(facts, kept={}, _worked_out={}), THIRD_QUARTER) == before
    parts = facts.parts.copy()
    changed = parts.index[(parts["part"] == "BEN") & (parts["month"] == THIRD_QUARTER.first)][0]
    parts.loc[changed, "value"] += 7
    with pytest.raises(AssertionError, match="chosen again"):
        hidden_cells(replace(facts, parts=parts, kept={}, _worked_out={}), THIRD_QUARTER)


def test_a_longer_time_shows_nothing_that_its_quarters_hide(facts):
    whole = public_period(facts, WHOLE)
    assert whole.last == THIRD_QUARTER.last
    flows = {one.code for one in indicators().values() if one.is_people and one.time == "flow"}
    for quarter in (SECOND_QUARTER, THIRD_QUARTER):
        assert {cell for cell in hidden_cells(facts, quarter) if cell[2] in flows} <= hidden_cells(facts, whole)


def test_what_is_not_over_is_not_for_everybody(facts):
    for text in ("2026-11", "2026-T4", "2026"):
        with pytest.raises(BadValueError, match="nu s-a încheiat"):
            make_view(facts, "county", facts.areas("county")[0], parse_period(text), is_public=True)
        make_view(facts, "county", facts.areas("county")[0], parse_period(text), is_public=False)


def test_all_reports_of_a_time_that_is_not_over_are_refused_before_the_first_is_written(directory, tmp_path):
    with pytest.raises(BadValueError, match="nu s-a încheiat"):
        write_all(directory, "2026", tmp_path / "out", actor=SYSTEM, day=DAY)
    assert not (tmp_path / "out").exists()


def test_before_there_is_anything_to_count_nothing_that_happens_is_shown(facts):
    begun = as_of(facts, "2025-12")
    view = make_view(begun, "national", NATION, parse_period("2025-12"), is_public=True)
    assert view.is_hidden("REF")
    assert view.is_hidden("UNMET")
    assert unmet_table(view).empty
    assert public_period(begun, WHOLE).last == "2025-12"


def test_a_team_that_wrote_more_assessments_than_people_breaks_nothing(facts):
    parts = facts.parts.copy()
    parts.loc[parts["part"] == "EVAL", "value"] += 1000
    wrong = replace(facts, parts=parts, kept={}, _worked_out={})
    assert hidden_cells(wrong, parse_period("2026-08"))


def test_the_sheets_of_a_public_workbook_hold_no_small_count_of_persons(facts):
    people = {one.code for one in indicators().values() if one.is_people}
    for level, area in (
        ("national", NATION),
        ("region", facts.areas("region")[0]),
        ("county", facts.areas("county")[0]),
    ):
        view = make_view(facts, level, area, THIRD_QUARTER, is_public=True)
        for sheet in workbook_sheets(view):
            for code in people & set(sheet.table.columns):
                values = pd.to_numeric(sheet.table[code]).dropna()
                assert not ((values > 0) & (values < LEAST_SHOWN)).any(), (sheet.title, code)


@pytest.mark.slow
def test_needs_are_listed_with_the_hidden_ones_put_together(whole):
    whole = _of_counties(whole, 16, 0)
    listed = 0
    for level in LEVELS[1:]:
        for area in whole.areas(level):
            rows = unmet_table(make_view(whole, level, area, THIRD_QUARTER, is_public=True))
            named = rows[rows["need"] != ""]
            assert (named["unmet"] >= LEAST_SHOWN).all()
            total = whole.values(level, THIRD_QUARTER).query("area == @area").set_index("indicator")["value"]["UNMET"]
            assert rows.empty or rows["unmet"].sum() == total
            listed += len(named)
    assert listed
    assert unmet_table(
        make_view(whole, "region", whole.areas("region")[0], parse_period("2026-08"), is_public=True)
    ).empty
    assert unmet_table(make_view(whole, "community", whole.areas("community")[0], THIRD_QUARTER, is_public=True)).empty
