"""What a drawn map's page holds: the data block, and everything else."""

from __future__ import annotations

import json
import re
from typing import Any

from geo.maps.map_component import LocalMap

BLOCK = re.compile(r'<script type="application/json" class="hs-map-data">(.*?)</script>', re.DOTALL)


def page_of(drawn: LocalMap) -> str:
    """Render a map as a page of its own."""
    return str(drawn.get_root().render())


def content(drawn: LocalMap) -> dict[str, Any]:
    """Read what the static script of a map is told to draw."""
    blocks = BLOCK.findall(page_of(drawn))
    assert len(blocks) == 1
    return dict(json.loads(blocks[0]))


def layer(drawn: LocalMap, kind: str) -> dict[str, Any]:
    """Read the only layer of a kind."""
    [found] = [each for each in content(drawn)["layers"] if each["kind"] == kind]
    return dict(found)


def rest(drawn: LocalMap) -> str:
    """Return the page without its data and without the number that folium draws for each map."""
    return re.sub(r"map_[0-9a-f]{32}", "map", BLOCK.sub("", page_of(drawn)))


def strings(value: Any) -> list[str]:
    """List every string inside some JSON."""
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inside for text in strings(each)]
