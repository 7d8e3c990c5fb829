"""The joined view as a table: which communes are worst served among the most marginalised, and the ways on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd
from starlette.responses import HTMLResponse, Response

from api.http.request_limits import TooManyRequestsError
from api.map.coverage_layer import asked_of, planning_address, reach_words, served, state_words
from core.errors import MapError
from core.exporting import csv_bytes
from core.i18n import _, ngettext, number
from core.templating import render
from core.text import collation_keys
from geo.maps.atlas_view import class_words
from providers.planning.coverage_travel import REACH_STATES
from providers.rules.wording import average_words
from providers.service_map.map_layers import JOINED
from reports.planning.served_areas import worst_first

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from geo.gazetteer.gazetteer import Gazetteer
    from providers.service_map.map_filter import MapFilter
    from providers.service_map.map_layers import MapLayers

TABLE_ADDRESS, JOINED_CSV = "/api/map/joined", "/api/map/joined.csv"
MOST_ROWS_SHOWN = 30
_BAD = 400


@dataclass(frozen=True)
class JoinedRow:
    """One commune or town. sheet, planning: addresses of its sheet and of „Acoperire” of its county."""

    rank: int
    grade: int
    name: str
    class_words: str
    rate: str
    people: str
    free: str
    found: str
    minutes: str
    sheet: str
    planning: str


@dataclass(frozen=True)
class JoinedTable:
    """The table. counties: (letters, name, whether chosen). more: how many rows are only in the file, in words."""

    caption: str
    counties: tuple[tuple[str, str, bool], ...]
    rows: tuple[JoinedRow, ...]
    more: str
    file: str


def joined_table(view: RequestView) -> Response:
    """Send the table as it stands on the page."""
    try:
        table = page_table(view, *asked_of(view))
    except TooManyRequestsError:
        raise
    except MapError as error:
        return HTMLResponse(render("plain/map_refusal.html", words=str(error)), _BAD)
    return HTMLResponse(render("plain/map_joined_table.html", table=table))


def page_table(view: RequestView, chosen: MapFilter, layers: MapLayers) -> JoinedTable:
    """Return the table of the joined view, the worst first.

    Parameters
    ----------
    view, chosen, layers
        As `api.map.coverage_layer.served`; the longest way, and the county.

    Returns
    -------
    JoinedTable
        At most MOST_ROWS_SHOWN rows; the file has all.

    Raises
    ------
    BadValueError
        As `api.map.coverage_layer.served`.
    """
    coverage, table = served(view, chosen, layers)
    ranked = worst_first(table, county=layers.county)
    shown = ranked.head(MOST_ROWS_SHOWN)
    left = len(ranked) - len(shown)
    more = ngettext("încă {n} unitate este în fișier", "încă {n} unități sunt în fișier", left) if left else ""
    asked = [("serviciu", chosen.wanted), ("minute", str(layers.minutes)), ("judet", layers.county)]
    return JoinedTable(
        caption=_("Cel mai slab deservite dintre cele mai marginalizate: {service}, {within}").format(
            service=coverage.title, within=reach_words(layers.minutes)
        ),
        counties=_counties(view.snapshot.gazetteer, layers.county),
        rows=tuple(
            _row(rank, row, chosen.wanted, layers) for rank, row in enumerate(shown.to_dict("records"), start=1)
        ),
        more=more.format(n=number(left)) if left else "",
        file=f"{JOINED_CSV}?{urlencode([(name, value) for name, value in asked if value])}",
    )


def page_joined(view: RequestView, chosen: MapFilter, layers: MapLayers) -> JoinedTable | None:
    """Return the table that the page itself shows; None where other colours are chosen, or it cannot be made."""
    if layers.colour != JOINED:
        return None
    try:
        return page_table(view, chosen, layers)
    except MapError:  # the legend says why
        return None


def as_joined_csv(view: RequestView) -> Response:
    """Send the whole table as CSV, the worst first."""
    chosen, layers = asked_of(view)
    coverage, table = served(view, chosen, layers)
    ranked = worst_first(table, county=layers.county)
    ranked.insert(0, "rank", range(1, len(ranked) + 1))
    ranked["state"] = ranked["state"].map(dict(enumerate(REACH_STATES)))
    ranked["minutes_mean"] = ranked["minutes_mean"].astype("Float64").round(1)
    made = ranked.assign(
        service=coverage.code,
        within_minutes=layers.minutes,
        travel=coverage.travel.basis.code,
        is_synthetic=view.home.is_demo,
    )
    where = {"Content-Disposition": 'attachment; filename="deservire.csv"'}
    return Response(csv_bytes(made), media_type="text/csv; charset=utf-8", headers=where)


def _counties(gazetteer: Gazetteer, chosen: str) -> tuple[tuple[str, str, bool], ...]:
    counties = gazetteer.counties.sort_values("name", key=collation_keys)
    return tuple((code, name, code == chosen) for code, name in zip(counties["county"], counties["name"], strict=True))


def _row(rank: int, row: dict[Any, Any], code: str, layers: MapLayers) -> JoinedRow:
    return JoinedRow(
        rank=rank,
        grade=int(row["joined"]),
        name=f"{row['name']}, {row['county_name']}",
        class_words=class_words(int(row["atlas_class"])),
        rate="" if pd.isna(row["rate_percent"]) else f"{number(float(row['rate_percent']), 1)} %",
        people=number(int(row["people"])),
        free=number(int(row["free"])),
        found=state_words()[int(row["state"])],
        minutes=_("deloc") if pd.isna(row["minutes_mean"]) else average_words(float(row["minutes_mean"])),
        sheet=f"/comunitati?comunitate={int(row['uat_siruta'])}",
        planning=planning_address(code, layers, str(row["county"])),
    )
