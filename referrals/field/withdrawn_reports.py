"""A report of places noted by mistake: taken back by whoever noted it, while nothing rests on it yet.

The report itself goes, so that no figure counts it; that it was there and was withdrawn stays in the audit log.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from core.i18n import _
from referrals.database import audit, refused_attempts
from referrals.database.models import places, reports
from referrals.places import capacity
from referrals.records import roles
from referrals.records.ledger_errors import BadReportError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

ACTION = "capacity.withdraw"
WITHIN = timedelta(minutes=10)  # for whatever a person takes back
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


def withdraw_report(ledger: Ledger, report_id: int, *, actor: Actor) -> str:
    """Take a report of places back; what was known before it holds again.

    Parameters
    ----------
    ledger
        Where the report stands.
    report_id
        Its number.
    actor
        Who withdraws it: the account that noted it, at most `WITHIN` later.

    Returns
    -------
    str
        The key of its service in the ledger.

    Raises
    ------
    BadReportError
        Where it is not there any more, is another's or too old, or where a place was given on it since.
    NotAllowedError
        Where the actor may not report places.
    """
    with ledger.store.read() as connection:
        service_id = str(_of(connection, report_id, actor).service_id)
    with refused_attempts.noted(ledger.store, "capacity.report", service_id, actor=actor, clock=ledger.clock):
        roles.require(actor, "capacity.report", Area(service_id=service_id))
    with ledger.store.write() as connection:
        audit.lock(connection, [service_id])
        found, now = _of(connection, report_id, actor), ledger.clock()
        row = connection.execute(select(places).where(places.c.service_id == service_id)).one()
        is_last = row.reported_at == found.reported_at == row.clock
        if not is_last or not timedelta(0) <= now - found.recorded_at <= WITHIN:
            raise BadReportError(_("Nota nu mai poate fi anulată: notați din nou ce este adevărat acum."))
        connection.execute(delete(reports).where(reports.c.report_id == report_id))
        values = _known_before(connection, service_id)
        moment = capacity.next_timestamp(row.clock, now)
        connection.execute(update(places).where(places.c.service_id == service_id).values(clock=moment, **values))
        step = audit.AuditEvent(
            ACTION, service_id, before=f"{report_id}:{found.status}", after=str(values["status"]), moves_places=True
        )
        audit.append(connection, service_id, step, actor=actor, at=moment)
    return service_id


def _of(connection: Connection, report_id: int, actor: Actor) -> Row[Any]:
    found = connection.execute(select(reports).where(reports.c.report_id == report_id)).one_or_none()
    if found is None or (found.role, found.account) != (actor.role, actor.account):
        raise BadReportError(_("Nota aceasta nu mai este, sau a făcut-o altcineva."))
    return found


def _known_before(connection: Connection, service_id: str) -> dict[str, Any]:
    """Derive what `places` says of a service from the reports that are left."""
    own = reports.c.service_id == service_id
    most = select(reports.c.places_max).where(own, reports.c.places_max.is_not(None))
    places_max = connection.execute(most.order_by(reports.c.reported_at.desc()).limit(1)).scalar_one_or_none()
    if connection.execute(select(reports.c.report_id).where(own).limit(1)).one_or_none() is None:
        taken = capacity.taken_after(connection, service_id, _BEFORE_ALL)
        nothing = {"status": "unknown", "reported": None, "reported_at": None, "source": "", "places_max": None}
        return nothing | {"taken": taken}
    return capacity.latest(connection, service_id) | {"places_max": places_max}
