"""A decision of the county unit taken back a moment later: the report waits again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.i18n import _
from referrals.database import audit, refused_attempts
from referrals.field import field_reports
from referrals.field.withdrawn_reports import WITHIN
from referrals.records import roles
from referrals.records.ledger_errors import BadReportError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.field.field_reports import FieldReport
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


def reopen(ledger: Ledger, report_id: int, *, actor: Actor) -> FieldReport:
    """Take a decision of a moment ago back: the report waits again.

    Parameters
    ----------
    ledger
        Where the report stands.
    report_id
        Its number.
    actor
        Who decided, at most WITHIN ago.

    Returns
    -------
    FieldReport
        As it waits again.

    Raises
    ------
    UnknownFieldReportError
        For a number that is none.
    NotAllowedError
        Where the actor may not settle reports of this county.
    BadReportError
        Where it was decided by another or longer ago, or another report of the same fact waits meanwhile.
    """
    found = field_reports.by_id(ledger, report_id)
    with refused_attempts.noted(ledger.store, "field.settle", found.service_id, actor=actor, clock=ledger.clock):
        roles.require(actor, "field.settle", Area(county=found.county, service_id=found.service_id))
    with ledger.store.write() as connection:
        audit.lock(connection, [found.service_id])
        found, now = field_reports.read_report(connection, report_id), ledger.clock()
        is_own = found.state in ("accepted", "rejected") and found.settled_by == actor.account
        is_late = found.settled_at is None or not timedelta(0) <= now - found.settled_at <= WITHIN
        is_provider = found.role == field_reports.PROVIDER
        if (
            not is_own
            or is_late
            or field_reports.waiting_report(connection, found.service_id, found.what, is_provider=is_provider)
        ):
            raise BadReportError(_("Decizia nu mai poate fi anulată. Semnalați din nou ce este adevărat acum."))
        field_reports.change_report(connection, report_id, state="open", settled_by="", settled_at=None)
        step = audit.AuditEvent(
            "field.reopen", found.service_id, before=f"{report_id}:{found.state}", after="open", reason=found.what
        )
        audit.append(connection, found.service_id, step, actor=actor, at=now)
        return field_reports.read_report(connection, report_id)
