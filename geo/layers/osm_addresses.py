"""What reads the addresses of an OpenStreetMap extract, in a process of its own (see `core.reading.limited_process`).

Three passes over the file, each with what it needs alone in memory: points with a number, the outlines with a number,
and the corners of those outlines. An outline stands at the middle of its corners.
"""

from __future__ import annotations

from typing import Any

import osmium
from osmium.filter import IdFilter, KeyFilter

_NUMBER = "addr:housenumber"
_STREETS, _PLACES = ("addr:street", "addr:place"), ("addr:city", "addr:village", "addr:hamlet")
_MOST_ROWS = 2_000_000


def main(*, path: str) -> dict[str, Any]:
    """Read the addresses of the extract at `path`: `rows` of street, number, locality, latitude and longitude."""
    rows = [
        [*_said(node.tags), node.lat, node.lon]
        for node in osmium.FileProcessor(path, osmium.osm.NODE).with_filter(KeyFilter(_NUMBER))
        if isinstance(node, osmium.osm.Node)
    ]
    outlines = [
        (_said(way.tags), [node.ref for node in way.nodes])
        for way in osmium.FileProcessor(path, osmium.osm.WAY).with_filter(KeyFilter(_NUMBER))
        if isinstance(way, osmium.osm.Way)
    ]
    corners = {corner for _said_of, refs in outlines for corner in refs}
    points: dict[int, tuple[float, float]] = {}
    if corners:
        for node in osmium.FileProcessor(path, osmium.osm.NODE).with_filter(IdFilter(corners)):
            if isinstance(node, osmium.osm.Node):
                points[node.id] = (node.lat, node.lon)
    for lines, refs in outlines:
        known = [points[ref] for ref in dict.fromkeys(refs) if ref in points]
        if known:
            rows.append([*lines, sum(lat for lat, _ in known) / len(known), sum(lon for _, lon in known) / len(known)])
    return {"rows": rows[:_MOST_ROWS]}


def _said(tags: Any) -> list[str]:
    street, place = (next((tags[key] for key in keys if key in tags), "") for keys in (_STREETS, _PLACES))
    return [street, tags[_NUMBER], place]
