"""Sums agree from community to nation; means and shares come from their parts."""

from __future__ import annotations

import csv
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError, UnknownCodeError
from reports.indicators import indicator_inputs
from reports.indicators.indicators import (
    FOLDER,
    LEVELS,
    PART_COLUMNS,
    bounds,
    indicator,
    indicators,
    over_period,
    sums,
    targets,
    values,
)
from reports.indicators.period import Period, months_between, parse_period
from tests.worlds.examples import examples

REGION = {"AA": "R1", "BB": "R1", "CC": "R2"}
PLACES = [("AA", 1), ("AA", 2), ("BB", 3), ("CC", 4), ("CC", 5), ("CC", 6)]
AREAS = {
    "community": [str(uat) for _c, uat in PLACES],
    "county": ["AA", "BB", "CC"],
    "region": ["R1", "R2"],
    "national": ["RO"],
}
ADDITIVE = [one for one in indicators().values() if not one.denominator]
PARTS = sorted({p for one in indicators().values() for p in (*one.numerator, *one.denominator)})


def long(rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["place", "month", "part", "value"])
    county, uat = zip(*(PLACES[n] for n in table["place"]), strict=True) if len(table) else ((), ())
    table = table.assign(county=list(county), uat_siruta=list(uat))[list(PART_COLUMNS)]
    table = table.drop_duplicates(["county", "uat_siruta", "month", "part"])
    return table.astype({"county": "str", "uat_siruta": "int64", "month": "str", "part": "str", "value": "float64"})


rows = st.lists(
    st.tuples(
        st.integers(0, len(PLACES) - 1),
        st.sampled_from(["2026-01", "2026-02", "2026-03", "2026-04"]),
        st.sampled_from(PARTS),
        st.integers(0, 500),
    ),
    max_size=120,
)
periods = st.sampled_from(["2026-01", "2026-02", "2026-T1", "2026", "all"])


def worked_out(table: pd.DataFrame, period: Period) -> dict[str, pd.DataFrame]:
    flat = over_period(table, period)
    return {level: values(sums(flat, level, REGION), AREAS[level]).set_index(["area", "indicator"]) for level in LEVELS}


@settings(deadline=None, max_examples=examples(20))
@given(rows, periods)
def test_sums_agree_from_community_to_nation(table, text):
    found = worked_out(long(table), parse_period(text))
    tree = {
        "county": [(c, [str(uat) for k, uat in PLACES if k == c]) for c in AREAS["county"]],
        "region": [(r, [c for c, k in REGION.items() if k == r]) for r in AREAS["region"]],
        "national": [("RO", AREAS["region"])],
    }
    for below, level in pairwise(LEVELS):
        for one in ADDITIVE:
            for area, children in tree[level]:
                inside = [found[below].loc[(child, one.code), "value"] for child in children]
                total = found[level].loc[(area, one.code), "value"]
                assert np.isnan(total) == all(np.isnan(inside))
                assert total == pytest.approx(np.nansum(inside), nan_ok=True) or np.isnan(total)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(20))
@given(rows, periods)
def test_every_value_is_what_a_slow_reading_of_the_rows_gives(table, text):
    period, long_table = parse_period(text), long(table)
    found = worked_out(long_table, period)
    stocks = {p for one in indicators().values() if one.time == "stock" for p in (*one.numerator, *one.denominator)}
    flows = [one for one in indicators().values() if one.time == "flow" and one.entry != "manual"]
    counted = {part for one in flows for part in (*one.numerator, *one.denominator)}

    def slow(part: str) -> float | None:
        said = []
        for place in PLACES:
            mine = [
                (r.month, r.value)
                for r in long_table.itertuples()
                if (r.county, r.uat_siruta, r.part) == (*place, part)
            ]
            if part in stocks:
                known = [pair for pair in mine if pair[0] <= period.last]
                said += [max(known)[1]] if known else []
            else:
                said += [value for month, value in mine if period.first <= month <= period.last]
        return sum(said) if said else 0.0 if part in counted else None

    for one in indicators().values():
        tops = [v for v in map(slow, one.numerator) if v is not None]
        below = [v for v in map(slow, one.denominator) if v is not None]
        value = found["national"].loc[("RO", one.code), "value"]
        if not tops or (one.denominator and (not below or sum(below) == 0)):
            assert np.isnan(value)
        else:
            assert value == pytest.approx(sum(tops) / (sum(below) if one.denominator else 1))


def test_a_mean_is_divided_and_never_averaged():
    table = long(
        [(0, "2026-01", "BEN", 100), (0, "2026-01", "EVAL", 100), (1, "2026-01", "BEN", 300), (1, "2026-01", "EVAL", 0)]
    )
    found = worked_out(table, parse_period("2026-01"))
    assert found["county"].loc[("AA", "EVAL-RATE"), "value"] == 0.25
    assert found["community"].loc[("1", "EVAL-RATE"), "value"] == 1.0


def test_of_a_stock_the_last_month_counts_and_flows_add_up():
    table = long(
        [(0, "2026-01", "BEN", 10), (0, "2026-02", "BEN", 12), (0, "2026-01", "REF", 5), (0, "2026-02", "REF", 6)]
    )
    quarter = worked_out(table, parse_period("2026-T1"))["national"]["value"]
    assert (quarter["RO", "BEN"], quarter["RO", "REF"]) == (12, 11)
    january = worked_out(table, parse_period("2026-01"))["national"]["value"]
    assert (january["RO", "BEN"], january["RO", "REF"]) == (10, 5)


