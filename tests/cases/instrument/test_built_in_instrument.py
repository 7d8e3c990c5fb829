"""The built-in instrument: one rule for each problem that nurses code, a way to every need, a form of any other tool."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from cases.instrument import read_instrument
from cases.instrument.instrument_editions import BUILT_IN
from cases.instrument.instrument_model import WISHES
from cases.instrument.instrument_sheets import read_sheets, write_stacked
from providers.rules.needs import crosswalk, needs

read = read_instrument(BUILT_IN)


def test_every_code_that_means_a_problem_has_one_rule_and_the_rest_a_reason(real_data):
    assert not read.refusals
    assert not read.remarks
    ruled = [rule.code for rule in read.instrument.rules]
    assert len(ruled) == len(set(ruled)) == 122
    assert {*ruled, *read.instrument.without_rule} == set(crosswalk())
    assert not set(ruled) & set(read.instrument.without_rule)
    codes = pd.read_csv(real_data / "cases" / "amc_vulnerabilities_full.csv", dtype="str", keep_default_na=False)
    problems = codes[(codes["in_shared_144"] == "yes") & (codes["means_no_problem"] == "no")]["code"]
    assert set(problems) - {"NONE"} <= set(ruled)


def test_every_need_is_reached_by_a_finding_or_a_wish():
    reached = {need for rule in read.instrument.rules for need in rule.needs}
    assert len(reached) > 60
    assert reached < needs().keys()
    assert WISHES in read.instrument.by_name  # which takes any need of the map


def test_everything_that_no_source_says_is_marked_as_assumed():
    bases = [rule.basis for rule in (*read.instrument.rules, *read.instrument.actions, *read.instrument.levels)]
    assert bases.count("assumed") > 140
    assert all(basis == "assumed" or "AMC" in basis for basis in bases)


def test_the_codes_of_the_worked_month_have_rules(real_data):
    month = real_data / "cases" / "proposal" / "worked_month.json"
    if not month.is_file():
        pytest.skip(f"the worked month is not here ({month})")
    events = json.loads(month.read_text("utf-8"))["events"]
    found = {code for event in events for code in event.get("findings", ())}
    assert found <= {rule.code for rule in read.instrument.rules}


def test_other_tools_for_these_forms_take_it(tmp_path):
    xls2xform = pytest.importorskip("pyxform.xls2xform", reason="pyxform is not installed")
    sheets = read_sheets(BUILT_IN).rows
    write_stacked({name: sheets[name] for name in ("survey", "choices")}, tmp_path / "instrument.csv")
    form = xls2xform.convert(tmp_path / "instrument.csv", validate=False).xform
    asked = [question for question in read.instrument.questions if question.kind != "computed"]
    controls = re.findall(r"<(?:input|select|select1)\b[^>]* ref=\"[^\"]*/([a-z_0-9]+)\"", form)
    assert controls == [question.name for question in asked]
