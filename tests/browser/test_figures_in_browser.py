"""„Rapoarte” in a real browser: down from the nation to a community and back, a month's report, the workbook."""

from __future__ import annotations

import re

import openpyxl
import pytest

from api.http import session
from referrals.monthly import monthly_reports
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.indicators.indicators import indicators
from tests.browser.screens import DESK, PHONE
from tests.covering import daily, repeats

pytestmark = pytest.mark.browser

PARINCEA = 24089
COUNTY = Actor("county", "ujss-bc", "BC")
REMARK = "Numărați din nou planurile."
WAIT = 60_000


@pytest.fixture
def year(furnished):
    """The furnished demonstration: a list of communities and a small simulated year."""
    return furnished[0]


@pytest.fixture
def visit_as(windows, furnished):
    """Open an address as a role; every call is another window."""
    home, base = furnished

    def open_page(path: str, role: str, size=DESK):
        page = windows.lend(size)
        of = {"team": {"county": "BC", "uat_siruta": PARINCEA}, "county": {"county": "BC"}}.get(role, {})
        sealed = session.demo_cookie(home, role, **of)
        page.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
        page.goto(base + path, wait_until="domcontentloaded")
        page.wait_for_selector(".hs-title", timeout=WAIT)
        ready(page)
        return page

    return open_page


def ready(page) -> None:
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=WAIT)
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')", timeout=WAIT)


def at(page, address: str, heading: str) -> None:
    """Wait until the page stands at an address and says what it shows."""
    page.wait_for_url(re.compile(re.escape(address) + "$"), timeout=WAIT)
    page.locator(".hs-path, .hs-tiles").first.wait_for(timeout=WAIT)
    page.locator("h2", has_text=heading).first.wait_for(timeout=WAIT)
    ready(page)


def follow(page, name: str) -> None:
    """Follow the link of an area in the table of areas, which is drawn when it is asked for."""
    page.locator("[class*=st-key-reports_part_] button").nth(1).click()
    page.locator(".hs-table tbody th a", has_text=name).first.click(timeout=WAIT)


@repeats(
    "tests/pages/screens/test_figures_page.py::test_the_walk_from_the_nation_to_a_community_and_back",
    "tests/pages/screens/test_figures_page.py::test_a_choice_goes_into_the_address_and_the_way_back_out_of_it",
    "tests/pages/screens/test_figures_page.py::test_a_link_of_the_way_up_leads_to_each_level_above",
    "tests/browser/test_coverage_in_browser.py::test_one_press_on_back_leaves_a_screen_that_completed_its_address",
)
def test_links_lead_down_to_a_community_and_the_browser_back_up(visit_as):
    page = visit_as("/rapoarte", "national")
    follow(page, "Nord-Est")
    at(page, "/rapoarte?zona=RO21", "Nord-Est")
    follow(page, "Bacău")
    at(page, "/rapoarte?zona=BC", "Județul Bacău")
    follow(page, "Parincea")
    at(page, f"/rapoarte?zona={PARINCEA}", "Parincea, județul Bacău")
    page.go_back()
    at(page, "/rapoarte?zona=BC", "Județul Bacău")
    page.locator(".hs-path a", has_text="Nord-Est").click()
    at(page, "/rapoarte?zona=RO21", "Nord-Est")
    page.locator(".hs-path a", has_text="Toată țara").click()
    at(page, "/rapoarte", "Toate comunitățile proiectului")


@repeats(
    "tests/pages/screens/test_figures_page.py::test_a_choice_goes_into_the_address_and_the_way_back_out_of_it",
)
def test_a_choice_in_a_field_is_an_address_too_and_the_browser_goes_back_from_it(visit_as):
    page = visit_as("/rapoarte", "national")
    choose(page, "Regiunea", "Nord-Est")
    at(page, "/rapoarte?zona=RO21", "Nord-Est")
    choose(page, "Județul", "Bacău")
    at(page, "/rapoarte?zona=BC", "Județul Bacău")
    page.go_back()
    at(page, "/rapoarte?zona=RO21", "Nord-Est")
    page.go_back()
    at(page, "/rapoarte", "Toate comunitățile proiectului")
    page.go_forward()
    at(page, "/rapoarte?zona=RO21", "Nord-Est")


