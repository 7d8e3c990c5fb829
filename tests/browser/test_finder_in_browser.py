from __future__ import annotations

import re

import pytest

from tests.browser.screens import PHONE, hosts, numbers_in_list, numbers_on_map
from tests.covering import repeats

pytestmark = pytest.mark.browser

PARINCEA = "24098"  # SIRUTA
QUESTION = f"/?loc={PARINCEA}&nevoie=8891CZ-C-II"
MAP = "iframe"


@pytest.fixture(scope="module")
def answered(lasting_visit):
    """The answer to the question on a desk, in a browser that had loaded nothing; tests read it and change nothing."""
    page, asked, faults = lasting_visit(QUESTION, is_new=True)
    assert numbers_on_map(page)
    return page, asked, faults


@pytest.fixture(scope="module")
def answered_phone(lasting_visit):
    """The answer on a telephone that had loaded nothing, its map drawn; tests read it and change nothing."""
    page, asked, _faults = lasting_visit(QUESTION, PHONE, is_new=True, has_touch=True, is_mobile=True)
    numbers_in_list(page)
    pins = page.frame_locator(MAP).locator(".hs-pin")
    pins.first.wait_for(timeout=30_000, state="attached")  # behind the list
    return page, asked


def test_no_request_goes_to_another_host_and_no_script_fails(answered, address):
    _page, asked, faults = answered
    assert len(asked) > 20
    assert hosts(asked) == {address.removeprefix("http://")}
    assert faults == []


def test_the_map_shows_the_same_numbers_as_the_list_drawn_alike(answered):
    page, _asked, _faults = answered
    assert numbers_in_list(page) == numbers_on_map(page) == ["1", "2", "3", "4"]
    frame = page.frame_locator(MAP)
    assert frame.locator(".hs-pin.hs-mark-free").all_inner_texts() == ["2"]
    assert page.locator(".hs-is-free .hs-n").all_inner_texts() == ["2"]


def test_a_mark_opens_with_the_keyboard_and_says_the_same_minutes_as_the_list(answered):
    page, _asked, _faults = answered
    frame = page.frame_locator(MAP)
    mark = frame.locator(".leaflet-marker-icon[tabindex='0']", has_text=re.compile(r"^2$"))
    mark.focus()
    mark.press("Enter")
    said = frame.locator(".hs-popup").inner_text()
    assert "Luminița" in said
    assert page.locator("#hs-r2 .hs-min b").inner_text().removeprefix("≈ ") in said


def test_markup_in_a_registers_name_stays_text_in_list_and_map(answered):
    page, _asked, _faults = answered
    frame = page.frame_locator(MAP)
    frame.locator(".leaflet-marker-icon", has_text=re.compile(r"^3$")).click()
    # The bubble that was open before fades out meanwhile.
    assert "<img src=x" in frame.locator(".hs-popup", has_text="Speranța").inner_text()
    assert "<img src=x" in page.locator("#hs-r3 h3").inner_text()
    assert page.title() == "Găsiți un serviciu · Harta serviciilor comunitare"


def test_a_phone_loads_no_font_and_nothing_of_an_answer_scrolls_sideways(answered_phone):
    page, asked = answered_phone
    assert [url for url in asked if "woff" in url] == []
    assert_nothing_scrolls_sideways(page)


@repeats(
    "tests/browser/accessible/test_every_screen_accessible.py::test_text_twice_as_large_neither_scrolls_the_page_sideways_nor_is_cut_or_covered",
    "tests/browser/test_finder_in_browser.py::test_a_phone_loads_no_font_and_nothing_of_an_answer_scrolls_sideways",
)
@pytest.mark.parametrize("path", ["/", f"/?loc={PARINCEA}&nevoie=child-separation-risk"])
def test_on_a_phone_nothing_scrolls_sideways(visit, path):
    page, _asked, _faults = visit(path, PHONE)
    page.wait_for_selector(".hs-n, .hs-steps", timeout=30_000)
    assert_nothing_scrolls_sideways(page)


def assert_nothing_scrolls_sideways(page) -> None:
    page.wait_for_timeout(500)
    wide = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(e => !e.closest('.hs-list') && e.getClientRects().length
           && !e.closest('[data-testid=stSkipToContent]') && getComputedStyle(e).position !== 'fixed'
           && e.getBoundingClientRect().right > innerWidth + 1 && e.scrollWidth > 0)
           .filter(e => { for (let p = e; p; p = p.parentElement) if (getComputedStyle(p).clipPath !== 'none') return false; return true; })
           .map(e => e.tagName + '.' + e.className).slice(0, 5)"""
    )
    assert wide == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_what_is_touched_on_a_phone_is_large_enough(answered_phone):
    page, _asked = answered_phone
    small = page.evaluate(
        """[...document.querySelectorAll('.st-key-hs-form button, .st-key-hs-form input[type=text], .hs-btn')]
           .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 43.5)
           .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


