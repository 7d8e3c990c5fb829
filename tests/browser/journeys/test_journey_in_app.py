"""The journey in the application itself, on a telephone: what goes wrong on the way, and what must never be seen."""

from __future__ import annotations

import re

import pytest

from api.http import session
from referrals.accounts import account_sessions, accounts
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.conftest import CARE_HOME
from tests.browser.screens import DESK, PHONE, hosts, numbers_on_map
from tests.browser.serving import served
from tests.covering import repeats
from tests.worlds.homes import small_world

pytestmark = pytest.mark.browser
TEAM, ADMIN = Actor("team", "test", "BC", 24089), Actor("admin", "test")
PASSWORD = "patru cuvinte la rand"  # noqa: S105 - of an invented account
DAY = small_world.CHILD_DAY_CENTRE
FREE, ASKED = "0-social:mmps:1", "0-social:mmps:2"  # the slots of two services in the list


def question(need: str) -> str:
    return f"/?loc=24098&nevoie={need}"


@pytest.fixture(scope="module")
def live_world(browser, tmp_path_factory):
    """A server of a live home with one account, its address and the account's ledger."""
    folder = tmp_path_factory.mktemp("live")
    home = small_world.make_world(folder / "home", mode="live")
    ledger = open_ledger(home)
    code = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=24089, actor=ADMIN)
    accounts.set_password(ledger, code, PASSWORD)
    with served(home.path, folder) as base:
        yield base, ledger
    ledger.close()


@pytest.fixture
def hand(windows, own_world):
    """Open the application on a telephone in the team's hand; every call is another hand.

    before: what is done with the window before it loads anything.
    """
    base, home = own_world

    def open_phone(path: str, size=PHONE, *, before=None, **options):
        page = windows.lend(size, **options)
        if before is not None:
            before(page)
        sealed = session.demo_cookie(home, "team", county="BC", uat_siruta=24089)
        page.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
        page.goto(base + path, wait_until="domcontentloaded")
        page.wait_for_selector(".hs-src", timeout=60_000)
        return page

    return open_phone


@pytest.fixture
def ledger(own_world):
    opened = open_ledger(own_world[1])
    yield opened
    opened.close()


def count(ledger) -> int:
    return len(ledger.referrals(actor=TEAM))


def press(page, key: str) -> None:
    page.locator(f".st-key-{key.replace(':', '-')} button").click()


def prepare(page, slot: str = FREE) -> None:
    """Open the panel of a service and say that the person has agreed."""
    press(page, f"refer-{slot}")
    page.locator(".st-key-temei [role=radiogroup] label").first.click()
    page.wait_for_selector(".st-key-acord_la input")
    settled(page)


def settled(page) -> None:
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=30_000)


def made_number(page) -> str:
    page.get_by_text(re.compile("S-a făcut referirea R-")).wait_for(timeout=30_000)
    return re.search(r"R-\w{10}", page.inner_text(".hs-done h3")).group()


# --- the whole way ------------------------------------------------------------------------------------


@repeats(
    "tests/pages/finder_panels/test_offer_actions.py::test_a_place_is_held_after_agreement_and_the_page_says_until_when",
    "tests/pages/screens/test_referrals_page.py::test_what_is_open_is_shown_with_what_to_do_next_and_its_buttons",
    "tests/browser/journeys/test_journey_in_browser.py::test_find_refer_slip_provider_accepts_by_link_and_the_team_sees_it",
)
def test_from_the_need_to_the_team_seeing_that_the_provider_has_accepted(hand, own_world, ledger, free_places):
    base, _home = own_world
    free_places(3)
    page = hand(question(DAY))
    prepare(page)
    press(page, f"go-{FREE}")
    number = made_number(page)
    slip = page.get_by_role("link", name="Biletul de dat persoanei (PDF)").first.get_attribute("href")
    assert page.request.get(base + slip).body().startswith(b"%PDF")
    page.goto(f"{base}/simplu/referire/{number}")
    page.click("text=Link pentru furnizor")
    provider = page.context.browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="ro-RO")
    answer = provider.new_page()
    answer.goto(page.input_value("#legatura"))
    answer.click("text=Acceptăm persoana")
    assert "Am notat răspunsul" in answer.inner_text("main")
    provider.close()
    page.goto(f"{base}/referiri")
    seen = page.locator(f".st-key-hs-ref-{number}")
    seen.wait_for(timeout=60_000)
    assert "acceptată" in seen.inner_text()


