"""The link at the foot of a message: opening it changes nothing, it opens one choice, and it names no address."""

from __future__ import annotations

import pytest

from api import message_choices
from api.http.rate_limit import Limiter
from referrals.ledger.provider_tokens import signing_key
from referrals.outbox import address_choices
from tests.worlds.clients.form_browser import Browser

ADDRESS = "unu@furnizor.example.ro"


@pytest.fixture
def digest(demo) -> str:
    return address_choices.digest_of(ADDRESS, signing_key(demo.ledger))


@pytest.fixture
def link(demo, digest) -> str:
    return "/mesaje/oprire/" + address_choices.make_stop_token(digest, signing_key(demo.ledger))


def chosen(demo, digest):
    with demo.ledger.store.read() as connection:
        found = address_choices.read_choice(connection, digest)
    return found.rhythm, found.language


def test_opening_changes_nothing_and_sending_does(web, demo, digest, link):
    owner = Browser(web)
    for _scan in range(3):
        page = owner.get(link)
    assert page.status_code == 200
    assert ADDRESS not in page.text
    assert chosen(demo, digest) == ("each", "ro")
    done = owner.submit(page, "", ritm="none", limba="en")
    assert "Am notat: niciun mesaj." in done.text
    assert chosen(demo, digest) == ("none", "en")
    owner.submit(owner.get(link), "", ritm="daily", limba="ro")
    assert chosen(demo, digest) == ("daily", "ro")


def test_a_link_that_was_changed_opens_nothing(web, link):
    for wrong in (link[:-1], link + "x", "/mesaje/oprire/x"):
        assert Browser(web).get(wrong).status_code == 404


def test_a_choice_that_is_none_is_refused(web, demo, digest, link):
    owner = Browser(web)
    page = owner.get(link)
    assert owner.submit(page, "", ritm="always", limba="ro").status_code == 400
    assert owner.submit(owner.get(link), "", ritm="none", limba="xx").status_code == 400
    assert chosen(demo, digest) == ("each", "ro")


def test_a_page_of_another_site_cannot_send_the_form(web, demo, digest, link):
    page = Browser(web).get(link)
    stranger = Browser(web)
    assert page.status_code == 200
    assert stranger.post(link, {"ritm": "none", "limba": "ro"}).status_code == 403
    assert chosen(demo, digest) == ("each", "ro")


def test_too_many_tries_of_an_address_write_nothing_any_more(web, demo, digest, link, monkeypatch):
    owner = Browser(web)
    page = owner.get(link)
    monkeypatch.setattr(message_choices, "_OPENINGS", Limiter(0, 60))
    assert owner.submit(page, "", ritm="none", limba="ro").status_code == 429
    assert chosen(demo, digest) == ("each", "ro")
