"""A backup of the whole home as one file: editions, ledger, the home's record and the anchors.

It is taken from one state while others go on working (nobody publishes meanwhile), read back once, and only then gets
its name: a run that was killed leaves no backup, or the whole one. It holds personal data and protected addresses as
the home does: keep it as safe.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.i18n import _
from core.storage.editions import EditionStore
from core.storage.home import sync
from core.storage.import_kinds import KINDS
from referrals.backups import archive, ledger_copy
from referrals.database import audit
from referrals.ledger import erasure_list
from referrals.records import roles
from referrals.records.ledger_errors import BackupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from core.storage.home import Home
    from referrals.database.store import LedgerStore
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_PART = re.compile(r"\..+\.(\d+)(?:\.ledger)?\.harta-part.*")
_ABANDONED_S = 24 * 3600.0


@dataclass(frozen=True)
class Backup:
    """What a backup holds: rows per table of the ledger, how many editions, the size and digest of its file.

    made_at: the moment (ISO 8601, UTC) of its state.
    """

    path: Path
    made_at: str
    mode: str
    rows: dict[str, int]
    editions: int
    size: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            "file": str(self.path),
            "made_at": self.made_at,
            "mode": self.mode,
            "referrals": self.rows.get("referrals", 0),
            "rows": self.rows,
            "editions": self.editions,
            "bytes": self.size,
            "sha256": self.sha256,
            "erasures": str(erasure_list.beside(self.path)),
        }


def backup(home: Home, ledger: Ledger, path: Path, *, actor: Actor) -> Backup:
    """Write a backup of a home as one file, and a list of erasures beside it.

    From now on the home writes erasures beside this file too, for as long as it stays there.

    Parameters
    ----------
    home
        The home, also while it is served. Editions that wait to be published are not in the backup.
    ledger
        Its ledger.
    path
        The file to be; it must not be there yet.
    actor
        Who makes it; written in the audit log.

    Returns
    -------
    Backup
        What it holds, read back from the file.

    Raises
    ------
    NotAllowedError
        Where the actor may not keep backups.
    BackupError
        Where the file cannot be written, or the home itself does not hold (`harta doctor` says where).
    """
    roles.require(actor, "store.keep")
    path = path.absolute()
    with _to_be_written(path) as side:
        _log(ledger, "store.backup", actor)
        made_at = ledger.clock().isoformat(timespec="seconds")
        made = _write(home, path, side, made_at, lambda copy: ledger_copy.write_copy(ledger.store, copy))
        with ledger.store.read() as connection:
            erasure_list.write(erasure_list.beside(path), erasure_list.collect(connection, ledger.clock()))
        side.replace(path)
        sync(path.parent)
    erasure_list.add_backup(home.path, path)
    ledger.keep_erasures()
    return made


def backup_before_migration(home: Home, store: LedgerStore, path: Path, schema: str, *, now: datetime) -> Backup:
    """Write a backup of a home whose ledger is of an earlier schema, as it is: what `backup` writes, one step back.

    The program that the home is of can bring it back, and so can this one, which migrates it on the way. The list of
    erasures beside it is written once the ledger is of this program's schema (`keep_beside`).
    Raises BackupError where it cannot be written.
    """
    with _to_be_written(path) as side:
        made_at = now.isoformat(timespec="seconds")
        made = _write(home, path, side, made_at, lambda copy: ledger_copy.write_copy_of_old(store, copy, schema))
        side.replace(path)
        sync(path.parent)
    return made


def keep_beside(home: Home, ledger: Ledger, path: Path) -> None:
    """Write the list of erasures beside a backup that has none yet, and keep it up to date from now on."""
    with ledger.store.read() as connection:
        erasure_list.write(erasure_list.beside(path), erasure_list.collect(connection, ledger.clock()))
    erasure_list.add_backup(home.path, path)
    ledger.keep_erasures()


@contextmanager
def _to_be_written(path: Path) -> Iterator[Path]:
    """Give the name under which a backup is written before it gets its own; nothing is left where the block raises."""
    if path.exists():
        raise BackupError(_("{path} există deja. Alegeți alt nume.").format(path=path))
    if not path.parent.is_dir():
        raise BackupError(_("Dosarul {path} nu există. Faceți-l întâi, sau alegeți altul.").format(path=path.parent))
    sweep(path.parent)
    side = path.with_name(f".{path.name}.{os.getpid()}.harta-part")
    try:
        yield side
    except OSError as error:
        raise BackupError(
            _("Copia de siguranță nu poate fi scrisă: {why}. Nimic nu s-a schimbat.").format(
                why=error.strerror or error
            )
        ) from error
    finally:
        side.unlink(missing_ok=True)


def _write(home: Home, path: Path, side: Path, made_at: str, copy_ledger: Callable[[Path], dict[str, int]]) -> Backup:
    """Write the archive `side` of a state in which nobody publishes, and read it back."""
    copy = path.with_name(f".{path.name}.{os.getpid()}.ledger.harta-part")
    try:
        with EditionStore(home).held_still():
            # Anchors first: what they speak of is then in the copy of the ledger, which is taken after them.
            kept = {
                name: (home.path / name).read_bytes() for name in archive.OF_THE_HOME if (home.path / name).exists()
            }
            rows = copy_ledger(copy)
            files = _edition_files(home)
            values = {"made_at": made_at, "mode": home.mode, "home": str(home.path), "rows": rows}
            archive.pack(side, values, kept, {archive.LEDGER: copy, **files})
        found = archive.checked_list(side, read_all=True)
        return Backup(path, made_at, home.mode, rows, archive.count_editions(found), side.stat().st_size, _digest(side))
    finally:
        for left in path.parent.glob(f"{copy.name}*"):
            left.unlink(missing_ok=True)


def _edition_files(home: Home) -> dict[str, Path]:
    """List the files of the published editions by their names in the archive."""
    found = {}
    for slot in (slot for kind in KINDS for slot in EditionStore(home).slots(kind)):
        folder = home.editions / slot
        for path in (folder / "current", *sorted(folder.glob("*/*"))):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
                found[f"editions/{path.relative_to(home.editions).as_posix()}"] = path
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sweep(folder: Path) -> None:
    """Take away what killed runs left half written in a folder of backups."""
    for left in folder.iterdir():
        named = _PART.fullmatch(left.name)
        with suppress(OSError):
            if named and (not _is_running(int(named[1])) or left.stat().st_mtime < time.time() - _ABANDONED_S):
                left.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OSError):
        return True
    return True


def _log(ledger: Ledger, action: str, actor: Actor) -> None:
    with ledger.store.write() as connection:
        audit.lock(connection, ["ledger"])
        audit.append(connection, "ledger", audit.AuditEvent(action, "ledger"), actor=actor, at=ledger.clock())
