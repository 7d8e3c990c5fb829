"""The plain pages on a home of their own, behind the middleware of the application but without Streamlit."""

from __future__ import annotations

import shutil
from collections import OrderedDict

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from api import link_opening
from api.auth import failed_sign_ins, openid_provider, sign_in
from api.http import rate_limit
from api.http.dependencies import directory_for
from api.map import map_routes
from api.map.tools import tool_routes
from api.programs import callers
from api.server import health
from core.storage.home import open_home
from geo.gazetteer.gazetteer import load_gazetteer
from referrals.workflow import directory
from tests.worlds.clients.api_client import ApiClient, secret_for
from tests.worlds.clients.form_browser import Browser
from tests.worlds.homes import small_world
from tests.worlds.servers.plain_app import plain_app

PARINCEA = 24089  # SIRUTA of the commune


async def _page(_request):
    return PlainTextResponse("the application")


async def _socket(socket):
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


@pytest.fixture(scope="module", autouse=True)
def _catalogues_are_kept(kept_catalogues):
    """Most tests copy a world and write into its ledger."""


@pytest.fixture(scope="session")
def web():
    """The application as it is served, with a stand-in for Streamlit's own routes."""
    own = [Route("/", _page), Route("/referiri", _page), Route("/media/{name}", _page)]
    own += [WebSocketRoute("/_stcore/stream", _socket)]
    return plain_app(*own, pages=frozenset({"/", "/referiri"}))


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch):
    """Every test is an address that has not tried anything yet, at a server that was just started."""
    monkeypatch.setattr(health, "READINESS", health.Readiness())
    monkeypatch.setattr(sign_in, "FAILED", failed_sign_ins.FailedSignIns())
    monkeypatch.setattr(sign_in._CODES, "_seen", OrderedDict())
    monkeypatch.setattr(openid_provider, "_DOCUMENTS", openid_provider._SharedDiscovery())
    own = (tool_routes.SEARCHES, tool_routes.PAPERS, tool_routes.PICTURES, tool_routes.FILES)
    for each in (*own, map_routes.LAYERS, map_routes.COUNTIES, callers.TOKENS, callers.NETWORKS):
        monkeypatch.setattr(each, "_seen", OrderedDict())
    monkeypatch.setattr(link_opening, "_OPENINGS", rate_limit.Limiter(60, 60))
    monkeypatch.setattr(link_opening, "_WRONG", rate_limit.Limiter(20, 600))


@pytest.fixture(scope="session")
def _worlds(tmp_path_factory):
    """One home of each mode, made once; every test has a copy. The places of the country are read once."""
    folder = tmp_path_factory.mktemp("worlds")
    homes = {mode: small_world.make_world(folder / mode, mode=mode) for mode in ("demo", "live")}
    return homes, load_gazetteer(homes["demo"])


def _home(tmp_path, monkeypatch, worlds, mode):
    homes, gazetteer = worlds
    home = open_home(shutil.copytree(homes[mode].path, tmp_path / mode))
    monkeypatch.setattr(directory, "load_gazetteer", lambda _home: gazetteer)
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.delenv("HARTA_DEMO_PUBLIC", raising=False)
    return home


@pytest.fixture
def demo(tmp_path, monkeypatch, _worlds):
    home = _home(tmp_path, monkeypatch, _worlds, "demo")
    yield directory_for(home)
    directory_for(home).ledger.close()


@pytest.fixture
def live(tmp_path, monkeypatch, _worlds):
    home = _home(tmp_path, monkeypatch, _worlds, "live")
    yield directory_for(home)
    directory_for(home).ledger.close()


@pytest.fixture
def as_role(web):
    """Make a browser in which a role of the demonstration was chosen."""

    def choose(role: str = f"team:{PARINCEA}", **options) -> Browser:
        browser = Browser(web, **options)
        if role:
            # The first screen of the role is not drawn: most tests go elsewhere.
            browser.submit_only(browser.get("/intra"), "/intra", rol=role, pagini="simplu")
        return browser

    return choose


@pytest.fixture
def program(web, demo):
    """Make a program with a token of a role: all its scopes, unless some are named."""

    def make(role: str = "county", *scopes: str, directory=demo, **area) -> ApiClient:
        return ApiClient(web, secret_for(directory, role, scopes or None, **area))

    return make
