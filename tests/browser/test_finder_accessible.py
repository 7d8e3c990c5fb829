"""The finder by axe-core (rules of WCAG 2.2 A and AA), with enlarged text, on a narrow screen, by keyboard, in English."""

from __future__ import annotations

from importlib.resources import files

import pytest
from screens import DESK, PHONE

pytestmark = pytest.mark.browser

PARINCEA, COMMUNITY = "24098", 24089  # SIRUTA of the locality and of its commune
NEED = "8891CZ-C-II"
QUESTION = f"/?loc={PARINCEA}&nevoie={NEED}"
SEVERAL = f"{QUESTION}&nevoie=identity-papers"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length
    && !e.closest('.hs-list, .hs-table-frame, [data-testid=stSkipToContent]') && getComputedStyle(e).position !== 'fixed'
    && e.getBoundingClientRect().right > innerWidth + 1 && e.scrollWidth > 0)
    .filter(e => { for (let p = e; p; p = p.parentElement) if (getComputedStyle(p).clipPath !== 'none') return false; return true; })
    .map(e => e.tagName + '.' + e.className).slice(0, 5)"""


@pytest.fixture(scope="session")
def axe():
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def at_work(visit):
    """Open the finder as the team of Parincea, with its question asked, and wait until all is drawn."""

    def open_page(path=QUESTION, size=DESK, **options):
        page, _asked, faults = visit(path, size, team=COMMUNITY, **options)
        page.wait_for_selector(".hs-src", timeout=60_000)
        page.frame_locator("iframe").locator(".hs-pin").first.wait_for(timeout=30_000)
        return page, faults

    return open_page


def violations(page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("(rules) => axe.run(document, {runOnly: rules, iframes: false})", RULES)
    return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]


def panel(page, words: str) -> None:
    page.locator("[class*=st-key-hs-acts-]").first.get_by_role("button", name=words).click()
    page.locator("[class*=st-key-hs-do-]").wait_for()


def settled(page) -> None:
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=30_000)
    # What is drawn anew is pale for a moment.
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    page.wait_for_timeout(600)


@pytest.mark.parametrize(("language", "scheme"), [("ro", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_the_finder(at_work, axe, language, scheme):
    page, _faults = at_work(f"{SEVERAL}&lang={language}", color_scheme=scheme)
    page.locator("summary").first.click()
    for position in (0, 1):
        page.locator(".st-key-hs-compare button").nth(position).click()
        settled(page)
    page.wait_for_selector(".hs-compare")
    panel(page, "Referiți" if language == "ro" else "Refer")
    settled(page)
    assert page.evaluate("document.documentElement.lang") == language
    assert violations(page, axe) == []
    for words in ("Am sunat", "Greșit?") if language == "ro" else ("I called", "Wrong?"):
        panel(page, words)
        settled(page)
        assert violations(page, axe) == []


def test_axe_finds_nothing_in_the_map(at_work, axe):
    page, _faults = at_work()
    found = violations(next(f for f in page.frames if "streamlit_folium" in f.url), axe)
    # streamlit-folium's own page forbids zooming; inside a frame the browser passes that over.
    assert [line for line in found if not line.startswith("meta-viewport")] == []


def test_in_english_the_page_says_so_and_no_romanian_sentence_of_ours_is_left(at_work):
    page, _faults = at_work(f"{QUESTION}&lang=en")
    said = page.inner_text(".stMain")
    for words in ("Place confirmed", "Refer", "I called", "Search", "km"):
        assert words in said
    for words in ("Referiți", "Sunați", "Căutați", "Loc confirmat", "min dus"):
        assert words not in said
    page.goto(page.url.split("?")[0])
    page.wait_for_selector(".hs-title")
    assert page.evaluate("document.documentElement.lang") == "en"  # remembered by the browser
    page.get_by_role("link", name="Română").click()
    page.wait_for_function("() => document.documentElement.lang === 'ro'")


def test_on_a_phone_with_every_panel_nothing_scrolls_sideways(at_work):
    page, _faults = at_work(SEVERAL, PHONE)
    for place in range(3):
        page.locator("[class*=st-key-hs-acts-]").first.get_by_role("button").nth(place).click()
        page.locator("[class*=st-key-hs-do-]").wait_for()
        settled(page)
        assert page.evaluate(WIDE) == []


def test_text_twice_as_large_breaks_nothing(at_work):
    page, _faults = at_work(size=PHONE)
    panel(page, "Referiți")
    page.add_style_tag(content="html { font-size: 200% !important }")
    settled(page)
    assert page.evaluate(WIDE) == []
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.hs-card *, .hs-done *, .stButton button')]
           .filter(e => e.getClientRects().length && getComputedStyle(e).overflow === 'hidden'
             && (e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2)).map(e => e.outerHTML.slice(0, 100))"""
    )
    assert cut == []


def test_the_number_in_the_list_shows_its_mark_on_the_map_and_the_mark_its_line(at_work):
    page, faults = at_work()
    marks = page.frame_locator("iframe")
    page.get_by_role("button", name="Arătați pe hartă numărul 2").press("Enter")
    marks.locator(".hs-pin-chosen", has_text="2").wait_for()
    assert "hs-chosen" in page.locator("#hs-r2").get_attribute("class")
    mark = marks.locator(".leaflet-marker-icon[tabindex='0']", has_text="1").first
    mark.focus()
    mark.press("Enter")
    page.locator("#hs-r1.hs-chosen").wait_for()
    assert page.locator(".hs-chosen").count() == 1
    assert faults == []


def test_a_place_is_held_and_given_back_by_keyboard_alone(at_work):
    page, faults = at_work()
    page.locator("[class*=st-key-refer-0-social] button").first.press("Enter")
    page.get_by_label("Am cerut acordul și l-am primit").wait_for()
    page.get_by_label("Am cerut acordul și l-am primit").press("Space")
    settled(page)
    page.get_by_role("button", name="Rețineți locul").press("Enter")
    page.get_by_text("S-a făcut referirea R-").wait_for()
    assert "Loc reținut până la" in page.inner_text(".hs-done")
    page.get_by_role("button", name="Anulați referirea").press("Enter")
    page.get_by_text("a fost anulată").wait_for()
    assert faults == []


def test_a_tap_on_the_map_chooses_the_locality(visit):
    page, _asked, faults = visit("/", team=COMMUNITY)
    page.locator(".st-key-pick label").click()
    page.frame_locator(".st-key-hs-pick iframe").locator(".leaflet-container").wait_for(timeout=30_000)
    page.wait_for_timeout(500)
    page.locator(".st-key-hs-pick iframe").click(position={"x": 250, "y": 150})
    field = page.get_by_role("combobox", name="Unde se află persoana?")
    page.wait_for_function(
        "() => !['', 'Parincea, județul Bacău'].includes(document.querySelector('.st-key-place_text input').value)"
    )
    assert "Bacău" in field.input_value()
    assert faults == []
