"""„Harta” under AppTest: the page of the map, with the filter and the view of the address, and the journeys that it begins."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from api.http import session
from referrals.records.vocabulary import Actor
from tests.worlds.clients.form_browser import Browser
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world
from tests.worlds.homes.atlas_world import make_atlas_world
from tests.worlds.servers.plain_app import plain_app

NEED = small_world.CHILD_DAY_CENTRE
COUNTY, NATION = Actor("county", "account-1", "BC"), Actor("national", "account-2")


def framed(app):
    (found,) = [each.proto.body for each in app.get("html") if "hs-map-page" in each.proto.body]
    return re.search(r'data-address="([^"]*)"', found)[1].replace("&amp;", "&")


def opened(in_home, home, **address):
    app = in_home(home.path).switch_page("map.py")
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def test_the_page_of_the_map_is_framed_with_the_filter_of_the_address(in_home, world):
    app = opened(in_home, world, serviciu="child-abuse", zoom="9", raspuns="1", other="x")
    assert not app.exception
    address = framed(app)
    assert address.startswith("/simplu/harta?incadrat=1&lang=ro")
    assert "serviciu=child-abuse" in address
    assert "zoom=9" in address
    assert "raspuns=1" in address
    assert "other" not in address


def test_what_somebody_writes_into_the_address_stays_text(in_home, world):
    app = opened(in_home, world, loc='"><script>alert(1)</script>')
    assert "<script>" not in framed(app)
    assert "%3Cscript%3E" in framed(app)


@pytest.fixture
def journey(in_home, tmp_path, monkeypatch):
    """From plain pages to the application, as one actor: `visit` an address of a page, `enter` one of a screen."""
    home = make_atlas_world(tmp_path / "home")
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    browser = Browser(plain_app())

    def begin(actor):
        browser.cookies.set(session.COOKIE, session.demo_cookie(home, actor.role, county=actor.county))

        def enter(address, page):
            app = in_home(home.path, actor=actor)
            for name, value in parse_qsl(urlsplit(address).query):
                app.query_params[name] = value
            return app.switch_page(page).run(timeout=60)

        return browser.get, enter

    return begin


def link(text, words_of):
    """Return where the first link that says so leads."""
    return html.unescape(re.search(rf'<a href="([^"]*)"[^>]*>{re.escape(words_of)}</a>', text)[1])


def test_the_county_unit_goes_from_the_map_over_the_joined_view_to_the_coverage_of_its_county(journey):
    visit, enter = journey(COUNTY)
    page = visit(f"/simplu/harta?serviciu={NEED}&culoare=legat&judet=BC&minute=45")
    table = page.text[page.text.index('<table class="map-joined">') :]
    assert ", Bacău" in table
    assert ", Cluj" not in table
    app = enter(link(table, "Acoperire"), "coverage.py")
    assert not app.exception
    assert app.query_params["serviciu"] == NEED
    assert app.query_params["judet"] == "BC"
    assert app.selectbox(key="cov_reach").value == 45
    assert "Cele mai mari lipsuri" in words(app)


def test_the_nation_goes_from_the_map_over_the_counties_to_an_area_and_its_sheet(journey):
    visit, enter = journey(NATION)
    page = visit(f"/simplu/harta?serviciu={NEED}&culoare=acoperire")
    counties = visit(link(page.text, "Județele alături"))
    assert counties.text.count("<figure>") == 42
    own = visit(link(counties.text, "Bacău"))
    asked = dict(parse_qsl(own.url.query.decode()))
    assert (asked["serviciu"], asked["culoare"], asked["judet"]) == (NEED, "acoperire", "BC")
    card = visit(f"/api/map/area?siruta=24089&serviciu={NEED}")
    assert link(card.text, "Acoperire").startswith(f"/acoperire?serviciu={NEED}")
    sheet = enter(link(card.text, "Deschideți fișa"), "communities.py")
    assert not sheet.exception
    assert "Parincea" in words(sheet)
