"""From a need to a held place on a telephone: plain pages, a provider's link, and „Referiri” in the application."""

from __future__ import annotations

import re

import pytest

from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.screens import PHONE, hosts
from tests.covering import repeats

pytestmark = pytest.mark.browser
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
TEAM = Actor("team", "test", "BC", 24089)
NEED = "Centru de zi pentru copii în risc"


@pytest.fixture
def phone(browser, own_world):
    """A telephone in the team's hand; returns the page, what was asked for, and the bytes that came."""
    base, _home = own_world
    contexts = []

    def open_phone(role: str | None = "team:24089", *, script: bool = True, slow: bool = False):
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, locale="ro-RO", java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        moved = {"bytes": 0}
        page.on("request", lambda request: asked.append(request.url))
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on(
            "Network.loadingFinished", lambda done: moved.update(bytes=moved["bytes"] + done["encodedDataLength"])
        )
        if slow:
            network.send("Network.emulateNetworkConditions", SLOW_3G)
        if role:
            page.goto(f"{base}/intra")
            page.select_option("#rol", role)
            page.check("input[value=simplu]")
            page.click("main button.main")
        return page, asked, moved

    yield open_phone
    for context in contexts:
        context.close()


def search(page) -> None:
    page.get_by_role("link", name="Găsiți", exact=True).click()
    page.fill("#cuvinte", NEED)
    page.click("form.box button.main")
    page.wait_for_selector("article")


def refer_button(page, service: str):
    return page.locator(f'button[value="{service}"][aria-label^="Referiți la"]')


def choose(page, service: str) -> None:
    """Refer to a service, whose row is opened first where it is not the first of the list, which is open."""
    if not refer_button(page, service).is_visible():
        page.locator("article", has=refer_button(page, service)).locator("h3").click()
    refer_button(page, service).click()


def refer(page, service: str = "social:mmps:1") -> str:
    search(page)
    page.click(f'button.main[value="{service}"]')
    page.check("input[value=consent]")
    page.click("form.box button.main")
    page.wait_for_url("**/simplu/referire/R-*")
    return re.search(r"R-\w+", page.url).group()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_find_refer_slip_provider_accepts_by_link_and_the_team_sees_it(phone, own_world, free_places):
    base, _home = own_world
    free_places(3)
    page, asked, moved = phone(script=False, slow=True)
    number = refer(page)
    assert fits(page)
    page.click("text=Biletul, ca text")
    assert number in page.inner_text("pre")
    assert "Luminița" in page.inner_text("pre")
    assert moved["bytes"] <= 150 * 1024
    assert hosts(asked) == {base.removeprefix("http://")}
    page.goto(f"{base}/simplu/referire/{number}")
    page.click("text=Link pentru furnizor")
    link = page.input_value("#legatura")
    provider, _asked, _moved = phone(None, script=False)
    provider.goto(link)
    assert fits(provider)
    provider.click("text=Acceptăm persoana")
    assert "Am notat răspunsul" in provider.inner_text("main")
    page.goto(f"{base}/simplu/referiri")
    assert "acceptată" in page.inner_text("main")


def test_an_answer_comes_on_a_slow_network(phone):
    page, _asked, _moved = phone(slow=True)
    search(page)
    assert page.locator("article").count()


@repeats(
    "tests/api/plain/test_plain_journey.py::test_the_last_place_taken_by_another_meanwhile_is_said_with_what_is_left",
)
def test_the_last_place_taken_by_another_meanwhile(phone, own_world, free_places):
    free_places(1)
    slow, _asked, _moved = phone()
    quick, _asked, _moved = phone()
    search(slow)
    slow.click('button.main[value="social:mmps:1"]')
    slow.check("input[value=consent]")
    refer(quick)
    slow.click("form.box button.main")
    slow.wait_for_selector(".alert")
    assert "nu mai poate fi ales" in slow.inner_text(".alert")
    assert slow.locator('button.main[value="social:mmps:1"]').count() == 0
    assert slow.locator('button.main[value="social:mmps:2"]').count() == 1


