"""Figures of communities from a file, and the queue of what is due. Bounds are those of the indicators."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import MapError, UnreadableFileError
from geo.files import Field, read_table
from geo.language import _
from referrals.monthly import Figure
from reports.indicators import bounds, indicators
from reports.sheets import state_words

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = (
    Field("uat_siruta", ("Cod SIRUTA", "SIRUTA", "uat_siruta"), required=True),
    Field("month", ("Luna", "month"), required=True),
    Field("indicator", ("Indicator", "Cod indicator", "code", "Cod"), required=True),
    Field("value", ("Valoare", "value"), required=True),
)
DUE_DAY = 10  # of the next month; assumed: no document of the project gives the day
QUEUE_COLUMNS = ("uat_siruta", "name", "county", "month", "state", "remark", "due_on", "is_late")


class BadRowsError(MapError, ValueError):
    """Rows of a file of figures cannot be taken; each is named with what was found and expected."""


def read_figures(path: Path, communities: pd.DataFrame, *, most_named: int = 8) -> list[Figure]:
    """Read figures of communities from a CSV or a sheet: one row a community, month and indicator.

    communities: `uat_siruta`, `county`. Columns: Cod SIRUTA, Luna (2026-03), Indicator (its code), Valoare (blank: not
    said). All rows or none: BadRowsError names the first bad ones; UnreadableFileError, MissingColumnError.
    """
    raw = read_table(path, FIELDS)
    county = dict(zip(communities["uat_siruta"].astype("str"), communities["county"], strict=True))
    known = bounds("community")
    found: list[Figure] = []
    wrong: list[str] = []
    for row in raw.to_dict("records"):
        number, code = int(row["row"]), str(row["indicator"]).strip()
        siruta, value = str(row["uat_siruta"]).strip(), str(row["value"]).strip()
        if siruta not in county:
            wrong.append(
                _("rândul {row}: „{found}” nu este o comunitate din listă").format(row=number, found=siruta[:20])
            )
        elif code not in known:
            wrong.append(_("rândul {row}: indicatorul „{found}” nu se completează").format(row=number, found=code[:20]))
        elif not value:
            continue
        elif not value.isdigit() or not known[code].least <= int(value) <= known[code].most:
            wrong.append(
                _("rândul {row}: {name} – am găsit „{found}”, se așteaptă un număr între {least} și {most}").format(
                    row=number,
                    name=_(known[code].name),
                    found=value[:20],
                    least=known[code].least,
                    most=known[code].most,
                )
            )
        else:
            month = str(row["month"]).strip()[:7]
            found.append(Figure(county[siruta], int(siruta), month, code, int(value)))
    if wrong:
        more = _(" și încă {n}").format(n=len(wrong) - most_named) if len(wrong) > most_named else ""
        raise BadRowsError(f"{path.name}: {'; '.join(wrong[:most_named])}{more}.")
    if not found:
        raise UnreadableFileError(_("{file}: nu are nicio cifră.").format(file=path.name))
    return found


def template(communities: pd.DataFrame, month: str) -> pd.DataFrame:
    """Make an empty table to fill in, as `read_figures` reads it: a row a community and indicator."""
    codes = list(bounds("community"))
    rows = [
        (uat, name, month, code, indicators()[code].name, None)
        for uat, name in zip(communities["uat_siruta"], communities["name"], strict=True)
        for code in codes
    ]
    table = pd.DataFrame(rows, columns=["Cod SIRUTA", "Comunitatea", "Luna", "Cod indicator", "Denumire", "Valoare"])
    return table.astype({"Valoare": "Int64"})


def required() -> list[str]:
    """Return the codes without which a monthly report is not filed."""
    return [one.code for one in indicators().values() if one.is_required]


def due_on(month: str) -> date:
    """Tell until when the report of a month is to be filed.

    >>> due_on("2026-12")
    datetime.date(2027, 1, 10)
    """
    after = date.fromisoformat(f"{month}-28") + timedelta(days=4)
    return after.replace(day=DUE_DAY)


def queue(communities: pd.DataFrame, filed: pd.DataFrame, months: list[str], *, day: date) -> pd.DataFrame:
    """List what waits for somebody, latest month first: not filed, returned, or filed and not yet accepted.

    communities: `uat_siruta`, `name`, `county`. filed: `referrals.monthly.REPORT_COLUMNS`. Returns QUEUE_COLUMNS:
    `state` in words, `due_on` a day, `is_late` for what is not filed after it.
    """
    due = communities[["uat_siruta", "name", "county"]].merge(pd.DataFrame({"month": months}, dtype="str"), how="cross")
    table = due.merge(filed[["uat_siruta", "month", "state", "remark"]], on=["uat_siruta", "month"], how="left")
    table = table[table["state"].fillna("missing") != "accepted"]
    state = table["state"].fillna("missing")
    days = table["month"].map(due_on)
    late = state.isin(["missing", "returned"]) & days.map(lambda last: last < day)
    table = table.assign(
        state=state.map(state_words), remark=table["remark"].fillna(""), due_on=days, is_late=late.astype("bool")
    )
    return table.sort_values(["month", "name"], ascending=[False, True]).reset_index(drop=True)[list(QUEUE_COLUMNS)]
