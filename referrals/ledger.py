"""The ledger as others see it: open it, report places, refer, answer, read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geo.home import Home
from referrals import audit, capacity
from referrals.migrate import ensure_current
from referrals.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from referrals.facts import Actor, CapacityReport


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Ledger:
    """An open ledger. Safe to share between threads; every process opens its own."""

    store: Store
    clock: Callable[[], datetime] = field(default=utc_now)

    def close(self) -> None:
        """Let the database go."""
        self.store.close()

    def report_capacity(
        self,
        service_id: str,
        *,
        places_free: int | None,
        places_max: int | None = None,
        status: str | None = None,
        source: str,
        actor: Actor,
        reported_at: datetime | None = None,
    ) -> CapacityReport:
        """Append what is known of a service's places (a call, a link, a file): never changed afterwards.

        `status` follows from `places_free` where it is not given. `reported_at` is the moment the number
        was true (now, where not given): referrals accepted by then are counted out of it already.
        Raises BadReportError where number and status contradict each other.
        """
        with self.store.write() as connection:
            return capacity.report(
                connection,
                service_id,
                places_free=places_free,
                places_max=places_max,
                status=status,
                source=source,
                actor=actor,
                reported_at=reported_at,
                now=self.clock(),
            )

    def capacity_now(self, service_ids: Iterable[str] | None = None, *, now: datetime | None = None) -> pd.DataFrame:
        """Tell what is free now, one row per service that has any report or hold.

        Columns: `service_id`; `status` (a service whose last free place is held or taken reads `full`);
        `places_free` free now, NA where no number was reported; `places_reported`, `places_max`,
        `places_reported_at` (UTC) as last reported; `held` open holds; `over_promised` more held than the
        last report has room for; `source` of the report. A hold past its time counts as given back.
        """
        with self.store.read() as connection:
            return capacity.now_table(connection, service_ids, now or self.clock())

    def event_counter(self) -> int:
        """Give a number that grows with every change of what `capacity_now` says (but for the passing of time)."""
        with self.store.read() as connection:
            return audit.events(connection)

    def verify_audit(self) -> list[audit.Break]:
        """Walk the audit trail; an empty list means no row was altered, removed or added."""
        with self.store.read() as connection:
            return audit.verify(connection)

    def verify_counts(self) -> list[str]:
        """Count every service's places anew from reports and referrals; give the services that disagree."""
        with self.store.read() as connection:
            return capacity.recount(connection)


def open_ledger(home_or_url: Home | str, *, clock: Callable[[], datetime] = utc_now) -> Ledger:
    """Open the ledger of a home, or at a database address; its schema is made or migrated where needed."""
    url = home_or_url.database_url if isinstance(home_or_url, Home) else home_or_url
    store = open_store(url)
    ensure_current(store)
    return Ledger(store, clock)
