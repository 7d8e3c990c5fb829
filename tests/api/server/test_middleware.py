from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from api.http import assets
from api.server import health, middleware
from tests.worlds.clients.web_client import Client

INDEX = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def index(_request):
    return HTMLResponse(INDEX, headers={"ETag": '"theirs"', "Last-Modified": "Sun, 01 Jan 2023 00:00:00 GMT"})


def other(_request):
    return HTMLResponse("<html lang='en'><p>a page of our own</p></html>")


def long_text(_request):
    return PlainTextResponse("Parincea " * 1000)


def own_policy(_request):
    return PlainTextResponse("x", headers={"Content-Security-Policy": "default-src 'none'"})


def cookies(_request):
    answer = PlainTextResponse("x")
    answer.set_cookie("_streamlit_xsrf", "2|abc", samesite="lax")
    answer.set_cookie("ours", "x", secure=True)
    return answer


@pytest.fixture(scope="module")
def client():
    routes = [
        Route("/", index),
        Route("/no-such-page", index),
        Route("/other", other),
        Route("/long", long_text),
        Route("/own", own_policy),
        Route("/cookies", cookies),
        Route("/component/map/index.html", other),
        *assets.routes(),
        *health.routes(),
    ]
    return Client(Starlette(routes=routes, middleware=middleware.stack(frozenset({"/"}))))


def test_the_index_page_speaks_romanian_and_holds_our_style_sheet(client):
    page = client.get("/").text
    assert '<html lang="ro">' in page
    assert "<title>Harta serviciilor comunitare</title>" in page
    assert assets.asset_url("style.css") in page
    assert "Se deschide…" in page
    assert "You need to enable JavaScript" not in page


def test_the_installed_streamlit_still_has_the_marks_that_are_rewritten():
    assert "<title>Streamlit</title>" in INDEX
    assert '<html lang="en">' in INDEX
    assert '<div id="root"></div>' in INDEX


def test_no_inline_script_and_no_unused_font_is_left_on_the_index_page(client):
    page = client.get("/").text
    assert "<script>" not in page
    assert 'as="font"' not in page
    assert "agent/openapi.json" not in page


def test_streamlits_own_scripts_stay(client):
    assert 'type="module"' in client.get("/").text


def test_the_rewritten_page_has_its_own_length_and_no_tag_of_the_old_file(client):
    answer = client.get("/", headers={"accept-encoding": "identity"})
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers
    assert "last-modified" not in answer.headers


def test_other_html_passes_untouched(client):
    assert client.get("/other").text == "<html lang='en'><p>a page of our own</p></html>"


def test_scripts_from_elsewhere_and_inline_ones_are_refused_on_pages(client):
    policy = client.get("/").headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self'"
    assert "http" not in policy


def test_only_the_frame_of_a_map_may_run_a_script_inside_its_page_and_only_the_one_that_is_named():
    stack = middleware.stack(frozenset({"/"}), map_script=lambda: "draw(map);")
    client = Client(
        Starlette(routes=[Route("/component/map/index.html", other), Route("/other", other)], middleware=stack)
    )
    policy = client.get("/component/map/index.html").headers["content-security-policy"]
    digest = base64.b64encode(hashlib.sha256(b"draw(map);").digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
    assert "script-src 'self';" in client.get("/other").headers["content-security-policy"]


def test_a_route_may_set_a_stricter_policy_of_its_own(client):
    assert client.get("/own").headers["content-security-policy"] == "default-src 'none'"


def test_every_answer_carries_the_security_headers(client):
    for path in ("/", "/other", "/long", "/health", "/assets/style.css", "/nothing"):
        for name, value in middleware.HEADERS.items():
            assert client.get(path).headers[name] == value, path


def test_long_answers_are_compressed(client):
    answer = client.get("/long", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 1000
    assert answer.text.startswith("Parincea")


def test_an_address_without_a_page_is_an_honest_404_in_our_words(client):
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "Această pagină nu există" in answer.text
    assert 'href="/"' in answer.text
    assert "streamlit" not in answer.text.lower()


@pytest.mark.parametrize(
    ("address", "cookie", "language", "title"),
    [
        ("/?lang=en", "", "en", "Map of community services"),
        ("/", "harta_limba=en", "en", "Map of community services"),
        ("/?lang=ro", "harta_limba=en", "ro", "Harta serviciilor comunitare"),
        ("/?lang=xx", "harta_limba=<b>", "ro", "Harta serviciilor comunitare"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_one_chosen_before(client, address, cookie, language, title):
    page = client.get(address, headers={"cookie": cookie} if cookie else {}).text
    assert f'<html lang="{language}">' in page
    assert f"<title>{title}</title>" in page


def test_a_language_asked_for_is_remembered_out_of_reach_of_scripts(client):
    kept = client.get("/?lang=en").headers["set-cookie"]
    assert kept.startswith("harta_limba=en; ")
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    for address in ("/", "/?lang=xx", "/other?lang=en"):
        assert "set-cookie" not in client.get(address).headers


def test_only_a_maps_frame_may_ask_the_tile_server_that_was_named(monkeypatch):
    monkeypatch.setenv("HARTA_TILES", "https://{s}.tiles.example/{z}/{x}/{y}.png")
    routes = [Route("/component/map/index.html", other), Route("/other", other)]
    client = Client(Starlette(routes=routes, middleware=middleware.stack(frozenset({"/"}))))
    policy = "content-security-policy"
    assert (
        "img-src 'self' data: blob: https://*.tiles.example;" in client.get("/component/map/index.html").headers[policy]
    )
    assert "tiles.example" not in client.get("/other").headers[policy]


def test_without_a_tile_server_no_frame_may_ask_another_host(monkeypatch):
    monkeypatch.delenv("HARTA_TILES", raising=False)
    routes = [Route("/component/map/index.html", other)]
    client = Client(Starlette(routes=routes, middleware=middleware.stack(frozenset({"/"}))))
    assert "img-src 'self' data: blob:;" in client.get("/component/map/index.html").headers["content-security-policy"]


def test_over_https_every_cookie_stays_there_and_the_browser_is_told_to_stay_too(client):
    answer = client.get("https://harta.example/cookies")
    assert [kept.count("; Secure") + kept.count("; secure") for kept in answer.headers.get_list("set-cookie")] == [1, 1]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_without_https_nothing_is_promised_about_it(client):
    answer = client.get("/cookies")
    assert "strict-transport-security" not in answer.headers
    assert "ecure" not in answer.headers.get_list("set-cookie")[0]
