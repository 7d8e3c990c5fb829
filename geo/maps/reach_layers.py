"""Layers of a map that show travel: areas that are reached within some minutes, and the parts of a way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def reach_layer(features: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a layer of areas; features: GeoJSON in degrees with `minutes`, the largest first."""
    drawn = [
        {"geometry": each["geometry"], "step": step}
        for step, each in enumerate(reversed(list(features)), start=1)
        if each["geometry"].get("coordinates")
    ]
    return {"kind": "reach", "areas": drawn[::-1]}


def way_layer(features: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a layer of a way; features: GeoJSON lines in degrees with `kind` of each part, in their order."""
    parts = [{"kind": each["properties"]["kind"], "line": each["geometry"]["coordinates"]} for each in features]
    return {"kind": "way", "parts": parts}
