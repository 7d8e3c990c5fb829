"""A coverage or a plan as a file: CSV, workbook, GeoPackage, and a brief of two pages on paper."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import BadValueError
from core.exporting import csv_bytes, defused
from core.i18n import _, number, use_language
from core.resources import DATA
from core.storage.editions import EditionStore
from core.storage.home import write_atomically
from geo.spatial.crs import METRIC_CRS, to_metric
from providers.planning.coverage_measures import LEFT_OUT, default_measure, left_out_words
from providers.planning.coverage_tables import (
    CoverageLevel,
    by_level,
    column_title,
    gaps,
    reason_words,
    report_ages,
    report_words,
    spread_of_minutes,
)
from providers.rules.travel_words import basis_words
from providers.rules.wording import iso_day, minute_words
from reports.output import charts
from reports.output.pdf import PdfColumn, heading, key_figures, new_paper, notice, paragraph, sources, table, to_bytes
from reports.output.pdf_map import EMPTY, RAMP, PdfLegendKey, draw_map
from reports.output.xlsx import Sheet, workbook
from reports.planning.plan_report import opening_words, openings_table, plan_sheets, plan_title, plan_words, what_words

if TYPE_CHECKING:
    from core.storage.home import Home
    from providers.planning.county_plan import CountyPlan
    from providers.planning.coverage_measures import CoverageMeasure
    from providers.planning.effective_coverage import Coverage

APPROXIMATE_AREAS = DATA / "atlas" / "areas_approximate.parquet"
ENDINGS = (".csv", ".xlsx", ".gpkg")
SHARES = (0.25, 0.5, 0.75)  # of people left out: limits of the map's classes
_ON_BRIEF = 14  # gaps listed on paper
_BESIDE_PLAN = 8  # gaps, and openings, where a plan shares the page


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
    tables = {_("Acoperire"): by_level(coverage, level, county=county)}
    if level != "county":
        tables[_("Județe")] = by_level(coverage, "county", county=county)
    if not coverage.is_protected:
        tables[_("Lipsuri")] = _said_gaps(gaps(coverage, county=county))
        flows = coverage.flows
        at_home = flows["from_county"] == flows["to_county"]
        mine = flows[~at_home & ((flows["from_county"] == county) | (flows["to_county"] == county) | (county is None))]
        tables[_("Peste graniță")] = mine.assign(people=mine["people"].round(1)).reset_index(drop=True)
    ages = report_ages(coverage, county=county)
    tables[_("Vechimea rapoartelor")] = ages.assign(report=ages["report"].map(report_words))
    sheets = [Sheet(name, rows, {c: column_title(c) for c in rows.columns}) for name, rows in tables.items()]
    sheets += plan_sheets(plan) if plan is not None else []
    title = _("Acoperire: {title}").format(title=coverage.title)
    return workbook(sheets, title=title, made_on=made_on, is_demo=is_demo, sources=source_lines(coverage))


def _said_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(reason=rows["reason"].map(reason_words))


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


def brief(
    coverage: Coverage, home: Home, *, county: str, county_name: str, made_on: date, plan: CountyPlan | None = None
) -> bytes:
    """Write two pages for a county: figures, map and reports on the first; gaps, plan and sources on the second.

    BadValueError where every service has a protected address: there is nothing to draw below the county.
    """
    subtitle = _("{county} · cel mult {way}").format(county=county_name, way=minute_words(coverage.reach_minutes))
    paper = new_paper(coverage.title, subtitle, made_on=made_on, is_demo=home.is_demo)
    uats = by_level(coverage, "uat", county=county)
    whole = by_level(coverage, "county", county=county).iloc[0]
    key_figures(paper, _figures(whole))
    if coverage.supply.services.empty:
        notice(paper, _("Niciun serviciu de acest tip nu este în registrele importate."))
    measure = default_measure(coverage.code)
    heading(paper, _("Unde rămân persoane {left_out}").format(left_out=left_out_words(measure)))
    shapes, legend = _shapes(home, uats, measure)
    draw_map(paper, shapes, legend=legend, tall=88.0)
    heading(paper, _("Persoane după minutele până la cel mai apropiat serviciu care le primește"))
    minutes = spread_of_minutes(coverage, county=county)
    charts.columns(paper, minutes["label"].tolist(), minutes["people"].tolist(), tall=22.0)
    paper.add_page()
    heading(paper, _("Cele mai mari lipsuri"), _("Ordonate după persoane × prioritatea din atlas."))
    rows = [
        [str(r["rank"]), r["name"], number(r["left_out"]), reason_words(r["reason"]), r["phone_first"] or "–"]
        for r in gaps(coverage, county=county, measure=measure)
        .head(_ON_BRIEF if plan is None else _BESIDE_PLAN)
        .to_dict("records")
    ]
    columns = [PdfColumn("#", 0.3), PdfColumn(_("UAT"), 1.3), PdfColumn(_("Persoane"), 0.7, "R"),
        PdfColumn(_("De ce"), 2.2),
               PdfColumn(_("Telefonați întâi la"), 2.2)]  # fmt: skip
    if rows:
        table(paper, columns, rows, size=8)
    else:
        paragraph(paper, _("După această măsură, nimeni nu rămâne fără acces."))
    if plan is not None:
        heading(paper, plan.title)
        paragraph(paper, " ".join(plan_words(plan)))
        found = [[str(r["order"]), opening_words(r, plan.county), what_words(r["what"]), number(r["places"]),
                  number(r["people"])] for r in plan.openings.head(_BESIDE_PLAN).to_dict("records")]  # fmt: skip
        heads = [PdfColumn("#", 0.3), PdfColumn(_("Unde"), 2.4), PdfColumn(_("Ce se face"), 1.2),
            PdfColumn(_("Locuri"), 0.7, "R"),
                 PdfColumn(_("Oameni"), 0.7, "R")]  # fmt: skip
        if found:
            table(paper, heads, found, size=8)
    sources(paper, source_lines(coverage))
    return to_bytes(paper)


def _figures(row: pd.Series[Any]) -> list[tuple[str, str, str]]:
    def say(value: Any, digits: int = 0) -> str:
        return _("necunoscut") if pd.isna(value) else number(float(value), digits)

    return [
        (_("Au nevoie"), say(row["people"]), _("persoane, estimare")),
        (_("Fără serviciu accesibil"), say(row["unreached"]), _("acces: persoane")),
        (_("Fără loc, după licențe"), say(row["unmet_licensed"]), _("echilibru: persoane")),
        (_("Fără loc liber acum"), say(row["unmet_now"]), _("persoane noi, fără cele deja în servicii")),
        (_("Deplasarea: jumătate ajung în cel mult"), say(row["minutes_median"]), _("minute cu mașina, estimate")),
    ]


def _shapes(
    home: Home, uats: pd.DataFrame, measure: CoverageMeasure
) -> tuple[list[tuple[Any, Any]], list[PdfLegendKey]]:
    areas, _approximate = uat_outlines(home)
    share = share_left(uats, measure).to_dict()
    mine = areas[areas["uat_siruta"].isin(uats["uat_siruta"])]
    fills = [EMPTY if np.isnan(v := share.get(int(code), np.nan)) else RAMP[class_of(v)] for code in mine["uat_siruta"]]
    words = class_words(measure)
    legend = [PdfLegendKey(fill, text) for fill, text in zip(RAMP, words, strict=True)]
    return list(zip(mine.geometry, fills, strict=True)), legend


def share_left(uats: pd.DataFrame, measure: CoverageMeasure = "free") -> pd.Series[float]:
    """Share of the people in need whom a measure leaves out, by UAT; NaN where nobody is in need."""
    people = uats["people"].astype("float64")
    return (uats[LEFT_OUT[measure]].astype("float64") / people.where(people > 0)).set_axis(uats["uat_siruta"])


def class_of(share: float) -> int:
    """Class of a share of people left out, 0 to 3."""
    return int(np.searchsorted(SHARES, share, side="left"))


def class_words(measure: CoverageMeasure) -> list[str]:
    """Say the classes in words."""
    return [
        _("cel mult un sfert {left_out}").format(left_out=left_out_words(measure)), _("până la jumătate"),
        _("până la trei sferturi"), _("peste trei sferturi"),
    ]  # fmt: skip
