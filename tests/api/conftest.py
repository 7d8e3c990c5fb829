"""The plain pages on a home of their own, behind the middleware of the application but without Streamlit."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from browsing import Browser
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "pages"))
import small_world

from api import assets, middleware, provider_links, rate, signin, suggest
from api.desks import desk_of
from api.plain import routes as plain

PARINCEA = 24089  # SIRUTA of the commune


async def _page(_request):
    return PlainTextResponse("the application")


async def _socket(socket):
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


@pytest.fixture(scope="session")
def web():
    """The application as it is served, with a stand-in for Streamlit's own routes."""
    routes = [*assets.routes(), *suggest.routes(), *signin.routes(), *plain.routes(), *provider_links.routes()]
    routes += [Route("/", _page), Route("/referiri", _page), Route("/media/{name}", _page)]
    routes += [WebSocketRoute("/_stcore/stream", _socket)]
    return Starlette(routes=routes, middleware=middleware.stack(frozenset({"/", "/referiri"})))


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch):
    """Every test is an address that has not tried anything yet."""
    monkeypatch.setattr(signin, "_TRIES", rate.Limiter(20, 600))
    monkeypatch.setattr(provider_links, "_OPENINGS", rate.Limiter(60, 60))
    monkeypatch.setattr(provider_links, "_WRONG", rate.Limiter(20, 600))


def _home(tmp_path, monkeypatch, mode):
    home = small_world.make_world(tmp_path / mode, mode=mode)
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.delenv("HARTA_DEMO_PUBLIC", raising=False)
    return home


@pytest.fixture
def demo(tmp_path, monkeypatch):
    home = _home(tmp_path, monkeypatch, "demo")
    yield desk_of(home)
    desk_of(home).ledger.close()


@pytest.fixture
def live(tmp_path, monkeypatch):
    home = _home(tmp_path, monkeypatch, "live")
    yield desk_of(home)
    desk_of(home).ledger.close()


@pytest.fixture
def as_role(web):
    """Make a browser in which a role of the demonstration was chosen."""

    def choose(role: str = f"team:{PARINCEA}", **options) -> Browser:
        browser = Browser(web, **options)
        if role:
            page = browser.get("/intra")
            browser.submit(page, "/intra", rol=role, pagini="simplu")
        return browser

    return choose
