"""Modules of the phone's client in a real browser, without a server: files come from the folder itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.screens import PHONE
from tests.browser.serving import served
from tests.browser.teren.phone import Phone
from tests.referrals.conftest import sqlite_template, sqlite_url
from tests.worlds.homes import small_world

CLIENT = Path(__file__).resolve().parents[3] / "api" / "static" / "teren"
ORIGIN = "http://localhost"  # a secure context, as cryptography needs


@pytest.fixture(scope="module")
def client_page(browser):
    """A page that may import the modules; what it stores is its own."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})

    def answer(route):
        path = CLIENT / route.request.url.removeprefix(f"{ORIGIN}/")
        if path.is_file():
            route.fulfill(path=path, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>modules</title>", content_type="text/html")

    context.route(f"{ORIGIN}/**", answer)
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    yield page
    context.close()


@pytest.fixture(scope="module")
def field_server(browser, tmp_path_factory):
    """A server on a small demonstration of its own: its address and its home."""
    folder = tmp_path_factory.mktemp("field")
    home = small_world.make_world(folder / "home")
    with served(home.path, folder) as base:
        yield base, home


@pytest.fixture
def phones(browser, field_server):
    """Give telephones on that server; each is new, and closed after the test without a fault of its scripts."""
    given = []

    def give():
        given.append(Phone(browser, *field_server))
        return given[-1]

    yield give
    for phone in given:
        phone.close()
    assert not [fault for phone in given for fault in phone.faults]


__all__ = ["client_page", "field_server", "phones", "sqlite_template", "sqlite_url"]
