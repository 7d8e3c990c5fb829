"""The monthly report on plain pages: a team files it, the county unit settles it, nobody else does."""

from __future__ import annotations

import re
import shutil
from urllib.parse import quote

import pytest

from referrals.monthly import drafts, monthly_reports
from referrals.records.vocabulary import Actor
from reports.documents.report_writing import today
from reports.indicators.indicators import bounds
from reports.views import monthly_steps
from reports.views.monthly_view import field_groups, report_months
from tests.api.test_who_may import ROLES, is_refused
from tests.covering import each_once
from tests.worlds.clients.form_browser import form
from tests.worlds.homes import atlas_world
from tests.worlds.homes.counted_month import keep_cases

UAT = 24089
TEAM, COUNTY = Actor("team", "demo-team", "BC", UAT), Actor("county", "demo-county", "BC")
LIST = "/simplu/raport-lunar"


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """The editions of the small world with the atlas."""
    return atlas_world.make_atlas_world(tmp_path_factory.mktemp("listed") / "home").path / "editions"


@pytest.fixture
def listed(demo, editions):
    """The home with a list of communities."""
    shutil.copytree(editions, demo.home.path / "editions", dirs_exist_ok=True)
    return demo


@pytest.fixture
def month(listed):
    return report_months(listed.ledger, day=today())[-1]


def address(month):
    return f"{LIST}/{UAT}/{month}"


def whole(**other):
    return {f"f-{code}": str(other.get(code, 1)) for code in bounds("community")}


def state(directory, month):
    table = monthly_reports.reports(directory.ledger, actor=COUNTY)
    return "".join(table[table["month"] == month]["state"])


def file(browser, month, **other):
    page = browser.get(address(month))
    checked = browser.submit(page, address(month), **whole(**other), pas="verifica")
    return browser.submit(checked, address(month), pas="depune")


def test_a_team_files_its_month_after_it_saw_it_beside_the_last(listed, as_role, month):
    browser = as_role()
    page = browser.get(LIST)
    assert f'href="{address(month)}"' in page.text
    page = browser.get(address(month))
    checked = browser.submit(page, address(month), **whole(BEN=292), pas="verifica")
    assert "Nimic nu este depus încă." in checked.text
    assert "292" in checked.text
    assert state(listed, month) == ""
    done = browser.submit(checked, address(month), pas="depune")
    assert "Depus: raportul pe" in done.text
    assert state(listed, month) == "filed"


def test_contradictory_figures_are_shown_and_not_filed(listed, as_role, month):
    browser = as_role()
    page = browser.get(address(month))
    checked = browser.submit(page, address(month), **whole(PLAN=999), pas="verifica")
    assert "Cifrele se contrazic" in checked.text
    assert "Depuneți raportul" not in checked.text
    again = browser.get(f"{address(month)}?camp=PLAN")
    assert "De corectat" in again.text
    assert 'value="999"' in again.text


def test_a_great_change_needs_a_yes_to_the_value_that_was_shown(listed, as_role, month):
    known = bounds("community")
    from referrals.monthly import figure_entry

    last = figure_entry.month_before(month)
    figure_entry.enter(listed.ledger, [figure_entry.Figure("BC", UAT, last, "BEN", 100)], known, actor=TEAM)
    browser = as_role()
    checked = browser.submit(browser.get(address(month)), address(month), **whole(BEN=900), pas="verifica")
    assert "diferența este mai mare de" in checked.text
    refused = browser.submit(checked, address(month), pas="depune")
    assert refused.status_code == 400
    assert state(listed, month) == ""
    sealed = form(checked, address(month)).fields
    lied = [(name, "BEN:100" if name == "vazut" else value) for name, value in sealed]
    assert browser.post(address(month), [*lied, ("da", "1"), ("pas", "depune")]).status_code == 400
    assert "Depus:" in browser.submit(checked, address(month), da="1", pas="depune").text