@repeats(
    "tests/browser/accessible/test_keyboard_accessible.py::test_from_the_question_to_a_held_place_and_back",
)
def test_the_keyboard_walks_from_the_place_to_the_button_in_reading_order(visit):
    page, _asked, _faults = visit("/")
    page.get_by_text("cu mașina").wait_for()
    page.get_by_role("button", name="Căutați").wait_for()
    page.get_by_role("combobox", name="Unde se află persoana?").focus()
    walked = []
    for _step in range(8):
        page.keyboard.press("Tab")
        walked.append(
            page.evaluate(
                "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText).trim()"
            )
        )
        if walked[-1] == "Căutați":
            break
    assert walked[:3] == ["Alegeți locul pe hartă", "De ce are nevoie?", "cu mașina"]
    assert walked[-2] == "Mai multe opțiuni"
    assert walked[-1] == "Căutați"


@repeats(
    "tests/browser/accessible/test_keyboard_accessible.py::test_from_the_question_to_a_held_place_and_back",
)
def test_a_whole_question_is_asked_by_keyboard_alone_with_lists_while_typing(visit):
    page, _asked, faults = visit("/", PHONE)
    place = page.get_by_role("combobox", name="Unde se află persoana?")
    place.press_sequentially("parinc", delay=30)
    page.get_by_role("option", name="Parincea, județul Bacău").wait_for()
    place.press("ArrowDown")
    place.press("Enter")
    assert place.input_value() == "Parincea, județul Bacău"
    place.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("zi copii risc", delay=30)
    page.get_by_role("option", name="Centru de zi pentru copii în risc").wait_for()
    page.keyboard.press("ArrowDown")
    while page.locator("[role=option][aria-selected=true]").inner_text() != "Centru de zi pentru copii în risc":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Vârsta").wait_for(timeout=30_000)
    page.get_by_role("button", name="Căutați").press("Enter")
    page.wait_for_selector(".hs-n", timeout=30_000)
    page.wait_for_function("() => document.activeElement.id === 'hs-answer'")
    assert faults == []


def test_escape_closes_the_list_and_the_text_typed_stays(visit):
    page, _asked, _faults = visit("/")
    place = page.get_by_role("combobox", name="Unde se află persoana?")
    place.press_sequentially("parinc", delay=30)
    page.get_by_role("option").first.wait_for()
    assert place.get_attribute("aria-expanded") == "true"
    place.press("Escape")
    assert place.get_attribute("aria-expanded") == "false"
    assert place.input_value() == "parinc"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_enough_in_both_themes(answered, scheme):
    page, _asked, _faults = answered
    page.emulate_media(color_scheme=scheme)
    expected = {"light": "rgb(243, 246, 246)", "dark": "rgb(14, 25, 28)"}[scheme]
    # Streamlit draws its own part of a theme from a script, a moment after the style sheets.
    page.wait_for_function(
        "ground => getComputedStyle(document.querySelector('.stApp')).backgroundColor === ground", arg=expected
    )
    page.wait_for_timeout(300)
    faint = page.evaluate(CONTRAST)
    assert faint == []


def test_the_page_says_its_language_and_no_english_is_left(answered):
    page, _asked, _faults = answered
    assert page.evaluate("document.documentElement.lang") == "ro"
    said = page.evaluate(
        """[...document.querySelectorAll('*')].flatMap(e => [e.getAttribute('aria-label'), e.getAttribute('title'),
           e.getAttribute('placeholder'), ...[...e.childNodes].filter(n => n.nodeType === 3).map(n => n.nodeValue)])
           .filter(Boolean).join('\\n')"""
    )
    said = re.sub(r"(?s)<style.*?</style>|\{.*?\}", "", said)
    english = re.findall(
        r"(?i)\b(press enter|choose|skip to|open|close|search|loading|running|stop|deploy|streamlit\w*|value)\b", said
    )
    assert english == []


def test_the_first_screen_has_words_before_any_script_has_run(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert "Se deschide…" in page.inner_text("body")
    assert "are nevoie de JavaScript" in page.content()
    context.close()


# WCAG 2.2 relative luminance; text on its nearest opaque ground, 4.5:1, large text 3:1.
CONTRAST = """(() => {
  const parse = c => { const n = c.match(/[\\d.]+/g).map(Number); return c.startsWith('color(') ? [n[0]*255, n[1]*255, n[2]*255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > .95) return c; } return [255, 255, 255, 1]; };
  return [...document.querySelectorAll('.stApp *')].filter(e => e.getClientRects().length
      && [...e.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim()) && !e.closest('[data-testid=stSkipToContent]'))
    .map(e => { const s = getComputedStyle(e), a = light(parse(s.color)), b = light(ground(e));
      const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(s.fontSize);
      return [ratio, size >= 24 || (size >= 18.6 && s.fontWeight >= 700) ? 3 : 4.5, e.innerText.slice(0, 40)]; })
    .filter(([ratio, least]) => ratio < least);
})()"""
