"""The indicators that the health ministry asks of community nurses as a workbook of its ten sheets."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

from cases.figures.amc_indicators import amc_indicators
from cases.figures.amc_sheet import amc_sheet
from cases.figures.told_counts import rounding_words
from cases.record.record_exchange import instrument_in_force
from core.i18n import _
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    from datetime import date

    from cases.figures.amc_sheet import AmcSheet
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

# A name of a sheet has at most 31 signs: those of the ministry are longer and stand in the titles.
_NAMES = {
    "general": "Fișa generală", "pregnant": "Gravidă", "child": "Copil", "rare_disease": "Boli rare",
    "users": "Utilizatori", "activity": "Activitate", "interventions": "Intervenții",
    "services_health": "Servicii pe sănătate", "cases_health": "Cazuri pe sănătate",
    "community_activities": "Activități comunitare",
}  # fmt: skip


def amc_of_area(
    home: Home, ledger: Ledger, first: str, last: str, *, actor: Actor, county: str = "", uat_siruta: int | None = None
) -> AmcSheet:
    """Count the indicators of an area by the instrument in force: see `cases.figures.amc_sheet.amc_sheet`."""
    instrument = instrument_in_force(home)
    return amc_sheet(ledger, first, last, instrument, actor=actor, county=county, uat_siruta=uat_siruta)


def amc_workbook(sheet: AmcSheet, *, area: str, made_on: date, is_demo: bool) -> bytes:
    """Write the indicators as a workbook; names as the ministry has them, in Romanian.

    Parameters
    ----------
    sheet
        What was counted.
    area
        Whose it is, in words.
    made_on
        Goes into the properties of the file.
    is_demo
        Whether the sheets carry the mark of a demonstration.

    Returns
    -------
    bytes
        The XLSX file: a sheet for each of the ministry's, `code`, `name`, `value` (blank = not counted) and `note`.
    """
    titles = {"code": _("Cod"), "name": _("Indicator"), "value": _("Valoare"), "note": _("De știut")}
    sheets = []
    for key, indicators in groupby(amc_indicators(), key=lambda each: each.sheet):
        rows = [(each.code, each.name, sheet.values[each.code], sheet.note(each)) for each in indicators]
        table = pd.DataFrame(rows, columns=list(titles)).astype({"value": "Float64"})
        sheets.append(Sheet(_NAMES[key], table, titles, {"value": rounding_words()} if sheet.is_rounded else {}))
    months = sheet.first if sheet.first == sheet.last else f"{sheet.first} – {sheet.last}"
    title = _("Indicatorii asistenților medicali comunitari, {area}, {months}").format(area=area, months=months)
    return workbook(sheets, title=title, made_on=made_on, is_demo=is_demo)
