"""A coverage of a county on paper: figures, map and reports first, then gaps with telephones, the calls, the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.i18n import _, ngettext, number
from geo.spatial.crs import to_metric
from providers.planning.coverage_measures import LEFT_OUT, default_measure, left_out_words
from providers.planning.coverage_tables import by_level, gaps, reason_words, spread_of_minutes
from providers.planning.phone_calls import phone_calls
from providers.rules.wording import average_words, minute_words, phone_words
from reports.output import charts
from reports.output.pdf import (
    ACCENT,
    INK,
    PdfColumn,
    heading,
    key_figures,
    new_pdf,
    notice,
    paragraph,
    sources,
    table,
    to_bytes,
)
from reports.output.pdf_map import NOBODY, NOT_KNOWN, RAMP, PdfDot, PdfLegendKey, draw_map
from reports.planning.coverage_answer import call_notes
from reports.planning.coverage_files import source_lines, uat_outlines
from reports.planning.plan_report import opening_words, plan_words, what_words

if TYPE_CHECKING:
    from datetime import date

    from core.storage.home import Home
    from providers.planning.county_plan import CountyPlan
    from providers.planning.coverage_measures import CoverageMeasure
    from providers.planning.effective_coverage import Coverage
    from providers.planning.phone_calls import PhoneCalls
    from reports.output.pdf import Colour, ReportPdf

SHARES = (0.25, 0.5, 0.75)  # of people left out: limits of the map's classes
_ON_BRIEF = 14  # gaps listed on paper
_BESIDE_PLAN = 5  # gaps where a plan shares the page
_MOST_CALLS, _CALLS_BESIDE_PLAN = 8, 3
_PLAN_DOT: Colour = (155, 28, 28)


def brief(
    coverage: Coverage,
    home: Home,
    *,
    county: str,
    county_name: str,
    made_on: date,
    plan: CountyPlan | None = None,
    measure: CoverageMeasure | None = None,
) -> bytes:
    """Write two pages for a county: figures, map and reports on the first; gaps, plan and sources on the second.

    BadValueError where every service has a protected address: there is nothing to draw below the county.
    """
    subtitle = _("{county} · cel mult {way}").format(county=county_name, way=minute_words(coverage.reach_minutes))
    document = new_pdf(coverage.title, subtitle, made_on=made_on, is_demo=home.is_demo)
    uats = by_level(coverage, "uat", county=county)
    whole = by_level(coverage, "county", county=county).iloc[0]
    key_figures(document, _figures(whole))
    if coverage.supply.services.empty:
        notice(document, _("Niciun serviciu de acest tip nu este în registrele importate."))
    measure = measure or default_measure(coverage.code)
    ranked = gaps(coverage, county=county, measure=measure)
    listed = ranked.head(_ON_BRIEF if plan is None else _BESIDE_PLAN)
    heading(document, _("Unde rămân persoane {left_out}").format(left_out=left_out_words(measure)))
    unknown = set(ranked.loc[ranked["reason"] == "unknown", "uat_siruta"]) if measure == "free" else set()
    shapes, legend = _shapes(home, uats, measure, unknown)
    draw_map(document, shapes, _dots(coverage, county, listed, plan), legend=legend + _dot_legend(plan), tall=88.0)
    heading(document, _("Persoane după minutele până la cel mai apropiat serviciu care le primește"))
    minutes = spread_of_minutes(coverage, county=county)
    charts.columns(document, minutes["label"].tolist(), minutes["people"].tolist(), tall=22.0)
    document.add_page()
    heading(
        document,
        _("Cele mai mari lipsuri"),
        _("Ordonate după persoane × prioritatea din atlas; numărul este cel de pe hartă."),
    )
    _gap_table(document, listed, len(ranked))
    _call_table(document, phone_calls(coverage, county), _MOST_CALLS if plan is None else _CALLS_BESIDE_PLAN)
    if plan is not None:
        _plan_table(document, plan)
    sources(document, source_lines(coverage))
    return to_bytes(document)


def _gap_table(document: ReportPdf, listed: pd.DataFrame, total: int) -> None:
    if listed.empty:
        paragraph(document, _("După această măsură, nimeni nu rămâne fără acces."))
        return
    rows = [
        [str(r["rank"]), r["name"], number(r["left_out"]), reason_words(r["reason"]),
         " ".join(filter(None, (r["phone_first"], phone_words(r["phone"])))) or "–"]
        for r in listed.to_dict("records")
    ]  # fmt: skip
    heads = [
        PdfColumn("#", 0.3), PdfColumn(_("Unitatea"), 1.3), PdfColumn(_("Persoane"), 0.7, "R"),
        PdfColumn(_("De ce"), 2.0), PdfColumn(_("Telefonați întâi la"), 2.6),
    ]  # fmt: skip
    table(document, heads, rows, size=8)
    _say_rest(document, total - len(listed))


def _say_rest(document: ReportPdf, left: int) -> None:
    if left > 0:
        words = ngettext("și încă {n} rând, în aplicație", "și încă {n} rânduri, în aplicație", left)
        paragraph(document, words.replace("{n}", number(left)))


def _call_table(document: ReportPdf, calls: PhoneCalls, most: int) -> None:
    """Write the telephone calls that tell most, with their numbers."""
    if calls.calls.empty:
        return
    heading(document, _("Telefoane de dat"), _("Fără cost: spun dacă sunt locuri acolo unde nu se știe."))
    rows = [
        [str(r["order"]), r["name"], phone_words(r["phone"] if isinstance(r["phone"], str) else None) or "–",
         number(r["depend"]), _("nu se știe") if pd.isna(r["places_licensed"]) else number(r["places_licensed"])]
        for r in calls.calls.head(most).to_dict("records")
    ]  # fmt: skip
    heads = [
        PdfColumn("#", 0.3), PdfColumn(_("Serviciul"), 2.8), PdfColumn(_("Telefon"), 1.3),
        PdfColumn(_("Depind de el"), 0.9, "R"), PdfColumn(_("Locuri licențiate"), 1.1, "R"),
    ]  # fmt: skip
    table(document, heads, rows, size=8)
    _say_rest(document, len(calls.calls) - most)
    paragraph(document, " ".join(call_notes(calls)[: None if most == _MOST_CALLS else 2]))


def _plan_table(document: ReportPdf, plan: CountyPlan) -> None:
    """Write a plan with every site."""
    heading(document, plan.title)
    paragraph(document, " ".join(plan_words(plan)))
    rows = [
        [f"P{r['order']}", opening_words(r, plan.county), what_words(r["what"]), number(r["places"]),
         number(r["people"]), average_words(r["minutes"])]
        for r in plan.openings.to_dict("records")
    ]  # fmt: skip
    heads = [
        PdfColumn("#", 0.4), PdfColumn(_("Unde"), 2.4), PdfColumn(_("Ce se face"), 1.2),
        PdfColumn(_("Locuri"), 0.7, "R"), PdfColumn(_("Oameni"), 0.7, "R"), PdfColumn(_("Drum"), 0.8, "R"),
    ]  # fmt: skip
    if rows:
        table(document, heads, rows, size=8)


def _dots(coverage: Coverage, county: str, listed: pd.DataFrame, plan: CountyPlan | None) -> list[PdfDot]:
    """Mark services, number the communes of the table, and what a plan opens."""
    services = coverage.supply.services
    ours = services[(services["county"] == county) & (services["delivery"] == "at_site") & services["x"].notna()]
    dots = [PdfDot(x, y, INK, 0.7) for x, y in zip(ours["x"], ours["y"], strict=True)]
    areas = coverage.people.areas
    seats = areas[areas["is_seat"] | (areas["type"] == "sector")].drop_duplicates("uat_siruta").set_index("uat_siruta")
    for row in listed.to_dict("records"):
        if row["uat_siruta"] in seats.index:
            seat = seats.loc[row["uat_siruta"]]
            dots.append(PdfDot(float(seat["x"]), float(seat["y"]), ACCENT, 0.5, f"{row['rank']}. {row['name']}"))
    if plan is not None and len(plan.openings):
        xy = to_metric(plan.openings["lat"], plan.openings["lon"])
        dots += [
            PdfDot(float(x), float(y), _PLAN_DOT, 1.2, f"P{order}")
            for order, (x, y) in zip(plan.openings["order"], xy, strict=True)
        ]
    return dots


def _dot_legend(plan: CountyPlan | None) -> list[PdfLegendKey]:
    legend = [PdfLegendKey(INK, _("serviciu"), is_dot=True), PdfLegendKey(ACCENT, _("comună din tabel"), is_dot=True)]
    return legend if plan is None else [*legend, PdfLegendKey(_PLAN_DOT, _("ce se deschide (P)"), is_dot=True)]


def _figures(row: pd.Series[Any]) -> list[tuple[str, str, str]]:
    def say(value: Any, digits: int = 0) -> str:
        return _("necunoscut") if pd.isna(value) else number(float(value), digits)

    return [
        (_("Au nevoie"), say(row["people"]), _("persoane, estimare")),
        (_("Fără serviciu accesibil"), say(row["unreached"]), _("acces: persoane")),
        (_("Fără loc, după licențe"), say(row["unmet_licensed"]), _("echilibru: persoane")),
        (_("Fără loc liber acum"), say(row["unmet_now"]), _("persoane noi, fără cele deja în servicii")),
        (
            _("Deplasarea: jumătate ajung în cel mult"),
            _("nimeni nu ajunge") if pd.isna(row["minutes_median"]) else average_words(float(row["minutes_median"])),
            _("cu mașina, estimat"),
        ),
    ]


def _shapes(
    home: Home, uats: pd.DataFrame, measure: CoverageMeasure, unknown: set[Any]
) -> tuple[list[tuple[Any, Any]], list[PdfLegendKey]]:
    areas, _approximate = uat_outlines(home)
    share = share_left(uats, measure).to_dict()
    mine = areas[areas["uat_siruta"].isin(uats["uat_siruta"])]

    def fill(code: int) -> Colour:
        if np.isnan(share.get(code, np.nan)):
            return NOBODY
        return NOT_KNOWN if code in unknown else RAMP[class_of(share[code])]

    fills = [fill(int(code)) for code in mine["uat_siruta"]]
    legend = [PdfLegendKey(colour, text) for colour, text in zip(RAMP, class_words(measure), strict=True)]
    if measure == "free":
        legend.append(PdfLegendKey(NOT_KNOWN, _("nu se știe: sunați")))
    legend.append(PdfLegendKey(NOBODY, _("nimeni cu nevoie")))
    return list(zip(mine.geometry, fills, strict=True)), legend


def share_left(uats: pd.DataFrame, measure: CoverageMeasure = "free") -> pd.Series[float]:
    """Share of the people in need whom a measure leaves out, by UAT; NaN where nobody is in need."""
    people = uats["people"].astype("float64")
    return (uats[LEFT_OUT[measure]].astype("float64") / people.where(people > 0)).set_axis(uats["uat_siruta"])


def class_of(share: float) -> int:
    """Class of a share of people left out, 0 to 3."""
    return int(np.searchsorted(SHARES, share, side="left"))


def class_words(measure: CoverageMeasure) -> list[str]:
    """Format the classes in words."""
    return [
        _("cel mult un sfert {left_out}").format(left_out=left_out_words(measure)), _("până la jumătate"),
        _("până la trei sferturi"), _("peste trei sferturi"),
    ]  # fmt: skip
