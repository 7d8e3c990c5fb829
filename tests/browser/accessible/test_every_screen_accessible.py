"""Every screen, in both languages and both themes: axe-core, text twice as large, focus that can be seen.

One server, one window, one walk a language (`every_screen.Walk`); what is found on the way is judged by the tests.
What is left to Streamlit stands in `docs/accessibility.csv`, and is read from there.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest

from tests.browser.conftest import furnished_server
from tests.browser.every_screen import Walk
from tests.browser.laid_out import STRICTEST, VIEWS, faults_of, unseen_focus
from tests.browser.serving import ROOT
from tests.covering import daily

pytestmark = pytest.mark.browser

LEFT = ROOT / "docs" / "accessibility.csv"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What a theme can change; all other rules say the same in both.
OF_COLOUR = ["color-contrast", "link-in-text-block"]
SCREENS = 65
DARK_EVERY = (
    4  # every day each fourth screen: the colours are tokens, which tests/pages/test_style.py holds in both themes
)
# What Streamlit's own field for files says, where nobody has translated it.
OF_FILES = re.compile(r"(?i)\b(?:upload|drag and drop|browse|per file|limit)\b")
# An icon's name is drawn as its picture.
READ = """() => [...document.querySelectorAll('.stMain [data-testid=stIconMaterial]')].reduce(
    (text, icon) => text.replace(icon.innerText, ''), document.querySelector('.stMain')?.innerText ?? '')"""
# The theme has arrived everywhere: Streamlit draws its own from a script, a moment after the style sheets.
IN_THEME = """() => [...document.querySelectorAll('.stApp')].every(app =>
    getComputedStyle(app).backgroundColor === getComputedStyle(document.documentElement).backgroundColor)"""
RUN = """async ([only, left, off]) => {
  const rules = Object.fromEntries(off.map(rule => [rule, {enabled: false}]));
  const found = await axe.run(document, {runOnly: only, rules, iframes: false, resultTypes: ['violations']});
  return found.violations.flatMap(v => v.nodes
    .filter(n => !left.some(([rule, selector]) => rule === v.id && n.target.length === 1 && document.querySelector(n.target[0])?.closest(selector)))
    .map(n => `${v.id}: ${n.html.slice(0, 160)}`));
}"""


@dataclass
class Found:
    """What a walk in one language has found: by theme, by view and by keyboard, a screen's faults under its name."""

    screens: list[str] = field(default_factory=list)
    axe: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    layout: dict[str, Any] = field(default_factory=dict)
    focus: dict[str, list[str]] = field(default_factory=dict)
    english: dict[str, list[str]] = field(default_factory=dict)
    said: dict[str, tuple[str, str, int]] = field(default_factory=dict)


def left_to_streamlit() -> list[dict[str, str]]:
    with LEFT.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def look_with(axe: str, page, found: Found, how: str):
    is_english, is_whole = how == "en", how == "ro, whole"
    left = [[row["rule"], row["selector"]] for row in left_to_streamlit()]
    off = OF_COLOUR if is_english else []  # colours are the same in both languages

    def violations(frame, only) -> list[str]:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(axe)
        return frame.evaluate(RUN, [only, left, off])

    def look(name: str) -> None:
        found.screens.append(name)
        found.said[name] = page.evaluate(
            "() => [document.documentElement.lang, document.title, document.querySelectorAll('h1').length]"
        )
        page.mouse.move(0, 0)
        maps = [frame for frame in page.frames if "streamlit_folium" in frame.url]
        is_dark_too = is_whole or (not is_english and len(found.screens) % DARK_EVERY == 0)
        for theme, only in (("light", WCAG), ("dark", OF_COLOUR)) if is_dark_too else (("light", WCAG),):
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(IN_THEME)
            page.wait_for_timeout(60)
            # A map is a part of a page: it has no heading and no landmarks of its own.
            faults = violations(page, [*only, "best-practice"] if only is WCAG else only)
            faults += [line for frame in maps for line in violations(frame, only)]
            if faults:
                found.axe[theme][name] = faults
        page.emulate_media(color_scheme="light")
        if is_english:
            return
        if words := OF_FILES.findall(page.evaluate(READ)):
            found.english[name] = words
        if faults := unseen_focus(page):
            found.focus[name] = faults
        if faults := faults_of(page, VIEWS if is_whole else STRICTEST):
            found.layout[name] = faults

    return look


# Every day Romanian, in the narrowest view; that English leaves no name out is held by tests/source/test_messages.py.
IN_ROMANIAN = daily(["ro", "ro, whole"], "ro".__eq__)


@pytest.fixture(scope="module", params=daily(["ro", "ro, whole", "en"], "ro".__eq__))
def walked(request, browser, furnished, tmp_path_factory):
    """Walk past every screen, once for all tests; gives the language and what was found."""
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    how, language = request.param, request.param[:2]
    # A walk takes places and files reports: each begins in a home that no other has passed.
    with (
        nullcontext(furnished) if how == "ro" else furnished_server(tmp_path_factory.mktemp("again")) as (home, address)
    ):
        context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="ro-RO", reduced_motion="reduce")
        found = Found()
        page = context.new_page()
        Walk(page, address, home, language, look_with(axe, page, found, how)).everything()
        context.close()
    return language, found


def test_every_screen_was_looked_at(walked):
    _language, found = walked
    assert len(found.screens) == len(set(found.screens)) == SCREENS


def test_axe_finds_nothing_of_ours_in_light_and_dark(walked):
    _language, found = walked
    assert {theme: faults for theme, faults in found.axe.items() if faults} == {}


# Room and focus are the same in both languages; Romanian has the longer words.
@pytest.mark.parametrize("walked", IN_ROMANIAN, indirect=True)
def test_text_twice_as_large_neither_scrolls_the_page_sideways_nor_is_cut_or_covered(walked):
    _language, found = walked
    assert found.layout == {}


@pytest.mark.parametrize("walked", IN_ROMANIAN, indirect=True)
def test_focus_can_be_seen_on_everything_that_takes_it_and_the_keyboard_reaches_what_a_finger_can(walked):
    _language, found = walked
    assert found.focus == {}


@pytest.mark.parametrize("walked", IN_ROMANIAN, indirect=True)
def test_no_english_of_a_field_for_files_is_left(walked):
    _language, found = walked
    assert found.english == {}


def test_every_screen_says_its_language_has_a_title_and_one_heading_of_the_first_order(walked):
    language, found = walked
    wrong = {name: said for name, said in found.said.items() if said[0] != language or not said[1] or said[2] != 1}
    assert wrong == {}


def test_what_is_left_to_streamlit_is_explained():
    rows = left_to_streamlit()
    assert all(row["why"] and row["instead"] for row in rows)
    told = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    assert all(f"`{row['rule']}`" in told for row in rows)
