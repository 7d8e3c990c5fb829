"""Every journey by keyboard alone: Tab, arrows, Space, Enter and letters, on one server, nothing else."""

from __future__ import annotations

import re

import pytest

from tests.browser.every_screen import CHILD_NEED, COMMUNITY, COUNTY, NEED, WAIT_MS, Walk, ready
from tests.browser.screens import DESK
from tests.covering import repeats

pytestmark = pytest.mark.browser
MOST_STEPS = 160
IS_SEEN = "e => e.matches(':focus-visible')"


class Keyboard:
    """A person without a mouse."""

    def __init__(self, page):
        self.page = page

    def to(self, selector: str) -> None:
        """Tab until what the selector names has focus, and see that it has; it may still be to be drawn."""
        self.page.wait_for_selector(selector, state="attached", timeout=WAIT_MS)
        for _step in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert self.page.locator(":focus").evaluate(IS_SEEN)
                return
        raise AssertionError(f"{selector} is not reached by Tab")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, words: str) -> None:
        """Write over what stands in the field."""
        self.press("Control+A")
        self.page.keyboard.type(words)

    def wait(self, selector: str) -> None:
        self.page.wait_for_selector(selector, timeout=WAIT_MS)
        if self.page.locator(".stApp").count():
            ready(self.page)


@pytest.fixture(scope="module")
def window(lasting_windows):
    """One window for all journeys: what the browser has loaded once, it has."""
    page = lasting_windows.lend(DESK, reduced_motion="reduce")
    page.set_default_timeout(WAIT_MS)
    return page


@pytest.fixture
def walk(window, furnished):
    home, address = furnished
    return Walk(window, address, home, "ro", lambda _name: None)


@pytest.fixture
def keys(window):
    return Keyboard(window)


def test_from_the_question_to_a_held_place_and_back(walk, keys):
    walk.as_role("team")
    walk.open("/gasiti", ".hs-steps")
    keys.press("Tab")
    assert keys.page.locator(":focus").inner_text() == "Săriți la conținut"
    keys.press("Enter")
    assert keys.page.locator(":focus").inner_text() == "Găsiți un serviciu"  # past the bar, at the heading
    keys.to(".st-key-place_text input")
    keys.write("Parincea, județul Bacău")
    keys.to(".st-key-wanted_text input")
    keys.page.keyboard.type("copii în risc")
    keys.page.wait_for_selector(".hs-list [role=option]")
    keys.press("ArrowDown", "Enter")
    ready(keys.page)
    keys.to(".st-key-search button")
    keys.press("Enter")
    keys.wait(".hs-src")
    keys.page.wait_for_function("() => document.activeElement.id === 'hs-answer'")  # the answer is read next
    keys.to("[class*=st-key-refer-] button")
    keys.press("Enter")
    keys.wait(".st-key-temei")
    keys.to(".st-key-temei input")
    keys.press("Space")
    keys.wait(".st-key-acord_la")
    ready(keys.page)
    keys.to("[class*=st-key-go-] button")
    keys.press("Enter")
    keys.wait("[class*=st-key-undo-]")
    keys.to("[class*=st-key-undo-] button")
    keys.press("Enter")
    keys.page.get_by_text("a fost anulată").wait_for()


@repeats(
    "tests/browser/accessible/test_every_screen_accessible.py::test_focus_can_be_seen_on_everything_that_takes_it_and_the_keyboard_reaches_what_a_finger_can",
    "tests/pages/screens/test_referrals_page.py::test_a_refusal_needs_its_reason_and_is_moved_on_with_one_button",
    "tests/browser/accessible/test_keyboard_accessible.py::test_from_the_question_to_a_held_place_and_back",
)
def test_the_next_step_of_a_referral(walk, keys):
    walk.as_role("team")
    walk.open("/referiri", "[class*=st-key-accept-]")
    keys.to("[class*=st-key-accept-] button")
    keys.press("Enter")
    keys.page.get_by_text(re.compile(r"R-\w+: furnizorul a acceptat")).wait_for()
    ready(keys.page)
    keys.to("[class*=st-key-fold-R] summary")  # of a referral: the filters above have a fold too
    keys.press("Enter")
    keys.wait("[class*=st-key-fold-R] details[open] [class*=st-key-reason-] input")
    keys.page.wait_for_timeout(600)  # it unfolds slowly
    ready(keys.page)  # a list that is open while the screen is drawn anew loses what is chosen in it
    keys.to("[class*=st-key-reason-] input")
    keys.press("ArrowDown")
    keys.page.wait_for_selector("[role=option]")
    keys.press("ArrowDown", "Enter")
    keys.page.wait_for_function("() => document.activeElement.value")  # a reason stands in the field


@repeats(
    "tests/browser/accessible/test_every_screen_accessible.py::test_focus_can_be_seen_on_everything_that_takes_it_and_the_keyboard_reaches_what_a_finger_can",
    "tests/pages/screens/test_figures_page.py::test_a_team_keeps_and_files_its_month_and_the_county_returns_and_accepts",
)
def test_a_monthly_report_is_filed(walk, keys):
    walk.as_role("team")
    walk.open("/rapoarte", ".hs-tiles")
    keys.to(".st-key-reports_view button")
    keys.press("ArrowRight", "Space")
    keys.wait("[class*=st-key-monthly_open_] button")
    keys.to("[class*=st-key-monthly_open_] button")  # the first is the month that waits
    keys.press("Enter")
    keys.wait(".st-key-monthly_check button")
    fields = keys.page.locator(".st-key-hs-form-monthly :is(input, [role=radiogroup])").count()
    keys.to(".st-key-hs-form-monthly :is(input, [role=radio])")
    for _field in range(fields):
        chosen = keys.page.evaluate(
            "() => document.activeElement.matches('[role=radio]') && document.activeElement.ariaChecked"
        )
        if chosen == "false":  # a month that nobody has begun; a second press takes a choice back
            keys.press("Space")
        elif not chosen:
            keys.write("1")
        keys.press("Tab")
    keys.press("Shift+Tab")
    keys.to(".st-key-monthly_check button")
    keys.press("Enter")
    keys.wait(".st-key-monthly_send button")
    if keys.page.locator("[class*=st-key-monthly_yes_] input").count():  # what changed much is said to be true
        keys.to("[class*=st-key-monthly_yes_] input")
        keys.press("Space")
    keys.to(".st-key-monthly_send button")
    keys.press("Enter")
    keys.page.get_by_text("Depus: raportul pe").wait_for()


