"""The guide of a team: open, kept without network, whole."""

from __future__ import annotations

import re

import pytest
from markupsafe import escape
from starlette.applications import Starlette

from api.field_work import routes
from api.field_work.guide_page import FILES, GUIDES, GuidePart, guide_parts
from api.field_work.shell_words import shell_words
from core.i18n import _, use_language
from core.resources import ROOT
from tests.worlds.clients.web_client import Client
from tests.worlds.homes import small_world

TEXT = {code: path.read_text(encoding="utf-8") for code, path in FILES.items()}
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


@pytest.mark.parametrize(("code", "shell"), [("ro", "/teren/"), ("en", "/teren/en/")])
def test_the_page_is_open_holds_every_line_and_is_kept_for_days_without_network(client, code, shell):
    guide = GUIDES[code]
    answer = client.get(guide)
    assert f'<html lang="{code}">' in answer.text
    assert f'href="{shell}"' in answer.text
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for line in filter(None, TEXT[code].splitlines()):
        words = re.sub(r"^(#+|-|\d+\.) ", "", line)
        assert str(escape(words)) in answer.text
    worker = client.get("/teren/sw.js").text
    assert worker.count(f'"{guide}"') == 3  # a file to keep, and a page with the address where it is kept
    assert f'href="{guide}"' in client.get(shell).text


DESK = "".join(
    path.read_text("utf-8")
    for name in ("case_desk.py", "case_panels/devices_panel.py")
    for path in [ROOT / "pages" / name]
)
# Of the telephone itself; and an answer, which the instrument has.
ELSEWHERE = {"ro": {"Adăugați pe ecranul principal", "nu"}, "en": {"Add to home screen", "no"}}


def test_every_button_that_the_guide_names_is_on_the_screens():
    named = set(re.findall("„([^”]+)”", TEXT["ro"])) - ELSEWHERE["ro"]
    assert len(named) > 20
    assert not [name for name in sorted(named) if name not in SCREENS + DESK and f'"{name}"' not in WORDS]


def test_the_english_guide_names_the_buttons_of_the_romanian_one_in_english():
    with use_language("en"):
        said = {_(name) for name in re.findall("„([^”]+)”", TEXT["ro"])} | set(map(str, shell_words().values()))
    named = set(re.findall("“([^”]+)”", TEXT["en"])) - ELSEWHERE["en"]
    assert len(named) > 20
    assert not named - said


def test_both_guides_have_the_same_parts():
    parts = {code: [(part.kind, len(part.lines)) for part in guide_parts(text)] for code, text in TEXT.items()}
    assert parts["ro"] == parts["en"]
