"""How fast each kind of road is driven and walked: `data/roads/speeds.csv`, a source a line; all are assumptions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.i18n import _
from core.reading.curated_tables import read_rows
from core.resources import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SPEEDS_FILE = DATA / "roads" / "speeds.csv"
KINDS = {
    "class": "km/h of a class of road (OpenStreetMap's highway)",
    "service": "km/h of a kind of service road",
    "surface": "ceiling of a surface, km/h",
    "tracktype": "ceiling of the firmness of a track, km/h",
    "smoothness": "ceiling of a smoothness, km/h",
    "maxspeed": "what a word in place of a limit stands for, km/h",
    "share": "share of a limit that is driven",
    "ref": "km/h by the letters of a road's number, for layers of lines",
    "ferry": "km/h of a ferry that does not say how long it takes",
    "wait": "minutes before a ferry leaves; seconds at a traffic light",
    "foot": "km/h on foot, on level ground",
    "local": "km/h between a place and a layer of main roads, over roads that the layer does not have",
}


@dataclass(frozen=True)
class RoadSpeeds:
    """The table of speeds.

    Attributes
    ----------
    values
        By kind (KINDS) and key.
    """

    values: Mapping[str, Mapping[str, float]]

    def of(self, kind: str, key: str) -> float | None:
        """Return a value, None where the table has none."""
        return self.values[kind].get(key)

    def known(self, kind: str, key: str) -> float:
        """Return a value that the table must have; KeyError where it has none."""
        return self.values[kind][key]


@cache
def load_speeds(path: Path = SPEEDS_FILE) -> RoadSpeeds:
    """Read the table of speeds, strictly.

    Parameters
    ----------
    path
        A CSV with kind, key, value and source.

    Returns
    -------
    RoadSpeeds
        Its values; every one is above 0.

    Raises
    ------
    UnreadableFileError
        Naming the row, for an unknown kind, a value that is no number above 0, or a key that appears again.
    """
    values: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read_rows(path, ("kind", "key", "value", "source")):
        kind, key = row.choice("kind", KINDS), row.text("key")
        row.text("source")
        try:
            value = float(row.text("value"))
        except ValueError:
            value = 0.0
        if not 0 < value < float("inf"):
            raise row.cell_error("value", _("un număr mai mare ca zero"))
        if key in values[kind]:
            raise row.cell_error("key", _("un cod care nu se repetă"))
        values[kind][key] = value
    return RoadSpeeds(dict(values))
