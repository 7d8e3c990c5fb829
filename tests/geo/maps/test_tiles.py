from __future__ import annotations

import pytest

from core.errors import BadValueError
from geo.maps.tiles import tile_server


def test_nobody_is_asked_unless_named(monkeypatch):
    monkeypatch.delenv("HARTA_TILES", raising=False)
    assert tile_server() is None
    monkeypatch.setenv("HARTA_TILES", "  ")
    assert tile_server() is None


@pytest.mark.parametrize(
    ("template", "origin", "host"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example", "tiles.example"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png?key=1", "https://*.tiles.example", "tiles.example"),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png", "http://127.0.0.1:8080", "127.0.0.1:8080"),
    ],
)
def test_a_server_is_known_by_its_template(monkeypatch, template, origin, host):
    monkeypatch.setenv("HARTA_TILES", template)
    monkeypatch.setenv("HARTA_TILES_ATTRIBUTION", "Example")
    found = tile_server()
    assert (found.template, found.origin, found.host, found.attribution) == (template, origin, host, "Example")


def test_a_server_that_wants_nothing_written_is_named(monkeypatch):
    monkeypatch.setenv("HARTA_TILES", "https://{s}.tiles.example/{z}/{x}/{y}.png")
    monkeypatch.delenv("HARTA_TILES_ATTRIBUTION", raising=False)
    assert tile_server().attribution == "tiles.example"


@pytest.mark.parametrize(
    "template",
    ["tiles.example/{z}/{x}/{y}.png", "https://tiles.example/{z}/{x}.png", "ftp://t.example/{z}/{x}/{y}", "https:///{z}/{x}/{y}",
     "https://a b; script-src *//{z}/{x}/{y}", "javascript:{z}{x}{y}"],
)  # fmt: skip
def test_what_is_no_template_is_refused_in_words(monkeypatch, template):
    monkeypatch.setenv("HARTA_TILES", template)
    with pytest.raises(BadValueError, match="HARTA_TILES"):
        tile_server()
