"""Signs that a press was heard, on a server that is made to wait: nothing is doubled, nothing jumps."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager

import pytest

from api.http import session
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.screens import DESK, PHONE
from tests.browser.serving import ROOT
from tests.covering import daily
from tests.worlds.homes import small_world

pytestmark = pytest.mark.browser
TEAM = Actor("team", "test", "BC", 24089)
QUESTION = f"/gasiti?loc=24098&nevoie={small_world.CHILD_DAY_CENTRE}"
SEARCH = ".st-key-search button"
SOON_MS, LATE_MS = 900, 8_800  # after the 300 ms and the 8 s of progress.js
# What a page says of its own button some time after it is pressed: kept, because the next page takes its place.
NOTE = """([button, when]) => setTimeout(() => {
  const pressed = document.querySelector(button);
  pressed.click();
  sessionStorage.setItem('said', JSON.stringify([pressed.getAttribute('aria-busy'), pressed.dataset.progress]));
}, when)"""


COUNT_AT_THE_END = """() => addEventListener('pagehide', () =>
  sessionStorage.setItem('busy', document.querySelectorAll('[aria-busy]').length))"""


@contextmanager
def waiting(process: int):
    """Let a server wait: it takes what comes and answers nothing."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.fixture
def team(windows, own_server):
    base, home, _process = own_server

    def lend(size=PHONE, **options):
        page = windows.lend(size, **options)
        sealed = session.demo_cookie(home, "team", county="BC", uat_siruta=24089)
        page.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
        return page

    return lend


def settled(page) -> None:
    page.wait_for_selector("#hs-boot", state="detached", timeout=60_000)
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=60_000)


@pytest.mark.slow
def test_a_press_in_the_application_is_seen_at_once_and_after_long_the_plain_pages_are_offered(team, own_server):
    base, _home, process = own_server
    page = team()
    page.goto(base + "/gasiti?loc=24098")
    settled(page)
    button = page.locator(SEARCH)
    with waiting(process):
        button.click()
        page.wait_for_timeout(SOON_MS)
        assert [button.get_attribute(name) for name in ("aria-busy", "aria-disabled", "data-progress")] == [
            "true",
            "true",
            "Se caută…",
        ]
        assert page.inner_text(".hs-slow [role=status]").strip() == "Se caută…"
        assert page.locator(".hs-progress").is_visible()
        assert page.evaluate("document.activeElement.closest('.st-key-search') !== null")
        page.wait_for_timeout(LATE_MS - SOON_MS)
        assert page.get_by_role("link", name="Pagini simple ›").last.get_attribute("href") == "/intra/simplu"
    page.wait_for_selector(f"{SEARCH}:not([aria-busy])", timeout=30_000)
    assert page.locator(".hs-slow").is_hidden()
    assert page.locator(".hs-progress").is_hidden()


APPLICATION = """<div id=root></div><div class=stApp data-test-script-state=notRunning><div class=stMain><h1>x</h1>
<div class="st-key-search stButton"><button>Caută</button></div><p id=hint>Enter</p></div></div>"""


def test_an_answer_that_is_drawn_at_once_with_the_end_of_its_run_ends_the_wait_too(windows):
    page = windows.lend(PHONE)
    page.set_content(APPLICATION)
    page.evaluate((ROOT / "api" / "static" / "progress.js").read_text(encoding="utf-8"))
    button = page.locator(SEARCH)
    button.click()
    page.evaluate("document.getElementById('hint').remove()")  # Streamlit's own, of the field that was left
    page.wait_for_selector(f"{SEARCH}[aria-busy=true]", timeout=5_000)
    page.evaluate("document.querySelector('.stMain').append(document.createElement('section'))")
    page.wait_for_selector(f"{SEARCH}:not([aria-busy])", timeout=5_000)


def test_a_press_that_is_answered_at_once_says_nothing(team, own_server):
    base, _home, _process = own_server
    page = team()
    page.goto(f"{base}/simplu/gasiti")
    page.evaluate(COUNT_AT_THE_END)
    page.fill("#cuvinte", small_world.CHILD_DAY_CENTRE)
    page.route("**/simplu/raspuns", lambda route: route.fulfill(body="<h1>x</h1>", content_type="text/html"))
    page.click("form.box button.main")
    page.wait_for_selector("h1:text-is('x')")
    assert page.evaluate("sessionStorage.getItem('busy')") == "0"


def test_a_form_of_the_plain_pages_that_is_sent_says_so_and_a_second_press_makes_no_second_referral(
    team, own_server, free_places
):
    base, home, process = own_server
    free_places(3)
    ledger = open_ledger(home)
    before = len(ledger.referrals(actor=TEAM))
    page = team()
    page.goto(f"{base}/simplu/gasiti")
    page.fill("#cuvinte", small_world.CHILD_DAY_CENTRE)
    page.click("form.box button.main")
    page.locator("article button.main").first.click()
    page.check("input[value=consent]")
    page.evaluate(NOTE, ["form.box button.main", SOON_MS])
    with waiting(process):
        page.evaluate("document.querySelector('form.box button.main').click()")
        time.sleep(SOON_MS / 1_000 + 0.5)  # a page that leaves cannot be asked
    page.wait_for_url("**/simplu/referire/R-*", timeout=30_000)
    assert page.evaluate("sessionStorage.getItem('said')") == '["true","Se lucrează…"]'
    assert len(ledger.referrals(actor=TEAM)) == before + 1
    ledger.close()


# Every day with its script; without it the style sheet moves it away.
@pytest.mark.parametrize("has_script", daily([True, False], bool))
def test_the_first_screen_stays_whole_until_the_application_is_drawn_behind_it(team, own_server, has_script):
    base, _home, _process = own_server
    page = team(DESK, is_new=True)
    if not has_script:
        page.route("**/progress.js*", lambda route: route.abort())
    page.goto(base + QUESTION, wait_until="commit")
    first = page.locator("#hs-boot")
    first.get_by_text("Se deschide…").wait_for()
    assert page.locator(".hs-title h1").is_hidden()
    if has_script:
        settled(page)
    page.wait_for_selector(".hs-title h1", timeout=60_000)
    # Moved out of the window whole, so that nothing of it is seen or pressed.
    assert page.evaluate("!(document.querySelector('#hs-boot')?.getBoundingClientRect().bottom > 0)")