@repeats(
    "tests/pages/finder_panels/test_offer_actions.py::test_every_numbered_service_has_a_tick_and_a_column_of_the_comparison",
)
def test_services_that_are_ticked_on_a_wide_screen_stand_side_by_side_until_the_comparison_ends(hand):
    page = hand(question(DAY), DESK)
    ticks = page.locator(".hs-tick")
    side_by_side = page.locator(".hs-comparison")
    ticks.nth(0).press("Space")
    assert side_by_side.is_hidden()
    ticks.nth(1).press("Space")
    side_by_side.wait_for()
    first, second = page.locator("#hs-r1 h3, #hs-r2 h3").all_inner_texts()
    shown = side_by_side.locator("thead th[data-number]:visible")
    assert shown.all_inner_texts() == [f"1. {first}", f"2. {second}"]
    side_by_side.get_by_role("button", name="Închideți").press("Enter")
    assert side_by_side.is_hidden()
    assert page.locator(".hs-tick:checked").count() == 0
    assert ticks.nth(1).evaluate("e => e === document.activeElement")


# --- what breaks on the way ---------------------------------------------------------------------------


def test_without_a_network_nothing_is_sent_and_all_goes_on_when_it_is_back(hand, own_world, ledger, free_places):
    free_places(3)
    page = hand(question(DAY), is_new=True)
    prepare(page)
    before = count(ledger)
    page.context.set_offline(True)
    banner = page.locator(".hs-network")
    banner.get_by_text("Nu mai este rețea").wait_for()
    press(page, f"go-{FREE}")
    banner.get_by_text("Nu s-a trimis").wait_for()
    page.context.set_offline(False)
    banner.get_by_text("Legătura a revenit").wait_for()
    assert count(ledger) == before
    assert page.locator(".st-key-temei input").first.is_checked()
    press(page, f"go-{FREE}")
    made_number(page)
    assert count(ledger) == before + 1


def test_a_line_that_breaks_is_said_and_comes_back_to_the_same_answer(hand):
    lines, is_cut = [], [False]

    def connect(line):
        if is_cut[0]:
            line.close()
        else:
            line.connect_to_server()
            lines.append(line)

    def watch(page):
        page.route_web_socket(re.compile("/_stcore/stream"), connect)

    page = hand(question(DAY), is_new=True, before=watch)
    is_cut[0] = True
    for line in lines:
        line.close()
    page.locator(".hs-network").get_by_text("Legătura cu aplicația s-a întrerupt").wait_for(timeout=30_000)
    assert page.locator("#hs-r1").count() == 1  # what was found can still be read, and called
    is_cut[0] = False
    page.locator(".hs-network").get_by_text("Legătura a revenit").wait_for(timeout=60_000)
    press(page, f"refer-{FREE}")
    page.get_by_label("și-a dat acordul").wait_for(timeout=30_000, state="attached")
    assert page.locator("#hs-r1").count() == 1


def enter(page) -> None:
    page.fill("#cont", "echipa")
    page.fill("#parola", PASSWORD)
    page.click("main button.main")


def end_sessions(ledger) -> None:
    (account,) = accounts.listed(ledger, actor=ADMIN)
    account_sessions.end_sessions(ledger, account.account_id, actor=ADMIN)


@repeats(
    "tests/pages/screens/test_referrals_page.py::test_a_live_home_shows_no_page_without_a_session",
    "tests/api/plain/test_which_pages.py::test_an_address_that_was_open_when_the_session_ended_is_found_again_after_signing_in",
)
def test_a_live_home_is_closed_until_sign_in_and_closes_again_with_the_session(windows, live_world):
    base, ledger = live_world
    page = windows.lend(DESK)
    page.goto(f"{base}/referiri")
    assert "/intra" in page.url
    enter(page)
    page.wait_for_selector("text=Nu aveți referiri deschise", timeout=60_000)
    assert page.url == f"{base}/referiri"
    assert "Parincea" in page.inner_text("[data-testid=stMain]")
    end_sessions(ledger)
    page.goto(f"{base}/simplu")
    assert "/intra" in page.url


@repeats(
    "tests/api/auth/test_sign_in.py::test_a_form_sent_after_the_session_ended_says_so_and_leads_back_to_its_page",
)
def test_a_session_that_ends_in_the_middle_leads_through_sign_in_back_to_the_question(windows, live_world):
    base, ledger = live_world
    page = windows.lend(PHONE)
    page.goto(base + question(DAY))
    enter(page)
    page.wait_for_selector(".hs-src", timeout=60_000)
    assert page.url == base + question(DAY)
    prepare(page)
    end_sessions(ledger)
    press(page, f"go-{FREE}")
    page.locator("section").get_by_role("link", name="Autentificare").click(timeout=30_000)
    page.wait_for_selector("#cont")
    assert count(ledger) == 0
    enter(page)
    page.wait_for_selector(".hs-src", timeout=60_000)
    assert page.url == base + question(DAY)
    prepare(page)
    press(page, f"go-{FREE}")
    made_number(page)
    assert count(ledger) == 1


