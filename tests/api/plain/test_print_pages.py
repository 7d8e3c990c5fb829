"""What is printed or kept: the slip as a page, the county pack, the guide, help; and who may have them."""

from __future__ import annotations

import re

import pytest

from api.http.page_frame import _OPEN_AT
from reports.documents.help_texts import screens
from tests.api.plain.test_plain_journey import ONE_PAGE, refer


def test_the_slip_is_one_page_to_print_and_is_not_kept_by_the_browser(demo, as_role):
    browser = as_role()
    made = refer(browser)
    shown = browser.get(f"{made.url}/bilet")
    assert f"{made.url.path}/bilet.pdf" in shown.text
    page = browser.get(f"{made.url}/bilet.pdf")
    assert page.headers["content-type"] == "application/pdf"
    assert page.headers["cache-control"] == "no-store"
    assert page.content.startswith(b"%PDF")
    assert len(page.content) < ONE_PAGE


def test_another_county_gets_no_slip(demo, as_role):
    made = refer(as_role())
    refused = as_role("county:VS").get(f"{made.url}/bilet.pdf")
    assert refused.status_code == 403
    assert not refused.content.startswith(b"%PDF")


def test_the_pack_of_a_county_comes_as_page_and_as_file(demo, as_role):
    browser = as_role()
    kept = browser.get("/simplu/judet/BC.html")
    assert kept.status_code == 200
    assert kept.headers["content-disposition"].startswith('attachment; filename="servicii-BC-')
    assert "<img src=x" not in kept.text
    assert "Luminița" in kept.text
    assert browser.get("/simplu/judet/BC.pdf").content.startswith(b"%PDF")
    assert browser.get("/simplu/judet/XX.html").status_code >= 400


def test_help_has_every_screen_the_guide_and_the_packs_within_a_plain_pages_weight(demo, as_role):
    page = as_role().get("/simplu/ajutor")
    assert page.status_code == 200
    assert len(page.content) <= ONE_PAGE
    assert "Biletul de îndrumare" in page.text
    assert "/simplu/judet/BC.pdf" in page.text
    assert "/simplu/judet/AB.pdf" not in page.text  # a team has its own county's
    assert as_role().get("/simplu/ghid.pdf").content.startswith(b"%PDF")


def test_whoever_has_no_county_may_choose_one(demo, as_role):
    page = as_role("").get("/simplu/ajutor")
    assert "/simplu/judet/AB.pdf" in page.text
    assert len(page.content) <= ONE_PAGE


def test_the_footer_of_a_plain_page_leads_to_help(demo, as_role):
    assert 'href="/simplu/ajutor' in as_role().get("/simplu").text


def test_empty_papers_are_listed_and_come_as_pdf_and_another_code_is_refused(demo, as_role):
    browser = as_role()
    page = browser.get("/simplu/acte")
    assert 'href="/simplu/acte/report-child.pdf"' in page.text
    assert browser.get("/simplu/acte/report-child.pdf").content.startswith(b"%PDF")
    assert 400 <= browser.get("/simplu/acte/..%2Fetc.pdf").status_code < 500
    assert 400 <= browser.get("/simplu/acte/nothing.pdf").status_code < 500


def test_every_screen_that_the_bar_knows_has_its_own_help():
    named = {name for _start, name in _OPEN_AT}
    assert len(named) > 5
    assert named <= set(screens())


@pytest.mark.parametrize("path", ["/simplu/gasiti", "/simplu/referiri", "/simplu/local"])
def test_help_at_the_foot_of_a_page_opens_that_page(demo, as_role, path):
    browser = as_role()
    link = re.findall(r'href="(/simplu/ajutor\?ecran=\w+)"', browser.get(path).text)[-1]
    assert len(re.findall("<details lang=.ro. open>", browser.get(link).text)) == 1
