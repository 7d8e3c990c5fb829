"""Which services' places moved since the ledger was last looked at: what a screen or a question reads again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals.database import audit
from referrals.database.models import referrals

if TYPE_CHECKING:
    from referrals.database.audit import AuditMarks
    from referrals.database.store import LedgerStore

MOST = 400  # above this many it costs less to read all


def marks_of(store: LedgerStore) -> AuditMarks:
    """Return where the ledger's audit log stands."""
    with store.read() as connection:
        return audit.marks(connection)


def services_moved_since(store: LedgerStore, before: AuditMarks) -> list[str] | None:
    """List the services whose places moved since then.

    Parameters
    ----------
    store
        The ledger's database.
    before
        Where its audit log stood.

    Returns
    -------
    list of str or None
        Their ids as the ledger keeps them, sorted; None where there are more than `MOST`.
    """
    with store.read() as connection:
        subjects = audit.subjects_since(connection, before, MOST)
        if not subjects:
            return subjects
        # A row names the service itself, or the referral that moved its place.
        query = select(referrals.c.referral_id, referrals.c.service_id).where(referrals.c.referral_id.in_(subjects))
        service_of = {row.referral_id: row.service_id for row in connection.execute(query)}
    return sorted({service_of.get(subject, subject) for subject in subjects})
