"""„Acoperire” in a real browser: what its map shows."""

from __future__ import annotations

import pytest

from tests.browser.screens import DESK

pytestmark = pytest.mark.browser

QUESTION = "/acoperire?serviciu=8891CZ-C-II&judet=BC"
NO_CLASS = {"rgb(0, 0, 0)", "rgb(51, 136, 255)", "rgb(255, 255, 255)"}  # nothing said, Leaflet's own, "not known"


def test_areas_have_the_colour_of_their_class_however_late_the_style_sheets_come(windows, furnished):
    _home, base = furnished
    page = windows.lend(DESK, is_new=True)
    page.route("**/assets/tokens.css*", lambda route: (page.wait_for_timeout(1500), route.continue_()))
    page.goto(base + QUESTION)
    known = page.frame_locator("iframe").locator("path.hs-area:not(.hs-area-0)")
    known.first.wait_for(timeout=60_000)
    page.wait_for_timeout(2_500)
    colours = set(known.evaluate_all("all => all.map(e => getComputedStyle(e).fill)"))
    assert colours
    assert not NO_CLASS & colours