@repeats(
    "tests/browser/accessible/test_every_screen_accessible.py::test_focus_can_be_seen_on_everything_that_takes_it_and_the_keyboard_reaches_what_a_finger_can",
    "tests/pages/screens/test_coverage_page.py::test_every_goal_gives_a_plan_or_says_what_stands_in_the_way",
    "tests/browser/accessible/test_keyboard_accessible.py::test_from_the_question_to_a_held_place_and_back",
)
def test_a_county_is_chosen_and_what_would_help_is_computed(walk, keys):
    walk.as_role("national")
    walk.open("/acoperire?fila=ajutor", ".hs-steps")
    keys.to(".st-key-cov_serviciu input")
    keys.write(CHILD_NEED)
    keys.page.wait_for_selector("[role=option]")
    keys.press("ArrowDown", "Enter")
    keys.wait(".hs-src")
    keys.to(".st-key-cov_judet input")
    keys.write("Bacău")
    keys.page.wait_for_selector("[role=option]")
    keys.press("ArrowDown", "Enter")
    keys.wait(".st-key-cov_plan")
    keys.to(".st-key-cov_plan button")
    keys.press("Enter")
    keys.wait("[class*=st-key-cov_delete_]")


def test_the_plain_pages_from_sign_in_to_the_providers_answer(walk, keys):
    page = keys.page
    walk.as_role(None)
    walk.open("/intra", "#rol")
    keys.to(".skip")
    keys.press("Enter")
    keys.to("input[name=pagini]")
    keys.press("Space")
    page.evaluate("document.querySelector('input[value=simplu]').checked") or keys.press("ArrowUp")
    keys.to("#rol")
    page.keyboard.type("Parincea")
    assert page.input_value("#rol") == f"team:{COMMUNITY}"
    keys.to("button.main")
    keys.press("Enter")
    page.wait_for_url("**/simplu")
    keys.to('.bar-entries a[href="/simplu/gasiti"]')
    keys.press("Enter")
    keys.to("#cuvinte")
    page.keyboard.type(CHILD_NEED)
    keys.press("Enter")
    page.wait_for_selector("article")
    keys.to('.hs-unfold:has(button[value="social:mmps:5"]) > summary')  # the first row is open, this one not yet
    keys.press("Enter")
    keys.to('button[value="social:mmps:5"]:not([formaction])')
    keys.press("Enter")
    page.wait_for_selector("input[value=consent]")
    keys.to("input[value=consent]")
    keys.press("Space")
    keys.to("form.box button.main")
    keys.press("Enter")
    page.wait_for_url("**/simplu/referire/R-*")
    keys.to("form[action$=legatura] button")
    keys.press("Enter")
    page.wait_for_selector("#legatura")
    link = page.input_value("#legatura")
    walk.as_role(None)
    page.goto(link)
    keys.to("form button.main")
    keys.press("Enter")
    page.wait_for_selector(".done")
    walk.as_role("team")
    walk.open("/simplu/ajutor", "details")
    keys.to("main summary")
    keys.press("Enter")
    assert page.locator("main details").first.evaluate("e => e.open")


@repeats(
    "tests/browser/accessible/test_keyboard_accessible.py::test_what_stands_behind_the_name_of_the_role_opens_names_where_one_is_and_closes",
)
def test_the_bar_names_where_one_is(walk, keys):
    walk.as_role("county")
    walk.open(f"/acoperire?serviciu={NEED}&judet={COUNTY}", ".hs-src")
    bar = keys.page.get_by_role("navigation", name="Secțiuni")
    assert bar.locator("[aria-current=page]").all_inner_texts() == ["Acoperire"]
    keys.to('[class*="st-key-hs-nav-"][class*="-referiri"] a')
    keys.press("Enter")
    keys.page.wait_for_url("**/referiri")
    ready(keys.page)
    assert bar.locator("[aria-current=page]").all_inner_texts() == ["Referiri"]


def test_what_stands_behind_the_name_of_the_role_opens_names_where_one_is_and_closes(walk, keys):
    walk.as_role("team")
    walk.open(f"/acoperire?serviciu={NEED}&judet={COUNTY}", ".hs-src")
    menu = keys.page.locator(".st-key-hs-more")
    assert menu.is_hidden()
    keys.to(".bar-menu > summary")
    keys.press("Enter")
    menu.wait_for()
    assert menu.locator("[aria-current=page]").all_inner_texts() == ["Acoperire"]
    keys.press("Escape")
    assert menu.is_hidden()
    assert keys.page.evaluate("document.activeElement.matches('.bar-menu > summary')")
    keys.press("Enter")
    keys.to('.st-key-hs-more [class*="-comunitati"] a')
    keys.press("Enter")
    keys.page.wait_for_url("**/comunitati")
    ready(keys.page)
    assert menu.is_hidden()
