"""„Rapoarte” under AppTest: from the nation to a community and back, and the life of a monthly report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import small_world
from atlas_world import add_atlas
from page_words import words

from bench.simulated_year import Sizes, fill
from referrals import monthly
from referrals.desk import open_desk
from referrals.facts import Actor
from reports.gathering import communities_of
from reports.indicators import bounds

PAGE = "figures.py"
PARINCEA = 24089
COUNTY = Actor("county", "ujss-bc", "BC")
TEAM = Actor("team", "echipa-1", "BC", PARINCEA)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    home = add_atlas(small_world.make_world(tmp_path_factory.mktemp("figures") / "home"))
    fill(open_desk(home), day=datetime.now(UTC).date(), sizes=Sizes(people=800, referrals=1500))
    return home


@pytest.fixture
def screen(in_home, year):
    def of(actor=None):
        app = in_home(year.path, actor=actor)
        return app.switch_page(PAGE).run()

    return of


def test_the_walk_from_the_nation_to_a_community_and_back(screen):
    app = screen(COUNTY)
    assert not app.exception
    assert "Toate comunitățile proiectului" in words(app)
    assert "139" in words(app)
    app.selectbox(key="reports_region").set_value("RO21").run()
    assert "Pe județe" in words(app)
    app.selectbox(key="reports_county_RO21").set_value("BC").run()
    assert "Județul Bacău" in words(app)
    assert "Pe comunități" in words(app)
    app.selectbox(key="reports_place_BC").set_value(str(PARINCEA)).run()
    assert "Parincea, județul Bacău" in words(app)
    app.selectbox(key="reports_region").set_value("").run()
    assert "Toate comunitățile proiectului" in words(app)
    assert not app.exception


def test_somebody_unknown_sees_no_small_count_and_no_monthly_report(screen):
    app = screen(None)
    app.selectbox(key="reports_region").set_value("RO21").run()
    app.selectbox(key="reports_county_RO21").set_value("BC").run()
    assert "mai mici decât 5 nu se arată" in words(app)
    assert not app.segmented_control


def test_a_county_unit_sees_its_own_numbers_whole(screen):
    app = screen(COUNTY)
    app.selectbox(key="reports_region").set_value("RO21").run()
    app.selectbox(key="reports_county_RO21").set_value("BC").run()
    assert "mai mici decât 5 nu se arată" not in words(app)


def test_every_figure_opens_to_its_definition_and_both_targets(screen):
    said = words(screen(None))
    assert "Ținta A: 141" in said
    assert "Ținta B: 143" in said
    assert "Cod 4S205" in said


def test_a_team_keeps_and_files_its_month_and_the_county_returns_and_accepts(screen, year):
    ledger = open_desk(year).ledger
    month = max(monthly.figures(ledger, actor=COUNTY)["month"])
    report = monthly.reports(ledger, actor=TEAM)
    if report[report["month"] == month]["state"].isin(["filed", "accepted"]).any():
        monthly.send_back(ledger, "BC", PARINCEA, month, "Numărați din nou.", actor=COUNTY)
    team = _monthly(screen(TEAM))
    for code in bounds("community"):
        team.number_input(key=f"monthly_{PARINCEA}_{month}_{code}").set_value(1)
    next(b for b in team.button if b.label == "Depuneți raportul").click().run()
    assert not team.exception
    assert _state(ledger, month) == "filed"

    county = _monthly(screen(COUNTY))
    county.selectbox(key="monthly_uat").set_value(PARINCEA).run()
    county.text_input(key=f"monthly_remark_{PARINCEA}_{month}").set_value("Lipsesc planurile.").run()
    county.button(key="monthly_return").click().run()
    assert _state(ledger, month) == "returned"
    assert "Lipsesc planurile." in words(county)

    team = _monthly(screen(TEAM))
    next(b for b in team.button if b.label == "Depuneți raportul").click().run()
    county = _monthly(screen(COUNTY))
    county.selectbox(key="monthly_uat").set_value(PARINCEA).run()
    county.button(key="monthly_accept").click().run()
    assert not county.exception
    assert _state(ledger, month) == "accepted"


def test_the_small_world_has_the_communities_of_the_list(year):
    assert PARINCEA in set(communities_of(open_desk(year))["uat_siruta"])


def _monthly(app):
    return app.segmented_control(key="reports_view").set_value("Raportul lunar").run()


def _state(ledger, month) -> str:
    reports = monthly.reports(ledger, actor=TEAM)
    return str(reports[reports["month"] == month]["state"].iloc[0])
