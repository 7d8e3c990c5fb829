"""„Acoperire” in a real browser: what its map shows."""

from __future__ import annotations

import itertools

import pytest

from api.http import session
from tests.browser.every_screen import ready
from tests.browser.screens import DESK, PHONE
from tests.covering import daily, repeats

pytestmark = pytest.mark.browser

QUESTION = "/acoperire?serviciu=8891CZ-C-II&judet=BC"
NO_CLASS = {"rgb(0, 0, 0)", "rgb(51, 136, 255)", "rgb(255, 255, 255)"}  # nothing said, Leaflet's own, "not known"


@pytest.fixture(scope="module")
def late_map(lasting_windows, furnished):
    """The map of a county, whose style sheets came a second after it; tests read it."""
    _home, base = furnished
    page = lasting_windows.lend(DESK, is_new=True)
    for sheet in ("tokens.css", "map.css"):
        page.route(f"**/assets/{sheet}*", lambda route: (page.wait_for_timeout(1_200), route.continue_()))
    page.goto(base + QUESTION)
    frame = page.frame_locator("iframe")
    frame.locator("path.hs-area:not(.hs-area-0)").first.wait_for(timeout=60_000)
    frame.locator(".hs-name-over").first.wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(2_500)
    return frame


def test_areas_have_the_colour_of_their_class_however_late_the_style_sheets_come(late_map):
    known = late_map.locator("path.hs-area:not(.hs-area-0)")
    colours = set(known.evaluate_all("all => all.map(e => getComputedStyle(e).fill)"))
    assert colours
    assert not NO_CLASS & colours


def test_no_name_on_the_map_stands_on_another_and_services_are_points(late_map):
    boxes = late_map.locator(".hs-name-over").evaluate_all(
        "all => all.filter(e => e.style.visibility !== 'hidden').map(e => e.firstChild.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) > 5
    crossed = [
        (a, b)
        for n, a in enumerate(boxes)
        for b in boxes[:n]
        if a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
    ]
    assert not crossed
    assert late_map.locator(".hs-service").count() > 0


CHOICES = list(itertools.product((DESK, PHONE), ("enter", "click", "tap")))


# A finger on a telephone every day: there the screen that ran into view was the longest.
@pytest.mark.parametrize(
    ("size", "how"),
    daily(CHOICES, lambda choice: choice == (PHONE, "tap")),
    ids=lambda said: {DESK: "desk", PHONE: "phone"}.get(said, said),
)
def test_nothing_scrolls_after_a_choice_and_the_answer_is_read_next(windows, furnished, size, how):
    home, base = furnished
    page = windows.lend(size, is_new=True, has_touch=True)
    sealed = session.demo_cookie(home, "county", county="BC")
    page.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
    page.goto(base + "/acoperire?judet=BC&fila=ajutor")
    page.wait_for_selector(".hs-steps", timeout=60_000)
    ready(page)
    page.evaluate(
        "window.seen = []; document.querySelector('.stMain').addEventListener('scroll', e => seen.push(e.target.scrollTop))"
    )
    page.locator(".st-key-cov_serviciu input").click()
    page.keyboard.type("copii în risc")
    option = page.locator("[role=option]").first
    option.wait_for()
    {"enter": lambda: page.keyboard.press("Enter"), "click": option.click, "tap": option.tap}[how]()
    page.wait_for_selector(".st-key-cov_plan", timeout=60_000)  # the last thing of the screen that once ran into view
    ready(page)
    page.wait_for_timeout(1_500)
    assert page.evaluate("document.querySelector('.stMain').scrollTop") == 0
    assert page.evaluate("Math.max(0, ...seen)") == 0
    assert page.evaluate("document.activeElement.id") == "hs-cov-lead"


@repeats(
    "tests/browser/accessible/test_every_screen_accessible.py::test_text_twice_as_large_neither_scrolls_the_page_sideways_nor_is_cut_or_covered",
)
@pytest.mark.parametrize("size", [(768, 1024), PHONE], ids=["tablet", "phone"])
@pytest.mark.parametrize("address", [QUESTION, "/rapoarte", "/comunitati"])
def test_a_narrow_screen_that_has_no_list_to_switch_to_shows_its_map(windows, furnished, size, address):
    _home, base = furnished
    page = windows.lend(size)
    page.goto(base + address)
    frame = page.locator(".st-key-hs-map iframe")
    frame.wait_for(state="visible", timeout=60_000)
    column = page.locator(".stColumn:has(.st-key-hs-map)")
    assert column.bounding_box()["height"] >= frame.bounding_box()["height"] > 250


def test_one_press_on_back_leaves_a_screen_that_completed_its_address(windows, furnished):
    home, base = furnished
    page = windows.lend(DESK)
    sealed = session.demo_cookie(home, "county", county="BC")
    page.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
    page.goto(base + "/comunitati")
    ready(page)
    page.locator(".st-key-hs-entries").get_by_role("link", name="Acoperire").click()
    page.wait_for_url("**/acoperire?judet=BC", timeout=60_000)
    ready(page)
    page.go_back()
    page.wait_for_url("**/comunitati", timeout=60_000)
