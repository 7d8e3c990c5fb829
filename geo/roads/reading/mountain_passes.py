"""Parts of national roads over high mountains: `data/roads/mountain_passes.csv`, for layers that say only a number.

Such layers draw a pass much shorter than it is, and know no winter. The table has the kilometres between the posts at
which the road is closed, and the months. An OpenStreetMap extract says both itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from core.i18n import _
from core.reading.curated_tables import read_rows
from core.resources import DATA

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from core.reading.curated_tables import CuratedRow
    from geo.roads.reading.way_rules import RoadWay

PASSES_FILE = DATA / "roads" / "mountain_passes.csv"
_COLUMNS = ("ref", "south", "west", "north", "east", "km", "km_h", "closed_from", "closed_to", "source")


@dataclass(frozen=True)
class MountainPass:
    """A part of a road that closes in winter.

    Attributes
    ----------
    ref
        Number of the road, DN7C.
    south, west, north, east
        The rectangle in which the part lies, WGS84 degrees.
    km
        Its length by the posts.
    km_h
        How fast it is driven.
    closed_months
        Bit m-1 is set where it is closed in month m.
    """

    ref: str
    south: float
    west: float
    north: float
    east: float
    km: float
    km_h: float
    closed_months: int

    def is_named_in(self, text: str) -> bool:
        """Whether a text of numbers names the road."""
        return re.search(rf"\b{self.ref}\b", text.replace(" ", "")) is not None

    def holds(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        lons: NDArray[np.float64],
        lats: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        """Return which pieces have their middle in it."""
        across, up = (lon + lons) / 2, (lat + lats) / 2
        return (across > self.west) & (across < self.east) & (up > self.south) & (up < self.north)

    def way(self, like: RoadWay, metres: float) -> RoadWay:
        """Return the way of the part, which a layer draws `metres` long: so slow that its minutes are those of `km`."""
        km_h = self.km_h * min(metres / 1000 / self.km, 1.0)
        return replace(like, forward_km_h=km_h, backward_km_h=km_h, closed_months=self.closed_months)


@cache
def load_passes(path: Path = PASSES_FILE) -> tuple[MountainPass, ...]:
    """Read the table of mountain passes, strictly.

    Parameters
    ----------
    path
        A CSV of the columns that this module names.

    Returns
    -------
    tuple of MountainPass
        In the order of the file.

    Raises
    ------
    UnreadableFileError
        Naming the row and the cell that cannot be read.
    """
    return tuple(_pass(row) for row in read_rows(path, _COLUMNS))


def _pass(row: CuratedRow) -> MountainPass:
    first, last = (_number(row, column, 12) for column in ("closed_from", "closed_to"))
    months = {(int(first) - 1 + step) % 12 for step in range((int(last) - int(first)) % 12 + 1)}
    row.text("source")
    south, west, north, east = (_number(row, column, 180) for column in ("south", "west", "north", "east"))
    closed = sum(1 << month for month in months)
    km, km_h = _number(row, "km", 200), _number(row, "km_h", 130)
    return MountainPass(row.text("ref"), south, west, north, east, km, km_h, closed)


def _number(row: CuratedRow, column: str, most: float) -> float:
    try:
        value = float(row.text(column))
    except ValueError:
        value = 0.0
    if not 0 < value <= most:
        raise row.cell_error(column, _("un număr mai mare ca zero"))
    return value
