"""The map of all services in a real browser: marks, list and card, by finger and by keyboard; from the map to the answer."""

from __future__ import annotations

import re

import pytest

from api.http import session
from tests.browser.screens import DESK, PHONE

pytestmark = pytest.mark.browser
WAIT = 60_000


def drawn(page):
    page.locator(".leaflet-container[data-drawn]").wait_for(timeout=WAIT)
    assert page.locator(".leaflet-container").get_attribute("data-drawn") != "failed"


@pytest.fixture
def on_map(windows, address, small_home):
    def visit(query="", size=DESK, *, team=None):
        page = windows.lend(size, reduced_motion="reduce")
        if team is not None:
            sealed = session.demo_cookie(small_home, "team", county="BC", uat_siruta=team)
            page.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": address}])
        page.goto(f"{address}/simplu/harta{query}")
        drawn(page)
        return page

    return visit


def total(page):
    return int(page.locator(".leaflet-container").get_attribute("data-total"))


def test_a_filter_changes_marks_list_counts_and_address_without_a_load(on_map):
    page = on_map()
    before = total(page)
    with page.expect_response(re.compile("/api/map/points")):
        page.locator("#map-form input[name=registru][value=social]").check()
    page.wait_for_function("n => Number(document.querySelector('.leaflet-container').dataset.total) < n", arg=before)
    assert "registru=social" in page.url
    assert page.locator(".map-row").count() == min(20, total(page))
    page.locator("#map-marks").select_option("fara")
    page.wait_for_url("**semne=fara**")
    assert page.locator(".leaflet-marker-pane .hs-point").count() == 0
    assert page.locator(".map-row").count() == min(20, total(page))
    page.reload()
    drawn(page)
    assert page.locator(".leaflet-marker-pane .hs-point").count() == 0
    assert page.locator("#map-form input[name=registru][value=social]").is_checked()


def test_by_keyboard_a_mark_opens_its_card_escape_closes_it_and_the_card_asks_from_its_place(on_map):
    page = on_map("?registru=social&loc=Parincea, județul Bacău&km=60")
    mark = page.locator(".hs-point").first
    mark.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("!!document.activeElement.closest('#map-list')")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('#map-list .map-row > summary')")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.matches('.leaflet-marker-pane .hs-point')")
    mark.focus()
    for _zoom in range(12):
        page.keyboard.press("Enter")
        page.wait_for_timeout(400)
        if page.locator("#map-card:not([hidden]) .map-row").count():
            break
        page.locator(".hs-point").first.focus()
    page.locator("#map-card .map-row").first.wait_for(timeout=WAIT)
    name = page.locator("#map-card .map-name").first.inner_text()
    assert page.locator("#map-list").get_by_text(name, exact=True).count() >= 1
    page.keyboard.press("Escape")
    assert page.locator("#map-card").is_hidden()


def test_on_a_phone_the_page_does_not_scroll_sideways_and_what_can_be_pressed_is_large_enough(on_map):
    page = on_map(size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('.leaflet-bar a, .map-row > summary, .map-side > summary')]"
        ".filter(e => e.getBoundingClientRect().height < 44).length"
    )
    assert small == 0


def test_nothing_is_asked_of_another_host(on_map, address):
    page = on_map()
    hosts = page.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).origin)")
    assert set(hosts) <= {address}


def test_a_team_goes_from_a_place_of_the_map_to_the_answer_and_on_to_a_referral(on_map):
    page = on_map("?loc=24089&km=20", team=24089)
    page.locator(".map-name-of", has_text="Parincea").first.click()
    page.locator("#map-card input[name=cuvinte]").fill("Centru de zi pentru copii în risc")
    page.keyboard.press("Enter")
    pins = page.locator(".leaflet-answer-pane [role=button][aria-label]")
    pins.first.wait_for(timeout=WAIT)
    page.wait_for_url("**raspuns=1**")
    assert page.locator("#map-voice").inner_text().startswith("Centru de zi")
    rows = page.locator("#map-answer .map-row[data-number]")
    assert pins.count() == rows.count() > 1
    assert page.locator(".leaflet-marker-pane [role=button][tabindex='0']").count() == 0
    pins.first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("2. ")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.map-row').dataset.number") == "2"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("2. ")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.map-row.on[open]').dataset.number") == "2"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.map-row.on[open]').dataset.number") == "1"
    assert pins.first.get_attribute("class").split()[-1] == "on"
    rows.first.locator("button[name=drum]").click()
    page.locator("#map-way").get_by_text("linie dreaptă, nu drum").wait_for(timeout=WAIT)
    taking = page.locator(
        "#map-answer .map-row[data-number]:has(button.main[name=serviciu])"
    ).first  # the nearest is full
    if taking.get_attribute("open") is None:
        taking.locator("summary").first.click()
    taking.locator("button.main[name=serviciu]").click()
    page.wait_for_url("**/simplu/referire")
    assert page.locator("input[value=consent]").count() == 1
