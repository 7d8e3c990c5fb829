"""A county unit's queue of referrals as a spreadsheet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.i18n import _
from core.romanian_calendar import BUCHAREST
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    import pandas as pd


def queue_workbook(table: pd.DataFrame, *, is_demo: bool) -> bytes:
    """Write the rows of a queue as a spreadsheet.

    Parameters
    ----------
    table
        `referrals.workflow.county_worklist.QUEUE_COLUMNS`, the rows that filters kept.
    is_demo
        Whether it is marked as a demonstration.

    Returns
    -------
    bytes
        An XLSX file.
    """
    title = _("Coada județului")
    heads = {
        "referral_id": _("Referirea"), "age_days": _("Zile"), "uat_siruta": _("Cod SIRUTA"),
        "community": _("Comunitatea"), "need": _("Nevoia"), "service": _("Serviciul"), "state": _("Stare"),
        "until": _("Termen"), "next": _("Ce urmează"),
    }  # fmt: skip
    sheet = Sheet(title, table.drop(columns="part"), heads)
    return workbook([sheet], title=title, made_on=datetime.now(BUCHAREST).date(), is_demo=is_demo)
