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

# Upper ends of the first three steps; what is above the third is the fourth.
RATE_PERCENT = (5.0, 15.0, 30.0)
PEOPLE_MARGINALISED = (200, 600, 1_500)


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
        _by_number(table, RATE, "rate_percent", _("% din oameni în zone marginalizate"), RATE_PERCENT),
        _by_number(table, PEOPLE, "people_marginalised", _("oameni în zone marginalizate"), PEOPLE_MARGINALISED),
        AreaColours(COVERAGE, _("acoperirea serviciului ales"), (), ()),
        AreaColours(JOINED, _("marginalizare și acoperire împreună"), (), ()),
        AreaColours(CHANGE, _("ce s-a schimbat la serviciul ales"), (), ()),
        AreaColours(PLAIN, _("fără"), (), ()),
    )


def _by_number(table: pd.DataFrame, name: str, column: str, title: str, ends: tuple[float, ...]) -> AreaColours:
    values = table[column].to_numpy("float64", na_value=np.nan)
    grades = np.where(np.isnan(values), 0, 1 + np.digitize(values, ends, right=True))
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
