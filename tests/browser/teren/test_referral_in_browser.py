"""From a need of a case to a service on the map and back: the referral that is made there comes into the plan."""

from __future__ import annotations

import re

import pytest

from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.teren.phone import SENT

pytestmark = pytest.mark.browser
TEAM = Actor("team", "demo-team", "BC", 24089)


def item_row(phone):
    return phone.page.locator("article.row", has_text="Referire la un serviciu")


def look_for_a_service(phone, button):
    """Press it, and give the page of the answer that opens beside."""
    with phone.page.expect_popup() as opened:
        button.click()
    opened.value.wait_for_selector("article")
    return opened.value


def refer(finder):
    """Refer the person to the day centre; gives the number of the referral."""
    finder.click('button.main[value="social:mmps:1"]')
    finder.check("input[value=consent]")
    finder.click("form.box button.main")
    finder.wait_for_url("**/simplu/referire/R-*")
    return re.search(r"R-\w+", finder.url).group()


def step(home, number, *actions):
    ledger = open_ledger(home)
    for action, reason in actions:
        ledger.transition(number, action, reason=reason, actor=TEAM)
    ledger.close()


def test_a_service_is_looked_for_by_post_and_its_referral_lands_in_the_plan_and_is_followed(phones, field_server):
    _base, home = field_server
    phone = phones().begin()
    page = phone.page
    ref = phone.open_case("2016", "F")
    phone.assess(care="separation")
    phone.finish_assessment()
    section = page.locator("section.need", has=page.locator("[name=action][value*=child-separation-risk]"))
    finder = look_for_a_service(phone, section.get_by_role("button", name="Căutați un serviciu"))
    assert section.locator("input[name=action]:checked").count() == 1, "the plan waits for a referral now"
    said = finder.inner_text("main")
    assert "Parincea" in said
    assert "10 ani" in said
    assert finder.input_value("[name=caz] >> nth=0") == ref
    assert finder.url.split("?")[0].endswith("/simplu/raspuns"), "nothing of the person is in the address"
    page.check("[name=how][value=said]")
    page.click("#screen .acts button.main")
    phone.at("caz")
    assert phone.send() == SENT
    number = refer(finder)
    phone.send()
    phone.show(ref)
    assert number in item_row(phone).inner_text()
    assert "Căutați un serviciu" not in item_row(phone).inner_text()
    step(home, number, ("decline", "other"))
    phone.send()
    phone.go("azi")
    task = page.locator("article.row", has_text="De ales alt serviciu")
    second = refer(look_for_a_service(phone, task.get_by_role("button", name="Căutați un serviciu")))
    step(home, second, ("accept", ""), ("start", ""), ("complete", ""))
    phone.send()
    phone.show(ref)
    assert second in item_row(phone).inner_text()
    assert "făcut" in item_row(phone).inner_text()
    phone.go("azi")
    task = page.locator("article.row", has_text="De întrebat dacă a ajutat")
    task.get_by_role("button", name="Răspundeți").click()
    phone.at("ajutat")
    page.check("[name=result][value=part]")
    page.click("#screen button.main")
    phone.at("caz")
    assert phone.send() == SENT
    phone.go("azi")
    assert "De întrebat" not in page.inner_text("main")
