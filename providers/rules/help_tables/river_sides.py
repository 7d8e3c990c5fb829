"""Sides of the Danube and islands of the Delta: between two of them a straight line is no road.

`data/providers/no_direct_road.csv` names the counties and UATs of each side; every other place is on the side of the
country's own roads.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER, read_rows

if TYPE_CHECKING:
    from pathlib import Path

MAINLAND = 0


@cache
def sides(folder: Path = FOLDER) -> dict[str, int]:
    """Return the number of the side of each named area: SIRUTA code of a UAT, or letters of a county."""
    rows = read_rows(folder / "no_direct_road.csv", ("area", "side", "says", "basis"))
    names = list(dict.fromkeys(row.text("side") for row in rows))
    return {row.text("area"): names.index(row.text("side")) + 1 for row in rows}


def side_of(uat_siruta: int | None, county: str | None) -> int:
    """Return the side on which a place is: its UAT's, else its county's, else MAINLAND.

    Parameters
    ----------
    uat_siruta
        SIRUTA of its UAT; None = not known.
    county
        Letters of its county; None = not known.

    Returns
    -------
    int
        Number of the side.

    Examples
    --------
    >>> side_of(None, "BC") == MAINLAND, side_of(159767, "TL") == side_of(None, "TL")
    (True, False)
    """
    known = sides()
    return known.get(str(uat_siruta), known.get(county or "", MAINLAND))
