"""The finder: its list and its map are one, on a narrow screen, in English. Every screen by axe-core: test_every_screen_accessible.py."""

from __future__ import annotations

import pytest

from tests.browser.screens import DESK, PHONE
from tests.covering import repeats

pytestmark = pytest.mark.browser

PARINCEA, COMMUNITY = "24098", 24089  # SIRUTA of the locality and of its commune
NEED = "8891CZ-C-II"
QUESTION = f"/?loc={PARINCEA}&nevoie={NEED}"
SEVERAL = f"{QUESTION}&nevoie=identity-papers"
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length
    && !e.closest('.hs-list, .hs-table-frame, [data-testid=stSkipToContent]') && getComputedStyle(e).position !== 'fixed'
    && e.getBoundingClientRect().right > innerWidth + 1 && e.scrollWidth > 0)
    .filter(e => { for (let p = e; p; p = p.parentElement) if (getComputedStyle(p).clipPath !== 'none') return false; return true; })
    .map(e => e.tagName + '.' + e.className).slice(0, 5)"""


@pytest.fixture
def at_work(visit):
    """Open the finder as the team of Parincea, with its question asked, and wait until all is drawn."""

    def open_page(path=QUESTION, size=DESK, **options):
        page, _asked, faults = visit(path, size, team=COMMUNITY, **options)
        page.wait_for_selector(".hs-src", timeout=60_000)
        # On a narrow screen the map is drawn behind the list.
        page.frame_locator("iframe").locator(".hs-pin").first.wait_for(timeout=30_000, state="attached")
        return page, faults

    return open_page


def settled(page) -> None:
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=30_000)
    # What is drawn anew is pale for a moment.
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    page.wait_for_timeout(600)


@repeats(
    "tests/pages/finder_panels/test_offer_actions.py::test_in_english_the_screen_speaks_english",
    "tests/pages/test_english_screens.py::test_the_panels_of_a_service",
    "tests/api/plain/test_plain_journey.py::test_english_is_chosen_once_and_remembered",
)
def test_in_english_the_page_says_so_and_no_romanian_sentence_of_ours_is_left(at_work):
    page, _faults = at_work(f"{QUESTION}&lang=en")
    said = page.inner_text(".stMain")
    for words in ("call first", "Refer", "I called", "Change", "km"):
        assert words in said
    for words in ("Referiți", "Sunați", "Schimbați", "sunați înainte", "min dus"):
        assert words not in said
    page.goto(page.url.split("?")[0])
    page.wait_for_selector(".hs-title")
    assert page.evaluate("document.documentElement.lang") == "en"  # remembered by the browser
    page.locator(".bar-menu summary").click()
    page.get_by_role("link", name="Română").click()
    page.wait_for_function("() => document.documentElement?.lang === 'ro'")


@repeats(
    "tests/browser/accessible/test_every_screen_accessible.py::test_text_twice_as_large_neither_scrolls_the_page_sideways_nor_is_cut_or_covered",
)
def test_on_a_phone_with_every_panel_nothing_scrolls_sideways(at_work):
    page, _faults = at_work(SEVERAL, PHONE)
    for place in range(3):
        page.locator("[class*=st-key-hs-acts-]:visible").first.get_by_role("button").nth(place).click()
        page.locator("[class*=st-key-hs-do-]").wait_for()
        settled(page)
        assert page.evaluate(WIDE) == []


def test_the_number_in_the_list_shows_its_mark_on_the_map_and_the_mark_its_line(at_work):
    page, faults = at_work()
    marks = page.frame_locator("iframe")
    page.get_by_role("button", name="2: arătați pe hartă").press("Enter")
    marks.locator(".hs-pin-chosen", has_text="2").wait_for()
    assert "hs-chosen" in page.locator("#hs-r2").get_attribute("class")
    mark = marks.locator(".leaflet-marker-icon[tabindex='0']", has_text="1").first
    mark.focus()
    mark.press("Enter")
    page.locator("#hs-r1.hs-chosen").wait_for()
    assert page.locator(".hs-chosen").count() == 1
    assert faults == []


def test_on_a_phone_a_tap_on_a_mark_is_heard_where_the_map_ends_below_the_window_and_its_line_is_found(at_work):
    page, faults = at_work(size=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Hartă", exact=True).tap()
    assert page.locator("#hs-r4").is_hidden()
    page.frame_locator("iframe").locator(".leaflet-marker-icon[tabindex='0']", has_text="4").tap()
    page.frame_locator("iframe").locator(".hs-popup").wait_for()
    page.get_by_role("button", name="Listă", exact=True).tap()
    page.locator("#hs-r4.hs-chosen").wait_for()
    assert page.locator("#hs-r4").evaluate("e => e.getBoundingClientRect().top < innerHeight")
    page.locator("#hs-r3 .hs-show").tap()
    page.frame_locator("iframe").locator(".hs-pin-chosen", has_text="3").wait_for()
    assert page.get_by_role("button", name="Listă", exact=True).evaluate("e => e.getBoundingClientRect().top >= 0")
    assert faults == []


@repeats(
    "tests/pages/finder_panels/test_offer_actions.py::test_a_tap_on_the_map_becomes_a_locality_and_no_coordinate_is_kept",
    "tests/pages/common/test_map_view.py::test_the_point_of_a_tap_is_told_and_not_kept",
)
def test_a_tap_on_the_map_chooses_the_locality(visit):
    page, _asked, faults = visit("/", team=COMMUNITY)
    page.get_by_role("link", name="Găsiți", exact=True).click()
    page.locator(".st-key-pick label").click()
    page.frame_locator(".st-key-hs-pick iframe").locator(".leaflet-container").wait_for(timeout=30_000)
    page.wait_for_timeout(500)
    page.locator(".st-key-hs-pick iframe").click()  # in the middle of the county
    field = page.get_by_role("combobox", name="Unde se află persoana?")
    page.wait_for_function(
        "() => !['', 'Parincea, județul Bacău'].includes(document.querySelector('.st-key-place_text input').value)"
    )
    assert "Bacău" in field.input_value()
    assert faults == []
