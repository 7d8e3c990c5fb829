"""The guide of a team in a browser: two sheets when it is printed, nothing wider than a phone."""

from __future__ import annotations

import re

import pytest

from api.field_work.guide_page import guide_html
from core.resources import ROOT
from tests.browser.screens import PHONE

pytestmark = pytest.mark.browser
STYLE = "".join((ROOT / "api" / "static" / name).read_text("utf-8") for name in ("tokens.css", "teren/teren.css"))
SHEETS = 2


@pytest.fixture(scope="module", params=["ro", "en"])
def page(browser, request):
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    made = context.new_page()
    plain = re.sub(r'<link rel="stylesheet"[^>]*>', "", guide_html(request.param))
    made.set_content(plain.replace("</head>", f"<style>{STYLE}</style></head>"))
    yield made
    context.close()


def test_it_prints_on_two_sheets(page):
    printed = page.pdf(prefer_css_page_size=True, format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == SHEETS


def test_nothing_is_wider_than_a_phone(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
