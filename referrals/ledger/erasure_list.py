"""What a backup must not bring back: erased referrals, closed accounts, revoked links and tokens, in a file of numbers.

A backup taken yesterday knows nothing of what was erased today. The audit log does, but it lies in the database that
may be lost; so its numbers stand in a file of the home too, and in one beside every backup. The numbers are those
that the ledger keeps anyway: no case code, no name. `harta restore` applies them before anybody can sign in.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.i18n import _
from core.storage.home import write_atomically
from referrals.database import models
from referrals.records.ledger_errors import BackupError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


FILE = "erasures.json"
SUFFIX = ".erasures.json"
BACKUPS = "backups.json"  # where backups of this home were put
_FIELDS = {
    "case.erase": "referrals",
    "case.retention": "referrals",
    "account.close": "accounts",
    "link.revoke": "links",
    "token.revoke": "tokens",
    "record.erase": "records",
    "record.retention": "records",
}
_LISTS = ("referrals", "accounts", "links", "tokens", "records")


@dataclass(frozen=True)
class ErasureList:
    """Numbers of erased referrals, closed accounts, revoked links and tokens, erased case records, each list in order.

    records: digests of case codes (`referrals.case_erasure`).
    made_at: the moment (ISO 8601, UTC) up to which the list is complete.
    """

    made_at: str
    referrals: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    def __or__(self, other: ErasureList) -> ErasureList:
        """Join two lists."""
        return ErasureList(
            max(self.made_at, other.made_at),
            *(tuple(sorted({*getattr(self, n), *getattr(other, n)})) for n in _LISTS),
        )


def collect(connection: Connection, now: datetime) -> ErasureList:
    """List what the audit log says was erased, closed or revoked so far."""
    log = models.audit.c
    query = select(log.action, log.subject).where(log.action.in_(_FIELDS), log.after != "refused")
    found: dict[str, set[str]] = {name: set() for name in _LISTS}
    for action, subject in connection.execute(query):
        found[_FIELDS[action]].add(subject)
    return ErasureList(now.isoformat(timespec="seconds"), **{name: tuple(sorted(some)) for name, some in found.items()})


def read(path: Path) -> ErasureList:
    """Read a list; BackupError where the file is none of ours."""
    try:
        payload = json.loads(path.read_text(encoding="utf-8"))
        for later in ("tokens", "records"):  # a list of an earlier version knows of none
            payload.setdefault(later, [])
        lists = {name: tuple(str(one) for one in payload[name]) for name in _LISTS}
        return ErasureList(str(datetime.fromisoformat(payload["made_at"]).isoformat(timespec="seconds")), **lists)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(
            _("Lista ștergerilor {path} nu poate fi citită: {why}").format(path=path, why=str(error)[:120])
        ) from None


def write(path: Path, some: ErasureList) -> None:
    """Write a list, whole or not at all."""
    write_atomically(path, json.dumps(asdict(some), ensure_ascii=False, indent=1).encode(), is_private=True)


def beside(backup: Path) -> Path:
    """Return where the list of a backup stands: beside it, under its name and one more ending."""
    return backup.with_name(backup.name + SUFFIX)


def keep(folder: Path, connection: Connection, now: datetime) -> list[Path]:
    """Write the list into the home and beside every backup made of it; return the backups that could not be reached.

    A backup that was moved or deleted is forgotten; one whose disk is away stays known, and is named.
    """
    some = collect(connection, now)
    write(folder / FILE, some)
    unreached, known = [], []
    for backup in known_backups(folder):
        if backup.parent.is_dir() and not backup.exists():
            continue
        known.append(backup)
        try:
            write(beside(backup), some)
        except OSError:
            unreached.append(backup)
    if known != known_backups(folder):
        _remember(folder, known)
    return unreached


def known_backups(folder: Path) -> list[Path]:
    """List where backups of a home were put, oldest first."""
    try:
        return [Path(str(each)) for each in json.loads((folder / BACKUPS).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def add_backup(folder: Path, backup: Path) -> None:
    """Remember where a backup was put, so that the erasures to come are written beside it."""
    known = [each for each in known_backups(folder) if each != backup]
    _remember(folder, [*known, backup])


def _remember(folder: Path, backups: Iterable[Path]) -> None:
    write_atomically(folder / BACKUPS, json.dumps([str(each) for each in backups], indent=1).encode(), is_private=True)
