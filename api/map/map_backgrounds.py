"""What the areas of the map may be coloured by: four steps each, said in words and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.i18n import _, number
from geo.maps.atlas_view import legend
from geo.maps.map_style import LegendKey
from providers.service_map.map_layers import CHANGE, CLASS, COVERAGE, JOINED, PEOPLE, PLAIN, RATE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Upper ends of the first three steps; what is above the third is the fourth.
_NUMBERS: dict[str, tuple[str, tuple[float, ...]]] = {
    RATE: ("rate_percent", (5.0, 15.0, 30.0)),
    PEOPLE: ("people_marginalised", (200, 600, 1_500)),
}


@dataclass(frozen=True)
class AreaColours:
    """One way to colour the areas.

    ends: upper ends of its steps, for the script; empty where a class decides, or what the service chosen has within
    reach, whose steps are asked for. legend: its steps, each with how many UATs, and how a community is drawn.
    """

    name: str
    title: str
    ends: tuple[float, ...]
    legend: tuple[LegendKey, ...]


def backgrounds(table: pd.DataFrame) -> tuple[AreaColours, ...]:
    """Return the ways to colour the areas of a country.

    Parameters
    ----------
    table
        `geo.maps.atlas_view.VIEW_COLUMNS`, one row a UAT.

    Returns
    -------
    tuple of AreaColours
        The first is shown first.
    """
    classes = [LegendKey(f"class-{code}", words, count) for code, words, count in legend(table)]
    return (
        AreaColours(CLASS, _("clasa de marginalizare"), (), (*classes, _community())),
        _by_number(table, RATE, _("% din oameni în zone marginalizate")),
        _by_number(table, PEOPLE, _("oameni în zone marginalizate")),
        AreaColours(COVERAGE, _("acoperirea serviciului ales"), (), ()),
        AreaColours(JOINED, _("marginalizare și acoperire împreună"), (), ()),
        AreaColours(CHANGE, _("ce s-a schimbat la serviciul ales"), (), ()),
        AreaColours(PLAIN, _("fără"), (), ()),
    )


def area_grades(table: pd.DataFrame, name: str) -> dict[int, int]:
    """Return the step of every area by its SIRUTA code, 0 = not known.

    Parameters
    ----------
    table
        `geo.maps.atlas_view.VIEW_COLUMNS`, one row a UAT.
    name
        CLASS, RATE or PEOPLE.

    Returns
    -------
    dict
        1 to 4, as the legend of `backgrounds` counts them.
    """
    if name == CLASS:
        grades = table["atlas_class"].to_numpy("int64", na_value=0)
    else:
        column, ends = _NUMBERS[name]
        grades = _steps(table, column, ends)
    return dict(zip(table["uat_siruta"].astype("int").tolist(), grades.tolist(), strict=True))


def _steps(table: pd.DataFrame, column: str, ends: tuple[float, ...]) -> NDArray[np.int64]:
    values = table[column].to_numpy("float64", na_value=np.nan)
    return np.where(np.isnan(values), 0, 1 + np.digitize(values, ends, right=True))


def _by_number(table: pd.DataFrame, name: str, title: str) -> AreaColours:
    column, ends = _NUMBERS[name]
    grades = _steps(table, column, ends)
    low = [number(end) for end in ends]
    words = {
        4: _("peste {n}").format(n=low[2]),
        3: _("peste {low}, până la {high}").format(low=low[1], high=low[2]),
        2: _("peste {low}, până la {high}").format(low=low[0], high=low[1]),
        1: _("până la {n}").format(n=low[0]),
        0: _("nu se știe"),
    }
    steps = [LegendKey(f"class-{grade}", said, int((grades == grade).sum())) for grade, said in words.items()]
    return AreaColours(name, title, tuple(map(float, ends)), (*steps, _community()))


def _community() -> LegendKey:
    return LegendKey("outline", _("comunitate a proiectului"))
