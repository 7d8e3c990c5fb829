"""The content of a sheet of the map, all of it in words and places on the sheet: what draws it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from geo.maps.view_drawing import DrawnArea, ViewFrame


@dataclass(frozen=True)
class SheetMark:
    """A mark: its middle and half its width in units of the sheet, what is written in it, and its state."""

    x: float
    y: float
    radius: float
    label: str
    state: str


@dataclass(frozen=True)
class SheetKey:
    """One line of the legend. code: the pattern of areas, or the state of marks. count: how many there are."""

    code: str
    words: str
    count: str


@dataclass(frozen=True)
class SheetRow:
    """A service of the list: the number of its mark, and what is said of it."""

    number: str
    name: str
    what: str
    address: str
    phone: str
    places: str


@dataclass(frozen=True)
class MapSheet:
    """A view of the map as a sheet.

    Attributes
    ----------
    title, summary, filters
        What is shown, in words; filters is empty where there are none.
    frame, areas, marks
        The drawing.
    here
        Where a search starts, in units of the sheet, and its name; None = nowhere.
    zone
        What was drawn, as outlines in units of the sheet.
    area_kind
        By what the areas are coloured: begins the names of their patterns (`geo.maps.area_patterns`).
    area_title, area_keys, area_note, mark_keys, label_note
        The legend, how the areas were counted, and what the numbers on the marks mean.
    rows, more
        The list, and what is said where it is not whole.
    sources
        Registers and layers, each with its day.
    made_on, is_demo
        Day of the sheet; whether it carries the mark of a demonstration.
    """

    title: str
    summary: str
    filters: str
    frame: ViewFrame
    areas: tuple[DrawnArea, ...]
    marks: tuple[SheetMark, ...]
    here: tuple[float, float, str] | None
    zone: tuple[tuple[float, float], ...]
    area_kind: str
    area_title: str
    area_keys: tuple[SheetKey, ...]
    area_note: str
    mark_keys: tuple[SheetKey, ...]
    label_note: str
    rows: tuple[SheetRow, ...]
    more: str
    sources: tuple[str, ...]
    made_on: date
    is_demo: bool

    def step_mark(self, step: int) -> str:
        """Return the name of the pattern of a step of the areas."""
        return f"{self.area_kind}-{step}"
