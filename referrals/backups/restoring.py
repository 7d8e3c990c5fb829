"""The way back of a backup into an empty home and an empty database: all of it, or nothing.

All is unpacked and checked beside, what was erased, closed or revoked since the backup is applied to the unpacked
ledger, and only then it comes in; until its last step the home is refused to everybody, and one that was killed is
begun anew by the same command.
"""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import HomeError
from core.i18n import _
from core.storage.home import (
    DATABASE_FILE,
    RESTORING,
    Home,
    home_path,
    make_private_folder,
    open_home,
    sync,
)
from referrals.backups import archive, erasure_replay, ledger_copy
from referrals.database import audit
from referrals.database.sqlite_file import sqlite_path
from referrals.ledger import erasure_list
from referrals.ledger.erasure_list import ErasureList
from referrals.ledger.ledger import open_ledger
from referrals.records import roles
from referrals.records.ledger_errors import BackupError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from referrals.records.vocabulary import Actor


@dataclass(frozen=True)
class Restored:
    """What a restore brought back, and what it applied of the time since the backup.

    lists: the lists of erasures that were read, each with the moment up to which it is complete.
    """

    home: Home
    made_at: str
    rows: dict[str, int]
    editions: int
    applied: ErasureList
    lists: tuple[tuple[Path, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            "home": str(self.home.path),
            "mode": self.home.mode,
            "made_at": self.made_at,
            "referrals": self.rows.get("referrals", 0),
            "rows": self.rows,
            "editions": self.editions,
            "erased": len(self.applied.referrals),
            "accounts_closed": len(self.applied.accounts),
            "links_revoked": len(self.applied.links),
            "tokens_revoked": len(self.applied.tokens),
            "records_erased": len(self.applied.records),
            "lists": [{"file": str(file), "made_at": made_at} for file, made_at in self.lists],
        }


def restore(
    path: Path,
    folder: Path | None = None,
    *,
    actor: Actor,
    lists: Sequence[Path] = (),
    without_erasures: bool = False,
    now: datetime | None = None,
) -> Restored:
    """Bring a backup back into an empty home: all of it, or nothing.

    Parameters
    ----------
    path
        The backup. It is not touched; one of an earlier version is migrated on the way.
    folder
        The home to be: a folder that is empty, or that `harta init` made and nobody used; HARTA_HOME where not
        given. The ledger goes where HARTA_DATABASE_URL says, else into the home.
    actor
        Who restores; written in the audit log.
    lists
        Lists of erasures; besides them the one beside the backup and the one of the home it was made of are
        read, where they are there.
    without_erasures
        Restore also where no list was found: whoever asks knows that nothing was erased since.
    now
        The moment, UTC; None = the clock's.

    Returns
    -------
    Restored
        What was brought back, and what was applied of the time since the backup.

    Raises
    ------
    BackupError
        The file is damaged or altered, the home or the database is not empty, or no list of erasures was found.
    """
    roles.require(actor, "store.keep")
    values = archive.look_into(path)
    target = (folder or home_path()).absolute()
    read = _lists(path, values, lists)
    if not read and not without_erasures:
        raise BackupError(
            _(
                "Nu am găsit lista ștergerilor făcute după copie ({beside}). Fără ea s-ar întoarce date care au fost "
                "șterse. Dați lista cu --erasures FIȘIER, sau spuneți --without-erasures dacă știți că nu s-a "
                "șters nimic."
            ).format(beside=erasure_list.beside(path))
        )
    home = Home(target, values["mode"])
    url = home.database_url
    if (target / RESTORING).exists():
        if not ledger_copy.is_empty(url):
            return _finish(home, values, read)  # killed after its last step but one: all is there
        _clear(target)
    else:
        _require_empty(home, url)
    moment = now or datetime.now(UTC)
    some = _joined([each for each, _from in read], moment)
    work = target / RESTORING
    try:
        make_private_folder(work)
        sync(target)
        archive.unpack(path, values, work)
        with ledger_copy.open_copy(work / archive.LEDGER) as connection:
            applied = erasure_replay.apply_erasures(connection, some, actor=actor, now=moment)
            step = audit.AuditEvent(
                "store.restore", "ledger", before=values["made_at"], after=str(len(applied.referrals))
            )
            audit.lock(connection, [step.subject])
            audit.append(connection, step.subject, step, actor=actor, at=moment)
        with ledger_copy.brought_back(work / archive.LEDGER, url) as rows:
            _move_in(work, target)
    except OSError as error:
        raise BackupError(
            _("Copia nu poate fi restaurată: {why}. Dosarul nu este pregătit; rulați din nou comanda.").format(
                why=error.strerror or error
            )
        ) from error
    shutil.rmtree(work)
    _after(home)
    return Restored(home, values["made_at"], rows, archive.count_editions(values), applied, _named(read))


def _lists(path: Path, values: dict[str, Any], given: Iterable[Path]) -> list[tuple[ErasureList, Path]]:
    """Read the lists of erasures: those given, the one beside the backup, the one of the home it was made of."""
    read = [(erasure_list.read(each), each) for each in given]
    found = (erasure_list.beside(path.absolute()), Path(str(values.get("home", ""))) / erasure_list.FILE)
    read.extend((erasure_list.read(each), each) for each in found if each.is_file())
    return read


def _named(read: list[tuple[ErasureList, Path]]) -> tuple[tuple[Path, str], ...]:
    return tuple((path, some.made_at) for some, path in read)


def _joined(some: Sequence[ErasureList], now: datetime) -> ErasureList:
    joined = ErasureList(now.isoformat(timespec="seconds"))
    for each in some:
        joined |= each
    return joined


def _require_empty(home: Home, url: str) -> None:
    """Raise BackupError unless the folder is empty, or of a home that was begun and never used; and the database."""
    path = sqlite_path(url)
    is_there = home.path.exists() and any(home.path.iterdir())
    if is_there and not _is_unused(home.path):
        raise BackupError(
            _("Dosarul {path} nu este gol. Restaurați într-unul nou (HARTA_HOME); aici nu se suprascrie nimic.").format(
                path=home.path
            )
        )
    if path is not None and not path.exists():
        return
    if not ledger_copy.is_empty(url):
        raise BackupError(_("Baza de date nu este goală. Restaurați într-una nouă; aici nu se suprascrie nimic."))


def _is_unused(folder: Path) -> bool:
    """Whether a folder is a live home as `harta init` leaves it: an empty ledger, no register imported."""
    try:
        home = open_home(folder)
        kinds = {path.relative_to(home.editions).parts[0] for path in home.editions.rglob("current")}
        with closing(open_ledger(home)) as ledger:
            return home.mode == "live" and kinds <= {"communities"} and ledger_copy.is_unused(ledger.store)
    except (HomeError, LedgerError):
        return False


def _clear(target: Path) -> None:
    """Take away what a restore that was killed had put into the home."""
    for path in target.iterdir():
        if path.name.split("-")[0] != DATABASE_FILE and path.name != RESTORING:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(target / RESTORING)


def _move_in(work: Path, target: Path) -> None:
    """Move what was unpacked into the home. Nobody opens the home before the folder of the restore is gone."""
    for name in ("editions", *archive.OF_THE_HOME):
        to = target / name
        if to.is_dir():
            shutil.rmtree(to)  # of a home that was begun and never used
        if (work / name).exists():
            (work / name).replace(to)
    make_private_folder(target / "editions")
    sync(target)


def _finish(home: Home, values: dict[str, Any], read: list[tuple[ErasureList, Path]]) -> Restored:
    shutil.rmtree(home.path / RESTORING)
    _after(home)
    applied = ErasureList(values["made_at"])
    return Restored(home, values["made_at"], values["rows"], archive.count_editions(values), applied, _named(read))


def _after(home: Home) -> None:
    """Write the restored home's own list and anchor."""
    sync(home.path)
    home = open_home(home.path)  # which brings a home of an earlier version to its present form
    with closing(open_ledger(home)) as ledger:
        ledger.keep_erasures()
        with suppress(OSError):
            ledger.anchor()
