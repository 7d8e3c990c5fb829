"""Areas: their class in the atlas, their coverage, their indicators with small numbers hidden."""

from __future__ import annotations

import threading
from typing import Annotated, Literal

import pandas as pd
from fastapi import Path, Query

from api import atlas_areas
from api.programs.callers import Call
from api.programs.cursors import LONGEST, cursor_to, number_of
from api.programs.operations import Answered, CallOf, Operation
from api.programs.problems import ProblemError
from api.v1 import shapes
from core.storage.editions import EditionStore
from providers.catalogue.home_travel import travel_state
from providers.planning.coverage_tables import CoverageLevel
from referrals.monthly import monthly_reports
from referrals.records.vocabulary import SYSTEM
from reports.indicators.indicators import Level
from reports.indicators.period import parse_period
from reports.indicators.report_data import ReportData, load_report_data
from reports.planning.coverage_query import coverage_json, found_code, records
from reports.planning.kept_coverage import kept_coverage
from reports.views.report_views import make_view

_COLUMNS = [
    "uat_siruta", "name", "county", "region", "kind", "area", "atlas_class", "is_atlas_loaded", "rate_percent", "lhdi",
    "population", "people_marginalised", "status",
]  # fmt: skip
_MOST = 500


def _list_areas(
    call: CallOf,
    county: Annotated[str, Query(max_length=20, description="Letters of a county")] = "",
    after: Annotated[str | None, Query(max_length=LONGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 100,
) -> Answered:
    """List administrative units by SIRUTA code, with their class in the atlas of marginalised areas."""
    table = atlas_areas.view_of(call.home).table.sort_values("uat_siruta")
    if county:
        table = table[table["county"] == call.county(county)]
    total = len(table)
    if after:
        table = table[table["uat_siruta"] > number_of(after)]
    shown = records(table.head(limit)[_COLUMNS])
    onward = cursor_to(str(shown[-1]["uat_siruta"])) if len(table) > limit else None
    return Answered({"areas": shown, "total": total, "next": onward})


def _show_area(call: CallOf, siruta: Annotated[int, Path(ge=0, le=10_000_000)]) -> Answered:
    """Show one administrative unit."""
    table = atlas_areas.view_of(call.home).table
    found = records(table[table["uat_siruta"] == siruta][_COLUMNS])
    if not found:
        raise ProblemError("not-found")
    return Answered(found[0])


def _show_coverage(
    call: CallOf,
    code: Annotated[str, Path(min_length=1, max_length=60, description="A need or a type of service")],
    level: Annotated[CoverageLevel, Query()] = "county",
    county: Annotated[str | None, Query(max_length=20)] = None,
    within: Annotated[Literal["15", "30", "45", "60"], Query(description="Longest way, minutes by car")] = "30",
    basis: Annotated[Literal["licensed", "reported", "now"], Query()] = "now",
) -> Answered:
    """Tell how many people reach a service and how many are left without a place."""
    if level == "locality" and county is None:
        raise ProblemError("invalid", {"errors": [{"at": ["query", "county"], "code": "missing"}]})
    letters = call.county(county) if county else None
    found = kept_coverage(call.directory, found_code(code, None), reach_minutes=float(within), basis=basis)
    return Answered(coverage_json(found, level, county=letters, is_demo=call.home.is_demo))


def _show_indicators(
    call: CallOf,
    period: Annotated[str, Query(max_length=20, description="2026-03, 2026-T1 or 2026")],
    level: Annotated[Level, Query(description="Level of the area")] = "national",
    area: Annotated[str, Query(max_length=20, description="SIRUTA, letters of a county or code of a region")] = "RO",
    by: Annotated[Level | None, Query(description="Level of the figures; as `level` where it is not said")] = None,
) -> Answered:
    """Tell the indicators of an area, or of the areas within it, as everybody may read them."""
    asked = parse_period(period)  # before what takes seconds
    view = make_view(_gathered(call), level, area, asked, is_public=True)
    table = view.of(by or level)
    items = [
        {
            "area": str(row["area"]),
            "indicator": str(row["indicator"]),
            "value": None if pd.isna(row["value"]) else float(row["value"]),
            "hidden": bool(row["hidden"]),
        }
        for row in table.to_dict("records")
    ]
    return Answered({"level": by or level, "area": area, "period": view.period.text, "figures": items})


_TURN = threading.Lock()
_kept: list[tuple[str, ReportData]] = []


def _gathered(call: Call) -> ReportData:
    """Read what reports are made of, once for as long as nothing changed."""
    ledger = call.directory.ledger
    counters = f"{ledger.event_counter()}|{monthly_reports.version(ledger)}|{ledger.today()}"
    state = f"{call.home.path}|{EditionStore(call.home).state()}|{travel_state(call.home)}|{counters}"
    with _TURN:
        if not _kept or _kept[0][0] != state:
            _kept[:] = [(state, load_report_data(call.directory, actor=SYSTEM, day=ledger.today()))]
        return _kept[0][1]


OPERATIONS = (
    Operation(
        "list_areas", "GET", "/areas", _list_areas, ("read", "figures"), shapes.Areas,
        "Areas and the atlas", is_kept=True,
    ),
    Operation(
        "show_area", "GET", "/areas/{siruta}", _show_area, ("read", "figures"), shapes.AreaResponse, "One area",
        is_kept=True,
    ),
    Operation(
        "show_coverage", "GET", "/coverage/{code}", _show_coverage, ("figures",), shapes.CoverageResponse,
        "Coverage of a need or a type of service", is_kept=True,
    ),
    Operation(
        "show_indicators", "GET", "/indicators", _show_indicators, ("figures",), shapes.Indicators,
        "Indicators, small numbers hidden", is_kept=True,
    ),
)  # fmt: skip
