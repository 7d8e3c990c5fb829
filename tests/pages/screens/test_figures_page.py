"""„Rapoarte” under AppTest: from the nation to a community and back, and the life of a monthly report."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pandas as pd
import pytest

from core.storage.home import make_home
from pages.figures_panels import ranking_html
from referrals.monthly import monthly_reports
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.demo.demo_year import Sizes, seed_ledger
from reports.documents.report_writing import today
from reports.indicators.indicators import NATION, bounds, indicator
from reports.indicators.kept_report_data import kept_report_data
from reports.indicators.period import parse_period
from reports.indicators.report_data import communities_of
from reports.views.monthly_view import report_months
from reports.views.national_today import national_today
from reports.views.ranking import Fences, Ranking
from reports.views.report_views import make_view
from reports.views.today_reports import late_reports
from tests.worlds.clients.page_words import words
from tests.worlds.homes.atlas_world import make_atlas_world

PAGE = "figures.py"
PARINCEA = 24089
COUNTY = Actor("county", "ujss-bc", "BC")
TEAM = Actor("team", "echipa-1", "BC", PARINCEA)
NATIONAL = Actor("national", "umi")


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    home = make_atlas_world(tmp_path_factory.mktemp("figures") / "home")
    seed_ledger(open_directory(home), day=datetime.now(UTC).date(), sizes=Sizes(people=300, referrals=600))
    return home


@pytest.fixture
def screen(in_home, year):
    def of(actor=None, **address):
        app = in_home(year.path, actor=actor).switch_page(PAGE)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return of


@pytest.mark.slow
def test_the_walk_from_the_nation_to_a_community_and_back(screen):
    app = screen(NATIONAL)
    assert not app.exception
    assert "Toate comunitățile proiectului" in words(app)
    assert "139" in words(app)
    app.selectbox(key="reports_region").set_value("RO21").run()
    app.segmented_control(key="reports_part_region").set_value("areas").run()
    assert "Pe județe" in words(app)
    app.selectbox(key="reports_county_RO21").set_value("BC").run()
    assert "Județul Bacău" in words(app)
    app.segmented_control(key="reports_part_county").set_value("areas").run()
    assert "Pe comunități" in words(app)
    app.segmented_control(key="reports_part_county").set_value("places").run()
    assert "servicii cu locuri numărate au un raport proaspăt" in words(app)
    assert "Pe tipuri de servicii" in words(app)
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
    assert not [each for each in app.segmented_control if each.key == "reports_view"]


def test_a_county_unit_sees_its_own_numbers_whole(screen):
    app = screen(COUNTY)
    app.selectbox(key="reports_region").set_value("RO21").run()
    app.selectbox(key="reports_county_RO21").set_value("BC").run()
    assert "mai mici decât 5 nu se arată" not in words(app)


def test_an_address_leads_to_an_area_a_period_and_an_indicator(screen):
    app = screen(COUNTY, zona="BC", indicator="WAIT-HOURS")
    assert not app.exception
    said = words(app)
    assert "Județul Bacău" in said
    assert "Ore până la acceptare, în medie, în ordine" in said
    assert f"/rapoarte?zona={PARINCEA}&amp;indicator=WAIT-HOURS" in said


def test_it_opens_on_the_own_area_and_says_so_in_the_address(screen):
    team, county = screen(TEAM), screen(COUNTY)
    assert "Parincea, județul Bacău" in words(team)
    assert team.query_params["zona"] in (str(PARINCEA), [str(PARINCEA)])
    assert "Județul Bacău" in words(county)
    assert 'href="/rapoarte?zona=RO"' in words(county), "whoever gets the address is of another area"
    country = screen(COUNTY, zona="RO")
    assert "Toate comunitățile proiectului" in words(country)
    assert country.query_params["zona"] in ("RO", ["RO"])


def test_what_goes_wrong_stands_first_with_its_numbers(screen):
    said = words(screen(NATIONAL))
    failing = said[said.index("Ce nu merge") : said.index("hs-tiles")]
    assert failing.count("<li>") == 3
    assert re.search(r"<b>\d+ din \d+ \(\d+ %\)</b>", failing)


def test_the_national_level_sees_numbers_that_everybody_else_does_not(screen):
    asked = {"zona": "RO", "indicator": "REF-NOPLACE"}
    national, everybody = words(screen(NATIONAL, **asked)), words(screen(None, **asked))
    assert "1–4 sau ascuns" not in national
    assert "1–4 sau ascuns" in everybody
    assert "1–4 sau ascuns" in words(screen(COUNTY, **asked)), "other counties are as everybody sees them"


def test_a_choice_goes_into_the_address_and_the_way_back_out_of_it(screen):
    app = screen(NATIONAL)
    assert "zona" not in app.query_params
    app.selectbox(key="reports_region").set_value("RO21").run()
    assert app.query_params["zona"] in ("RO21", ["RO21"])
    app.selectbox(key="reports_county_RO21").set_value("BC").run()
    assert app.query_params["zona"] in ("BC", ["BC"])
    app.query_params["zona"] = "RO21"  # as the browser's way back does it
    app.run()
    assert app.query_params["zona"] in ("RO21", ["RO21"])
    assert app.selectbox(key="reports_county_RO21").value == ""
    del app.query_params["zona"]
    app.run()
    assert "Toate comunitățile proiectului" in words(app)


def test_a_link_of_the_way_up_leads_to_each_level_above(screen):
    said = words(screen(COUNTY, zona=str(PARINCEA)))
    path = said[said.index("hs-path") : said.index("</nav>", said.index("hs-path"))]
    assert ['zona=RO"' in path, "zona=RO21" in path, "zona=BC" in path] == [True] * 3
    assert f"/comunitati?comunitate={PARINCEA}" in said


@pytest.mark.parametrize(
    "address", [{"zona": "XX"}, {"indicator": "NIMIC"}, {"perioada": "2019-01"}, {"perioada": "ieri"}]
)
def test_an_address_that_leads_nowhere_is_refused_in_words(screen, address):
    app = screen(COUNTY, **address)
    assert not app.exception
    assert next(iter(address.values())) in words(app)
    assert "hs-tiles" not in words(app)


def test_everybody_is_shown_no_small_count_by_the_ranking(screen):
    said = words(screen(None, zona="RO21", indicator="REF-NOPLACE"))
    ranked = said[said.index("hs-ranking") : said.index("Ce înseamnă")]
    values = re.findall(r'<td class="hs-num">([^<]*)</td>', ranked)[1::2]
    assert "1–4 sau ascuns" in values
    assert not {"1", "2", "3", "4"} & set(values)


def test_the_ranking_can_be_turned_and_made_of_counties_or_regions(screen):
    app = screen(None)
    for up in (app, app.checkbox(key="reports_turned").set_value(True).run()):
        ranked = words(up)[words(up).index("hs-ranking") :]
        cells = re.findall(r'<td class="hs-num">([\d.]+)</td>', ranked)[:20]
        places, values = [number(text) for text in cells[::2]], [number(text) for text in cells[1::2]]
        assert places == sorted(places)
        assert places[0] == 1
        assert values == sorted(values, reverse=up.checkbox(key="reports_turned").value), "fewest persons first"
    app.segmented_control(key="reports_compare_national").set_value("region").run()
    assert "zona=RO21" in words(app)[words(app).index("hs-ranking") :]
    assert not app.exception


def test_the_key_figures_open_to_their_rows_their_editions_and_their_day(screen):
    said = words(screen(None))
    cards = said[said.index("hs-tiles") : said.index("</section>", said.index("hs-tiles"))]
    assert 'href="/rapoarte?indicator=UNMET"' in cards
    opened = words(screen(None, indicator="COV-MED"))
    about = opened[opened.index("Ce este și din ce date") :]
    assert "lista" in about[:1500].casefold()
    assert "Citite la" in about[:1500]


def test_what_stands_out_is_explained_in_words(screen):
    table = pd.DataFrame({"value": [9.0], "denominator": [40.0]})
    one = indicator("WAIT-HOURS")
    said = ranking_html.render_outliers(Ranking(one, "community", table, (), Fences(10.0, 20.0, -5.0, 35.0)))
    assert "gardurile lui Tukey" in said
    assert "între 10 și 20" in said
    assert "peste 35" in said
    assert "sub" not in said.split("Iese din rând ce este")[1][:20]
    assert "Ce înseamnă" in words(screen(None))


def test_an_indicator_of_counties_is_ranked_and_said_not_to_be_on_the_map(screen):
    app = screen(None, indicator="UJSS")
    assert not app.exception
    assert "se știe pe județe" in words(app)
    assert "zona=BC" in words(app)[words(app).index("hs-ranking") :]


def test_a_community_shows_its_months(screen):
    app = screen(TEAM, zona=str(PARINCEA), indicator="REF")
    assert "Referiri făcute, luna de lună" in words(app)


def test_every_level_can_show_its_months(screen):
    app = screen(None, indicator="REF")
    assert "luna de lună</caption>" not in words(app)
    app.checkbox(key="reports_months").set_value(True).run()
    assert not app.exception
    assert "Referiri făcute, luna de lună</caption>" in words(app)


def test_a_home_without_communities_says_what_to_do(in_home, tmp_path):
    home = make_home("live", tmp_path / "home")
    app = in_home(home.path, actor=Actor("admin", account="a")).switch_page(PAGE).run()
    assert not app.exception
    assert "harta import communities" in words(app)


def test_a_list_without_figures_shows_no_figure_as_zero(in_home, tmp_path):
    home = make_atlas_world(tmp_path / "home")
    app = in_home(home.path, actor=None).switch_page(PAGE).run()
    assert not app.exception
    said = words(app)
    assert "nu se știe: 139 de comunități" in said
    cards = said[said.index("hs-tiles") : said.index("</section>", said.index("hs-tiles"))]
    assert "<b>–</b>" in cards


def test_before_any_month_was_filed_the_team_finds_its_form_and_what_is_due(in_home, tmp_path):
    home = make_atlas_world(tmp_path / "home")
    team = _monthly(in_home(home.path, actor=TEAM).switch_page(PAGE).run())
    assert not team.exception
    said = words(team)
    assert "lipsește" in said
    assert "termen: " in said
    _open(team)
    assert {field.value for field in team.number_input} == {None}
    team.button(key="monthly_check").click().run()
    assert "Raportul nu poate fi depus; cifre care lipsesc" in words(team)
    assert 'data-field="monthly_' in words(team), "what is missing is said beside its field too"


def test_a_phone_goes_through_the_groups_of_the_form_and_back(in_home, tmp_path):
    home = make_atlas_world(tmp_path / "home")
    team = _monthly(in_home(home.path, actor=TEAM).switch_page(PAGE).run())
    _open(team)
    assert "monthly_before" not in _keys(team)
    assert "hs-bring" not in words(team), "who opens a report is not moved past its head"
    while "monthly_next" in _keys(team):
        team.button(key="monthly_next").click().run()
        assert words(team).count("hs-bring") == 1
    assert "monthly_before" in _keys(team)
    team.button(key="monthly_all").click().run()
    assert not team.exception
    assert not {"monthly_next", "monthly_before", "monthly_all"} & _keys(team)
    team.button(key="monthly_one").click().run()
    assert {"monthly_next", "monthly_all"} <= _keys(team)


def _keys(app):
    return {button.key for button in app.button}


def test_a_team_that_is_not_on_the_list_is_told_so(screen):
    elsewhere = _monthly(screen(Actor("team", "echipa-2", "BC", 24098)))
    assert not elsewhere.exception
    assert "Nu aveți nicio comunitate din lista proiectului" in words(elsewhere)


def test_a_county_unit_is_shown_its_own_queue_only(screen):
    app = _monthly(screen(COUNTY))
    assert _opening(app), "each month has its button"
    assert app.selectbox(key="monthly_uat").options
    assert len(app.selectbox(key="monthly_uat").options) == 3


def test_every_figure_opens_to_its_definition_and_both_targets(screen):
    said = words(screen(None).segmented_control(key="reports_part_national").set_value("all").run())
    assert "Ținta A: 141" in said
    assert "Ținta B: 143" in said
    assert "Cod 4S205" in said


@pytest.mark.slow
def test_the_reports_that_are_missing_are_as_many_on_astazi_as_in_the_figures(year):
    """A returned report is no report yet, for the share of those filed and for the count of those that lack."""
    directory = open_directory(year)
    today_of_nation = national_today(directory, actor=NATIONAL)
    _state_now, facts = kept_report_data(directory, today())
    here = make_view(facts, "national", NATION, parse_period(today_of_nation.period), is_public=False).own_values()
    assert today_of_nation.missing == here["RAP-DUE"] - here["RAP-FILED"] > 0
    assert "alte județe: " in today_of_nation.missing_words
    assert "returnat" in today_of_nation.missing_words


@pytest.mark.slow
def test_a_county_unit_is_told_which_teams_are_late(in_home, year):
    directory = open_directory(year)
    month = min(monthly_reports.figures(directory.ledger, actor=COUNTY)["month"])
    _return(directory.ledger, month)
    late = late_reports(directory, actor=COUNTY)
    assert (PARINCEA, month) in [(line.uat, line.month) for line in late]
    assert not [line for line in late if line.is_main]
    app = in_home(year.path, actor=COUNTY, page="today.py").run()
    assert not app.exception
    assert ("rapoarte lunare întârziate" if len(late) > 1 else "raport lunar întârziat") in words(app)


@pytest.mark.slow
def test_a_county_unit_opens_and_decides_a_report_of_any_month_that_waits(screen, year):
    """„Astăzi” leads to it however old it is; without words nothing is returned, and the field says so."""
    ledger = open_directory(year).ledger
    month = min(monthly_reports.figures(ledger, actor=COUNTY)["month"])
    assert month not in report_months(ledger, day=today())
    _return(ledger, month)
    monthly_reports.file(ledger, "BC", PARINCEA, month, actor=TEAM, bounds=bounds("community"), required=[])
    assert f"monthly_open_{PARINCEA}_{month}" in [button.key for button in _opening(_monthly(screen(COUNTY)))]
    county = screen(COUNTY, raport=str(PARINCEA), luna=month)
    county.button(key="monthly_return").click().run()
    assert _state(ledger, month) == "filed"
    assert f'data-field="monthly_remark_{PARINCEA}_{month}"' in words(county)
    county.button(key="monthly_accept").click().run()
    assert _state(ledger, month) == "accepted"
    assert f"Parincea, raportul pe {parse_period(month).label()}: acceptat." in words(county)


@pytest.mark.slow
def test_a_team_keeps_and_files_its_month_and_the_county_returns_and_accepts(screen, year):
    ledger = open_directory(year).ledger
    month = max(monthly_reports.figures(ledger, actor=COUNTY)["month"])
    report = monthly_reports.reports(ledger, actor=TEAM)
    if report[report["month"] == month]["state"].isin(["filed", "accepted"]).any():
        monthly_reports.send_back(ledger, "BC", PARINCEA, month, "Numărați din nou.", actor=COUNTY)
    team = _open(_monthly(screen(TEAM)), PARINCEA, month)
    for code, bound in bounds("community").items():
        ask = team.segmented_control if bound.is_yes_no else team.number_input
        ask(key=f"monthly_{PARINCEA}_{month}_{code}").set_value(1)
    assert {bound.is_yes_no for bound in bounds("community").values()} == {True, False}
    team.button(key="monthly_check").click().run()
    filed = monthly_reports.reports(ledger, actor=TEAM).query("month == @month")["state"]
    assert "filed" not in set(filed), "nothing is filed before the check was seen"
    team.checkbox(key=f"monthly_yes_{PARINCEA}_{month}").set_value(True).run()
    team.button(key="monthly_send").click().run()
    assert not team.exception
    assert _state(ledger, month) == "filed"

    assert "Depus: raportul pe" in words(team)
    assert "termenul depunerii este" in words(team)

    county = _monthly(screen(COUNTY))
    first = _opening(county)[0]
    assert first.key == f"monthly_open_{PARINCEA}_{month}", "what is filed waits for the county unit and is first"
    assert first.label.startswith("Verificați")
    county = screen(COUNTY, raport=str(PARINCEA), luna=month)
    assert county.segmented_control(key="reports_view").value == "Raportul lunar"
    county.text_input(key=f"monthly_remark_{PARINCEA}_{month}").set_value("Lipsesc planurile.")
    county.button(key="monthly_return").click().run()
    assert _state(ledger, month) == "returned"
    assert f"Parincea, raportul pe {parse_period(month).label()}: returnat pentru corectare." in words(county)
    assert "luna" not in county.query_params, "the list has an address of its own"
    assert "Lipsesc planurile." in words(county)

    team = _open(_monthly(screen(TEAM)), PARINCEA, month)
    team.button(key="monthly_check").click().run()
    team.checkbox(key=f"monthly_yes_{PARINCEA}_{month}").set_value(True).run()
    team.button(key="monthly_send").click().run()
    county = _open(_monthly(screen(COUNTY)), PARINCEA, month)
    county.button(key="monthly_accept").click().run()
    assert not county.exception
    assert _state(ledger, month) == "accepted"


def test_a_bad_file_of_figures_is_refused_row_by_row_and_a_good_one_is_taken(in_home, tmp_path):
    home = make_atlas_world(tmp_path / "home")
    month = _opening(_monthly(in_home(home.path, actor=TEAM).switch_page(PAGE).run()))[0].key[-7:]

    def take(rows: str):
        app = _monthly(in_home(home.path, actor=TEAM).switch_page(PAGE).run())
        app.file_uploader(key="monthly_file").upload(
            "cifre.csv", b"Cod SIRUTA,Luna,Indicator,Valoare\n" + rows.encode()
        )
        return app.run().button(key="monthly_import").click().run()

    refused = words(take(f"9,{month},BEN,1\n{PARINCEA},{month},BEN,multe\n"))
    assert "Rândul 1 de sub antet, coloana „Cod SIRUTA”: am găsit „9”" in refused
    assert "Rândul 2 de sub antet, coloana „Valoare”: am găsit „multe”, se așteaptă un număr întreg" in refused
    ledger = open_directory(home).ledger
    assert monthly_reports.figures(ledger, actor=TEAM).empty
    taken = take(f"{PARINCEA},{month},BEN,7\n")
    assert "Cifrele din fișier sunt preluate." in words(taken)
    figures = monthly_reports.figures(ledger, actor=TEAM).set_index(["uat_siruta", "month", "indicator"])
    assert figures.loc[(PARINCEA, month, "BEN"), "value"] == 7
    assert "fișier" in words(_open(taken, PARINCEA, month))


def test_a_large_difference_in_a_file_asks_for_its_yes_beside_the_refusal(in_home, tmp_path):
    home = make_atlas_world(tmp_path / "home")
    app = _monthly(in_home(home.path, actor=TEAM).switch_page(PAGE).run())
    month = _opening(app)[0].key[-7:]
    before = str(pd.Period(month, "M") - 1)
    rows = f"{PARINCEA},{before},BEN,7\n{PARINCEA},{month},BEN,1900\n"
    app.file_uploader(key="monthly_file").upload("cifre.csv", b"Cod SIRUTA,Luna,Indicator,Valoare\n" + rows.encode())
    app.run()
    assert not [each for each in app.checkbox if each.key == "monthly_import_yes"]
    app.button(key="monthly_import").click().run()
    assert "Nu s-a putut" in words(app)
    app.checkbox(key="monthly_import_yes").check()
    app.button(key="monthly_import").click().run()
    assert "Cifrele din fișier sunt preluate." in words(app)


def test_a_figure_out_of_range_is_refused_in_our_words(in_home, tmp_path):
    home = make_atlas_world(tmp_path / "home")
    team = _open(_monthly(in_home(home.path, actor=TEAM).switch_page(PAGE).run()))
    next(f for f in team.number_input if f.key.endswith("_BEN")).set_value(2001)
    team.button(key="monthly_check").click().run()
    assert "Persoane înregistrate: am găsit 2001; valoarea este între 0 și 2000." in words(team)


def test_nonsense_is_shown_beside_last_month_and_not_filed(in_home, tmp_path):
    home = make_atlas_world(tmp_path / "home")
    team = _monthly(in_home(home.path, actor=TEAM).switch_page(PAGE).run())
    month = _opening(team)[0].key[-7:]
    _open(team)
    for code, bound in bounds("community").items():
        ask = team.segmented_control if bound.is_yes_no else team.number_input
        ask(key=f"monthly_{PARINCEA}_{month}_{code}").set_value(1)
    team.number_input(key=f"monthly_{PARINCEA}_{month}_PLAN").set_value(999)
    team.button(key="monthly_check").click().run()
    assert "Cifrele se contrazic" in words(team)
    assert "Planuri făcute: 999, mai multe decât „Evaluări făcute” (1)." in words(team)
    assert not [button for button in team.button if button.key == "monthly_send"]
    team.button(key="monthly_change_PLAN").click().run()
    assert "De corectat" in words(team)
    assert team.number_input(key=f"monthly_{PARINCEA}_{month}_PLAN").value == 999
    again = _open(_monthly(in_home(home.path, actor=TEAM).switch_page(PAGE).run()))
    assert again.number_input(key=f"monthly_{PARINCEA}_{month}_PLAN").value == 999, "the draft keeps itself"
    other = _monthly(in_home(home.path, actor=Actor("county", "ujss-bc", "BC")).switch_page(PAGE).run())
    _open(other, PARINCEA, month)
    assert other.number_input(key=f"monthly_{PARINCEA}_{month}_PLAN").value is None, "and is nobody else's"


def test_the_small_world_has_the_communities_of_the_list(year):
    assert PARINCEA in set(communities_of(open_directory(year))["uat_siruta"])


def number(text: str) -> int:
    return int(text.replace(".", ""))


def _monthly(app):
    return app.segmented_control(key="reports_view").set_value("Raportul lunar").run()


def _opening(app):
    return [button for button in app.button if (button.key or "").startswith("monthly_open_")]


def _open(app, uat=None, month=None):
    button = _opening(app)[0] if uat is None else app.button(key=f"monthly_open_{uat}_{month}")
    return button.click().run()


def _return(ledger, month) -> None:
    """Let the month wait for its team, whatever an earlier test made of it."""
    if _state(ledger, month) != "returned":
        monthly_reports.send_back(ledger, "BC", PARINCEA, month, "Numărați din nou.", actor=COUNTY)


def _state(ledger, month) -> str:
    reports = monthly_reports.reports(ledger, actor=TEAM)
    return str(reports[reports["month"] == month]["state"].iloc[0])
