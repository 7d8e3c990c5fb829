"""What it costs a year to add something: a new service, a place, a day a week of a mobile team.

The defaults are `data/providers/siting_costs.csv`, all of them assumed until somebody who pays such bills corrects
them; the screen and the command line take others for one question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from core.errors import BadValueError
from core.i18n import _, number
from core.reading.curated_tables import FOLDER, read_rows

if TYPE_CHECKING:
    from pathlib import Path

MOST_LEI = 100_000_000.0
_CODES = ("site", "place", "team_day")


@dataclass(frozen=True)
class Prices:
    """Lei a year for one of each. is_assumed: whether nobody has confirmed them."""

    site: float
    place: float
    team_day: float
    is_assumed: bool = False

    def changed(self, *, site: float | None, place: float | None, team_day: float | None) -> Prices:
        """Return the same with other prices where they are given; assumed no longer once all three are."""
        given = {"site": site, "place": place, "team_day": team_day}
        some = {name: value for name, value in given.items() if value is not None}
        return replace(self, is_assumed=self.is_assumed and len(some) < len(given), **some)

    def __post_init__(self) -> None:
        """Refuse what no price can be."""
        for name in _CODES:
            if not 0 <= getattr(self, name) <= MOST_LEI:
                raise BadValueError(
                    _("Costul „{name}” este între 0 și {most} de lei pe an.").format(name=name, most=number(MOST_LEI))
                )


@cache
def default_prices(folder: Path = FOLDER) -> Prices:
    """Read the defaults; UnreadableFileError names a cell that is no number, BadValueError the rows that are wanted."""
    rows = read_rows(folder / "siting_costs.csv", ("code", "lei_per_year", "basis", "words"))
    found = {}
    for row in rows:
        lei = row.whole("lei_per_year")
        if lei is None:
            raise row.cell_error("lei_per_year", _("un număr întreg"))
        found[row.choice("code", _CODES)] = lei
    if set(found) != set(_CODES):
        raise BadValueError(
            _("În siting_costs.csv se așteaptă câte un rând pentru: {codes}.").format(codes=", ".join(_CODES))
        )
    return Prices(**found, is_assumed=any(row.text("basis") == "assumed" for row in rows))
