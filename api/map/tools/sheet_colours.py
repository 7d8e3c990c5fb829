"""By what the areas of a sheet are coloured: as the page is, with the same steps, words and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import atlas_areas
from api.map.coverage_layer import coloured
from api.map.map_backgrounds import area_grades, backgrounds
from core.errors import MapError
from core.i18n import _, number
from providers.service_map.map_layers import CHANGE, COVERAGE, JOINED, OF_SERVICE, PLAIN
from reports.map_sheet.sheet_content import SheetKey

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from api.map.coverage_layer import LayerLegend
    from providers.service_map.map_filter import MapFilter
    from providers.service_map.map_layers import MapLayers

_KINDS = {COVERAGE: "served", JOINED: "joined", CHANGE: "change", PLAIN: "served"}


@dataclass(frozen=True)
class SheetColours:
    """The colours of a sheet's areas.

    kind: begins the names of their patterns (`geo.maps.area_patterns`). grades: step by SIRUTA code, left out = 0.
    title, keys: the legend; the title says why where there are none. note: how it was counted. sources: what it rests
    on.
    """

    kind: str
    grades: dict[int, int]
    title: str = ""
    keys: tuple[SheetKey, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = ()


def sheet_colours(view: RequestView, chosen: MapFilter, layers: MapLayers) -> SheetColours:
    """Return the colours of a sheet.

    Parameters
    ----------
    view
        Whose home is asked.
    chosen
        The filter: of a coverage, its need or service type counts.
    layers
        By what the areas are coloured.

    Returns
    -------
    SheetColours
        Without steps where nothing is to be coloured, or a coverage cannot be shown: the map is printed all the same.
    """
    if layers.colour == PLAIN:
        return SheetColours(_KINDS[PLAIN], {})
    table = atlas_areas.view_of(view.home).table
    if layers.colour in OF_SERVICE:
        try:
            legend, grades = coloured(view, chosen, layers)
        except MapError as error:
            return SheetColours(_KINDS[PLAIN], {}, str(error))
        keys = _keys_of(legend, len(table) - len(grades))
        return SheetColours(_KINDS[layers.colour], grades, legend.heading, keys, " ".join(legend.notes), legend.sources)
    (found,) = [each for each in backgrounds(table) if each.name == layers.colour]
    keys = tuple(SheetKey(key.mark, key.words, number(key.amount)) for key in found.legend if key.amount is not None)
    return SheetColours("class", area_grades(table, layers.colour), found.title, keys)


def _keys_of(legend: LayerLegend, left: int) -> tuple[SheetKey, ...]:
    """Return the steps of a coverage, or the nine of the joined view: class first, then what is found.

    left: areas without a colour, which the steps of a coverage count themselves.
    """
    steps = [SheetKey(key.mark, key.words, number(key.amount or 0)) for key in legend.steps]
    for words, counts in legend.rows:
        found = zip(legend.columns, counts, strict=True)
        steps += [SheetKey(f"joined-{grade}", f"{words}: {column}", number(count)) for column, (grade, count) in found]
    if legend.rows:
        steps.append(SheetKey("joined-0", _("clasa nu se știe sau nimeni nu are nevoie"), number(left)))
    return tuple(steps)