def test_unknown_is_not_nought_but_nothing_counted_is():
    found = worked_out(long([]), parse_period("2026-01"))["national"]["value"]
    assert np.isnan(found["RO", "BEN"])
    assert found["RO", "REF"] == 0


def test_figures_give_vacancies_full_teams_and_communes():
    communities = pd.DataFrame({"uat_siruta": [1, 2], "county": ["AA", "AA"], "kind": ["commune", "town"]})
    said = [
        (1, "STAFF-SOC", 1),
        (1, "STAFF-MED", 2),
        (1, "STAFF-EDU", 1),
        (2, "STAFF-SOC", 0),
        (1, "COMM", 1),
        (2, "COMM", 1),
    ]
    figures = pd.DataFrame(
        [{"county": "AA", "uat_siruta": u, "month": "2026-01", "indicator": c, "value": v} for u, c, v in said]
    )
    flat = over_period(indicator_inputs.from_figures(figures, communities), parse_period("2026-01"))
    found = values(sums(flat, "county", {"AA": "R1"}), ["AA"]).set_index("indicator")["value"]
    assert found[["VAC-SOC", "VAC-MED", "TEAM-FULL", "COMM", "COMM-RURAL"]].tolist() == [1, 0, 1, 2, 1]


def test_a_returned_report_is_not_filed():
    communities = pd.DataFrame({"uat_siruta": [1, 2, 3], "county": ["AA"] * 3})
    filed = pd.DataFrame({"uat_siruta": [1, 2], "month": ["2026-01"] * 2, "state": ["accepted", "returned"]})
    table = indicator_inputs.from_reports(filed, communities, first="2026-01", last="2026-02")
    assert table.groupby("part")["value"].sum().to_dict() == {"RAP-ACC": 1, "RAP-DUE": 6, "RAP-FILED": 1}


def test_referrals_outside_the_list_do_not_count():
    communities = pd.DataFrame({"uat_siruta": [1], "county": ["AA"]})
    tallied = pd.DataFrame(
        {
            "month": ["2026-01"] * 2, "county": ["XX"] * 2, "uat_siruta": [1, 9], "state": ["declined"] * 2,
            "reason": ["no_places"] * 2, "referrals": [4, 7], "taken": [0, 0], "hours_sum": [0.0] * 2, "days_sum": [0.0] * 2,
        }
    )  # fmt: skip
    table = indicator_inputs.from_referrals(tallied, communities).set_index("part")
    assert table.loc[["REF", "REF-DECL", "REF-NOPLACE"], "value"].tolist() == [4, 4, 4]
    assert set(table["county"]) == {"AA"}


def test_the_file_keeps_to_its_vocabulary_and_every_part_has_a_source():
    with (FOLDER / "indicators.csv").open(encoding="utf-8") as handle:
        lines = list(csv.DictReader(handle))
    assert len({line["code"] for line in lines}) == len(lines)
    for line in lines:
        assert line["level"] in {"community", "county", "nation"}
        assert line["entry"] in {"manual", "computed", "formula"}
        assert line["time"] in {"stock", "flow"}
        assert line["name"]
        assert line["definition"].endswith(".")
        assert (line["entry"] == "manual") == bool(line["most"])
    assert set(targets()) <= set(indicators())
    states = set(indicator_inputs.STATE_PARTS.values())
    assert states <= set(indicators())


def test_both_versions_of_a_target_that_documents_disagree_on_are_kept():
    assert [(t.version, t.least) for t in targets()["TRAIN-MED"]] == [("A", 141), ("B", 143)]
    assert [t.least for t in targets()["COMM-RURAL"]] == [130, 132]
    assert sum(targets()[code][0].least for code in indicator("4S205").numerator) == targets()["4S205"][0].least == 336
    assert sum(targets()[code][0].least for code in indicator("4S206").numerator) == targets()["4S206"][0].least == 313
    assert sum(targets()[code][0].least for code in indicator("4S207").numerator) == targets()["4S207"][0].least == 42


def test_what_is_entered_by_hand_has_bounds_at_its_level():
    assert set(bounds("county")) == {"UJSS"}
    assert set(bounds("nation")) == {"TOOLS-SOC", "TOOLS-MED"}
    assert bounds("community")["STAFF-SOC"].most == 5
    with pytest.raises(UnknownCodeError):
        indicator("NIMIC")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03", "2026-03", "2026-03"),
        ("2026-T2", "2026-04", "2026-06"),
        ("2026q4", "2026-10", "2026-12"),
        ("2026", "2026-01", "2026-12"),
    ],
)
def test_a_period_is_read_as_people_write_it(text, first, last):
    period = parse_period(text)
    assert (period.first, period.last) == (first, last)
    assert parse_period(period.text) == period


@pytest.mark.parametrize("text", ["", "2026-13", "26-01", "2026-T5", "martie"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(BadValueError):
        parse_period(text)


def test_months_are_counted_over_the_turn_of_the_year():
    assert months_between("2025-12", "2026-02") == ["2025-12", "2026-01", "2026-02"]
    assert parse_period("2026-T1").label() == "trimestrul 1 din 2026"
    assert parse_period("2026-03").label() == "martie 2026"
