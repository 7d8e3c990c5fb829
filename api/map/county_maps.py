"""The counties side by side: a small map and a row of figures of each, for one service and one longest way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from api import atlas_areas
from api.http import page_frame
from api.http.request_limits import TooManyRequestsError
from api.map.coverage_layer import asked_of, legend_of, planning_address, served, state_words
from core.errors import MapError
from core.i18n import _, number
from core.storage.editions import EditionStore
from core.text import collation_key
from geo.maps.small_maps import small_maps
from geo.spatial.crs import METRIC_CRS
from providers.planning.coverage_travel import NO_ONE_ASKS, REACH_STATES
from providers.service_map.map_layers import JOINED

if TYPE_CHECKING:
    import pandas as pd
    from starlette.responses import Response

    from api.http.request_view import RequestView
    from api.map.coverage_layer import LayerLegend
    from core.storage.home import Home
    from geo.maps.small_maps import SmallMap
    from providers.service_map.map_filter import MapFilter
    from providers.service_map.map_layers import MapLayers

COUNTIES_ADDRESS = "/simplu/harta/judete"
_MAP = "/simplu/harta"
_BAD = 400


@dataclass(frozen=True)
class CountyDrawing:
    """One county.

    paths: (name of the colour, `d`). label: the drawing in words. figures: as the columns of the table. map, planning:
    addresses of the map and of „Acoperire” with the same question.
    """

    name: str
    width: int
    height: int
    paths: tuple[tuple[str, str], ...]
    label: str
    figures: tuple[str, ...]
    map: str
    planning: str


@dataclass(frozen=True)
class CountyMaps:
    """All of them. columns: titles of the figures. back: address of the map with the same question."""

    legend: LayerLegend
    columns: tuple[str, ...]
    counties: tuple[CountyDrawing, ...]
    back: str


def show_counties(view: RequestView) -> Response:
    """Show the counties side by side; in words where that cannot be."""
    try:
        chosen, layers = asked_of(view)
        found = county_maps(view, chosen, layers)
    except TooManyRequestsError:
        raise
    except MapError as error:
        return page_frame.page(view, "map_counties.html", status=_BAD, alert=str(error), c=None)
    return page_frame.page(view, "map_counties.html", c=found)


def county_maps(view: RequestView, chosen: MapFilter, layers: MapLayers) -> CountyMaps:
    """Draw and count every county.

    Parameters
    ----------
    view, chosen, layers
        As `api.map.coverage_layer.served`; the longest way, and by what the areas are coloured.

    Returns
    -------
    CountyMaps
        By the name of the county.

    Raises
    ------
    BadValueError
        As `api.map.coverage_layer.served`.
    """
    coverage, table = served(view, chosen, layers)
    drawings = _drawings(view.home, EditionStore(view.home).state())
    words = state_words()
    shown = [state for state in words if state != NO_ONE_ASKS]
    counties = [
        _county(rows, drawings[str(letters)], chosen, layers, shown)
        for letters, rows in table.groupby("county")
        if str(letters) in drawings
    ]
    return CountyMaps(
        legend_of(coverage, table, layers),
        (_("Au nevoie (estimare)"), *(words[state] for state in shown)),
        tuple(sorted(counties, key=lambda each: collation_key(each.name))),
        f"{_MAP}?{urlencode([*chosen.fields(), *layers.fields()])}",
    )


def _county(
    rows: pd.DataFrame, drawing: SmallMap, chosen: MapFilter, layers: MapLayers, shown: list[int]
) -> CountyDrawing:
    is_joined = layers.colour == JOINED
    grades = rows["joined"] if is_joined else rows["state"] + 1
    by_grade: dict[int, list[str]] = {}
    for code, grade in zip(rows["uat_siruta"].tolist(), grades.tolist(), strict=True):
        by_grade.setdefault(int(grade), []).append(drawing.paths.get(int(code), ""))
    first: dict[Any, Any] = rows.iloc[0].to_dict()
    people = int(rows["people"].sum())
    counted = [int(rows[REACH_STATES[state]].sum()) for state in shown]
    text = "; ".join(f"{state_words()[state]}: {number(n)}" for state, n in zip(shown, counted, strict=True) if n)
    kind = "joined" if is_joined else "reach"
    fields = [*((n, v) for n, v in layers.fields() if n != "judet"), ("judet", str(first["county"]))]
    return CountyDrawing(
        name=str(first["county_name"]),
        width=drawing.width,
        height=drawing.height,
        paths=tuple((f"{kind}-{grade}", "".join(paths)) for grade, paths in sorted(by_grade.items()) if any(paths)),
        label=_("{county}, oameni care au nevoie: {n}. {found}").format(
            county=first["county_name"], n=number(people), found=text
        ),
        figures=(number(people), *map(number, counted)),
        map=f"{_MAP}?{urlencode([*chosen.fields(), *fields])}",
        planning=planning_address(chosen.wanted, layers, str(first["county"])),
    )


@lru_cache(maxsize=2)
def _drawings(home: Home, _state: str) -> dict[str, SmallMap]:
    view = atlas_areas.view_of(home)
    metric = view.areas.to_crs(METRIC_CRS)
    return small_maps(metric, dict(zip(view.table["uat_siruta"], view.table["county"], strict=True)))
