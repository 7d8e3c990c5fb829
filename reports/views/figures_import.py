"""Figures of communities from a file, and the queue of what is due. Bounds are those of the indicators."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.bad_rows import BadRowsError, bad_row
from core.errors import UnreadableFileError
from core.i18n import _
from core.reading.fields import Field
from core.reading.tables import read_table
from core.text import collation_keys, fold
from referrals.monthly.figure_entry import Figure, month_before
from reports.indicators.indicators import bounds, indicators
from reports.views.report_views import state_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIELDS = (
    Field("uat_siruta", ("Cod SIRUTA", "SIRUTA", "uat_siruta"), required=True),
    Field("month", ("Luna", "month"), required=True),
    Field("indicator", ("Indicator", "Cod indicator", "code", "Cod"), required=True),
    Field("value", ("Valoare", "value"), required=True),
)
# A sheet may hold the month as a day of it.
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])(-\d\d)?")
DUE_DAY = 10  # of the next month; assumed: no document of the project gives the day
QUEUE_COLUMNS = (
    "uat_siruta",
    "name",
    "county",
    "month",
    "state",
    "remark",
    "due_on",
    "is_late",
    "waits_for",
    "filed_at",
)
_YES_NO = {"da": "1", "nu": "0"}  # as people write them, folded


def read_figures(path: Path, communities: pd.DataFrame, *, most_named: int = 8) -> list[Figure]:
    """Read figures of communities from a CSV or a sheet: one row a community, month and indicator. All rows or none.

    Parameters
    ----------
    path
        The file: Cod SIRUTA, Luna (2026-03), Indicator (its code), Valoare (blank: not said). It is read as hostile.
    communities
        `uat_siruta`, `county` of those that may be reported on.
    most_named
        Most bad rows that the error names.

    Returns
    -------
    list of Figure
        In the order of the rows.

    Raises
    ------
    BadRowsError
        Naming the first bad rows.
    UnreadableFileError
        Where the file is none, or has no figure.
    MissingColumnError
        Where a column is missing.
    """
    raw = read_table(path, FIELDS)
    county = dict(zip(communities["uat_siruta"].astype("str"), communities["county"], strict=True))
    found: dict[tuple[int, str, str], tuple[int, Figure]] = {}
    wrong: list[str] = []
    for row in raw.to_dict("records"):
        place = int(row["row"])
        cells = {name: str(row[name]).strip() for name in ("uat_siruta", "month", "indicator", "value")}
        bound = bounds("community").get(cells["indicator"])
        if bound is not None and bound.is_yes_no:
            cells["value"] = _YES_NO.get(fold(cells["value"]), cells["value"])
        if bad := _wrong_cell(cells, county):
            wrong.append(_bad_row(place, *bad))
        elif cells["value"]:
            uat, month, code = int(cells["uat_siruta"]), cells["month"][:7], cells["indicator"]
            figure = Figure(county[cells["uat_siruta"]], uat, month, code, int(cells["value"]))
            first, before = found.setdefault((uat, month, code), (place, figure))
            if before != figure:
                expected = _("{value}, ca în rândul {row}, sau un singur rând").format(value=before.value, row=first)
                wrong.append(_bad_row(place, "value", cells["value"], expected))
    if wrong:
        raise BadRowsError(path.name, wrong, most_named=most_named)
    if not found:
        raise UnreadableFileError(_("{file}: nu are nicio cifră.").format(file=path.name))
    return [figure for _place, figure in found.values()]


def _wrong_cell(cells: dict[str, str], county: dict[str, str]) -> tuple[str, str, str] | None:
    """Return the first wrong cell of a row as field, what was found and what was expected; None where all is well."""
    known = bounds("community")
    code, value = cells["indicator"], cells["value"]
    if cells["uat_siruta"] not in county:
        return "uat_siruta", cells["uat_siruta"], _("codul unei comunități a dumneavoastră din listă")
    if not _MONTH.fullmatch(cells["month"]):
        return "month", cells["month"], _("o lună de forma 2026-03")
    if code not in known:
        return "indicator", code, _("codul unui indicator care se completează, de exemplu {code}").format(code="BEN")
    least, most = known[code].least, known[code].most
    if value and not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        if known[code].is_yes_no:
            return "value", value, _("da sau nu (1 sau 0)")
        return "value", value, _("un număr întreg între {least} și {most}").format(least=least, most=most)
    return None


def _bad_row(place: int, name: str, found: str, expected: str) -> str:
    return bad_row(place, next(field.title for field in FIELDS if field.name == name), found, expected)


def template(
    communities: pd.DataFrame, month: str, *, counted: Mapping[int, Mapping[str, int]] | None = None
) -> pd.DataFrame:
    """Make a table to fill in, as `read_figures` reads it: a row a community and indicator.

    counted: what cases count, by SIRUTA and code: it stands there already.
    """
    known = counted or {}
    codes = list(bounds("community"))
    rows = [
        (uat, name, month, code, indicators()[code].name, known.get(uat, {}).get(code))
        for uat, name in zip(communities["uat_siruta"], communities["name"], strict=True)
        for code in codes
    ]
    table = pd.DataFrame(rows, columns=["Cod SIRUTA", "Comunitatea", "Luna", "Cod indicator", "Denumire", "Valoare"])
    return table.astype({"Valoare": "Int64"})


def required() -> list[str]:
    """Return the codes without which a monthly report is not filed."""
    return [one.code for one in indicators().values() if one.is_required]


def due_on(month: str) -> date:
    """Return until when the report of a month is to be filed.

    >>> due_on("2026-12")
    datetime.date(2027, 1, 10)
    """
    after = date.fromisoformat(f"{month}-28") + timedelta(days=4)
    return after.replace(day=DUE_DAY)


def opening_month(filed: pd.DataFrame, day: date) -> str:
    """Return the month on which reports open: the last one that is over.

    While its reports are not due and none was filed, it is the month before, where that one has some: nothing but
    zeros would stand in the newer one.

    Parameters
    ----------
    filed
        `referrals.monthly.monthly_reports.REPORT_COLUMNS`.
    day
        Today.

    Returns
    -------
    str
        For instance 2026-10.
    """
    last = month_before(f"{day:%Y-%m}")
    before, known = month_before(last), set(filed["month"])
    return before if day <= due_on(last) and last not in known and before in known else last


def queue(communities: pd.DataFrame, filed: pd.DataFrame, months: list[str], *, day: date) -> pd.DataFrame:
    """List what waits for somebody, latest month first: not filed, returned, or filed and not yet accepted.

    What is missing is asked for in `months`; what was filed or returned waits in whatever month it is of.

    communities: `uat_siruta`, `name`, `county`. filed: `referrals.monthly.monthly_reports.REPORT_COLUMNS`. Returns
    QUEUE_COLUMNS:
    `state` in words, `due_on` a day, `is_late` for what is not filed after it, `waits_for` the role whose turn it is:
    the county unit's where it is filed, else the team's.
    """
    due = communities[["uat_siruta", "name", "county"]].merge(pd.DataFrame({"month": months}, dtype="str"), how="cross")
    begun = filed[["uat_siruta", "month"]].merge(communities[["uat_siruta", "name", "county"]], on="uat_siruta")
    due = pd.concat([due, begun[due.columns]]).drop_duplicates(["uat_siruta", "month"])
    known = filed.reindex(columns=["uat_siruta", "month", "state", "remark", "filed_at"])
    table = due.merge(known, on=["uat_siruta", "month"], how="left")
    table = table[table["state"].fillna("missing") != "accepted"]
    state = table["state"].fillna("missing")
    days = table["month"].map(due_on)
    late = state.isin(["missing", "returned"]).to_numpy() & np.array([last < day for last in days], dtype=bool)
    table = table.assign(
        waits_for=np.where(state == "filed", "county", "team"),
        state=state.map(state_words),
        remark=table["remark"].fillna(""),
        due_on=days,
        is_late=late,
    )
    return (
        table.sort_values("name", key=collation_keys)
        .sort_values("month", ascending=False, kind="stable")
        .reset_index(drop=True)[list(QUEUE_COLUMNS)]
    )
