"""Plain pages or the whole application: by the device at first, then by what somebody chose, which is remembered."""

from __future__ import annotations

import pytest

from api.auth.sign_in import PLAIN_COOKIE
from tests.api.test_who_may import PASSWORD, account
from tests.covering import each_once
from tests.worlds.clients.form_browser import PHONE, Browser, form

NARROW, WIDE = {"User-Agent": PHONE}, {}


def offered(browser: Browser, address: str = "/intra") -> str:
    return dict(form(browser.get(address), "/intra").fields)["pagini"]


def enter(browser: Browser, address: str = "/intra", **said):
    return browser.submit(browser.get(address), "/intra", cont="echipa", parola=PASSWORD, **said)


def remembered(browser: Browser) -> str:
    return str(browser.cookies.get(PLAIN_COOKIE))


WAYS = [
    ("/", {}, "/", "0"),  # the link of the whole application says where somebody wants to go
    ("/simplu", {}, "/simplu", "1"),
    ("/referiri", {}, "/referiri", "0"),
    ("/", {"pagini": "simplu"}, "/simplu", "1"),  # what is chosen on the form is the last word
    ("/referiri", {"pagini": "simplu"}, "/simplu/referiri", "1"),
    ("/simplu", {"pagini": "complet"}, "/", "0"),
    ("/simplu/referiri", {"pagini": "complet"}, "/referiri", "0"),
    ("/?loc=24098%26nevoie=food", {}, "/?loc=24098&nevoie=food", "0"),  # back to the question that was open
    ("/?loc=24098%26nevoie=food", {"pagini": "simplu"}, "/simplu", "1"),
    ("/iesire", {"pagini": "simplu"}, "/simplu", "1"),  # whoever has come in is not led to a door again
    ("/intra", {"pagini": "complet"}, "/", "0"),
    ("/simplu/ajutor", {"pagini": "complet"}, "/simplu/ajutor", "0"),  # a page that has no twin
]


@pytest.mark.parametrize(("headers", "way"), each_once([NARROW, WIDE], WAYS))
def test_who_goes_somewhere_arrives_there_on_any_device(web, live, headers, way):
    spre, said, led_to, kept = way
    account(live)
    browser = Browser(web, headers=headers)
    page = enter(browser, f"/intra?spre={spre}", **said)
    assert page.url.raw_path.decode() == led_to
    assert remembered(browser) == kept
    assert offered(browser) == ("simplu" if kept == "1" else "complet")


def test_the_bare_address_goes_by_the_device_until_somebody_has_chosen(web, live):
    browser = Browser(web, headers={**NARROW, "Accept": "text/html"})
    page = browser.get("/")
    assert (page.url.path, page.url.query) == ("/intra", b"")
    assert dict(form(page, "/intra").fields)["pagini"] == "simplu"


def test_an_address_that_was_open_when_the_session_ended_is_found_again_after_signing_in(web, live):
    account(live)
    browser = Browser(web, headers={"Accept": "text/html"})
    page = browser.get("/?loc=24098&nevoie=food&nevoie=clothes")
    assert page.url.path == "/intra"
    back = browser.submit(page, "/intra", cont="echipa", parola=PASSWORD)
    assert str(back.url).endswith("/?loc=24098&nevoie=food&nevoie=clothes")


@pytest.mark.parametrize("mode", ["demo", "live"])
def test_links_lead_from_one_kind_to_the_other_and_are_remembered(web, request, mode):
    directory = request.getfixturevalue(mode)
    browser = Browser(web, headers=NARROW)
    if mode == "live":
        account(directory)
        enter(browser)
    plain = browser.get("/simplu")
    assert 'href="/intra/complet"' in plain.text
    assert browser.get("/intra/complet").url.path == "/"
    assert offered(browser) == "complet"
    assert browser.get("/intra/simplu").url.path == "/simplu"
    assert offered(browser) == "simplu"


def test_an_address_elsewhere_does_not_even_choose_the_pages(web, live):
    assert offered(Browser(web, headers=NARROW), "/intra?spre=//evil.example/x") == "simplu"
    assert offered(Browser(web, headers=WIDE), "/intra?spre=//evil.example/simplu") == "complet"


def test_each_screen_has_its_help_first_and_open(web, demo):
    for screen in ("find", "referrals", "communities", "coverage", "figures", "registers"):
        page = Browser(web).get(f"/simplu/ajutor?ecran={screen}").text
        assert page.count('<details lang="ro" open>') == 1
        assert page.index('<details lang="ro" open>') < page.index('<details lang="ro">')
    assert '<details lang="ro" open>' not in Browser(web).get("/simplu/ajutor?ecran=nimic").text
