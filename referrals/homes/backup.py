"""A backup of the whole home as one file, and its way back: editions, ledger, the home's record and the anchors.

A backup is a ZIP archive with a list of its files and their digests. It is taken from one state while others go on
working (nobody publishes meanwhile), read back once, and only then gets its name: a run that was killed leaves no
backup, or the whole one. It holds personal data and protected addresses as the home does: keep it as safe.

A restore wants an empty home and an empty database. All is unpacked and checked beside, what was erased, closed or
revoked since the backup is applied to the unpacked ledger, and only then it comes in; until its last step the home
is refused to everybody, and one that was killed is begun anew by the same command.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
import zipfile
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import HomeError
from core.i18n import _
from core.storage import embedding, title_choices, travel_choice
from core.storage.editions import EditionStore
from core.storage.home import (
    DATABASE_FILE,
    RECORD_FILE,
    RESTORING,
    Home,
    home_path,
    make_private_folder,
    open_home,
    sync,
)
from core.storage.import_kinds import KINDS
from referrals.database import anchors, audit
from referrals.database.store import sqlite_path
from referrals.homes import erasure_replay, ledger_copy
from referrals.ledger import erasure_list
from referrals.ledger.erasure_list import ErasureList
from referrals.ledger.ledger import open_ledger
from referrals.records import roles
from referrals.records.ledger_errors import BackupError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_FORMAT = 1
_LIST = "backup.json"
_LEDGER = "ledger.sqlite"
_CHUNK = 1 << 20
_MOST_LISTED = 16 * 2**20  # bytes of the list of files: a hostile archive must not fill the memory
_NAME = re.compile(r"(?:editions/[0-9a-z-]+(?:/[0-9A-Za-z_][0-9A-Za-z._-]*){1,3}|[a-z][0-9a-z-]*\.(?:sqlite|jsonl?))")
_PART = re.compile(r"\..+\.(\d+)(?:\.ledger)?\.harta-part.*")
# What zipfile raises of a damaged archive; RuntimeError of one that says it is encrypted.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_ABANDONED_S = 24 * 3600.0
_OF_THE_HOME = (RECORD_FILE, anchors.FILE, title_choices.FILE, travel_choice.FILE, embedding.FILE)
_PACKED = (".parquet", ".gz", ".zip")  # compressed already


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
            "lists": [{"file": str(file), "made_at": made_at} for file, made_at in self.lists],
        }


# --- making one ---------------------------------------------------------------------------------------


def backup(home: Home, ledger: Ledger, path: Path, *, actor: Actor) -> Backup:
    """Write a backup of a home to `path`, a file that must not be there yet, and a list of erasures beside it.

    From now on the home writes erasures beside this file too, for as long as it stays there. Editions that wait
    to be published are not in it. Raises NotAllowedError; BackupError where the file cannot be written, or the
    home itself does not hold (`harta doctor` says where).
    """
    roles.require(actor, "store.keep")
    path = path.absolute()
    if path.exists():
        raise BackupError(_("{path} există deja. Alegeți alt nume.").format(path=path))
    if not path.parent.is_dir():
        raise BackupError(_("Dosarul {path} nu există. Faceți-l întâi, sau alegeți altul.").format(path=path.parent))
    sweep(path.parent)
    side = path.with_name(f".{path.name}.{os.getpid()}.harta-part")
    copy = path.with_name(f".{path.name}.{os.getpid()}.ledger.harta-part")
    _log(ledger, "store.backup", actor)
    try:
        with EditionStore(home).held_still():
            # Anchors first: what they speak of is then in the copy of the ledger, which is taken after them.
            kept = {name: (home.path / name).read_bytes() for name in _OF_THE_HOME if (home.path / name).exists()}
            made_at = ledger.clock().isoformat(timespec="seconds")
            rows = ledger_copy.write_copy(ledger.store, copy)
            files = _edition_files(home)
            said = {"made_at": made_at, "mode": home.mode, "home": str(home.path), "rows": rows}
            _pack(side, said, kept, {_LEDGER: copy, **files})
        found = _checked_list(side, read_all=True)
        editions = sum(name.endswith("/manifest.json") for name in found["files"])
        made = Backup(path, made_at, home.mode, rows, editions, side.stat().st_size, _digest(side))
        with ledger.store.read() as connection:
            erasure_list.write(erasure_list.beside(path), erasure_list.collect(connection, ledger.clock()))
        side.replace(path)
        sync(path.parent)
    except OSError as error:
        raise BackupError(
            _("Copia de siguranță nu poate fi scrisă: {why}. Nimic nu s-a schimbat.").format(
                why=error.strerror or error
            )
        ) from error
    finally:
        for left in (side, *path.parent.glob(f"{copy.name}*")):
            left.unlink(missing_ok=True)
    erasure_list.add_backup(home.path, path)
    ledger.keep_erasures()
    return made


def _edition_files(home: Home) -> dict[str, Path]:
    """List the files of the published editions by their names in the archive."""
    found = {}
    for slot in (slot for kind in KINDS for slot in EditionStore(home).slots(kind)):
        folder = home.editions / slot
        for path in (folder / "current", *sorted(folder.glob("*/*"))):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
                found[f"editions/{path.relative_to(home.editions).as_posix()}"] = path
    return found


def _pack(side: Path, said: dict[str, Any], kept: dict[str, bytes], files: dict[str, Path]) -> None:
    listed = {}
    with _private(side) as handle, zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in kept.items():
            archive.writestr(_entry(name), content)
            listed[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, path in files.items():
            listed[name] = _add(archive, name, path)
        content = json.dumps({"format": _FORMAT, **said, "files": listed}, ensure_ascii=False, indent=1).encode()
        archive.writestr(_entry(_LIST), content)
    sync(side)


def _private(path: Path) -> Any:
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(_entry(name), "w", force_zip64=True) as target:
        while part := source.read(_CHUNK):
            digest.update(part)
            size += len(part)
            target.write(part)
    return {"sha256": digest.hexdigest(), "bytes": size}


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


# --- reading one ---------------------------------------------------------------------------------------


def look_into(path: Path, *, read_all: bool = False) -> dict[str, Any]:
    """Read what a backup says of itself: `made_at`, `mode`, `home`, `rows`, `files`.

    read_all: whether every file in it is read and held against its digest. Raises BackupError where the file is
    missing, damaged or none of ours.
    """
    if not path.is_file():
        raise BackupError(_("Copia de siguranță {path} nu există.").format(path=path))
    return _checked_list(path, read_all=read_all)


def _checked_list(path: Path, *, read_all: bool) -> dict[str, Any]:
    """Return the list of an archive once its files are those of the list; with `read_all` also their digests."""
    try:
        with zipfile.ZipFile(path) as archive:
            said = _list_of(archive, path)
            if read_all:
                for name, one in said["files"].items():
                    for _part in _parts(archive, name, one):
                        pass
    except BackupError:
        raise
    except (*_BROKEN, OSError) as error:
        raise _damaged_error(path, str(error)) from error
    return said


def _list_of(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    foreign = BackupError(_("{path} nu este o copie de siguranță a acestui program.").format(path=path))
    try:
        is_small = archive.getinfo(_LIST).file_size <= _MOST_LISTED
        said: dict[str, Any] = json.loads(archive.read(_LIST)) if is_small else {}
        names = set(said["files"])
        is_whole = names == set(archive.namelist()) - {_LIST} and {_LEDGER, RECORD_FILE} <= names
        sizes = all(archive.getinfo(name).file_size == int(one["bytes"]) for name, one in said["files"].items())
        datetime.fromisoformat(said["made_at"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise foreign from None
    if said.get("format") != _FORMAT or said.get("mode") not in ("demo", "live"):
        raise foreign
    if not is_whole or not sizes or not all(_NAME.fullmatch(name) for name in names):
        raise _damaged_error(path, _("lipsesc fișiere sau sunt altele decât în listă"))
    return said


def _parts(archive: zipfile.ZipFile, name: str, one: dict[str, Any]) -> Iterator[bytes]:
    """Read a file of the archive part by part; BackupError at the end where it is not the one of the list."""
    digest = hashlib.sha256()
    with archive.open(name) as source:
        while part := source.read(_CHUNK):
            digest.update(part)
            yield part
    if digest.hexdigest() != one["sha256"]:
        raise _damaged_error(Path(str(archive.filename)), name)


def _damaged_error(path: Path, why: str) -> BackupError:
    return BackupError(_("Copia de siguranță {path} este deteriorată: {why}").format(path=path, why=why[:120]))


# --- bringing one back ---------------------------------------------------------------------------------


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
    said = look_into(path)
    target = (folder or home_path()).absolute()
    read = _lists(path, said, lists)
    if not read and not without_erasures:
        raise BackupError(
            _(
                "Nu am găsit lista ștergerilor făcute după copie ({beside}). Fără ea s-ar întoarce date care au fost "
                "șterse. Dați lista cu --erasures FIȘIER, sau spuneți --without-erasures dacă știți că nu s-a "
                "șters nimic."
            ).format(beside=erasure_list.beside(path))
        )
    home = Home(target, said["mode"])
    url = home.database_url
    if (target / RESTORING).exists():
        if not ledger_copy.is_empty(url):
            return _finish(home, said, read)  # killed after its last step but one: all is there
        _clear(target)
    else:
        _require_empty(home, url)
    moment = now or datetime.now(UTC)
    some = _joined([each for each, _from in read], moment)
    work = target / RESTORING
    try:
        make_private_folder(work)
        sync(target)
        _unpack(path, said, work)
        with ledger_copy.open_copy(work / _LEDGER) as connection:
            applied = erasure_replay.apply_erasures(connection, some, actor=actor, now=moment)
            step = audit.AuditEvent(
                "store.restore", "ledger", before=said["made_at"], after=str(len(applied.referrals))
            )
            audit.lock(connection, [step.subject])
            audit.append(connection, step.subject, step, actor=actor, at=moment)
        with ledger_copy.brought_back(work / _LEDGER, url) as rows:
            _move_in(work, target)
    except OSError as error:
        raise BackupError(
            _("Copia nu poate fi restaurată: {why}. Dosarul nu este pregătit; rulați din nou comanda.").format(
                why=error.strerror or error
            )
        ) from error
    shutil.rmtree(work)
    _after(home)
    return Restored(home, said["made_at"], rows, _editions(said), applied, _named(read))


def _lists(path: Path, said: dict[str, Any], given: Iterable[Path]) -> list[tuple[ErasureList, Path]]:
    """Read the lists of erasures: those given, the one beside the backup, the one of the home it was made of."""
    read = [(erasure_list.read(each), each) for each in given]
    found = (erasure_list.beside(path.absolute()), Path(str(said.get("home", ""))) / erasure_list.FILE)
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


def _unpack(path: Path, said: dict[str, Any], work: Path) -> None:
    needed = sum(int(one["bytes"]) for one in said["files"].values())
    if needed > shutil.disk_usage(work).free:
        raise BackupError(_("Discul este plin: pentru restaurare trebuie {n} MB.").format(n=needed // 2**20 + 1))
    try:
        with zipfile.ZipFile(path) as archive:
            for name, one in said["files"].items():
                to = work / name
                make_private_folder(to.parent)
                with _private(to) as handle:
                    for part in _parts(archive, name, one):
                        handle.write(part)
                sync(to)
    except BackupError:
        raise
    except _BROKEN as error:
        raise _damaged_error(path, str(error)) from error


def _move_in(work: Path, target: Path) -> None:
    """Move what was unpacked into the home. Nobody opens the home before the folder of the restore is gone."""
    for name in ("editions", *_OF_THE_HOME):
        to = target / name
        if to.is_dir():
            shutil.rmtree(to)  # of a home that was begun and never used
        if (work / name).exists():
            (work / name).replace(to)
    make_private_folder(target / "editions")
    sync(target)


def _finish(home: Home, said: dict[str, Any], read: list[tuple[ErasureList, Path]]) -> Restored:
    shutil.rmtree(home.path / RESTORING)
    _after(home)
    applied = ErasureList(said["made_at"])
    return Restored(home, said["made_at"], said["rows"], _editions(said), applied, _named(read))


def _after(home: Home) -> None:
    """Write the restored home's own list and anchor."""
    sync(home.path)
    home = open_home(home.path)  # which brings a home of an earlier version to its present form
    with closing(open_ledger(home)) as ledger:
        ledger.keep_erasures()
        with suppress(OSError):
            ledger.anchor()


def _editions(said: dict[str, Any]) -> int:
    return sum(name.endswith("/manifest.json") for name in said["files"])


def _log(ledger: Ledger, action: str, actor: Actor) -> None:
    with ledger.store.write() as connection:
        audit.lock(connection, ["ledger"])
        audit.append(connection, "ledger", audit.AuditEvent(action, "ledger"), actor=actor, at=ledger.clock())