def test_a_draft_is_kept_for_the_team_on_both_kinds_of_pages_and_erased_by_filing(listed, as_role, month):
    browser = as_role()
    kept = browser.submit(browser.get(address(month)), address(month), **{"f-BEN": "41"}, pas="ciorna")
    assert "Ciorna este păstrată." in kept.text
    assert 'value="41"' in as_role().get(address(month)).text
    assert 'value="41"' not in as_role("county:BC").get(address(month)).text

    def draft():
        return drafts.load_draft(listed.ledger, "BC", UAT, month, actor=TEAM, bounds=bounds("community"))

    assert draft() == {"BEN": 41}
    file(browser, month)
    assert draft() == {}


def test_what_is_no_number_is_named_and_the_rest_stays(listed, as_role, month):
    browser = as_role()
    page = browser.submit(browser.get(address(month)), address(month), **whole(PLAN="multe"), pas="verifica")
    assert page.status_code == 400
    assert "am găsit „multe”" in page.text
    assert 'value="multe"' in page.text
    assert 'aria-describedby="f-PLAN-err"' in page.text
    assert f'name="f-{next(iter(bounds("community")))}" value="1"' in page.text
    assert here(page) == group_with("PLAN"), "a phone is shown the group where the mistake is"


def here(page):
    """The number of the group that a phone shows; 0 where it shows all."""
    found = re.search(r'<section class="group is-here" id="grupa-(\d)"', page.text)
    return int(found[1]) if found else 0


def group_with(*codes):
    return monthly_steps.group_of(field_groups([]), codes)


def test_a_phone_goes_from_group_to_group_and_each_press_keeps_the_draft(listed, as_role, month):
    browser = as_role()
    page = browser.get(address(month))
    last = len(field_groups([]))
    assert last > 2
    assert here(page) == 1
    assert f"1 din {last}" in page.text
    assert page.text.index("Continuați") < page.text.index("Verificați și depuneți"), "the main one comes first"
    page = browser.submit(page, address(month), **{"f-COMM": "1"}, pas="grupa-2")
    assert here(page) == 2
    assert str(page.url).endswith("?grupa=2#grupa-2")
    page = browser.submit(page, address(month), **{"f-BEN": "41"}, pas="grupa-1")
    assert here(page) == 1
    draft = drafts.load_draft(listed.ledger, "BC", UAT, month, actor=TEAM, bounds=bounds("community"))
    assert draft == {"COMM": 1, "BEN": 41}
    page = browser.get(f"{address(month)}?grupa={last}")
    assert 'value="grupa-' + str(last + 1) not in page.text
    assert "Continuați" not in page.text


def test_all_groups_are_shown_on_one_page_for_whoever_wants_them(listed, as_role, month):
    browser = as_role()
    page = browser.submit(browser.get(address(month)), address(month), **{"f-BEN": "41"}, pas="grupa-0")
    assert here(page) == 0
    assert "stepped" not in page.text
    assert 'value="41"' in page.text
    assert "Câte un grup pe pagină" in page.text


@pytest.mark.parametrize("asked", ["9", "-1", "²", "99999999", "<b>"])
def test_a_group_that_does_not_exist_is_the_first(asked, listed, as_role, month):
    page = as_role().get(f"{address(month)}?grupa={quote(asked)}")
    assert page.status_code == 200
    assert here(page) == 1


def test_what_is_missing_is_said_beside_its_field_in_its_group(listed, as_role, month):
    browser = as_role()
    page = browser.submit(browser.get(address(month)), address(month), **whole(BEN=""), pas="verifica")
    assert page.status_code == 400
    assert 'id="f-BEN-err"' in page.text
    assert page.text.count("Scrieți cifra; poate fi și 0.") == 1
    assert here(page) == group_with("BEN") > 1


def test_the_check_is_offered_in_every_group_once_all_figures_are_there(listed, as_role, month):
    browser = as_role()
    page = browser.submit(browser.get(address(month)), address(month), **whole(), pas="grupa-2")
    assert here(page) == 2
    assert page.text.index("Verificați și depuneți") < page.text.index("Continuați")