@repeats(
    "tests/pages/finder_panels/test_offer_actions.py::test_the_last_place_taken_meanwhile_is_said_and_the_next_best_is_one_press_away",
)
def test_the_last_place_taken_by_another_hand_is_said_and_the_next_best_is_one_tap_away(
    hand, own_world, ledger, free_places
):
    free_places(1)
    slow, quick = hand(question(DAY)), hand(question(DAY))
    prepare(slow)
    prepare(quick)
    press(quick, f"go-{FREE}")
    made_number(quick)
    before = count(ledger)
    press(slow, f"go-{FREE}")
    slow.get_by_text("Locul a fost luat între timp").wait_for(timeout=30_000)
    assert count(ledger) == before
    press(slow, "next-best-0")
    made_number(slow)
    assert count(ledger) == before + 1


@repeats(
    "tests/pages/screens/test_referrals_page.py::test_a_refusal_needs_its_reason_and_is_moved_on_with_one_button",
    "tests/api/plain/test_plain_journey.py::test_a_refusal_leads_to_the_next_best_in_one_action_with_the_agreement_already_given",
)
def test_a_provider_declines_by_its_link_and_the_team_moves_on_with_one_tap(hand, own_world, ledger, free_places):
    base, _home = own_world
    free_places(3)
    page = hand(question(DAY))
    prepare(page)
    press(page, f"go-{FREE}")
    number = made_number(page)
    page.goto(f"{base}/simplu/referire/{number}")
    page.click("text=Link pentru furnizor")
    link = page.input_value("#legatura")
    provider = page.context.browser.new_context().new_page()
    provider.goto(link)
    provider.click("details:has(#motiv-decline) summary")
    provider.select_option("#motiv-decline", "no_places")
    provider.click("details:has(#motiv-decline) button")
    provider.get_by_text("Am notat răspunsul").wait_for()
    provider.context.close()
    page.goto(f"{base}/referiri")
    page.get_by_text("De mutat la alt serviciu").wait_for(timeout=60_000)
    press(page, f"next-{number}")
    page.get_by_text(re.compile(r"^\s*S-a făcut referirea")).wait_for(timeout=30_000)
    assert ledger.referral(number, actor=TEAM).state == "declined"
    assert list(ledger.referrals(actor=TEAM)["replaces"]).count(number) == 1


# --- what must never be seen, and what is not a place ------------------------------------------------------


def test_a_protected_address_is_nowhere_in_the_page_its_map_or_what_came_over_the_line(hand, windows):
    came: list[bytes] = []

    def watch(page):
        hear = lambda line: line.on("framereceived", lambda data: came.append(_raw(data)))  # noqa: E731
        windows.watch(page, "websocket", hear)
        windows.watch(page, "response", lambda answer: came.append(answer.url.encode()))

    page = hand(question(small_world.HELPLINE_NEED), before=watch)
    settled(page)
    assert "adresă protejată" in page.inner_text(".stMain")
    numbers = page.locator(".hs-row[id] .hs-n")
    if numbers.count():  # the map draws its marks a moment after the list
        page.frame_locator("iframe").locator(".hs-pin").first.wait_for(timeout=30_000, state="attached")
    frames = "".join(frame.content() for frame in page.frames)
    line = b"".join(came)
    assert b"adres\xc4\x83 protejat\xc4\x83" in line  # what came is readable, so the search below means something
    for secret in (
        small_world.SECRET_TOWN,
        "Strada Ascunsă",
        "0234999999",
        "0234 999 999",
        "social:mmps:6",
        "social-6",
        "46.5133",
    ):
        assert secret not in frames, secret
        assert secret.encode() not in line, secret
    marks = [each.inner_text() for frame in page.frames for each in frame.locator(".hs-pin").all()]
    assert sorted(marks) == sorted(numbers.all_inner_texts())
    assert "nevoie" not in page.url  # nor does the address tell the need


