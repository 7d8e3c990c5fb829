"""The monthly report under AppTest, where a community works with cases: filled, changed by hand, filed."""

from __future__ import annotations

import pytest

from referrals.monthly import monthly_reports
from referrals.workflow.directory import open_directory
from reports.documents.report_writing import today
from reports.indicators.indicators import bounds
from reports.views.monthly_view import report_months
from tests.pages.screens.test_figures_page import COUNTY, PAGE, PARINCEA, TEAM
from tests.worlds.clients.page_words import words
from tests.worlds.homes.atlas_world import make_atlas_world
from tests.worlds.homes.counted_month import keep_cases


@pytest.fixture
def world(tmp_path):
    home = make_atlas_world(tmp_path / "home")
    ledger = open_directory(home).ledger
    month = report_months(ledger, day=today())[-1]
    keep_cases(ledger, f"{month}-05", range(1, 10), assessed=7, planned=3)
    return home, ledger, month


def shown(in_home, home, actor, month):
    app = in_home(home.path, actor=actor).switch_page(PAGE)
    app.query_params["raport"], app.query_params["luna"] = str(PARINCEA), month
    return app.run()


def field(app, month, code):
    return next(each for each in app.number_input if each.key == f"monthly_{PARINCEA}_{month}_{code}")


def test_the_form_is_filled_from_cases_and_what_is_typed_stays(in_home, world):
    home, ledger, month = world
    team = shown(in_home, home, TEAM, month)
    assert not team.exception
    assert [field(team, month, code).value for code in ("BEN", "EVAL", "PLAN")] == [9, 7, 3]
    assert "numărat din cazuri" in field(team, month, "BEN").label
    field(team, month, "PLAN").set_value(2).run()
    assert "din cazuri: 3, diferența scrisă: −1" in field(team, month, "PLAN").label
    counted = {"BEN", "EVAL", "PLAN"}
    for code, bound in bounds("community").items():
        if code not in counted:
            ask = team.button_group if bound.is_yes_no else team.number_input
            ask(key=f"monthly_{PARINCEA}_{month}_{code}").set_value(1)
    team.run()
    team.button(key="monthly_check").click().run()
    assert not team.exception
    said = words(team)
    assert "Persoane înregistrate · numărat din cazuri" in said
    assert "din cazuri: 3, diferența scrisă: −1" in said
    team.button(key="monthly_send").click().run()
    figures = monthly_reports.figures(ledger, actor=COUNTY).set_index("indicator")
    assert figures.loc[["BEN", "EVAL", "PLAN"], "value"].tolist() == [9, 7, 2]
    assert figures.loc[["BEN", "EVAL", "PLAN"], "source"].tolist() == ["cases", "cases", "screen"]
    county = words(shown(in_home, home, COUNTY, month))
    assert "din cazuri: 3, diferența scrisă: −1" in county
    assert "cazuri" in county[county.index("De unde") :]
