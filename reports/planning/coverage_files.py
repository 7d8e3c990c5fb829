"""A coverage or a plan as a file: CSV, workbook, GeoPackage. On paper it is `coverage_brief`."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import BadValueError
from core.exporting import csv_bytes, defused
from core.i18n import _, use_language
from core.resources import DATA
from core.storage.editions import EditionStore
from core.storage.home import write_atomically
from geo.spatial.crs import METRIC_CRS, to_metric
from providers.planning.coverage_measures import origin_words
from providers.planning.coverage_tables import (
    CoverageLevel,
    by_level,
    column_title,
    gaps,
    reason_words,
    report_ages,
    report_words,
)
from providers.rules.travel_words import basis_words
from providers.rules.wording import iso_day
from reports.output.xlsx import Sheet, workbook
from reports.planning.plan_report import openings_table, plan_sheets, plan_title, with_code_text

if TYPE_CHECKING:
    from core.storage.home import Home
    from providers.planning.county_plan import CountyPlan
    from providers.planning.effective_coverage import Coverage

APPROXIMATE_AREAS = DATA / "atlas" / "areas_approximate.parquet"
ENDINGS = (".csv", ".xlsx", ".gpkg")


def write_coverage(
    coverage: Coverage, path: Path, *, level: CoverageLevel, home: Home, made_on: date, county: str | None = None
) -> int:
    """Write a coverage by the file's ending.

    Parameters
    ----------
    coverage
        What was computed.
    path
        Ending in `.csv`, `.xlsx` or `.gpkg`.
    level
        Level of the table.
    home
        Whose boundaries are drawn.
    made_on
        Day printed.
    county
        Letters of the one county to write; None = all.

    Returns
    -------
    int
        Rows of the level's table.

    Raises
    ------
    BadValueError
        For another ending, and for a level that may not be shown.
    """
    ending = _ending(path)
    rows = by_level(coverage, level, county=county)
    if ending == ".csv":
        content = csv_bytes(rows.assign(travel_model=coverage.travel.basis.code))
    elif ending == ".gpkg":
        content = geopackage(coverage, level, home, county=county)
    else:
        content = coverage_workbook(coverage, made_on=made_on, is_demo=home.is_demo, county=county, level=level)
    write_atomically(path, content)
    return len(rows)


@use_language("ro")
def write_plan(coverage: Coverage, plan: CountyPlan, path: Path, *, home: Home, made_on: date) -> int:
    """Write a plan by the file's ending, in Romanian.

    Parameters
    ----------
    coverage
        What the plan was made of.
    plan
        The plan.
    path
        Ending in `.csv`, `.xlsx` or `.gpkg`.
    home
        Whose boundaries are drawn.
    made_on
        Day printed.

    Returns
    -------
    int
        How many openings it has.

    Raises
    ------
    BadValueError
        For another ending.
    """
    ending, is_demo = _ending(path), home.is_demo
    if ending == ".csv":
        write_atomically(path, csv_bytes(openings_table(plan).assign(travel_model=plan.travel.code)))
    elif ending == ".gpkg":
        write_atomically(path, geopackage(coverage, "uat", home, county=plan.county, plan=plan))
    else:
        sheets = plan_sheets(plan)
        write_atomically(path, workbook(sheets, title=plan_title(plan), made_on=made_on, is_demo=is_demo))
    return len(plan.openings)


def _ending(path: Path, known: tuple[str, ...] = ENDINGS) -> str:
    if path.suffix.lower() not in known:
        raise BadValueError(
            _("Fișierul „{name}” trebuie să se termine cu {known}.").format(name=path.name, known=", ".join(known))
        )
    return path.suffix.lower()


def source_lines(coverage: Coverage) -> list[str]:
    """Name what the figures rest on: editions with their days, the rule of need, and what to keep in mind."""
    editions = [
        _("{title}, la {day}").format(title=_(s.title) or s.kind, day=iso_day(s.as_of))
        + (" " + _("(date sintetice)") if s.synthetic else "")
        for s in coverage.sources
    ]
    need = _("Cine are nevoie: {rule}.").format(rule=coverage.rule)
    return [*editions, need, *coverage.notes]


def file_stem(service: str, county: str, *, is_demo: bool) -> str:
    """Name the files of a coverage, without an ending."""
    return f"acoperire-{service}-{county or 'RO'}" + ("-demonstrativ" if is_demo else "")


@use_language("ro")
def coverage_csv(coverage: Coverage, level: CoverageLevel, *, county: str | None = None) -> bytes:
    """Write the table of a level for a Romanian spreadsheet: titles in Romanian, semicolons, decimal commas.

    Parameters
    ----------
    coverage
        What was computed.
    level
        Level of the table.
    county
        Letters of the one county to write; None = all.

    Returns
    -------
    bytes
        As `core.exporting.csv_bytes`; what minutes rest on in the last column.
    """
    rows = by_level(coverage, level, county=county)
    parts = [column for column in rows.columns if pd.api.types.is_float_dtype(rows[column])]
    rows = _said_origin(rows.assign(**{column: rows[column].astype("Float64").round(2) for column in parts}))
    named = rows.rename(columns={column: column_title(column) for column in rows.columns})
    return csv_bytes(
        named.assign(**{_("Cum s-au măsurat minutele"): basis_words(coverage.travel.basis)}), is_romanian=True
    )


@use_language("ro")
def coverage_workbook(
    coverage: Coverage,
    *,
    made_on: date,
    is_demo: bool,
    county: str | None = None,
    level: CoverageLevel = "uat",
    plan: CountyPlan | None = None,
) -> bytes:
    """Write every table of a coverage as sheets: the level asked for, counties, gaps, age of reports, flows; a plan."""
    tables = {_("Acoperire"): _said_origin(by_level(coverage, level, county=county))}
    if level != "county":
        tables[_("Județe")] = _said_origin(by_level(coverage, "county", county=county))
    if not coverage.is_protected:
        tables[_("Lipsuri")] = _said_gaps(gaps(coverage, county=county))
        flows = coverage.flows
        at_home = flows["from_county"] == flows["to_county"]
        mine = flows[~at_home & ((flows["from_county"] == county) | (flows["to_county"] == county) | (county is None))]
        tables[_("Spre alte județe")] = mine.assign(people=mine["people"].round(1)).reset_index(drop=True)
    ages = report_ages(coverage, county=county)
    tables[_("Vechimea rapoartelor")] = ages.assign(report=ages["report"].map(report_words))
    sheets = [
        Sheet(name, with_code_text(rows), {c: column_title(c) for c in rows.columns}) for name, rows in tables.items()
    ]
    sheets += plan_sheets(plan) if plan is not None else []
    title = _("Acoperire: {title}").format(title=coverage.title)
    return workbook(sheets, title=title, made_on=made_on, is_demo=is_demo, sources=source_lines(coverage))


def _said_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    return _said_origin(rows.assign(reason=rows["reason"].map(reason_words)))


def _said_origin(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(demand_from=rows["demand_from"].map(origin_words))


def geopackage(
    coverage: Coverage, level: CoverageLevel, home: Home, *, county: str | None = None, plan: CountyPlan | None = None
) -> bytes:
    """Write the table of a level with its shapes (points for localities), in METRIC_CRS; defused and with its source.

    With a plan, of a level by UAT: the columns plan_unmet_before and plan_unmet_after, and a layer `plan` of points.
    Outlines are the imported ones, else the approximate ones; the column `outlines` says which.
    """
    import geopandas as gpd

    rows = by_level(coverage, level, county=county).drop(columns=["name"], errors="ignore")
    if plan is not None and level == "uat":
        change = plan.uats[["uat_siruta", "unmet_before", "unmet_after"]].set_index("uat_siruta")
        rows = rows.merge(change.add_prefix("plan_").reset_index(), on="uat_siruta", how="left")
    if level == "locality":
        spots = coverage.people.areas[["area_id", "name", "x", "y"]]
        rows = rows.merge(spots, on="area_id")
        shapes = gpd.points_from_xy(rows.pop("x"), rows.pop("y"))
        layer = gpd.GeoDataFrame(rows, geometry=shapes, crs=METRIC_CRS)
    else:
        areas, is_approximate = uat_outlines(home)
        layer = _with_shapes(areas, coverage, rows, level).assign(
            outlines="approximate" if is_approximate else "imported"
        )
    layer = layer.assign(service=coverage.code, basis=coverage.basis, reach_minutes=coverage.reach_minutes,
                         travel_model=coverage.travel.basis.code, travel=basis_words(coverage.travel.basis),
                         demo=home.is_demo)  # fmt: skip
    plain = defused(pd.DataFrame(layer.drop(columns="geometry")))
    plain = plain.astype({c: "float64" for c in plain.columns if str(plain[c].dtype) in ("Float64", "Int64")})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.gpkg"
        gpd.GeoDataFrame(plain, geometry=layer.geometry, crs=METRIC_CRS).to_file(path, driver="GPKG", layer="coverage")
        if plan is not None:
            _plan_points(plan, is_demo=home.is_demo).to_file(path, driver="GPKG", layer="plan", mode="a")
        return path.read_bytes()


def _plan_points(plan: CountyPlan, *, is_demo: bool) -> Any:
    """Place the openings of a plan as points in METRIC_CRS, with what was asked and how sure it is."""
    import geopandas as gpd

    rows = plan.openings
    xy = to_metric(rows["lat"], rows["lon"]) if len(rows) else np.empty((0, 2))
    facts = defused(openings_table(plan)).assign(
        plan=plan.title,
        service=plan.code,
        reach_minutes=plan.reach_minutes,
        gap=plan.gap,
        travel_model=plan.travel.code,
        demo=is_demo,
    )
    return gpd.GeoDataFrame(facts, geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=METRIC_CRS)


def uat_outlines(home: Home) -> tuple[Any, bool]:
    """Return outlines of UATs (`uat_siruta`, geometry in METRIC_CRS) and whether they are the approximate ones."""
    import geopandas as gpd

    edition = EditionStore(home).current("boundaries")
    areas = edition.layer("boundaries") if edition else gpd.read_parquet(APPROXIMATE_AREAS)
    return areas, edition is None or edition.manifest.source.synthetic


def _with_shapes(areas: Any, coverage: Coverage, rows: pd.DataFrame, level: CoverageLevel) -> Any:
    facts = coverage.people.uats
    keyed = areas[["uat_siruta", "geometry"]].assign(
        county=areas["uat_siruta"].map(facts["county"]), region=areas["uat_siruta"].map(facts["region"]), national="RO"
    )
    keyed = keyed.dropna(subset=["county"])
    key = "uat_siruta" if level == "uat" else level
    if level == "uat":
        return keyed[["uat_siruta", "geometry"]].merge(rows, on="uat_siruta")
    wanted = keyed[keyed[key].isin(rows[key])]
    return wanted[[key, "geometry"]].dissolve(by=key, as_index=False).merge(rows, on=key)
