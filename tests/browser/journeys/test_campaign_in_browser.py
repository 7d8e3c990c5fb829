"""A campaign on telephones: the county starts it, a provider answers by its link, the share of fresh reports moves."""

from __future__ import annotations

import re

import pytest

from api.http import session
from referrals.campaigns import campaign_table
from referrals.campaigns.campaign_status import list_campaigns
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from tests.browser.screens import PHONE
from tests.browser.serving import served
from tests.covering import repeats
from tests.worlds.homes.atlas_world import make_atlas_world

pytestmark = pytest.mark.browser
UNIT = Actor("county", "demo-county", "BC")


@pytest.fixture
def asked_county(browser, tmp_path):
    """A server on a demonstration with a list of communities, which „Rapoarte” need: its address and its home."""
    home = make_atlas_world(tmp_path / "home")
    with served(home.path, tmp_path) as base:
        yield base, home


def fresh_of(page, base: str) -> tuple[int, int]:
    """Read how many services have a fresh report, and of how many, as „Rapoarte” says."""
    page.goto(f"{base}/simplu/rapoarte/locuri")
    found = re.search(r"(\d+) din (\d+) servicii", page.inner_text("main"))
    assert found, page.inner_text("main")[:300]
    return int(found[1]), int(found[2])


def link_of(home) -> tuple[str, int]:
    """The link on the list of the newest campaign that asks most, as the county's sheet has it; of how many services."""
    directory = open_directory(home)
    newest = list_campaigns(directory.ledger, actor=UNIT)[0]
    table = campaign_table(directory, newest.campaign_id, actor=UNIT).sort_values("asked")
    directory.ledger.close()
    return str(table["link"].iloc[-1]), int(table["asked"].iloc[-1])


@repeats(
    "tests/api/campaigns/test_campaign_pages.py::test_a_provider_answers_by_its_link_and_the_share_of_fresh_reports_moves",
    "tests/api/test_figures_page.py::test_the_share_of_fresh_reports_is_a_page_and_a_file_that_say_the_same",
    "tests/browser/accessible/test_every_screen_accessible.py::test_text_twice_as_large_neither_scrolls_the_page_sideways_nor_is_cut_or_covered",
)
def test_the_county_asks_a_provider_answers_and_the_share_moves(windows, asked_county):
    base, home = asked_county
    county, provider = windows.lend(PHONE), windows.lend(PHONE)
    sealed = session.demo_cookie(home, "county", county="BC")
    county.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
    before, counted = fresh_of(county, base)
    county.goto(f"{base}/simplu/campanii")
    county.get_by_role("button", name="Porniți campania").click()
    county.wait_for_selector("text=Campania a pornit")
    link, asked = link_of(home)
    provider.goto(base + link)
    assert provider.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    if asked == 1:
        provider.get_by_role("button", name="2 locuri libere").click()
    else:
        for n in range(asked):
            provider.locator(f"fieldset >> nth={n} >> label >> nth=2").click()
        provider.get_by_role("button", name="Trimiteți", exact=True).click()
    provider.wait_for_selector("text=Vă mulțumim")
    county.reload()
    county.get_by_role("link", name=re.compile("Au răspuns")).click()
    county.wait_for_selector(".work-row")
    assert fresh_of(county, base) == (before + asked, counted)
