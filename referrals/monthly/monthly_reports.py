"""What communities say of each month: figures with their history, and the report that a county unit accepts.

A figure is appended and never changed; the newest of a community, month and indicator counts, and a figure
without a value takes the one before back. Figures of a whole county or of the country stand under UAT 0.
A report is filed from its figures, returned with a remark, or accepted; while it waits or once it is
accepted, its figures are closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, insert, select, update

from core.i18n import _
from referrals.database import audit
from referrals.database.models import monthly_figures, monthly_reports
from referrals.ledger import queries
from referrals.records import roles
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import LedgerError, WrongStateError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

ReportState = Literal["filed", "returned", "accepted"]
FIGURE_COLUMNS = ("county", "uat_siruta", "month", "indicator", "value", "source", "entered_at", "role", "account")
REPORT_COLUMNS = (
    "uat_siruta", "month", "county", "state", "remark", "filed_at", "filed_by", "decided_at", "decided_by",
)  # fmt: skip
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class BadFigureError(LedgerError, ValueError):
    """A monthly figure is outside its bounds, of an unknown indicator, or of a month that is not over."""


@dataclass(frozen=True)
class Bound:
    """What a figure may be: its code, how it is called, and the least and greatest value of one area."""

    code: str
    name: str
    least: int
    most: int

    @property
    def is_yes_no(self) -> bool:
        """Whether it counts one thing that is there or not: 1 is yes, 0 is no."""
        return (self.least, self.most) == (0, 1)


@dataclass(frozen=True)
class Figure:
    """One figure of one area and month.

    Attributes
    ----------
    county, uat_siruta
        Letters and SIRUTA of the community; 0 = of the county, or of the country where there are no letters.
    month
        For instance 2026-03.
    indicator
        Code of an indicator.
    value
        The figure; None takes an earlier one back.
    """

    county: str
    uat_siruta: int
    month: str
    indicator: str
    value: int | None


def enter(
    ledger: Ledger, figures: Iterable[Figure], bounds: Mapping[str, Bound], *, actor: Actor, source: str = "screen"
) -> int:
    """Append figures, all or none. One equal to what is known is not repeated.

    Parameters
    ----------
    ledger
        Where they are kept.
    figures
        What is entered.
    bounds
        The indicators that may be entered, by code, with their least and greatest values.
    actor
        Who enters them.
    source
        Where they come from: screen or a file.

    Returns
    -------
    int
        How many differed from what was known.

    Raises
    ------
    BadFigureError
        For an indicator, month or value that cannot be.
    NotAllowedError
        Where the actor may not enter figures of an area.
    WrongStateError
        Where the report of a month is filed or accepted.
    """
    wanted = list(figures)
    this_month = month_of(ledger)
    for figure in wanted:
        action = "monthly.enter" if figure.uat_siruta else "monthly.wide"
        roles.require(actor, action, Area(figure.county, figure.uat_siruta))
        _check(figure, bounds, this_month)
    with ledger.store.write() as connection:
        known = _newest(connection, {(f.county, f.uat_siruta, f.month) for f in wanted})
        fresh = [f for f in wanted if known.get((f.county, f.uat_siruta, f.month, f.indicator)) != f.value]
        reports = {(f.uat_siruta, f.month) for f in fresh if f.uat_siruta}
        for uat, month in sorted(reports):
            _require_open(connection, uat, month)
        now = ledger.clock()
        rows = [
            {**vars_of(f), "source": source, "entered_at": now, "role": actor.role, "account": actor.account}
            for f in fresh
        ]
        if rows:
            connection.execute(insert(monthly_figures), rows)
    return len(fresh)


def vars_of(figure: Figure) -> dict[str, Any]:
    """Return the fields of a figure."""
    return {name: getattr(figure, name) for name in ("county", "uat_siruta", "month", "indicator", "value")}


def month_of(ledger: Ledger) -> str:
    """Return the month that it is now in Bucharest, as 2026-11."""
    from core.romanian_calendar import BUCHAREST

    return f"{ledger.clock().astimezone(BUCHAREST):%Y-%m}"


def _check(figure: Figure, bounds: Mapping[str, Bound], this_month: str) -> None:
    if not _MONTH.fullmatch(figure.month) or figure.month > this_month:
        raise BadFigureError(
            _("Luna „{month}” nu este una încheiată sau în curs, de forma 2026-03.").format(month=figure.month[:20])
        )
    bound = bounds.get(figure.indicator)
    if bound is None:
        raise BadFigureError(_("Indicatorul „{code}” nu se completează.").format(code=figure.indicator[:30]))
    if figure.value is not None and not bound.least <= figure.value <= bound.most:
        if bound.is_yes_no:
            raise BadFigureError(
                _("{name}: am găsit {found}; răspunsul este da (1) sau nu (0).").format(
                    name=_(bound.name), found=figure.value
                )
            )
        raise BadFigureError(
            _("{name}: am găsit {found}; valoarea este între {least} și {most}.").format(
                name=_(bound.name), found=figure.value, least=bound.least, most=bound.most
            )
        )


def _newest(connection: Connection, areas: set[tuple[str, int, str]]) -> dict[tuple[str, int, str, str], int | None]:
    table = monthly_figures.c
    months = sorted({month for _county, _uat, month in areas})
    uats = sorted({uat for _county, uat, _month in areas})
    known: dict[tuple[str, int, str, str], int | None] = {}
    if not months:
        return known
    query = select(table.county, table.uat_siruta, table.month, table.indicator, table.value)
    query = query.where(table.month.between(months[0], months[-1])).order_by(table.entry_id)
    if len(uats) == 1:
        query = query.where(table.uat_siruta == uats[0])
    for county, uat, month, indicator, value in connection.execute(query):
        known[(county, uat, month, indicator)] = value
    return known


def _state(connection: Connection, uat_siruta: int, month: str) -> str:
    table = monthly_reports.c
    query = select(table.state).where(table.uat_siruta == uat_siruta, table.month == month)
    return str(connection.execute(query).scalar() or "")


def _require_open(connection: Connection, uat_siruta: int, month: str) -> None:
    if _state(connection, uat_siruta, month) in ("filed", "accepted"):
        raise WrongStateError(
            _(
                "Raportul lunii {month} este depus; cereți unității județene să îl returneze pentru a schimba cifrele."
            ).format(month=month)
        )


def file(
    ledger: Ledger, county: str, uat_siruta: int, month: str, *, actor: Actor, required: Iterable[str] = ()
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
    required
        Codes of indicators that must have a figure first.

    Raises
    ------
    BadFigureError
        Naming the figures that are missing.
    NotAllowedError
        Where the actor may not file for this community.
    WrongStateError
        Where it is filed or accepted already.
    """
    roles.require(actor, "monthly.file", Area(county, uat_siruta))
    with ledger.store.write() as connection:
        audit.lock(connection, [_subject(uat_siruta, month)])
        before = _state(connection, uat_siruta, month)
        if before in ("filed", "accepted"):
            raise WrongStateError(_("Raportul lunii {month} este deja depus.").format(month=month))
        known = _newest(connection, {(county, uat_siruta, month)})
        missing = [code for code in required if known.get((county, uat_siruta, month, code)) is None]
        if missing:
            raise BadFigureError(
                _("Raportul nu poate fi depus; cifre care lipsesc: {n} ({codes}).").format(
                    n=len(missing), codes=", ".join(missing)
                )
            )
        now = ledger.clock()
        row = {"state": "filed", "remark": "", "filed_at": now, "filed_by": actor.account}
        row |= {"decided_at": None, "decided_by": ""}  # what was decided of the figures before no longer stands
        if before:
            connection.execute(_of(uat_siruta, month).values(**row))
        else:
            key = {"uat_siruta": uat_siruta, "month": month, "county": county}
            connection.execute(insert(monthly_reports), {**key, **row})
        _record_step(connection, uat_siruta, month, before, "filed", actor=actor, ledger=ledger)


def send_back(ledger: Ledger, county: str, uat_siruta: int, month: str, remark: str, *, actor: Actor) -> None:
    """Return a filed or accepted report with a remark; its figures are open again."""
    said = refuse_personal(remark, field=_("Observații"))
    if not said:
        raise BadFigureError(_("Scrieți ce este de corectat."))
    _decide(ledger, county, uat_siruta, month, ("filed", "accepted"), "returned", said, actor=actor)


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
        before = _state(connection, uat_siruta, month)
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


def version(ledger: Ledger) -> str:
    """Give a short text that changes whenever a figure or a report does: what readers key their caches by."""
    figure, report = monthly_figures.c, monthly_reports.c
    with ledger.store.read() as connection:
        last = connection.execute(select(func.max(figure.entry_id))).scalar()
        count, filed, decided = connection.execute(
            select(func.count(), func.max(report.filed_at), func.max(report.decided_at))
        ).one()
    return f"{last}:{count}:{filed}:{decided}"