def test_the_figure_that_the_check_led_back_to_stays_first_from_group_to_group(listed, as_role, month):
    browser = as_role()
    page = browser.get(f"{address(month)}?camp=PLAN")
    assert here(page) == 1
    page = browser.submit(page, address(month), pas="grupa-2")
    assert str(page.url).endswith("?grupa=2&camp=PLAN#grupa-2")
    assert f"2 din {len(field_groups(['PLAN']))}" in page.text


def test_the_county_returns_a_report_by_its_figure_and_accepts_it(listed, as_role, month):
    file(as_role(), month)
    county = as_role("county:BC")
    page = county.get(address(month))
    back = county.submit(page, address(month), pas="return", cifra="PLAN", observatii="Numărați din nou.")
    assert ": returnat pentru corectare." in back.text
    team = as_role()
    form_page = team.get(address(month)).text
    assert "Numărați din nou." in form_page
    assert form_page.index("De corectat") < form_page.index('name="f-PLAN"') < form_page.index('name="f-BEN"')
    file(team, month)
    assert ": acceptat." in county.submit(county.get(address(month)), address(month), pas="accept").text
    assert state(listed, month) == "accepted"


STEPS = ("ciorna", "verifica", "depune", "accept", "return", "altceva")
# Whom the table lets take a step, beside each role and step once.
ENTITLED = [("team:24089", "ciorna"), ("team:24089", "depune"), ("county:BC", "accept"), ("county:BC", "return")]


@pytest.mark.parametrize(("role", "step"), each_once(list(ROLES), STEPS, also=ENTITLED))
def test_each_step_follows_the_table_whatever_the_page_offered(role, step, listed, as_role, month):
    browser = as_role(role)
    token = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0]
    fields = [token, ("pas", step), ("observatii", "Numărați."), *whole().items()]
    sent = browser.post(address(month), fields)
    actor = ROLES[role]
    mine = actor is not None and (
        (actor.role == "team" and actor.uat_siruta == UAT) or (actor.role == "county" and actor.county == "BC")
    )
    if not mine:
        assert sent.status_code == 404 or is_refused(sent)
    assert state(listed, month) == "", "no step files or decides what was not shown and filed"


def test_the_pages_are_small(listed, as_role, month):
    browser = as_role()
    for page in (browser.get(LIST), browser.get(address(month))):
        assert len(page.content) < 30_000


def test_the_form_is_filled_from_cases_and_shows_what_was_typed_otherwise(listed, as_role, month):
    keep_cases(listed.ledger, f"{month}-05", range(1, 10), assessed=7, planned=3)
    browser = as_role()
    page = browser.get(address(month))
    assert re.search(r'id="f-BEN"[^>]*value="9"', page.text)
    assert page.text.count("numărat din cazuri") == 3
    others = {name: value for name, value in whole().items() if name not in ("f-BEN", "f-EVAL", "f-PLAN")}
    kept = browser.submit(page, address(month), **others, pas="ciorna")
    assert (
        not {"BEN", "EVAL", "PLAN"}
        & drafts.load_draft(listed.ledger, "BC", UAT, month, actor=TEAM, bounds=bounds("community")).keys()
    ), "what was counted and only sent back is not typed"
    checked = browser.submit(kept, address(month), **{"f-PLAN": "2"}, pas="verifica")
    assert "Persoane înregistrate · numărat din cazuri" in checked.text
    assert "din cazuri: 3, diferența scrisă: −1" in checked.text
    browser.submit(checked, address(month), pas="depune")
    seen = as_role("county:BC").get(address(month)).text
    assert "din cazuri: 3, diferența scrisă: −1" in seen
    said = monthly_reports.figures(listed.ledger, actor=COUNTY).set_index("indicator")["value"]
    assert said[["BEN", "EVAL", "PLAN"]].tolist() == [9, 7, 2]