def _raw(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


@repeats(
    "tests/pages/finder_panels/test_offer_actions.py::test_a_need_that_an_authority_answers_is_asked_for_and_has_no_limit",
)
def test_a_need_that_an_authority_answers_is_asked_for_and_has_no_limit(hand, ledger):
    page = hand(question("identity-papers"))
    assert "Evidența persoanelor" in page.inner_text(".stMain")
    key = page.locator("[class*='st-key-refer-0-authority']").first
    key.locator("button").click()
    page.get_by_text("Serviciul nu are limită de locuri").wait_for(timeout=30_000)
    page.locator(".st-key-temei [role=radiogroup] label").first.click()
    page.wait_for_selector(".st-key-acord_la input")
    settled(page)
    page.get_by_role("button", name="Trimiteți cererea").click()
    referral = ledger.referral(made_number(page), actor=TEAM)
    assert (referral.state, referral.service_id.split(":")[0]) == ("asked", "authority")


@repeats(
    "tests/pages/finder_panels/test_offer_actions.py::test_where_places_are_unknown_a_request_is_sent_and_no_place_is_promised",
)
def test_where_a_decision_opens_the_door_a_request_goes_and_no_place_is_held(hand, ledger):
    page = hand(question(CARE_HOME))
    assert "Admiterea se face în baza unei decizii" in page.inner_text("#hs-r1")
    prepare(page, "0-social:mmps:8")
    page.get_by_text("trimiteți o cerere, nu se rezervă un loc").wait_for()
    assert page.get_by_role("button", name="Rețineți locul").count() == 0
    press(page, "go-0-social:mmps:8")
    assert ledger.referral(made_number(page), actor=TEAM).state == "asked"
    assert ledger.capacity_now().set_index("service_id").loc["social:mmps:8", "places_free"] == 2


@repeats(
    "tests/pages/finder_panels/test_offer_actions.py::test_in_english_the_screen_speaks_english",
)
def test_in_english_a_place_is_held_from_the_answer_to_the_slip(hand, own_world, ledger, free_places):
    base, _home = own_world
    free_places(3)
    page = hand(f"{question(DAY)}&lang=en")
    press(page, f"refer-{FREE}")
    page.locator(".st-key-temei [role=radiogroup] label").first.click()
    page.wait_for_selector(".st-key-acord_la input")
    settled(page)
    page.get_by_role("button", name="Hold the place until").click()
    page.wait_for_selector(".hs-done", timeout=30_000)
    said = page.inner_text(".hs-done")
    assert "Referral R-" in said
    assert not re.search(r"(?i)referirea|biletul|rezervat|reținut", said)
    page.goto(f"{base}/simplu/referire/{re.search(r'R-[A-Z0-9]{10}', said).group()}")
    assert page.evaluate("document.documentElement.lang") == "en"


@repeats(
    "tests/pages/screens/test_finder_page.py::test_every_screen_ends_with_its_help_and_the_way_to_the_plain_pages",
)
def test_a_telephone_goes_to_its_help_and_the_work_stays(hand):
    page = hand(question(DAY))
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Ajutor", exact=True).click()
    opened.value.wait_for_selector("details[open] summary")
    assert opened.value.inner_text("details[open] summary") == "Găsiți un serviciu"
    assert page.locator("#hs-r1").count() == 1


@repeats(
    "tests/browser/test_coverage_in_browser.py::test_one_press_on_back_leaves_a_screen_that_completed_its_address",
    "tests/pages/screens/test_finder_page.py::test_the_form_opens_with_what_was_asked_and_leads_back_to_the_answer",
)
def test_the_back_button_leads_from_another_screen_to_the_answer(hand):
    page = hand(question(DAY))
    page.get_by_role("link", name="Referiri", exact=True).click()
    page.wait_for_url("**/referiri")
    page.get_by_role("heading", name="Referiri", exact=True).wait_for(timeout=30_000)
    page.go_back()
    page.wait_for_selector("#hs-r1", timeout=60_000)
    assert page.url.endswith(question(DAY))


# --- what a tile server learns ------------------------------------------------------------------------------


def test_a_tile_server_learns_nothing_until_somebody_turns_it_on(windows, own_world):
    base, _home = own_world
    page = windows.lend(PHONE)
    asked: list[str] = []
    windows.watch(page, "request", lambda request: asked.append(request.url))
    page.route("https://tiles.example/**", lambda route: route.fulfill(body=b"", content_type="image/png"))
    page.goto(base + question(DAY))
    assert numbers_on_map(page)
    assert "tiles.example află ce zonă priviți" in page.inner_text(".st-key-hs-map")
    assert hosts(asked) == {base.removeprefix("http://")}
    with page.expect_request(re.compile("tiles.example"), timeout=30_000):
        page.locator(".st-key-tiles label").click()
    told = [url for url in asked if "tiles.example" in url]
    assert all(re.fullmatch(r"https://tiles\.example/\d+/\d+/\d+\.png", url) for url in told)
