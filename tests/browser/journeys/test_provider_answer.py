"""A provider of thirty services answers on a telephone: taps counted, at a stated second each, within a minute."""

from __future__ import annotations

import pytest

from referrals.ledger import provider_tokens
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.conftest import THIRTY
from tests.covering import repeats
from tests.worlds.homes import small_world

pytestmark = pytest.mark.browser
SERVICES, CHANGED = len(THIRTY), 5
SECONDS_A_TAP = 1.2  # stated: a finger that looks for its place (KLM gives 1.1 s for pointing and 0.2 s for a press)
WIDTH, MOST_BYTES = 360, 30_000
UNIT = Actor("county", "ujss-cj", "CJ")


@pytest.fixture(scope="module")
def asked(own_world):
    """A link of a provider of thirty services, whose places were reported before; its address, the home."""
    base, home = own_world
    for key in THIRTY:
        small_world.report(home, key, 2)
    ledger = open_ledger(home)
    with ledger.store.write() as connection:
        made = provider_tokens.make_services_link(connection, THIRTY, county="CJ", actor=UNIT, now=ledger.clock())
    path = "/l/" + provider_tokens.token_of(provider_tokens.signing_key(ledger), made)
    ledger.close()
    return base + path, home


class Finger:
    """Taps what it sees and counts: a field, a key of the telephone's keyboard, a button."""

    def __init__(self, page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what) -> None:
        self.taps += 1
        what.tap()

    def key(self, field, digit: str) -> None:
        """Press a key of the telephone's keyboard, which stands over the page once the field was tapped."""
        self.taps += 1
        field.fill(digit)  # a key pressed before the tap's own click arrived would be lost, or come twice


@pytest.fixture
def finger(browser, asked):
    context = browser.new_context(viewport={"width": WIDTH, "height": 740}, locale="ro-RO", has_touch=True)
    page = context.new_page()
    answer = page.goto(asked[0])
    assert len(answer.body()) <= MOST_BYTES
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    yield Finger(page)
    context.close()


def reported(home, since):
    ledger = open_ledger(home)
    table = ledger.capacity_now(THIRTY)
    ledger.close()
    return int((table["places_reported_at"] >= since).sum()), table.set_index("service_id")["places_free"]


def now_of(home):
    ledger = open_ledger(home)
    moment = ledger.clock()
    ledger.close()
    return moment


def test_where_nothing_changed_one_tap_confirms_all_thirty(finger, asked):
    before = now_of(asked[1])
    finger.tap(finger.page.get_by_role("button", name="La fel ca data trecută: confirmați toate"))
    finger.page.wait_for_selector("text=Am notat locurile la 30")
    assert finger.taps == 1
    assert reported(asked[1], before)[0] == SERVICES


def test_where_some_changed_they_are_typed_and_the_rest_confirmed_within_a_minute(finger, asked):
    before = now_of(asked[1])
    for n in range(CHANGED):
        field = finger.page.locator(f"input[type=number][name=liber_{n * 6}]")
        finger.tap(field)
        finger.key(field, "8")
    finger.tap(finger.page.get_by_role("button", name="Trimiteți; restul, la fel ca data trecută"))
    finger.page.wait_for_selector("text=Am notat locurile la 30")
    count, free = reported(asked[1], before)
    assert (count, (free == 8).sum()) == (SERVICES, CHANGED)
    assert finger.taps * SECONDS_A_TAP <= 60


@repeats(
    "tests/api/test_provider_several.py::test_one_page_answers_for_all_and_a_blank_changes_nothing",
    "tests/browser/journeys/test_provider_answer.py::test_where_some_changed_they_are_typed_and_the_rest_confirmed_within_a_minute",
)
def test_where_all_changed_each_is_one_tap_and_the_whole_fits_a_minute(finger, asked):
    before = now_of(asked[1])
    for n in range(SERVICES):
        finger.tap(finger.page.locator(f"fieldset >> nth={n} >> label >> nth={n % 6}"))
    finger.tap(finger.page.get_by_role("button", name="Trimiteți", exact=True))
    finger.page.wait_for_selector("text=Am notat locurile la 30")
    count, free = reported(asked[1], before)
    assert (count, [int(free[key]) for key in THIRTY]) == (SERVICES, [n % 6 for n in range(SERVICES)])
    assert finger.taps * SECONDS_A_TAP <= 60


def test_every_number_is_as_high_as_a_finger_and_wide_enough_for_one(finger):
    fields = finger.page.locator("form.several :is(input[type=number], label)")
    assert fields.count() == 7 * SERVICES
    boxes = fields.evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
    assert min(box["height"] for box in boxes) >= 44
    assert min(box["width"] for box in boxes) >= 40
