"""What people of communes and towns find within reach of a service, as colours of the map with a legend in words."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from api import atlas_areas
from api.http.limited_coverages import coverage_for
from api.http.request_limits import TooManyRequestsError
from core.errors import BadValueError, MapError
from core.i18n import _, written_day
from core.romanian_calendar import BUCHAREST
from core.templating import render
from geo.maps.atlas_view import class_words
from geo.maps.map_style import LegendKey
from providers.planning.coverage_travel import ALL_FULL, FREE_PLACE, NO_ONE_ASKS, NOWHERE, TO_CALL, TOO_FAR
from providers.rules.travel_words import how_measured
from providers.rules.wording import minute_words
from providers.service_map.map_filter import MapFilter
from providers.service_map.map_layers import CHANGE, COVERAGE, JOINED, OF_SERVICE, MapLayers
from reports.planning.coverage_files import source_lines
from reports.planning.kept_coverage import coverage_state
from reports.planning.served_areas import (
    BANDS,
    BETTER,
    NOT_JOINED,
    STILL_FREE,
    STILL_NOT,
    WORSE,
    changed_areas,
    served_areas,
)

if TYPE_CHECKING:
    import pandas as pd

    from api.http.request_view import RequestView
    from providers.planning.effective_coverage import Coverage

COVERAGE_ADDRESS = "/api/map/coverage"
PLANNING = "/acoperire"
_BAD = 400
_MOST_TABLES = 12
_TURN = threading.Lock()
_tables: OrderedDict[tuple[object, ...], tuple[Coverage, pd.DataFrame]] = OrderedDict()
_CLASSES_OF_BAND = {3: (4,), 2: (3,), 1: (2, 1)}


@dataclass(frozen=True)
class LayerLegend:
    """What is said of the colours.

    heading: what they show. steps: of a coverage. columns: of the joined view, what is
    found, rows: (class in words, (grade, count) of each column). notes: how it was counted. sources: what it rests on.
    onward: „Acoperire” of the service; counties: the counties side by side. alert: why there is nothing to show.
    """

    heading: str = ""
    steps: tuple[LegendKey, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    onward: str = ""
    counties: str = ""
    alert: str = ""


def coverage_layer(view: RequestView) -> Response:
    """Send the colours of the communes and towns by SIRUTA, 0 left out, with the legend as the page shows it."""
    try:
        legend, grades = coloured(view, *asked_of(view))
    except TooManyRequestsError:
        raise
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    html = render("plain/map_layer_legend.html", legend=legend)
    return JSONResponse({"grades": {str(code): grade for code, grade in grades.items()}, "legend": html})


def coloured(view: RequestView, chosen: MapFilter, layers: MapLayers) -> tuple[LayerLegend, dict[int, int]]:
    """Return the legend of the colours of a service, and the colour of every commune and town by SIRUTA, 0 left out.

    Parameters
    ----------
    view, chosen, layers
        As `served`; by what of the service the areas are coloured.

    Returns
    -------
    tuple of LayerLegend and dict
        In the language of the request.

    Raises
    ------
    BadValueError
        Where nothing is chosen, or every service has a protected address.
    """
    coverage, table = served(view, chosen, layers)
    grades = _grades(view, chosen, layers, table)
    shown = grades > 0
    by_code = dict(zip(table["uat_siruta"][shown].astype("int").tolist(), grades[shown].tolist(), strict=True))
    return _legend(view, coverage, table, grades, layers), by_code


def asked_of(view: RequestView) -> tuple[MapFilter, MapLayers]:
    """Read filter and layers of an address; MapError for what is none."""
    params, gazetteer = view.request.query_params, view.snapshot.gazetteer
    layers = MapLayers.parse(params, params.getlist("strat"), set(gazetteer.counties["county"]))
    return MapFilter.parse(params, params.getlist("registru"), gazetteer, own_county=view.own_county), layers


def served(view: RequestView, chosen: MapFilter, layers: MapLayers) -> tuple[Coverage, pd.DataFrame]:
    """Return the coverage of what a filter wants, and the communes and towns by it (`served_areas`).

    Parameters
    ----------
    view
        Whose home is asked.
    chosen
        The filter: its need or service type counts.
    layers
        The longest way.

    Returns
    -------
    tuple of Coverage and pd.DataFrame
        Kept for as long as nothing changed.

    Raises
    ------
    BadValueError
        Where nothing is chosen, or every service has a protected address.
    """
    if not chosen.wanted:
        raise BadValueError(_("Alegeți întâi nevoia sau tipul serviciului: acoperirea este a unui serviciu."))
    return _served(view, chosen.wanted, layers.minutes)


def _served(view: RequestView, code: str, minutes: int, at: datetime | None = None) -> tuple[Coverage, pd.DataFrame]:
    coverage = coverage_for(view, code, minutes=float(minutes), at=at)
    key = (view.home.path, coverage_state(view.directory), code, minutes, at)
    with _TURN:
        if (kept := _tables.get(key)) is not None and kept[0] is coverage:
            return kept
    made = coverage, served_areas(coverage, atlas_areas.view_of(view.home).table)
    with _TURN:
        _tables[key] = made
        while len(_tables) > _MOST_TABLES:
            _tables.popitem(last=False)
    return made


def _grades(view: RequestView, chosen: MapFilter, layers: MapLayers, table: pd.DataFrame) -> pd.Series[int]:
    """Return the colour of every commune and town, 0 for none."""
    if layers.colour == CHANGE:
        at = _moment_before(view, layers)
        _then, before = _served(view, chosen.wanted, layers.minutes, at)
        return changed_areas(table, before)
    return table["joined"] if layers.colour == JOINED else table["state"] + 1


def _moment_before(view: RequestView, layers: MapLayers) -> datetime:
    """Return the end of the day so many days ago: the same moment all day long, so that it is computed once."""
    day = view.directory.ledger.today() - timedelta(days=layers.days_ago)
    return datetime.combine(day, time(23, 59, 59), BUCHAREST).astimezone(UTC)


def _legend(
    view: RequestView, coverage: Coverage, table: pd.DataFrame, grades: pd.Series[int], layers: MapLayers
) -> LayerLegend:
    """Say what the colours mean; of a comparison also with which day, and what is not compared."""
    if layers.colour != CHANGE:
        return legend_of(coverage, table, layers)
    found = legend_of(coverage, table, replace(layers, colour=COVERAGE))
    day = written_day(_moment_before(view, layers).astimezone(BUCHAREST).date())
    counts = grades.value_counts()
    note = _(
        "Se compară locurile raportate până la {day} cu cele de acum. Registrele, oamenii și drumurile sunt cele de "
        "azi; locurile ținute atunci pentru referiri nu se scad."
    )
    return replace(
        found,
        heading=_("{service}, {within}: acum față de {day}").format(
            service=coverage.title, within=reach_words(layers.minutes), day=day
        ),
        steps=tuple(
            LegendKey(f"change-{grade}", words, int(counts.get(grade, 0))) for grade, words in change_words().items()
        ),
        notes=(note.format(day=day), *found.notes),
        counties="",
    )


def change_words() -> dict[int, str]:
    """Return in words what became of what people find, as `reports.planning.served_areas.changed_areas` tells it."""
    return {
        STILL_FREE: _("loc liber și atunci, și acum"),
        BETTER: _("mai bine decât atunci"),
        WORSE: _("mai rău decât atunci"),
        STILL_NOT: _("ca atunci, fără loc liber"),
        NOT_JOINED: _("după regulă, nimeni nu are nevoie"),
    }


def legend_of(coverage: Coverage, table: pd.DataFrame, layers: MapLayers) -> LayerLegend:
    """Say what the colours of a coverage, or of the joined view, mean, and how many communes and towns have each.

    Parameters
    ----------
    coverage
        What was computed.
    table
        `reports.planning.served_areas.SERVED_COLUMNS`.
    layers
        Which of the two is shown.

    Returns
    -------
    LayerLegend
        In the language of the request.
    """
    notes = (
        _("Fiecare comună are culoarea celor mai mulți dintre cei care au nevoie."),
        how_measured(coverage.travel.basis),
    )
    asked = [("serviciu", coverage.code), ("minute", str(layers.minutes)), ("culoare", layers.colour)]
    common = LayerLegend(
        notes=notes,
        sources=tuple(source_lines(coverage)),
        onward=planning_address(coverage.code, layers),
        counties=f"/simplu/harta/judete?{urlencode(asked)}",
    )
    within = reach_words(layers.minutes)
    if layers.colour == JOINED:
        counts = table["joined"].value_counts()
        rows = tuple(
            (
                band_words(band),
                tuple((grade, int(counts.get(grade, 0))) for grade in range(BANDS * (band - 1) + 1, BANDS * band + 1)),
            )
            for band in _CLASSES_OF_BAND
        )
        heading = _("{service}, {within}: marginalizarea și ce se găsește").format(
            service=coverage.title, within=within
        )
        return replace(common, heading=heading, columns=access_words(), rows=rows)
    counts = table["state"].value_counts()
    steps = tuple(
        LegendKey(f"served-{state + 1}", words, int(counts.get(state, 0))) for state, words in state_words().items()
    )
    heading = _("{service}, {within}: ce se găsește").format(service=coverage.title, within=within)
    return replace(common, heading=heading, steps=steps)


def page_legend(view: RequestView, chosen: MapFilter, layers: MapLayers) -> LayerLegend | None:
    """Return the legend that the page itself shows; None where the colours need no service."""
    if layers.colour not in OF_SERVICE:
        return None
    try:
        return coloured(view, chosen, layers)[0]
    except MapError as error:
        return LayerLegend(alert=str(error))


def state_words() -> dict[int, str]:
    """Return in words what people find within reach, from the best to the worst."""
    return {
        FREE_PLACE: _("loc liber, sau primește pe oricine"),
        TO_CALL: _("numai de sunat înainte"),
        ALL_FULL: _("în apropiere, dar fără locuri libere"),
        TOO_FAR: _("nimic în acest timp, numai mai departe"),
        NOWHERE: _("niciun serviciu la care se ajunge"),
        NO_ONE_ASKS: _("după regulă, nimeni nu are nevoie"),
    }


def access_words() -> tuple[str, ...]:
    """Format the columns of the joined view."""
    return _("loc liber"), _("de sunat sau fără locuri"), _("nimic în acest timp")


def band_words(band: int) -> str:
    """Format a row of the joined view."""
    return " / ".join(class_words(code) for code in _CLASSES_OF_BAND[band])


def reach_words(minutes: int) -> str:
    """Format the longest way."""
    return _("cel mult {minutes} cu mașina").format(minutes=minute_words(minutes))


def planning_address(code: str, layers: MapLayers, county: str = "") -> str:
    """Return the address of „Acoperire” with the same question."""
    asked = [("serviciu", code), ("minute", str(layers.minutes)), ("judet", county)]
    return f"{PLANNING}?{urlencode([(name, value) for name, value in asked if value])}"
