"""A home brought to this program's version: a backup of what it was, the migration, the examination after it.

Every command migrates a ledger that it finds older than itself; this is the way with a way back. `harta serve` goes
it by itself where a live home is behind, so that a ledger in use is never migrated without a backup.
"""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.i18n import _
from core.storage.home import make_private_folder
from referrals.backups import creation
from referrals.database.database_errors import in_words
from referrals.database.models import HEAD
from referrals.database.schema_migration import revision
from referrals.database.store import open_store
from referrals.homes.maintenance import backups_folder
from referrals.ledger import erasure_list
from referrals.ledger.ledger import open_ledger
from referrals.records import roles
from referrals.records.ledger_errors import BackupError, StoreDamagedError, StoreMissingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.storage.home import Home
    from referrals.records.vocabulary import Actor

_NAME, _PATTERN = "harta-before-{schema}-%Y-%m-%dT%H%M%S.zip", "harta-before-*.zip"
_KEPT = 3  # backups of this kind: what was erased since must not stay for ever


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade found and did: the schema of the ledger before and now, and the backup, if one was due."""

    found: str
    schema: str
    backup: Path | None = None

    @property
    def is_due(self) -> bool:
        """Whether the ledger was of an earlier schema."""
        return self.found != self.schema

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        backup = str(self.backup) if self.backup else None
        return {"found": self.found, "schema": self.schema, "due": self.is_due, "backup": backup}

    def lines(self) -> list[str]:
        """Return in words what was found and done, and the way back."""
        if not self.is_due:
            return [_("Baza de date este la versiunea programului ({schema}).").format(schema=self.schema)]
        if self.backup is None:
            return [
                _("Baza de date este la versiunea {found}, programul la {schema}: rulați „harta upgrade”.").format(
                    found=self.found, schema=self.schema
                )
            ]
        return [
            _("Copia de dinainte: {path}").format(path=self.backup),
            _("Baza de date a trecut de la versiunea {found} la {schema} și este în ordine.").format(
                found=self.found, schema=self.schema
            ),
            _("Drumul înapoi, cu programul de dinainte: {command}").format(command=way_back(self.backup)),
        ]


def way_back(backup: Path) -> str:
    """Return the command that brings back what was before, with the program of before."""
    return f"HARTA_HOME=… harta restore {backup}"


def find_upgrade(home: Home) -> Upgrade:
    """Return which schema the ledger has and which it should have; nothing is changed. LedgerError where it is gone."""
    try:
        with closing(open_store(home.database_url, may_create=False)) as store, in_words():
            return Upgrade(revision(store) or HEAD, HEAD)
    except StoreMissingError:
        if home.record().is_begun:
            raise
        return Upgrade(HEAD, HEAD)  # its making was interrupted: the first opening begins the ledger


def upgrade_home(home: Home, *, actor: Actor, tell: Callable[[str], object] = lambda _words: None) -> Upgrade:
    """Bring a home to this program's version: first a backup, then the migration, then the examination.

    Parameters
    ----------
    home
        The home; nobody should be at work in it.
    actor
        Who does it.
    tell
        Is told which step is under way.

    Returns
    -------
    Upgrade
        What was found and done; nothing where the ledger is of this version.

    Raises
    ------
    BackupError
        The backup cannot be made: nothing was migrated.
    StoreDamagedError
        The ledger is newer than the program, or does not hold after the migration; the sentence says the way back.
    """
    roles.require(actor, "store.keep")
    found = find_upgrade(home)
    if found.found >= found.schema:
        open_ledger(home).close()  # refuses one that is newer
        return found
    tell(_("Fac copia de siguranță…"))
    backup = _back_up(home, found.found)
    tell(_("Aduc baza de date la versiunea {schema}…").format(schema=HEAD))
    with closing(open_ledger(home)) as ledger:
        creation.keep_beside(home, ledger, backup)
        faults = [*ledger.verify_storage(), *map(str, ledger.verify_audit()), *ledger.verify_counts()]
    if faults:
        raise StoreDamagedError(
            _("După actualizare baza de date nu este în ordine: {why}. Drumul înapoi: {command}").format(
                why=faults[0], command=way_back(backup)
            )
        )
    return Upgrade(found.found, HEAD, backup)


def _back_up(home: Home, schema: str) -> Path:
    folder, now = backups_folder(home) or home.path / "backups", datetime.now(UTC)
    try:
        make_private_folder(folder)
    except OSError as error:
        raise BackupError(
            _("Dosarul copiilor {path} nu poate fi făcut: {why}").format(path=folder, why=error.strerror or error)
        ) from error
    with closing(open_store(home.database_url, may_create=False)) as store:
        path = folder / now.strftime(_NAME.format(schema=HEAD))
        made = creation.backup_before_migration(home, store, path, schema, now=now)
    for old in sorted(folder.glob(_PATTERN), key=lambda each: each.stat().st_mtime, reverse=True)[_KEPT:]:
        with suppress(OSError):
            old.unlink()
            erasure_list.beside(old).unlink(missing_ok=True)
    return made.path
