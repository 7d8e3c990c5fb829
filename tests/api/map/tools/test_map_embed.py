"""The map in a frame of another site: off until named, only these addresses, nothing that signs in or writes."""

from __future__ import annotations

import re

import pytest

from api.map.tools import map_embed
from api.server.middleware import SecurityHeaders
from core.storage.embedding import write_embedding
from tests.worlds.clients.form_browser import Browser, forms

PAGE = "/incorporat/harta"
ADDRESSES = (PAGE, f"{PAGE}/puncte", f"{PAGE}/fisa", f"{PAGE}/comuna?siruta=24089", f"{PAGE}/comune")
SITE = "https://primaria.example.ro"


@pytest.fixture
def framed(demo):
    """The demonstration, offered to one site."""
    write_embedding(demo.home, [SITE])
    yield demo
    write_embedding(demo.home, [])


def test_it_is_off_until_an_operator_names_a_site(demo, as_role):
    for address in ADDRESSES:
        assert as_role().get(address).status_code == 404


def test_only_the_sites_named_may_frame_it_and_other_pages_are_framed_by_none(framed, as_role):
    browser = as_role()
    policy = browser.get(PAGE).headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {SITE}")
    assert "script-src 'self';" in policy
    for address in ("/simplu/harta", "/api/map/points", "/simplu"):
        assert SITE not in browser.get(address).headers.get("content-security-policy", "")


def test_it_shows_the_same_services_and_neither_signs_in_nor_sends_anything(framed, as_role):
    browser = as_role()
    page = browser.get(PAGE + "?serviciu=no-income")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert [found.action for found in forms(page)] == [PAGE]
    assert 'method="post"' not in page.text
    assert "/intra" not in page.text
    assert '<base target="_blank">' in page.text
    query = "?registru=social&cadru=46.3,26.7,46.7,27.3&zoom=14"
    ours, theirs = browser.get("/api/map/points" + query).json(), browser.get(f"{PAGE}/puncte{query}").json()
    assert ours["marks"] == theirs["marks"]
    near = browser.get(f"{PAGE}/puncte?loc=24089").json()["list"]
    assert "map-row" in near
    assert "<form" not in near
    shown = next(mark for mark in theirs["marks"] if mark[2] == 1)
    card = browser.get(f"{PAGE}/fisa?id={shown[7]}")
    assert card.status_code == 200
    assert forms(card) == []
    assert forms(browser.get(f"{PAGE}/comuna?siruta=24089")) == []
    assert browser.get(f"{PAGE}/comune").json()["areas"]


def test_what_is_wrong_or_protected_is_refused_in_words(framed, as_role):
    browser = as_role()
    secret = framed.snapshot().catalogue.services.query("is_secret")["service_id"].tolist()
    for wrong in ("?id=", "?id=x", *(f"?id={each}" for each in secret[:2])):
        refused = browser.get(f"{PAGE}/fisa{wrong}")
        assert refused.status_code >= 400
        assert 'role="alert"' in refused.text
    assert browser.get(f"{PAGE}?cadru=1").status_code == 400


def test_who_asks_too_often_has_to_wait(framed, as_role, monkeypatch):
    monkeypatch.setattr(map_embed, "_ASKED", map_embed.rate_limit.Limiter(1, 60))
    browser = as_role()
    assert browser.get(f"{PAGE}/comuna?siruta=24089").status_code == 200
    assert browser.get(f"{PAGE}/comuna?siruta=24089").status_code == 429


def test_a_live_home_offers_it_without_a_session_once_a_site_is_named(live, web):
    assert Browser(web).get(PAGE).status_code == 404
    write_embedding(live.home, [SITE])
    page = Browser(web).get(PAGE)
    assert page.status_code == 200
    assert re.search(r'id="map-box"', page.text)
    write_embedding(live.home, [])


def test_a_page_with_a_policy_of_its_own_is_not_shut_by_the_older_header():
    async def page(_scope, _receive, send):
        own = [(b"content-security-policy", b"frame-ancestors https://a.ro")]
        await send({"type": "http.response.start", "status": 200, "headers": own})

    async def other(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    def headers_of(app):
        sent = []

        async def keep(message):
            sent.append(message)

        coroutine = SecurityHeaders(app)({"type": "http", "path": "/x", "scheme": "http"}, None, keep)
        with pytest.raises(StopIteration):
            coroutine.send(None)
        return dict(sent[0]["headers"])

    assert b"x-frame-options" not in headers_of(page)
    assert headers_of(page)[b"content-security-policy"] == b"frame-ancestors https://a.ro"
    assert headers_of(other)[b"x-frame-options"] == b"SAMEORIGIN"
