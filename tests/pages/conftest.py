"""Pages under AppTest, on a home of their own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.common import shared
from pages.common.sitemap import FINDER
from referrals.records.vocabulary import Actor
from tests.worlds.homes import small_world

SOMEBODY = Actor("county", "account-1", "BC")
MAIN = Path(__file__).resolve().parents[2] / "pages" / "main.py"


@pytest.fixture(scope="module", autouse=True)
def _catalogues_are_kept(kept_catalogues):
    """Most tests copy a world and write into its ledger."""


@pytest.fixture(scope="session", autouse=True)
def scan_packages_once():
    """AppTest reads the metadata of every installed package for each application: 0.25 s of processor that change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return small_world.make_world(tmp_path_factory.mktemp("world") / "home")


@pytest.fixture
def in_home(monkeypatch):
    """Run the application on a home; returns a function from the home's folder to the application.

    actor: who is signed in; None for nobody. page: address of the page that is opened.
    """

    def start(folder, *, actor=SOMEBODY, page=FINDER, **address):
        monkeypatch.setattr(shared, "actor", lambda _home: actor)
        monkeypatch.setenv("HARTA_HOME", str(folder))
        monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        for name, value in address.items():
            app.query_params[name] = value
        app._page_hash = calc_hash(page)
        return app.run()

    return start
