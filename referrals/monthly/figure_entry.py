"""What communities say of each month: figures with their history.

A figure is appended and never changed; the newest of a community, month and indicator counts, and a figure
without a value takes the one before back. Figures of a whole county or of the country stand under UAT 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from core.i18n import _
from referrals.database.models import monthly_figures, monthly_reports
from referrals.monthly.figure_checks import BadFigureError, check_figures, refuse_unlikely
from referrals.records import roles
from referrals.records.ledger_errors import WrongStateError
from referrals.records.roles import Area
from referrals.records.vocabulary import FILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.monthly.figure_checks import Bound, CheckedFigure
    from referrals.records.vocabulary import Actor

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


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
    source
        Where it comes from; "" = as the others that are entered with it.
    """

    county: str
    uat_siruta: int
    month: str
    indicator: str
    value: int | None
    source: str = ""


def enter(
    ledger: Ledger,
    figures: Iterable[Figure],
    bounds: Mapping[str, Bound],
    *,
    actor: Actor,
    source: str = "screen",
    confirmed: Mapping[tuple[int, str], Mapping[str, int]] | None = None,
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
    confirmed
        Given, the figures of each community and month are held to the rules of a report, as they stand after this
        (`figure_checks`): the values to which yes was said, by SIRUTA and month, by code. None: a draft, which is
        held to them when it is filed.

    Returns
    -------
    int
        How many differed from what was known.

    Raises
    ------
    BadFigureError
        For an indicator, month or value that cannot be, or figures that contradict each other or lack a yes.
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
        known = newest(connection, {(f.county, f.uat_siruta, f.month) for f in wanted})
        fresh = [f for f in wanted if known.get((f.county, f.uat_siruta, f.month, f.indicator)) != f.value]
        reports = {(f.uat_siruta, f.month) for f in fresh if f.uat_siruta}
        for uat, month in sorted(reports):
            require_open(connection, uat, month)
        if confirmed is not None:
            for (uat, month), checked in checked_months(connection, wanted, bounds).items():
                refuse_unlikely(checked, confirmed=confirmed.get((uat, month), {}), where=f"{uat}, {month}:")
        now = ledger.clock()
        rows = [
            {
                **vars_of(f),
                "source": f.source or source,
                "entered_at": now,
                "role": actor.role,
                "account": actor.account,
            }
            for f in fresh
        ]
        if rows:
            connection.execute(insert(monthly_figures), rows)
    return len(fresh)


def check(
    ledger: Ledger, figures: Iterable[Figure], bounds: Mapping[str, Bound], *, actor: Actor
) -> dict[tuple[int, str], list[CheckedFigure]]:
    """Hold figures, as they would stand after they were entered, to each other and to the month before.

    Parameters
    ----------
    ledger
        Where the others are kept.
    figures
        What would be entered; nothing is written.
    bounds
        The indicators that may be entered, by code.
    actor
        Who asks.

    Returns
    -------
    dict
        From the SIRUTA code and month of each community to `check_figures` of it.

    Raises
    ------
    BadFigureError
        For an indicator, month or value that cannot be.
    NotAllowedError
        Where the actor may not enter figures of an area.
    """
    wanted = list(figures)
    for figure in wanted:
        roles.require(actor, "monthly.enter", Area(figure.county, figure.uat_siruta))
        _check(figure, bounds, month_of(ledger))
    with ledger.store.read() as connection:
        return checked_months(connection, wanted, bounds)


def checked_months(
    connection: Connection, wanted: list[Figure], bounds: Mapping[str, Bound]
) -> dict[tuple[int, str], list[CheckedFigure]]:
    """Hold figures to each other and to the month before, laid over those that are kept, in a transaction."""
    areas = {(f.county, f.uat_siruta, f.month) for f in wanted if f.uat_siruta}
    known = newest(connection, areas | {(county, uat, month_before(month)) for county, uat, month in areas})
    known |= {(f.county, f.uat_siruta, f.month, f.indicator): f.value for f in wanted}

    def of(county: str, uat: int, month: str) -> dict[str, int | None]:
        return {code: known.get((county, uat, month, code)) for code in bounds}

    return {
        (uat, month): check_figures(of(county, uat, month), of(county, uat, month_before(month)), bounds)
        for county, uat, month in sorted(areas)
    }


def month_before(month: str) -> str:
    """Return the month before another.

    >>> month_before("2026-01"), month_before("2026-10")
    ('2025-12', '2026-09')
    """
    year, of_year = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if of_year == 1 else f"{year}-{of_year - 1:02}"


def vars_of(figure: Figure) -> dict[str, Any]:
    """Return the fields of a figure."""
    return {name: getattr(figure, name) for name in ("county", "uat_siruta", "month", "indicator", "value")}


def month_of(ledger: Ledger) -> str:
    """Return the month that it is now in Bucharest, as 2026-11."""
    from core.romanian_calendar import BUCHAREST

    return f"{ledger.clock().astimezone(BUCHAREST):%Y-%m}"


def require_month(ledger: Ledger, month: str) -> None:
    """Refuse what is no month, or one that has not begun: BadFigureError."""
    _check_month(month, month_of(ledger))


def _check_month(month: str, this_month: str) -> None:
    if not _MONTH.fullmatch(month) or month > this_month:
        raise BadFigureError(
            _("Luna „{month}” nu este una încheiată sau în curs, de forma 2026-03.").format(month=month[:20])
        )


def _check(figure: Figure, bounds: Mapping[str, Bound], this_month: str) -> None:
    _check_month(figure.month, this_month)
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


def newest(connection: Connection, areas: set[tuple[str, int, str]]) -> dict[tuple[str, int, str, str], int | None]:
    """Read the figures in force of areas, by county, SIRUTA, month and indicator; others may come with them."""
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


def state_of(connection: Connection, uat_siruta: int, month: str) -> str:
    """Read in which state the report of a month is; blank where none was filed."""
    table = monthly_reports.c
    query = select(table.state).where(table.uat_siruta == uat_siruta, table.month == month)
    return str(connection.execute(query).scalar() or "")


def require_open(connection: Connection, uat_siruta: int, month: str) -> None:
    """Refuse a month whose report is filed or accepted: WrongStateError."""
    if state_of(connection, uat_siruta, month) in FILED:
        raise WrongStateError(
            _(
                "Raportul lunii {month} este depus; cereți unității județene să îl returneze pentru a schimba cifrele."
            ).format(month=month)
        )
