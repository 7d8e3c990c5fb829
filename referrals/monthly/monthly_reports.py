"""The report that a community files of a month from its figures, and that a county unit accepts or returns.

While it waits or once it is accepted, its figures are closed. Figures are entered in `figure_entry`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, insert, select, update

from core.i18n import _
from referrals.database import audit
from referrals.database.models import monthly_figures, monthly_reports
from referrals.ledger import queries
from referrals.monthly.drafts import erase_drafts
from referrals.monthly.figure_checks import BadFigureError, refuse_missing, refuse_unlikely
from referrals.monthly.figure_entry import Figure, checked_months, newest, state_of
from referrals.records import roles
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import WrongStateError
from referrals.records.roles import Area
from referrals.records.vocabulary import FILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.monthly.figure_checks import Bound
    from referrals.records.vocabulary import Actor

ReportState = Literal["filed", "returned", "accepted"]
FIGURE_COLUMNS = ("county", "uat_siruta", "month", "indicator", "value", "source", "entered_at", "role", "account")
REPORT_COLUMNS = (
    "uat_siruta", "month", "county", "state", "remark", "filed_at", "filed_by", "decided_at", "decided_by",
)  # fmt: skip
# Built once: several parts of a page ask for it, and building a statement costs more than running it.
_VERSION = select(
    select(func.max(monthly_figures.c.entry_id)).scalar_subquery(),
    func.count(),
    func.max(monthly_reports.c.filed_at),
    func.max(monthly_reports.c.decided_at),
).select_from(monthly_reports)


def file(
    ledger: Ledger,
    county: str,
    uat_siruta: int,
    month: str,
    *,
    actor: Actor,
    bounds: Mapping[str, Bound],
    required: Iterable[str] = (),
    confirmed: Mapping[str, int] | None = None,
) -> None:
    """File the report of a community for a month.

    Parameters
    ----------
    ledger
        Where it is kept.
    county, uat_siruta, month
        Which one: letters, SIRUTA, for instance 2026-03.
    actor
        Who files it.
    bounds
        The indicators of a report, by code, with what they are held to.
    required
        Codes of indicators that must have a figure first.
    confirmed
        Values that differ much from the month before and to which yes was said, by code.

    Raises
    ------
    BadFigureError
        Naming the figures that are missing, that contradict each other, or that changed much without a yes.
    NotAllowedError
        Where the actor may not file for this community.
    WrongStateError
        Where it is filed or accepted already.
    """
    roles.require(actor, "monthly.file", Area(county, uat_siruta))
    with ledger.store.write() as connection:
        audit.lock(connection, [_subject(uat_siruta, month)])
        before = state_of(connection, uat_siruta, month)
        if before in FILED:
            raise WrongStateError(_("Raportul lunii {month} este deja depus.").format(month=month))
        known = newest(connection, {(county, uat_siruta, month)})
        refuse_missing({code: value for (*_area, code), value in known.items()}, required, bounds)
        items = [Figure(of, uat, when, code, value) for (of, uat, when, code), value in known.items()]
        for checked in checked_months(connection, items, bounds).values():
            refuse_unlikely(checked, confirmed=confirmed or {})
        now = ledger.clock()
        row = {"state": "filed", "remark": "", "filed_at": now, "filed_by": actor.account}
        row |= {"decided_at": None, "decided_by": ""}  # what was decided of the figures before no longer stands
        if before:
            connection.execute(_of(uat_siruta, month).values(**row))
        else:
            key = {"uat_siruta": uat_siruta, "month": month, "county": county}
            connection.execute(insert(monthly_reports), {**key, **row})
        erase_drafts(connection, uat_siruta, month)
        _record_step(connection, uat_siruta, month, before, "filed", actor=actor, ledger=ledger)


def send_back(ledger: Ledger, county: str, uat_siruta: int, month: str, remark: str, *, actor: Actor) -> None:
    """Return a filed or accepted report with a remark; its figures are open again."""
    text = refuse_personal(remark, field=_("Observații"))
    if not text:
        raise BadFigureError(_("Scrieți ce este de corectat."))
    _decide(ledger, county, uat_siruta, month, FILED, "returned", text, actor=actor)


def accept(ledger: Ledger, county: str, uat_siruta: int, month: str, *, actor: Actor) -> None:
    """Accept a filed report.

    Parameters
    ----------
    ledger
        Where it is kept.
    county, uat_siruta, month
        Which one: letters, SIRUTA, for instance 2026-03.
    actor
        Who accepts.

    Raises
    ------
    NotAllowedError
        Where the actor may not decide for this county.
    WrongStateError
        Where the report is not filed.
    """
    _decide(ledger, county, uat_siruta, month, ("filed",), "accepted", "", actor=actor)


def _decide(
    ledger: Ledger,
    county: str,
    uat_siruta: int,
    month: str,
    sources: tuple[str, ...],
    to: ReportState,
    remark: str,
    *,
    actor: Actor,
) -> None:
    roles.require(actor, "monthly.decide", Area(county, uat_siruta))
    with ledger.store.write() as connection:
        audit.lock(connection, [_subject(uat_siruta, month)])
        table = monthly_reports.c
        before = state_of(connection, uat_siruta, month)
        values = {"state": to, "remark": remark, "decided_at": ledger.clock(), "decided_by": actor.account}
        # The county in the row decides, not the one that was asked for.
        found = connection.execute(
            _of(uat_siruta, month).where(table.county == county, table.state.in_(sources)).values(**values)
        )
        if found.rowcount != 1:
            raise WrongStateError(_("Raportul lunii {month} nu este depus.").format(month=month))
        _record_step(connection, uat_siruta, month, before, to, actor=actor, ledger=ledger)


def _of(uat_siruta: int, month: str) -> Any:
    return update(monthly_reports).where(monthly_reports.c.uat_siruta == uat_siruta, monthly_reports.c.month == month)


def _subject(uat_siruta: int, month: str) -> str:
    return f"{uat_siruta}:{month}"


def _record_step(
    connection: Connection, uat_siruta: int, month: str, before: str, after: str, *, actor: Actor, ledger: Ledger
) -> None:
    subject = _subject(uat_siruta, month)
    step = audit.AuditEvent("monthly." + after, subject, before=before, after=after)
    audit.append(connection, subject, step, actor=actor, at=ledger.clock())


def figures(ledger: Ledger, *, actor: Actor, until: str = "9999-99", county: str = "") -> pd.DataFrame:
    """Read the figures in force up to a month: FIGURE_COLUMNS, one row an area, month and indicator.

    county: only this county's. A figure taken back is not there.
    """
    return _read(ledger, actor, until, county, history=False)


def history(ledger: Ledger, uat_siruta: int, *, actor: Actor, county: str = "") -> pd.DataFrame:
    """Read every figure a community ever said, oldest first; NA values are those taken back."""
    table = _read(ledger, actor, "9999-99", county, history=True)
    return table[table["uat_siruta"] == uat_siruta].reset_index(drop=True)


def _read(ledger: Ledger, actor: Actor, until: str, county: str, *, history: bool) -> pd.DataFrame:
    import pandas as pd

    area, uat = _area_of(actor, county)
    table = monthly_figures.c
    query = select(*(table[name] for name in FIGURE_COLUMNS)).where(table.month <= until).order_by(table.entry_id)
    if not history:
        newest = select(func.max(table.entry_id)).group_by(table.county, table.uat_siruta, table.month, table.indicator)
        query = query.where(table.entry_id.in_(newest), table.value.is_not(None))
    query = queries.in_area(query, table, area, uat)
    with ledger.store.read() as connection:
        rows = connection.execute(query).all()
    found = pd.DataFrame([tuple(row) for row in rows], columns=list(FIGURE_COLUMNS))
    texts = dict.fromkeys(("county", "month", "indicator", "source", "role", "account"), "str")
    return found.astype({**texts, "uat_siruta": "int64", "value": "Int64"})


def reports(ledger: Ledger, *, actor: Actor, county: str = "") -> pd.DataFrame:
    """Read the reports of communities.

    Parameters
    ----------
    ledger
        Where they are kept.
    actor
        Who reads; sees the own area.
    county
        Letters of the one county to read; "" = all that the actor may see.

    Returns
    -------
    pd.DataFrame
        REPORT_COLUMNS, one row a community and month that was ever filed, by month and SIRUTA.

    Raises
    ------
    NotAllowedError
        Where the actor may not read reports of the county.
    """
    import pandas as pd

    area, uat = _area_of(actor, county)
    table = monthly_reports.c
    query = select(*(table[name] for name in REPORT_COLUMNS)).order_by(table.month, table.uat_siruta)
    query = queries.in_area(query, table, area, uat)
    with ledger.store.read() as connection:
        rows = connection.execute(query).all()
    found = pd.DataFrame([tuple(row) for row in rows], columns=list(REPORT_COLUMNS))
    texts = dict.fromkeys(("month", "county", "state", "remark", "filed_by", "decided_by"), "str")
    return found.astype({**texts, "uat_siruta": "int64"})


def _area_of(actor: Actor, county: str) -> tuple[str, int | None]:
    """Start from the actor's own area, and require the right to read there."""
    area, uat = roles.own_area(actor, county)
    roles.require(actor, "monthly.read", Area(area, uat))
    return area, uat


def first_month(ledger: Ledger) -> str:
    """Tell the first month of which anything was said or filed; blank where there is none."""
    with ledger.store.read() as connection:
        found = [connection.execute(select(func.min(t.c.month))).scalar() for t in (monthly_figures, monthly_reports)]
    return min((str(month) for month in found if month), default="")


def version(ledger: Ledger) -> str:
    """Return a short text that changes whenever a figure or a report does: what readers key their caches by."""
    with ledger.store.read() as connection:
        return ":".join(map(str, connection.execute(_VERSION).one()))
