"""The table of communities going out as CSV and XLSX: the columns of the screen and a few more, with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.exporting import defused
from core.i18n import _, use_language
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd


def titles() -> dict[str, str]:
    """Return what each column of `geo.maps.atlas_view.VIEW_COLUMNS` is called."""
    return {
        "uat_siruta": _("Cod SIRUTA"),
        "name": _("Unitatea"),
        "county": _("Indicativ județ"),
        "county_name": _("Județ"),
        "region": _("Regiune (NUTS 2)"),
        "kind": _("Fel"),
        "area": _("Mediu"),
        "atlas_class": _("Clasa de marginalizare"),
        "is_atlas_loaded": _("Atlasul este încărcat"),
        "rate_percent": _("Rata de marginalizare, %"),
        "lhdi": _("Indicele dezvoltării umane locale"),
        "population": _("Populație"),
        "people_marginalised": _("Oameni în zone marginalizate"),
        "priority": _("Prioritate"),
        "status": _("Pe lista comunităților"),
        "source": _("Sursa pentru listă"),
        "note": _("Notă"),
    }


def meanings() -> dict[str, str]:
    """Return what the columns that need it mean."""
    return {
        "atlas_class": _(
            "1 fără marginalizare, 2 sub medie, 3 peste medie, 4 severă; gol: nu este în atlas sau nu se știe"
        ),
        "is_atlas_loaded": _("dacă nu, clasa nu se știe: atlasul (rural sau urban) nu a fost importat"),
        "rate_percent": _("oameni care trăiesc în zone marginalizate, la sută din oamenii unității"),
        "people_marginalised": _("populația înmulțită cu rata, rotunjit"),
        "priority": _(
            "clasa + p / (p + 1000), p = oameni în zone marginalizate; formulă proprie, doar pentru ordonare"
        ),
        "status": _("confirmed: numită public sau de proiect; invented: inventată pentru demonstrație"),
    }


@use_language("ro")
def atlas_csv(rows: pd.DataFrame, *, is_demo: bool) -> bytes:
    """Write the rows as CSV: UTF-8 with a mark, text defused; in a demonstration every row says so."""
    table = rows.rename(columns=titles())
    if is_demo:
        table = table.assign(**{_("Atenție"): _("date demonstrative")})
    return defused(table, is_csv=True).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


@use_language("ro")
def atlas_workbook(rows: pd.DataFrame, *, made_on: date, is_demo: bool, sources: Sequence[str]) -> bytes:
    """Write the rows as a workbook with their definitions and sources."""
    sheet = Sheet(_("Comunități"), rows, titles(), meanings())
    return workbook([sheet], title=_("Comunități și atlas"), made_on=made_on, is_demo=is_demo, sources=sources)
