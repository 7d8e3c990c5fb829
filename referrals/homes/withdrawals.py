"""What is open at the services that an import withdrew: named in its report, so that nobody is forgotten there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.storage.editions import EditionStore
from providers.imports.import_report import Withdrawn
from referrals.ledger.open_at_services import open_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from core.storage.editions import Edition
    from core.storage.home import Home
    from providers.imports.import_report import ImportReport
    from referrals.ledger.ledger import Ledger


def with_open(report: ImportReport, ledger: Ledger) -> ImportReport:
    """Add to a report the open referrals at each service that is withdrawn."""
    return replace(report, withdrawn=_with_open(report.withdrawn, ledger))


def _with_open(rows: Iterable[Withdrawn], ledger: Ledger) -> tuple[Withdrawn, ...]:
    named = list(rows)
    found = open_at(ledger, [each.service_id for each in named])
    nothing: tuple[tuple[str, ...], int] = ((), 0)
    items = ((each, *found.get(each.service_id, nothing)) for each in named)
    return tuple(replace(each, referrals=numbers, held=held) for each, numbers, held in items)


def still_open(home: Home, ledger: Ledger, slot: str) -> tuple[Withdrawn, ...]:
    """Name the public services that a source no longer has and at which something is open now."""
    now = EditionStore(home).latest_edition(slot)
    if now is None or "withdrawn" not in now.tables():
        return ()
    table = now.table("withdrawn", ["service_id", "name", "is_secret"])
    return _open_among(table, ledger)


def would_stay_open(ledger: Ledger, staged: Edition) -> tuple[Withdrawn, ...]:
    """Name the public services that an edition that waits would withdraw and at which something is open now."""
    if "withdrawn" not in staged.tables():
        return ()
    table = staged.table("withdrawn", ["service_id", "name", "is_secret", "withdrawn_on"])
    return _open_among(table[table["withdrawn_on"] == staged.manifest.as_of], ledger)


def _open_among(table: pd.DataFrame, ledger: Ledger) -> tuple[Withdrawn, ...]:
    public = table[~table["is_secret"].astype("bool")]
    rows = (Withdrawn(key, name) for key, name in zip(public["service_id"], public["name"], strict=True))
    return tuple(each for each in _with_open(rows, ledger) if each.referrals)
