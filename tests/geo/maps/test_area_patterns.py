"""What areas are filled with on paper is what the screen has: the same tokens, and lines where it has lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo.maps.area_patterns import LIGHT, PATTERNS

STATIC = Path(__file__).resolve().parents[3] / "api" / "static"


def test_colours_are_the_tokens_of_the_light():
    light = (STATIC / "tokens.css").read_text(encoding="utf-8").split("@media", 1)[0]
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    assert {name: tokens[name] for name in LIGHT} == LIGHT


@pytest.mark.parametrize("mark", sorted(set(PATTERNS) - {"joined-0"}))
def test_a_pattern_has_the_ground_and_the_pen_of_its_key_on_the_screen(mark):
    sheet = (STATIC / "map_keys.css").read_text(encoding="utf-8")
    rules = " ".join(re.findall(rf"[^{{}}]*\.hs-key-{mark}(?!\d)[^{{}}]*{{([^}}]*)}}", sheet))
    pattern = PATTERNS[mark]
    assert f"var(--{pattern.ground})" in rules
    assert bool(pattern.lines) == ("gradient" in rules)
    if pattern.lines:
        assert f"var(--{pattern.pen})" in rules
        assert pattern.pen != pattern.ground


def test_of_one_kind_no_two_look_alike():
    for kind in ("class", "served", "change", "joined"):
        looks = [pattern for mark, pattern in PATTERNS.items() if mark.startswith(kind)]
        assert len(set(looks)) == len(looks) > 4
