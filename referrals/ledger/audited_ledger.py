"""A database with an audit log that nobody can alter unseen: what every reading and writing of a ledger stands on."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING

from core.i18n import _
from core.romanian_calendar import BUCHAREST
from referrals.database import anchors, audit, integrity, refused_attempts
from referrals.ledger import queries
from referrals.ledger.referral_request import validate_case_reference
from referrals.places import capacity
from referrals.records import roles
from referrals.records.ledger_errors import UnknownCaseError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from referrals.database.audit import AuditMarks
    from referrals.database.store import LedgerStore
    from referrals.records.vocabulary import Actor


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


_NUMBERS = count()  # never the same twice in a process


@dataclass
class _SeenChanges:
    """Where the audit log stood when it was looked at last, and the number that was given then."""

    marks: AuditMarks | None = None
    number: int = -1
    turn: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class AuditedLedger:
    """The database of a ledger, its clock, and its audit log: kept, read and verified.

    Attributes
    ----------
    store
        The database.
    clock
        Tells the time, UTC.
    folder
        The home's folder: what must outlive or contradict the database stands there (anchors, erasures); None =
        nowhere.
    """

    store: LedgerStore
    clock: Callable[[], datetime] = field(default=utc_now)
    folder: Path | None = None
    _seen: _SeenChanges = field(default_factory=_SeenChanges, init=False, repr=False, compare=False)

    def close(self) -> None:
        """Let the database go."""
        self.store.close()

    def notice(self) -> str:
        """Return what whoever reads should know of the database: that its disk is full; empty where all is well."""
        if not self.store.connection_checks.is_full:
            return ""
        return _("Discul este plin: se poate citi, dar nimic nu se poate scrie. Eliberați spațiu pe disc.")

    def today(self) -> date:
        """Return the day in Romania by this ledger's clock."""
        return self.clock().astimezone(BUCHAREST).date()

    # --- the audit log ----------------------------------------------------------------------------------

    def audit_log(self, *, actor: Actor, subject: str = "", case_ref: str = "", limit: int = 1000) -> pd.DataFrame:
        """List the newest rows of the audit log (of one referral, service, link or account, or of a case, where asked).

        Of a case: all that concerns its referrals, and who listed the referrals of its community meanwhile.
        Columns: at (UTC), role, account, action, subject, before, after, reason. Raises UnknownCaseError.
        """
        roles.require(actor, "audit.read")
        with self.store.read() as connection:
            if not case_ref.strip():
                return queries.audit_log_table(connection, [subject] if subject else [], limit)
            subjects, since = queries.subjects_of_case(connection, validate_case_reference(case_ref))
            if not subjects:
                raise UnknownCaseError(
                    _("Nu există niciun caz cu acest cod: nu a fost făcut aici, sau a fost deja șters.")
                )
            return queries.audit_log_table(connection, subjects, limit, since=since)

    def audit_log_length(self) -> int:
        """Count the rows of the audit log."""
        with self.store.read() as connection:
            return audit.length(connection)

    def change_number(self) -> int:
        """Return a number that is another one after whatever was done but reading, and never one that was given before.

        What is done leaves a row in the audit log; so does a look at „Astăzi”, after which nothing is to be made anew.
        """
        seen = self._seen
        with seen.turn, self.store.read() as connection:
            now = audit.marks(connection)
            if seen.marks is None or (seen.marks != now and audit.has_changes_since(connection, seen.marks, now)):
                seen.number = next(_NUMBERS)
            seen.marks = now
            return seen.number

    def event_counter(self) -> int:
        """Return a number that grows with every change of what `capacity_now` says (but for the passing of time)."""
        with self.store.read() as connection:
            return audit.events(connection)

    def log_secret_reading(self, service_id: str, *, county: str, actor: Actor) -> None:
        """Write in the audit log that somebody entitled opens a secret address; call it before showing it.

        Raises NotAllowedError for everybody else.
        """
        with self._refused_in_audit_log("secret.read", service_id, actor):
            roles.require(actor, "secret.read", Area(county=county, service_id=service_id))
        with self.store.write_together() as connection:
            audit.lock(connection, [service_id])
            step = audit.AuditEvent("secret.read", service_id)
            audit.append(connection, service_id, step, actor=actor, at=self.clock())
        self._anchor_or_log()

    def _refused_in_audit_log(self, action: str, subject: str, actor: Actor) -> AbstractContextManager[None]:
        return refused_attempts.noted(self.store, action, subject, actor=actor, clock=self.clock)

    # --- keeping it honest ------------------------------------------------------------------------------

    def verify_audit(self, besides: Iterable[anchors.Anchor] = ()) -> list[audit.IntegrityFault]:
        """Walk the audit log; an empty list means no row was altered, removed or added.

        The chains must also pass through the home's anchors and those of `besides` (a copy kept elsewhere).
        """
        every = [*self.read_anchors(), *besides]
        with self.store.read() as connection:
            found = audit.verify(connection)
            missed = anchors.broken(connection, every)
        return [*found, *(audit.IntegrityFault(-1, 0, "anchor", each.at) for each in missed[:1])]

    def anchor(self) -> anchors.Anchor | None:
        """Write the state of the audit log down outside the database; None where nothing came since the last time."""
        return None if self.folder is None else anchors.add(self.store, self.folder / anchors.FILE, self.clock())

    def _anchor_or_log(self) -> None:
        try:
            self.anchor()
        except OSError as error:  # the row is in the audit log all the same, and the next anchor is minutes away
            logging.getLogger("harta.audit").warning("%s", error)

    def read_anchors(self) -> list[anchors.Anchor]:
        """Read the anchors that the home has, oldest first."""
        return [] if self.folder is None else anchors.read(self.folder / anchors.FILE)

    def verify_storage(self) -> list[str]:
        """Let the database examine its own file, and read every row; give what it finds, in words."""
        return integrity.faults(self.store)

    def verify_clock(self) -> list[str]:
        """List the services whose last report lies in the future by this machine's clock."""
        with self.store.read() as connection:
            return capacity.from_future(connection, self.clock())

    def verify_counts(self) -> list[str]:
        """Count every service's places anew from reports and referrals; give the services that disagree."""
        with self.store.read() as connection:
            return capacity.recount(connection)
