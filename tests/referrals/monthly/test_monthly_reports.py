from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.monthly import figure_entry, monthly_reports
from referrals.monthly.figure_checks import BadFigureError, Bound
from referrals.monthly.figure_entry import Figure
from referrals.records.ledger_errors import PersonalDataError, WrongStateError
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM

UAT = 22889
BOUNDS = {
    "BEN": Bound("BEN", "Persoane înregistrate", 0, 1000),
    "EVAL": Bound("EVAL", "Evaluări", 0, 1000),
    "UJSS": Bound("UJSS", "Unitate județeană", 0, 1),
}


def figure(value: int | None, indicator: str = "BEN", month: str = "2026-02", uat: int = UAT) -> Figure:
    return Figure("BC", uat, month, indicator, value)


def say(ledger, *figures: Figure, actor=TEAM) -> int:
    return figure_entry.enter(ledger, figures, BOUNDS, actor=actor)


def known(ledger, actor=TEAM) -> list[tuple[str, int]]:
    table = monthly_reports.figures(ledger, actor=actor)
    return list(zip(table["indicator"], table["value"], strict=True))


def state(ledger) -> str:
    return monthly_reports.reports(ledger, actor=TEAM)["state"].iloc[0]


def test_the_newest_figure_counts_and_the_history_stays(ledger):
    assert say(ledger, figure(200), figure(190, "EVAL")) == 2
    assert say(ledger, figure(210)) == 1
    assert sorted(known(ledger)) == [("BEN", 210), ("EVAL", 190)]
    assert monthly_reports.history(ledger, UAT, actor=TEAM)["value"].tolist() == [200, 190, 210]


def test_an_equal_figure_is_not_said_twice(ledger):
    say(ledger, figure(200))
    assert say(ledger, figure(200)) == 0


def test_a_figure_can_be_taken_back(ledger):
    say(ledger, figure(200))
    say(ledger, figure(None))
    assert known(ledger) == []
    assert monthly_reports.history(ledger, UAT, actor=TEAM)["value"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "wrong", [figure(1001), figure(-1), figure(1, "ALTUL"), figure(1, month="2026-04"), figure(1, month="2026-13")]
)
def test_a_figure_out_of_its_bounds_is_refused_with_all_that_came_with_it(ledger, wrong):
    with pytest.raises(BadFigureError):
        say(ledger, figure(10), wrong)
    assert known(ledger) == []


def test_each_role_enters_only_where_it_belongs(ledger):
    with pytest.raises(NotAllowedError):
        say(ledger, figure(1, uat=99999))
    with pytest.raises(NotAllowedError):
        say(ledger, figure(1), actor=NATIONAL)
    with pytest.raises(NotAllowedError):
        say(ledger, figure(1, "UJSS", uat=0))
    assert say(ledger, figure(1, "UJSS", uat=0), actor=COUNTY) == 1
    assert say(ledger, Figure("", 0, "2026-02", "UJSS", 1), actor=NATIONAL) == 1
    assert say(ledger, figure(5), actor=ADMIN) == 1


def test_a_report_is_filed_returned_filed_again_and_accepted(ledger):
    say(ledger, figure(200))
    monthly_reports.file(ledger, "BC", UAT, "2026-02", actor=TEAM, bounds=BOUNDS, required=["BEN"])
    with pytest.raises(WrongStateError):
        say(ledger, figure(201))
    monthly_reports.send_back(ledger, "BC", UAT, "2026-02", "Numărați din nou persoanele.", actor=COUNTY)
    assert monthly_reports.reports(ledger, actor=TEAM)["remark"].tolist() == ["Numărați din nou persoanele."]
    assert say(ledger, figure(201)) == 1
    monthly_reports.file(ledger, "BC", UAT, "2026-02", actor=TEAM, bounds=BOUNDS)
    assert monthly_reports.reports(ledger, actor=TEAM)["remark"].tolist() == [""], "it was about the figures before"
    monthly_reports.accept(ledger, "BC", UAT, "2026-02", actor=COUNTY)
    assert state(ledger) == "accepted"
    with pytest.raises(WrongStateError):
        monthly_reports.accept(ledger, "BC", UAT, "2026-02", actor=COUNTY)
    assert ledger.verify_audit() == []


def test_a_report_without_its_figures_is_not_filed(ledger):
    with pytest.raises(BadFigureError, match="Persoane înregistrate"):
        monthly_reports.file(ledger, "BC", UAT, "2026-02", actor=TEAM, bounds=BOUNDS, required=["BEN"])
    assert monthly_reports.reports(ledger, actor=TEAM).empty


def test_only_the_county_unit_decides_and_only_on_what_is_filed(ledger):
    with pytest.raises(WrongStateError):
        monthly_reports.accept(ledger, "BC", UAT, "2026-02", actor=COUNTY)
    monthly_reports.file(ledger, "BC", UAT, "2026-02", actor=TEAM, bounds=BOUNDS)
    for stranger in (TEAM, NATIONAL, ADMIN):
        with pytest.raises(NotAllowedError):
            monthly_reports.accept(ledger, "BC", UAT, "2026-02", actor=stranger)


def test_a_remark_is_needed_and_names_no_person(ledger):
    monthly_reports.file(ledger, "BC", UAT, "2026-02", actor=TEAM, bounds=BOUNDS)
    with pytest.raises(BadFigureError):
        monthly_reports.send_back(ledger, "BC", UAT, "2026-02", "  ", actor=COUNTY)
    with pytest.raises(PersonalDataError):
        monthly_reports.send_back(ledger, "BC", UAT, "2026-02", "sunați la 0744 111 222", actor=COUNTY)
    assert state(ledger) == "filed"


def test_a_county_reads_its_own_and_the_nation_reads_all(ledger):
    say(ledger, figure(200))
    figure_entry.enter(ledger, [Figure("CJ", 55, "2026-02", "BEN", 7)], BOUNDS, actor=ADMIN)
    assert [value for _code, value in known(ledger, COUNTY)] == [200]
    assert sorted(value for _code, value in known(ledger, NATIONAL)) == [7, 200]
    with pytest.raises(NotAllowedError):
        monthly_reports.figures(ledger, actor=COUNTY, county="CJ")
