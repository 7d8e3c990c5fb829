"""Which features of a layer of lines are no road that can be driven, and why: each is counted, none used in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.roads.reading.way_rules import RoadWay

_LINES = (1, 2, 5)  # of shapely's kinds of geometry
_LONGEST = 60
_LON, _LAT = 180.0, 90.0


@dataclass(frozen=True)
class LineFault:
    """Why a feature of a layer is left out.

    Attributes
    ----------
    row
        Of the feature, 1 = the first.
    field
        Column that is to blame.
    value
        What was found there.
    code
        `no_line`, `no_number` (coordinates that are NaN or endless), `no_degrees` (of another coordinate system),
        `no_length`, `no_class` (a class of road, or none, that no car and no walker may use).
    """

    row: int
    field: str
    value: str
    code: str


def line_faults(
    geometry: NDArray[np.object_], ways: Sequence[RoadWay | None], column: str, texts: Sequence[object]
) -> list[LineFault]:
    """Return the features that give no road, each with its first fault.

    Parameters
    ----------
    geometry
        Of each feature, degrees.
    ways
        What the class of each was read as, None where it is no road.
    column, texts
        Where the class stands, and what stands there.
    """
    return list(_faults(geometry, ways, column, texts))


def _faults(
    geometry: NDArray[np.object_], ways: Sequence[RoadWay | None], column: str, texts: Sequence[object]
) -> Iterator[LineFault]:
    is_line = np.isin(shapely.get_type_id(geometry), _LINES) & ~shapely.is_empty(geometry)
    degrees, feature = shapely.get_coordinates(geometry, return_index=True)
    finite, inside = np.ones(len(geometry), bool), np.ones(len(geometry), bool)
    finite[feature[~np.isfinite(degrees).all(axis=1)]] = False
    inside[feature[(np.abs(degrees) > (_LON, _LAT)).any(axis=1)]] = False
    low, high = np.full((2, len(geometry), 2), np.nan)
    known = np.flatnonzero(is_line & finite)
    bounds = shapely.bounds(geometry[known])
    low[known], high[known] = bounds[:, :2], bounds[:, 2:]
    is_long = np.asarray((high > low).any(axis=1))
    for i in np.flatnonzero(~is_line | ~finite | ~inside | ~is_long | [way is None for way in ways]).tolist():
        if not is_line[i]:
            kind = "" if geometry[i] is None else str(geometry[i].geom_type)
            yield LineFault(i + 1, "geometry", kind, "no_line")
        elif not finite[i] or not inside[i]:
            code = "no_number" if not finite[i] else "no_degrees"
            yield LineFault(i + 1, "geometry", _first_bad(degrees[feature == i]), code)
        elif not is_long[i]:
            yield LineFault(i + 1, "geometry", _said(degrees[feature == i][0]), "no_length")
        else:
            yield LineFault(i + 1, column, str(texts[i])[:_LONGEST], "no_class")


def _first_bad(degrees: NDArray[np.float64]) -> str:
    bad = ~np.isfinite(degrees).all(axis=1) | (np.abs(degrees) > (_LON, _LAT)).any(axis=1)
    return _said(degrees[bad][0])


def _said(point: NDArray[np.float64]) -> str:
    return f"{point[0]:.10g}, {point[1]:.10g}"
