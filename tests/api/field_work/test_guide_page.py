"""The guide of a team: open, kept without network, whole."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette

from api.field_work import routes
from api.field_work.guide_page import GUIDE, GuidePart, guide_parts
from core.resources import ROOT
from tests.worlds.clients.web_client import Client
from tests.worlds.homes import small_world

TEXT = (ROOT / "docs" / "ghid-cazuri.md").read_text(encoding="utf-8")
SCREENS = "".join(path.read_text("utf-8") for path in sorted((ROOT / "templates" / "teren").glob("*.html")))
WORDS = (ROOT / "api" / "field_work" / "shell_words.py").read_text("utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return small_world.make_world(tmp_path_factory.mktemp("guide") / "home", mode="live")


@pytest.fixture
def client(home, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    return Client(Starlette(routes=routes()))


def test_lines_of_one_kind_stand_together():
    said = "Întâi.\n\n## Unu\n\n## Doi\n1. a. b\n2. c\n\n- d\n- e\n"
    assert guide_parts(said) == [
        GuidePart("text", ("Întâi.",)),
        GuidePart("title", ("Unu",)),
        GuidePart("title", ("Doi",)),
        GuidePart("steps", ("a. b", "c")),
        GuidePart("notes", ("d", "e")),
    ]


def test_the_page_is_open_holds_every_line_and_is_kept_for_days_without_network(client):
    answer = client.get(GUIDE)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for line in filter(None, TEXT.splitlines()):
        words = re.sub(r"^(#+|-|\d+\.) ", "", line)
        assert words in answer.text
    worker = client.get("/teren/sw.js").text
    assert worker.count(f'"{GUIDE}"') == 3  # a file to keep, and a page with the address where it is kept
    assert f'href="{GUIDE}"' in client.get("/teren/").text


def test_every_button_that_the_guide_names_is_on_the_screens():
    elsewhere = {"Teren", "Azi", "Nu știu", "nu", "Adăugați pe ecranul principal", "Cazuri: activități, mutări, uniri"}
    named = set(re.findall("„([^”]+)”", TEXT)) - elsewhere
    assert named
    assert not [name for name in sorted(named) if name not in SCREENS and f'"{name}"' not in WORDS]
