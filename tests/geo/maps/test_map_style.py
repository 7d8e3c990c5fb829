"""What is decided for every map: colours of paper are those of the screen, every key of a legend has its look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.i18n import use_language
from geo.maps.map_style import CLASS_COLOURS, HERE_COLOUR, MARK_STATES, map_settings

STATIC = Path(__file__).resolve().parents[3] / "api" / "static"


def token(name: str) -> tuple[int, ...]:
    light = (STATIC / "tokens.css").read_text(encoding="utf-8").split("@media", 1)[0]
    return tuple(bytes.fromhex(re.findall(rf"--{name}: #([0-9a-f]{{6}})", light)[0]))


def test_paper_has_the_colours_of_the_screen():
    assert [token(f"class-{grade}") for grade in range(1, 5)] == list(CLASS_COLOURS)
    assert token("here") == HERE_COLOUR


@pytest.mark.parametrize("mark", [*MARK_STATES, *(f"class-{grade}" for grade in range(5)), "here", "community"])
def test_what_is_drawn_on_a_map_has_a_key(mark):
    assert f".hs-key-{mark}" in (STATIC / "map_keys.css").read_text(encoding="utf-8")


def test_the_words_of_the_controls_are_those_of_the_language():
    with use_language("en"):
        said = map_settings(label="Map", note="Demonstration")
    assert (said["north"], said["note"], said["tiles"]) == ("North is up", "Demonstration", None)
    assert map_settings(label="Harta")["north"] == "Nordul este sus"
