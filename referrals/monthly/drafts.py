"""What was typed of a month and is not filed yet: kept in the database, so that it survives a restart.

A draft belongs to a community's month and to the role that types it: the team's own, and the county unit's own. It is
no figure: nothing counts it, nothing exports it, and filing the month erases it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from referrals.database.models import monthly_drafts
from referrals.monthly.figure_entry import require_month, require_open
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

    from referrals.ledger.ledger import Ledger
    from referrals.monthly.figure_checks import Bound
    from referrals.records.vocabulary import Actor

_MOST = 10**9  # what is typed wrong is kept too, to be corrected; no number beyond this is a count of anything


def save_draft(
    ledger: Ledger,
    county: str,
    uat_siruta: int,
    month: str,
    values: Mapping[str, int | None],
    *,
    actor: Actor,
    bounds: Mapping[str, Bound],
) -> None:
    """Keep what was typed of a month; nothing typed takes the draft away.

    Parameters
    ----------
    ledger
        Where it is kept.
    county, uat_siruta, month
        Which month of which community.
    values
        What was typed, by code of the indicator; None = emptied. Other codes are left out.
    actor
        Who types; a draft of another role stays as it is.
    bounds
        The indicators that may be entered.

    Raises
    ------
    BadFigureError
        For a month that is not over or going on.
    NotAllowedError
        Where the actor may not enter figures of this community.
    WrongStateError
        Where the report is filed or accepted: there is nothing to type.
    """
    roles.require(actor, "monthly.enter", Area(county, uat_siruta))
    require_month(ledger, month)
    kept = {code: value for code, value in values.items() if code in bounds and abs(value or 0) <= _MOST}
    with ledger.store.write() as connection:
        require_open(connection, uat_siruta, month)
        connection.execute(delete(monthly_drafts).where(*_of(uat_siruta, month, actor.role)))
        if kept:
            row = {"role": actor.role, "uat_siruta": uat_siruta, "month": month, "county": county}
            figures = json.dumps(kept, separators=(",", ":"), sort_keys=True)
            connection.execute(insert(monthly_drafts), {**row, "figures": figures, "saved_at": ledger.clock()})


def load_draft(
    ledger: Ledger, county: str, uat_siruta: int, month: str, *, actor: Actor, bounds: Mapping[str, Bound]
) -> dict[str, int | None]:
    """Return what this role typed of a month and did not file.

    Parameters
    ----------
    ledger
        Where it is kept.
    county, uat_siruta, month
        Which month of which community.
    actor
        Who types.
    bounds
        The indicators that may be entered.

    Returns
    -------
    dict
        Values by code of the indicator, None where it was emptied; without what was never typed.

    Raises
    ------
    NotAllowedError
        Where the actor may not enter figures of this community.
    """
    roles.require(actor, "monthly.enter", Area(county, uat_siruta))
    table = monthly_drafts.c
    query = select(table.figures).where(*_of(uat_siruta, month, actor.role), table.county == county)
    with ledger.store.read() as connection:
        found = connection.execute(query).scalar()
    return {code: value for code, value in json.loads(found or "{}").items() if code in bounds}


def erase_drafts(connection: Connection, uat_siruta: int, month: str) -> None:
    """Erase every draft of a month, of all roles, within a transaction: it is filed."""
    connection.execute(delete(monthly_drafts).where(*_of(uat_siruta, month)))


def _of(uat_siruta: int, month: str, role: str = "") -> list[ColumnElement[bool]]:
    table = monthly_drafts.c
    asked = [table.uat_siruta == uat_siruta, table.month == month]
    return [*asked, table.role == role] if role else asked
