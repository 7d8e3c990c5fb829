from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowedError
from referrals.monthly import figure_entry, monthly_reports
from referrals.monthly.figure_checks import (
    Bound,
    ContradictoryFiguresError,
    UnconfirmedFiguresError,
    check_figures,
    named_figures,
    refuse_unlikely,
    with_named,
)
from referrals.monthly.figure_entry import Figure
from reports.indicators.indicators import bounds as indicator_bounds
from tests.worlds.homes.ledger_world import COUNTY, TEAM

UAT = 22889
CHAIN = {
    "BEN": Bound("BEN", "Persoane înregistrate", 0, 2000, "", is_total=True),
    "EVAL": Bound("EVAL", "Evaluări făcute", 0, 2000, "BEN", is_total=True),
    "PLAN": Bound("PLAN", "Planuri făcute", 0, 2000, "EVAL", is_total=True),
    "STAFF": Bound("STAFF", "Posturi ocupate", 0, 50),
}
VALUES = st.dictionaries(st.sampled_from(list(CHAIN)), st.one_of(st.none(), st.integers(0, 60)))


def by_hand(now, before):
    """The rules written out: which codes contradict, and which are to be confirmed."""
    wrong, unsure = set(), set()
    for part, whole in (("EVAL", "BEN"), ("PLAN", "EVAL"), ("PLAN", "BEN")):
        if now.get(part) is not None and now.get(whole) is not None and now[part] > now[whole]:
            wrong.add(part)
    for code in CHAIN:
        was, is_now = before.get(code), now.get(code)
        if was is None or is_now is None:
            continue
        falls = code != "STAFF" and is_now < was
        jumps = abs(is_now - was) >= 5 and (is_now > 1.3 * was or is_now < 0.7 * was)
        if falls or jumps:
            unsure.add(code)
    return wrong, unsure


@given(VALUES, VALUES)
def test_the_rules_agree_with_the_ones_written_out(now, before):
    checked = check_figures(now, before, CHAIN)
    wrong, unsure = by_hand(now, before)
    assert {each.bound.code for each in checked if each.contradiction} == wrong
    assert {each.bound.code for each in checked if each.warning} == unsure
    assert [each.bound.code for each in checked] == list(CHAIN)


def test_a_refusal_names_both_figures():
    with pytest.raises(ContradictoryFiguresError, match=r"Planuri făcute: 999.*„Evaluări făcute” \(283\)"):
        refuse_unlikely(check_figures({"BEN": 292, "EVAL": 283, "PLAN": 999}, {}, CHAIN), confirmed={})


def test_a_yes_is_to_a_value_and_not_to_what_comes_after_it():
    checked = check_figures({"BEN": 150}, {"BEN": 100}, CHAIN)
    refuse_unlikely(checked, confirmed={"BEN": 150})
    with pytest.raises(UnconfirmedFiguresError, match="100 luna trecută, 150 acum"):
        refuse_unlikely(checked, confirmed={"BEN": 140})


def test_exactly_three_tenths_and_a_few_people_are_no_warning():
    assert not check_figures({"BEN": 130}, {"BEN": 100}, CHAIN)[0].warning
    assert check_figures({"BEN": 131}, {"BEN": 100}, CHAIN)[0].warning
    assert not check_figures({"BEN": 7}, {"BEN": 3}, CHAIN)[0].warning


def test_a_remark_names_the_figures_that_it_is_about():
    known = indicator_bounds("community")
    assert named_figures("Verificați numărul de planuri.", known) == ["PLAN"]
    assert named_figures(with_named(["BEN", "EVAL"], "Numărați din nou.", known), known) == ["BEN", "EVAL"]
    assert named_figures("Nu se potrivesc.", known) == []


def test_the_indicators_say_what_is_part_of_what():
    known = indicator_bounds("community")
    assert {code: bound.not_above for code, bound in known.items() if bound.not_above} == {
        "EVAL": "BEN",
        "PLAN": "EVAL",
    }
    assert known["BEN"].is_total
    assert not known["STAFF-SOC"].is_total


def say(ledger, month, actor=TEAM, **figures):
    said = [Figure("BC", UAT, month, code, value) for code, value in figures.items()]
    return figure_entry.enter(ledger, said, CHAIN, actor=actor)


def file(ledger, month="2026-02", **options):
    monthly_reports.file(ledger, "BC", UAT, month, actor=TEAM, bounds=CHAIN, **options)


def test_the_ledger_files_no_nonsense_whatever_a_screen_let_through(ledger):
    say(ledger, "2026-02", BEN=292, EVAL=283, PLAN=999)
    with pytest.raises(ContradictoryFiguresError):
        file(ledger, confirmed={"PLAN": 999})
    assert monthly_reports.reports(ledger, actor=TEAM).empty
    say(ledger, "2026-02", PLAN=277)
    file(ledger)
    assert monthly_reports.reports(ledger, actor=TEAM)["state"].tolist() == ["filed"]


def test_the_ledger_asks_for_a_yes_to_a_great_change(ledger):
    say(ledger, "2026-01", BEN=100)
    say(ledger, "2026-02", BEN=200)
    with pytest.raises(UnconfirmedFiguresError):
        file(ledger)
    file(ledger, confirmed={"BEN": 200})


def test_an_import_is_held_to_the_same_rules_and_refused_whole(ledger):
    say(ledger, "2026-01", BEN=100)
    rows = [Figure("BC", UAT, "2026-02", "BEN", 40), Figure("BC", UAT, "2026-02", "EVAL", 50)]
    with pytest.raises(ContradictoryFiguresError):
        figure_entry.enter(ledger, rows, CHAIN, actor=TEAM, source="import", confirmed={})
    with pytest.raises(UnconfirmedFiguresError):
        figure_entry.enter(ledger, rows[:1], CHAIN, actor=TEAM, source="import", confirmed={})
    assert set(monthly_reports.figures(ledger, actor=TEAM)["month"]) == {"2026-01"}
    yes = {(UAT, "2026-02"): {"BEN": 40}}
    assert figure_entry.enter(ledger, rows[:1], CHAIN, actor=TEAM, source="import", confirmed=yes) == 1


def test_figures_are_checked_over_those_that_are_kept_and_nothing_is_written(ledger):
    say(ledger, "2026-01", BEN=100)
    say(ledger, "2026-02", BEN=110)
    found = figure_entry.check(ledger, [Figure("BC", UAT, "2026-02", "EVAL", 111)], CHAIN, actor=TEAM)
    lines = {each.bound.code: each for each in found[(UAT, "2026-02")]}
    assert (lines["BEN"].before, lines["BEN"].now, lines["BEN"].difference) == (100, 110, 10)
    assert lines["EVAL"].contradiction
    assert set(monthly_reports.figures(ledger, actor=TEAM)["indicator"]) == {"BEN"}


def test_figures_of_elsewhere_are_not_checked_for_a_stranger(ledger):
    with pytest.raises(NotAllowedError):
        figure_entry.check(ledger, [Figure("CJ", 54975, "2026-02", "BEN", 1)], CHAIN, actor=COUNTY)
