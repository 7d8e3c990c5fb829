"""The indicators asked of community nurses: counted as an obvious loop over the ministry's own codes counts them."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Integer

from cases.figures.amc_indicators import amc_indicators, is_restricted
from cases.figures.amc_sheet import amc_sheet
from cases.figures.case_figures import category_of
from cases.record import exchange
from cases.record.record_exchange import instruments_of
from core.errors import NotAllowedError
from core.i18n import use_language
from referrals.database.tables import case_tables as t
from referrals.records.vocabulary import Actor
from tests.worlds.examples import examples
from tests.worlds.homes.case_world import TODAY, UAT, WORKER, Phone, assessing, code, opening

INSTRUMENT = instruments_of(None)("")
RULES = {rule.code: rule for rule in INSTRUMENT.rules}
NURSE = Actor("team", "echipa-2", "BC", UAT, profession="medical")
COUNTY = Actor("county", "ujss-bc", "BC")
NATION = Actor("national", "n")
MONTH = TODAY[:7]
OF_PEOPLE = [each for each in amc_indicators() if each.sheet in ("general", "child", "pregnant")]
SOCIAL = {"ID", "POV", "INC", "LIV", "FAM", "EDU", "VIF", "SOC"}
FOUND = sorted(
    {c for each in OF_PEOPLE for c in each.amc_codes if c in RULES and not c.startswith("VCV") and c != "VGR_10"}
)


def row(table, **values):
    blank = {
        column.name: False if isinstance(column.type, Boolean) else 0 if isinstance(column.type, Integer) else ""
        for column in table.columns
        if not column.nullable and column.default is None and column.server_default is None
    }
    moments = {name: datetime(2026, 3, 1, tzinfo=UTC) for name in blank if name.endswith("_at")}
    return {**blank, **moments, **values}


def keep(ledger, people, *, uat=UAT):
    """Write people down as they would be after assessments: born, sex, codes that are open, whether assessed."""
    with ledger.store.write() as connection:
        for table in (t.findings, t.assessments, t.case_spells, t.cases):
            connection.execute(table.delete())
        for number, (born, sex, codes, is_assessed) in enumerate(people, 1):
            ref, place = code("C", number), {"case_ref": code("C", number), "uat_siruta": uat}
            connection.execute(
                t.cases.insert(), row(t.cases, county="BC", born=born, sex=sex, source="outreach", **place)
            )
            spell = row(t.case_spells, spell_id=f"{ref}.1", begun_as="opened", begun_in=MONTH, begun_on=TODAY, **place)
            connection.execute(t.case_spells.insert(), spell | {"is_counted": True})
            if is_assessed:
                made = row(t.assessments, assessment_id=code("A", number), counted_in=MONTH, answers="{}", **place)
                connection.execute(t.assessments.insert(), made)
            for each in codes:
                finding = row(t.findings, finding_id=f"{ref}:{each}", code=each, opened_in=MONTH, **place)
                rule = RULES[each]
                connection.execute(t.findings.insert(), finding | {"level": rule.level, "sees": rule.sees})


def counted(ledger, actor=NURSE, first=MONTH, last=MONTH, **area):
    return amc_sheet(ledger, first, last, INSTRUMENT, actor=actor, **area).values


PEOPLE = st.tuples(
    st.sampled_from(("1950", "1990", "2015-05", "2022", "2025-08", "2009-01", "")),
    st.sampled_from(("F", "M")),
    st.sets(st.sampled_from(FOUND), max_size=5),
    st.booleans(),
)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PEOPLE, max_size=12))
def test_sheets_of_people_are_what_the_ministrys_own_codes_give(sqlite_ledger, people):
    keep(sqlite_ledger, people)
    mine = counted(sqlite_ledger)
    for each in OF_PEOPLE:
        if each.counts != "people" or is_restricted(each, INSTRUMENT):
            continue
        expected = sum(_is_counted(each.code, each.amc_codes, *person) for person in people)
        assert mine[each.code] == expected, each


def _is_counted(indicator, amc_codes, born, sex, codes, is_assessed) -> bool:
    age = {"1950": 76, "1990": 35, "2015-05": 10, "2022": 3, "2025-08": 0, "2009-01": 17, "": -1}[born]
    seen = {each for each in codes if RULES[each].sees != "restricted"}
    problems = {each for each in seen if RULES[each].level != "info"}
    ages = {"VCV_06": age >= 65, "VCV_05": 18 <= age < 65, "VCV_00": False}
    alike = defaultdict(list)
    for each in amc_codes:
        alike[each[:3]].append(each)
    for kind, group in alike.items():
        if group == ["VGR_10"]:
            fits = sex == "F" and 15 <= age <= 45
        elif kind == "VCV":
            # The one known difference: where the ministry's query has the codes of 0 to 14 years, the label says 0 to 18.
            fits = any(ages.get(each, 0 <= age < 18) for each in group)
        else:
            fits = bool(seen & set(group))
        if not fits:
            return False
    if indicator in ("G07", "G12"):
        return bool(problems)
    if indicator in ("G24", "C27"):
        return is_assessed and not problems
    if indicator == "P01":
        return any(category_of()[each] in SOCIAL for each in problems)
    return True


def test_all_402_stand_in_the_sheet_and_who_is_not_counted_says_why(sqlite_ledger):
    sheet = amc_sheet(sqlite_ledger, MONTH, MONTH, INSTRUMENT, actor=NURSE)
    assert len(amc_indicators()) == len(sheet.values) == 402
    for each in amc_indicators():
        assert each.counts or each.note, each
        told = sheet.values[each.code] is not None
        assert told is (bool(each.counts) and each.code not in {*sheet.unasked, *sheet.apart, "A08"}), each
    rare = {f"RD{number:02d}" for number in range(1, 44)} | {"SH37", "SH38", "CH55", "CH56", "CH57"}
    assert sheet.unasked == rare, "the built-in instrument does not ask for rare diseases"
    assert sheet.apart == {"G05", "C16", "I15"}
    with use_language("en"):
        notes = {each["code"]: each["note"] for each in sheet.as_json()["indicators"]}
    assert "does not ask" in notes["RD01"]
    assert "county" in notes["G05"]
    assert not notes["G02"]


def test_ages_are_of_the_last_day_and_not_those_that_were_found(sqlite_ledger):
    keep(sqlite_ledger, [("2008-04", "F", {"VCV_04"}, True)])
    assert counted(sqlite_ledger)["C27"] == 1
    later = counted(sqlite_ledger, first="2026-06", last="2026-06")
    assert (later["C27"], later["G24"]) == (0, 1)


def test_whoever_is_not_the_nurse_reads_fives_and_violence_is_told_of_a_county(sqlite_ledger):
    keep(sqlite_ledger, [("1990", "F", {"VFV_03", "VSG_HTA"}, True)] * 7)
    assert counted(sqlite_ledger)["CH02"] == 7
    assert counted(sqlite_ledger)["G05"] is None
    assert counted(sqlite_ledger)["G24"] == 0, "they have an illness"
    others = (WORKER, COUNTY, NATION)
    assert {counted(sqlite_ledger, each)["CH02"] for each in others} == {5}
    assert [counted(sqlite_ledger, each)["G05"] for each in others] == [None, 5, 5]
    assert counted(sqlite_ledger, COUNTY, uat_siruta=UAT)["G05"] is None
    keep(sqlite_ledger, [("1990", "F", {"VFV_03"}, True)] * 4)
    assert counted(sqlite_ledger, COUNTY)["G05"] == 0
    with pytest.raises(NotAllowedError):
        counted(sqlite_ledger, Actor("county", "x", "CJ"), county="BC")
    with pytest.raises(NotAllowedError):
        counted(sqlite_ledger, NURSE, uat_siruta=24090)


def test_work_counts_in_its_month_for_the_people_who_have_the_finding(sqlite_ledger):
    phone, ref = Phone(1), code("C", 1)
    visit = phone.change(
        "visit.add", ref, visit_id=code("V", 1), members=["medical"], on_day=TODAY, services=["STI_01", "SES_08"]
    )
    campaign = phone.change("activity.add", activity_id=code("T", 1), kind="screening", members=["medical"],
                            on_day=TODAY, participants=30)  # fmt: skip
    changes = opening(phone, ref), assessing(phone, ref, 1), visit, campaign
    answer = exchange(sqlite_ledger, phone.message(*changes), actor=WORKER)
    assert {each.result for each in answer.results} == {"applied"}, answer.results
    now = counted(sqlite_ledger)
    assert [now[each] for each in ("A01", "A06", "A07", "A09", "A10", "A11")] == [1, 1, 0, 2, 1, 1]
    assert [now[each] for each in ("I02", "I03", "I06", "I10", "I21", "G11", "G27", "G28")] == [1, 1, 0, 2, 0, 1, 1, 0]
    assert [now[each] for each in ("CA13", "CA14", "A15", "G25", "SH79", "SH80")] == [1, 30, 1, 30, 2, 1]
    closing = phone.change("case.close", ref, closed_on=TODAY, outcome="died_home", reason="a murit",
                           items_reason="a murit", findings_end="no_longer")  # fmt: skip
    assert exchange(sqlite_ledger, phone.message(closing), actor=WORKER).results[0].result == "applied"
    after = counted(sqlite_ledger)
    assert [after[each] for each in ("A03", "A05", "CH03", "C17", "G03")] == [0, 1, 1, 0, 0]
    assert counted(sqlite_ledger, first="2026-01", last="2026-01")["A09"] == 0
