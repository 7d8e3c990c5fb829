"""A campaign in a crisis on the telephone, without network: whom to pass by, what was left; the county has it the same evening."""

from __future__ import annotations

import re

import pytest

from cases.figures.field_campaigns import campaign_totals
from referrals.ledger.ledger import open_ledger
from tests.browser.teren.phone import DUMP, SENT
from tests.worlds.homes.ledger_world import COUNTY

pytestmark = pytest.mark.browser


@pytest.fixture
def faults(phones):
    """What axe finds on the screen that a page shows."""
    axe_sync = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    axe = axe_sync.Axe()
    return lambda page: [each["id"] for each in axe.run(page).response["violations"]]


def begin(phone, kind, whom):
    page = phone.page
    phone.go("azi")
    page.click("button:text('Campanii')")
    phone.at("campanii")
    page.click("#screen button.main")
    phone.at("campanie_noua")
    page.check(f"[name=kind][value={kind}]")
    page.check(f"[name=whom][value={whom}]")
    page.click("#screen button.main")
    phone.at("campanie")


def pass_by(phone, place, *, outcome="met", people="1", needs=(), **left):
    page = phone.page
    page.locator("#screen > div > .rows button:text-is('Am trecut')").nth(place).click()
    phone.at("trecere")
    page.check(f"[name=outcome][value={outcome}]")
    page.fill("[name=people]", people)
    for need in needs:
        page.check(f"[name=needs][value={need}]")
    for name, count in left.items():
        page.fill(f"[name={name}]", count)
    page.click("#screen button.main")
    phone.at("campanie")


def test_a_campaign_goes_on_without_network_and_the_county_has_its_totals_when_it_is_sent(phones, field_server, faults):
    phone = phones().begin()
    page = phone.page
    for born in ("1940", "1941", "1990"):
        phone.open_case(born, "F")
    assert phone.send() == SENT
    phone.context.set_offline(True)
    begin(phone, "isolated", "old")
    assert re.search(r"gospodării: 0 din \d+", page.inner_text("main"))
    all_old = page.locator("#screen > div > .rows > .row").count()
    assert not faults(page)
    pass_by(phone, 0, people="2", needs=("food", "medicines"), food="1", protection="3")
    assert not faults(page)
    pass_by(phone, 0, outcome="absent")
    page.click("summary:text('Altă gospodărie')")
    page.click("#screen form button")  # a new one, of which nothing is known
    phone.at("trecere")
    assert not faults(page)
    page.fill("[name=people]", "4")
    page.click("#screen button.main")
    phone.at("campanie")
    said = page.inner_text("main")
    assert "Astăzi, gospodării: 2; oameni: 6." in said
    assert f"gospodării: 2 din {all_old + 1}" in said
    assert "pachete de hrană: 1" in said
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    dumped = page.evaluate(DUMP)
    for canary in ("medicines", "isolated", "campaign_id"):
        assert canary not in dumped
    _the_county_has_it(phone, field_server[1], all_old)
    _a_colleague_ends_it(phones(), phone)


def _the_county_has_it(phone, home, all_old):
    phone.context.set_offline(False)
    assert phone.send() == SENT
    ledger = open_ledger(home)
    found = campaign_totals(ledger, actor=COUNTY, county="BC")
    ledger.close()
    row = found.rows[-1]
    assert (row.kind, row.listed, row.reached, row.absent, row.people) == ("isolated", all_old + 1, 2, 1, 6)
    assert {name: count for name, count in row.supplies.items() if count} == {"food": 1, "protection": 3}
    assert {each["households"] for each in found.needs} == {None}  # fewer than five


def _a_colleague_ends_it(other, phone):
    """Go on with the same list on another telephone, and end it there."""
    other.begin()
    other.page.wait_for_timeout(500)
    other.send()
    other.go("azi")
    other.page.click("button:text('Campanii')")
    other.page.locator("button:text('izolați')").first.click()
    other.at("campanie")
    assert "gospodării: 2 din" in other.page.inner_text("main")
    other.page.click("button:text('Încheiați campania')")
    other.page.wait_for_selector("text=Campania este încheiată.")
    assert other.send() == SENT
    phone.send()
    phone.go("azi")
    phone.page.click("button:text('Campanii')")
    phone.at("campanii")
    assert "încheiată" in phone.page.inner_text(".rows .row >> nth=0")


def test_a_telephone_that_knew_of_no_campaigns_asks_for_everything_once_more(phones):
    """A page of before kept the place up to which it was told, and passed the campaigns by."""
    one, old = phones().begin(), phones().begin()
    one.open_case("1950", "M")
    assert one.send() == SENT
    begin(one, "information", "all")
    assert one.send() == SENT
    old.page.evaluate(
        """async () => {
          const { app } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'));
          const { parts, ...device } = await app.store.get('meta', 'device');
          await app.store.write([...(await app.store.all('facts')).map(([key]) => ['facts', key, undefined]), ['meta', 'device', { ...device, since: 1e6 }]]);
        }"""
    )
    old.send()
    old.go("azi")
    old.page.click("button:text('Campanii')")
    old.at("campanii")
    assert "informare" in old.page.inner_text("#screen .rows").lower()