def choose(page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


@repeats(
    "tests/geo/maps/test_dot_map.py::test_dots_carry_their_class_words_and_address",
    "tests/browser/test_communities_in_browser.py::test_a_click_on_an_area_tells_its_facts_and_its_link_opens_the_sheet_in_the_page",
)
def test_the_map_shows_all_communities_and_a_dot_leads_to_its_figures(visit_as):
    page = visit_as("/rapoarte?zona=BC&indicator=REF", "county")
    frame = page.frame_locator("iframe")
    frame.locator('.leaflet-container[data-dots="3"]').wait_for(timeout=WAIT)
    dot = frame.locator("path.hs-dot").first
    dot.click(timeout=WAIT)
    frame.locator(".hs-popup a").wait_for(timeout=WAIT)
    assert "Referiri făcute" in frame.locator(".hs-popup").inner_text()
    with page.expect_navigation(url=re.compile(r"zona=\d+&indicator=REF"), timeout=WAIT):
        frame.locator(".hs-popup a").click()
    page.locator("caption", has_text="luna de lună").wait_for(timeout=WAIT)


@repeats(
    "tests/pages/screens/test_figures_page.py::test_a_team_keeps_and_files_its_month_and_the_county_returns_and_accepts",
)
def test_a_month_is_filed_returned_with_a_remark_filed_again_and_accepted(visit_as, year):
    ledger = open_directory(year).ledger
    month = max(monthly_reports.figures(ledger, actor=COUNTY)["month"])
    reports = monthly_reports.reports(ledger, actor=COUNTY)
    mine = reports[(reports["uat_siruta"] == PARINCEA) & (reports["month"] == month)]
    if len(mine) and mine["state"].iloc[0] != "returned":
        monthly_reports.send_back(ledger, "BC", PARINCEA, month, "Deschis pentru probă.", actor=COUNTY)

    team = monthly_view(visit_as("/rapoarte", "team"), month)
    for one in (one for one in indicators().values() if one.entry == "manual" and one.is_required):
        field = figure(team, one.code)
        field.locator("input, [role=radio]").first.wait_for(timeout=WAIT)
        number = field.locator("input[type=number]")
        if number.count():
            if not number.input_value():
                number.fill("1")
        elif not field.get_by_role("radio", checked=True).count():  # a second press takes a choice back
            field.get_by_role("radio", name="Da", exact=True).click()
    file_report(team)

    county = monthly_view(visit_as("/rapoarte", "county"), month)
    county.get_by_label("Ce este de corectat").fill(REMARK)
    county.get_by_role("button", name="Returnați pentru corectare").click()
    said(county, ": returnat pentru corectare.")

    team = monthly_view(visit_as("/rapoarte", "team"), month)
    team.locator(".hs-notice, .hs-card", has_text=REMARK).first.wait_for(timeout=WAIT)
    plans = figure(team, "PLAN").locator("input[type=number]")
    plans.fill(str(int(plans.input_value()) - 1))
    file_report(team)

    county = monthly_view(visit_as("/rapoarte", "county"), month)
    county.get_by_role("button", name="Acceptați raportul").click()
    said(county, ": acceptat.")
    reports = monthly_reports.reports(open_directory(year).ledger, actor=COUNTY)
    state = reports[(reports["uat_siruta"] == PARINCEA) & (reports["month"] == month)]["state"]
    assert state.tolist() == ["accepted"]


def figure(page, code):
    """The field of a figure, marked as one to correct or not."""
    return page.locator(f".st-key-hs-figure-{code}, .st-key-hs-marked-{code}")


def file_report(page):
    """Go past the check that stands before filing, with a yes to what changed much."""
    page.get_by_role("button", name="Verificați și depuneți").click()
    said(page, "nimic nu este depus încă")
    ready(page)
    if (sure := page.get_by_text("Da, am verificat")).count():
        sure.click()
        ready(page)
    page.get_by_role("button", name="Depuneți raportul").click()
    said(page, "Depus: raportul pe")


def monthly_list(page):
    """Go to the list of months."""
    page.locator(".st-key-reports_view button", has_text="Raportul lunar").click()
    page.locator("[class*=st-key-monthly_open_]").first.wait_for(timeout=WAIT)
    ready(page)
    return page


def monthly_view(page, month):
    """Open a month's report of Parincea by its button."""
    monthly_list(page).locator(f".st-key-monthly_open_{PARINCEA}_{month} button").click()
    page.locator(".st-key-monthly_back").wait_for(timeout=WAIT)
    ready(page)
    return page


def said(page, words: str) -> None:
    page.get_by_text(words).first.wait_for(timeout=WAIT)


@repeats(
    "tests/pages/screens/test_figures_page.py::test_a_bad_file_of_figures_is_refused_row_by_row_and_a_good_one_is_taken",
    "tests/pages/common/test_runtime.py::test_a_file_is_taken_from_who_publishes_on_the_screen_that_asks_for_it",
)
def test_a_bad_file_of_figures_is_refused_row_by_row_and_a_good_one_is_taken(visit_as, year, tmp_path):
    ledger = open_directory(year).ledger
    reports = monthly_reports.reports(ledger, actor=COUNTY)
    closed = set(reports[(reports["uat_siruta"] == PARINCEA) & (reports["state"] != "returned")]["month"])
    month = max(monthly_reports.figures(ledger, actor=COUNTY)["month"])
    if month in closed:
        monthly_reports.send_back(ledger, "BC", PARINCEA, month, "Deschis pentru probă.", actor=COUNTY)
    page = monthly_list(visit_as("/rapoarte", "team"))
    page.get_by_text("Din fișier: CSV sau XLSX").click()
    head = "Cod SIRUTA,Luna,Indicator,Valoare\n"
    upload(page, tmp_path / "rau.csv", f"{head}9,{month},BEN,1\n{PARINCEA},{month},BEN,multe\n")
    said(page, "Rândul 1 de sub antet, coloana „Cod SIRUTA”: am găsit „9”")
    said(
        page, "Rândul 2 de sub antet, coloana „Valoare”: am găsit „multe”, se așteaptă un număr întreg între 0 și 2000"
    )
    known = monthly_reports.figures(ledger, actor=COUNTY).set_index(["uat_siruta", "month", "indicator"])["value"]
    persons = int(known[PARINCEA, month, "BEN"]) + 1
    page = monthly_list(visit_as("/rapoarte", "team"))
    page.get_by_text("Din fișier: CSV sau XLSX").click()
    upload(page, tmp_path / "bun.csv", f"{head}{PARINCEA},{month},BEN,{persons}\n")
    taken, unsure = page.get_by_text("Cifrele din fișier sunt preluate."), page.get_by_text("Da, am verificat")
    refused = page.locator(".hs-notice", has_text="Nu s-a putut")
    taken.or_(unsure).or_(refused).first.wait_for(timeout=WAIT)
    ready(page)
    assert taken.count() or unsure.count(), refused.all_inner_texts()
    if not taken.count():  # what another test filed in this home may lie far from the month before
        unsure.click()
        ready(page)
        page.get_by_role("button", name="Preluați cifrele").click()
    said(page, "Cifrele din fișier sunt preluate.")
    figures = monthly_reports.figures(open_directory(year).ledger, actor=COUNTY).set_index(
        ["uat_siruta", "month", "indicator"]
    )
    assert figures.loc[(PARINCEA, month, "BEN"), "value"] == persons
    page.locator(f".st-key-monthly_open_{PARINCEA}_{month} button").click()
    page.get_by_text("Istoricul cifrelor").first.click()
    said(page, "fișier")


def upload(page, path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    page.set_input_files(".st-key-monthly_file input[type=file]", str(path))
    page.get_by_role("button", name="Preluați cifrele").click()


def file_button(page, name: str):
    """Open the part with the sources and the files; gives the button of one file."""
    page.locator("[class*=st-key-reports_part_]").get_by_text("Surse și fișiere").click()
    button = page.get_by_role("button", name=name)
    button.wait_for(timeout=WAIT)
    ready(page)
    button.scroll_into_view_if_needed()
    return button


@repeats(
    "tests/reports/output/test_xlsx.py::test_a_workbook_is_read_back_with_its_types",
    "tests/reports/output/test_xlsx.py::test_heads_are_frozen_and_columns_explained",
)
def test_the_workbook_of_the_screen_opens_again_with_types_frozen_heads_and_definitions(visit_as, tmp_path):
    page = visit_as("/rapoarte?zona=BC", "county")
    button = file_button(page, "Tabelele XLSX")
    with page.expect_download(timeout=WAIT) as waiting:
        button.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name.startswith("raport-county-BC-")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "Indicatori"
    assert book.sheetnames[-1] == "Definiții și surse"
    for sheet in book.worksheets[:-1]:
        assert sheet.freeze_panes in ("A2", "B2"), sheet.title
        assert sheet.auto_filter.ref
    places = book["Comunități"]
    head = {cell.value: cell.column for cell in places[1]}
    people = places.cell(2, head["Persoane înregistrate"])
    share = places.cell(2, head["Ponderea rapoartelor depuse"])
    assert isinstance(people.value, int | float)
    assert 0 <= share.value <= 1
    assert share.number_format.endswith("%")
    words = " ".join(str(cell.value) for row in book["Definiții și surse"].iter_rows() for cell in row if cell.value)
    assert "Persoane cu dosar deschis" in words
    assert "Date demonstrative" in words
    calamine = pytest.importorskip("python_calamine")
    again = calamine.CalamineWorkbook.from_path(str(path))
    assert again.sheet_names == book.sheetnames
    assert len(again.get_sheet_by_name("Comunități").to_python()) == places.max_row


def test_the_whole_time_comes_as_a_file_for_the_reader_at_the_screen(visit_as, tmp_path):
    page = visit_as("/rapoarte?zona=BC", "county")
    button = file_button(page, "Toată perioada, XLSX")
    with page.expect_download(timeout=WAIT) as waiting:
        button.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "raport-county-BC-all.xlsx"
    said = {str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row}
    assert any("toată perioada" in text for text in said)


# Every day the widest table; every screen with text twice as large: test_every_screen_accessible.py.
@pytest.mark.parametrize("path", daily(["/rapoarte", "/rapoarte?zona=BC", "/comunitati"], "/comunitati".__eq__))
def test_no_width_scrolls_sideways_or_cuts_a_table(visit_as, path):
    page = visit_as(path, "county", PHONE)
    page.wait_for_selector(".hs-grid", timeout=WAIT)
    for size in (PHONE, (768, 900), DESK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_timeout(300)  # what measures itself does so a frame or two later
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]
        # A table may scroll inside its frame; nothing lies outside of a frame that does not scroll.
        cut = page.evaluate("""() => [...document.querySelectorAll('.hs-table-frame, .hs-table')].filter((frame) =>
            frame.scrollWidth > frame.clientWidth + 1 && !['auto', 'scroll'].includes(getComputedStyle(frame).overflowX)).length""")
        assert cut == 0
    grids = page.evaluate("""() => [...document.querySelectorAll('.hs-grid')].map((grid) =>
        grid.scrollWidth - grid.parentElement.clientWidth)""")
    assert max(grids) <= 1, "a desk sees every column without scrolling"