@repeats(
    "tests/pages/screens/test_referrals_page.py::test_a_refusal_needs_its_reason_and_is_moved_on_with_one_button",
)
def test_a_refusal_is_moved_on_in_the_application_with_one_button(phone, own_world, free_places):
    base, _home = own_world
    free_places(3)
    page, _asked, _moved = phone()
    number = refer(page)
    page.click("summary:has-text('Furnizorul a refuzat')")
    page.select_option("#motiv-decline", "no_places")
    page.click("details[open] button")
    page.wait_for_selector('h2:has-text("potrivit")')
    page.goto(f"{base}/referiri")
    page.wait_for_selector(f".st-key-hs-ref-{number} button", timeout=60_000)
    page.click(f".st-key-next-{number} button")
    page.wait_for_selector("text=S-a făcut referirea", timeout=30_000)
    page.wait_for_selector(f".st-key-hs-ref-{number}", state="detached", timeout=30_000)
    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth <= e.clientWidth")


@repeats(
    "tests/browser/accessible/test_keyboard_accessible.py::test_the_plain_pages_from_sign_in_to_the_providers_answer",
)
def test_the_journey_works_by_keyboard_alone(phone, free_places):
    free_places(3)  # the first row is another service's: this one's is opened
    page, _asked, _moved = phone()
    page.get_by_role("link", name="Găsiți", exact=True).press("Enter")
    page.wait_for_selector("#cuvinte")
    page.focus("#cuvinte")
    page.keyboard.type(NEED)
    page.keyboard.press("Enter")
    page.wait_for_selector("article")
    button = refer_button(page, "social:mmps:2")
    for part in (page.locator("article", has=button).locator("summary").first, button):
        for _ in range(40):
            page.keyboard.press("Tab")
            if part.evaluate("e => e === document.activeElement"):
                break
        assert part.evaluate("e => e === document.activeElement && e.matches(':focus-visible')")
        page.keyboard.press("Enter")
    page.wait_for_selector("input[value=consent]")


def test_the_back_button_leads_from_the_agreement_to_the_answer(phone):
    page, _asked, _moved = phone()
    search(page)
    choose(page, "social:mmps:2")
    page.wait_for_selector("input[value=consent]")
    page.go_back()
    page.locator("article", has=refer_button(page, "social:mmps:2")).wait_for()


def test_a_network_lost_in_the_middle_makes_one_referral_after_all(phone, own_world):
    _base, home = own_world
    page, _asked, _moved = phone()
    search(page)
    choose(page, "social:mmps:2")
    page.check("input[value=consent]")
    ledger = open_ledger(home)
    before = len(ledger.referrals(actor=TEAM))
    page.context.set_offline(True)
    page.click("form.box button.main", no_wait_after=True)
    page.wait_for_function("!document.querySelector('input[value=consent]')")
    page.context.set_offline(False)
    page.reload()
    page.wait_for_url("**/simplu/referire/R-*")
    assert len(ledger.referrals(actor=TEAM)) == before + 1
    ledger.close()


@repeats(
    "tests/browser/accessible/test_every_screen_accessible.py::test_text_twice_as_large_neither_scrolls_the_page_sideways_nor_is_cut_or_covered",
)
def test_text_of_double_size_fits_and_every_target_is_large_enough(phone, own_world):
    base, _home = own_world
    page, _asked, _moved = phone()

    def is_right() -> bool:
        small = page.evaluate(
            """[...document.querySelectorAll('button, a.btn, nav a, select, input[type=text], input[type=date]')]
               .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 43).map(e => e.outerHTML)"""
        )
        page.add_style_tag(content="html { font-size: 200% !important }")
        return fits(page) and small == []

    assert is_right()
    page.goto(f"{base}/simplu/gasiti")
    assert is_right()
    page.goto(f"{base}/simplu")
    search(page)
    assert is_right()
    choose(page, "social:mmps:2")
    assert is_right()
    page.check("input[value=consent]")
    page.click("form.box button.main")
    page.wait_for_url("**/simplu/referire/R-*")
    assert is_right()
