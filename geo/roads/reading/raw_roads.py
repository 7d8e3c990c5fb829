"""Roads as a reader hands them over: pieces between two points each, before they are contracted to junctions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class TurnRule:
    """A turn that is forbidden, or the only one allowed: from a way over a node to a way (positions in the arrays)."""

    from_way: int
    via: int
    to_way: int
    only: bool


@dataclass(frozen=True)
class RawRoads:
    """Pieces of road of both modes.

    Attributes
    ----------
    lon, lat
        Of each node, degrees WGS84.
    start, end
        Nodes of each piece.
    way
        RoadWay of each piece, a position in the arrays of ways.
    kind
        Of each way, a kind of `geo.roads.road_network`.
    road_class
        Of each way, a position in `classes`.
    forward_km_h, backward_km_h, foot_km_h
        Of each way; 0 = not open.
    seconds
        Of each way as a whole, for ferries that say it; 0 = by length.
    closed_months
        Of each way, bits.
    unpaved
        Of each way.
    classes
        Names of the classes.
    car_barriers, foot_barriers
        Nodes that nobody passes so.
    signals
        Nodes with a traffic light.
    turns
        Rules of turning.
    local_access
        Whether it holds main roads alone, so that places reach it over local roads and not on foot.
    height_m
        Of each node, NaN where it is not known; None where no heights were given.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    way: NDArray[np.int64]
    kind: NDArray[np.uint8]
    road_class: NDArray[np.uint8]
    forward_km_h: NDArray[np.float64]
    backward_km_h: NDArray[np.float64]
    foot_km_h: NDArray[np.float64]
    seconds: NDArray[np.float64]
    closed_months: NDArray[np.uint16]
    unpaved: NDArray[np.bool_]
    classes: tuple[str, ...]
    car_barriers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    foot_barriers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    signals: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    turns: tuple[TurnRule, ...] = ()
    local_access: bool = False
    height_m: NDArray[np.float64] | None = None
