"""HARTA_HOME: the folder that holds editions and the database, either a demonstration or live.

`home.json` says what the folder is: its mode, a random identity that its database carries too, whether that
database was begun, and which editions were published. So a database or an edition that is no longer there is
missed, and never taken for one that never was.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from core.errors import HomeError
from core.i18n import _
from core.storage import source_folders
from core.storage.file_stamps import KeptReadings
from core.storage.import_kinds import KINDS, slot_of

try:
    import fcntl
except ImportError:  # Windows: there one person imports at a time
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HomeMode = Literal["demo", "live"]
RECORD_FILE = "home.json"
DATABASE_FILE = "harta.sqlite"
OTHERS = 0o077  # the bits of a mode that let anybody but the owner in
RESTORING = ".restoring"  # a folder in a home that a backup is being brought back into
_LOCK_FILE = ".lock"
_KEYS = {"mode", "home_id", "ledger", "published"}


@dataclass(frozen=True)
class PublishedEditions:
    """What was published in one slot: what `current` says, and every edition that was not pruned since."""

    current: str
    editions: tuple[str, ...]


@dataclass(frozen=True)
class HomeRecord:
    """What `home.json` says.

    home_id and published are None in a home of an earlier version, until it is opened the first time;
    is_begun: whether the database was ever there (always so in a home of an earlier version).
    """

    mode: HomeMode
    home_id: str | None = None
    is_begun: bool = True
    published: Mapping[str, PublishedEditions] | None = None


@dataclass(frozen=True)
class Home:
    """One HARTA_HOME.

    Attributes
    ----------
    path
        Its folder.
    mode
        `demo` or `live`; the two never mix.
    """

    path: Path
    mode: HomeMode

    @property
    def editions(self) -> Path:
        """The folder of the editions."""
        return self.path / "editions"

    @property
    def is_demo(self) -> bool:
        """Whether everything shown from here is a demonstration."""
        return self.mode == "demo"

    @property
    def database_url(self) -> str:
        """SQLAlchemy address of the ledger: HARTA_DATABASE_URL, else the SQLite file in the home."""
        return os.environ.get("HARTA_DATABASE_URL") or f"sqlite:///{self.path / DATABASE_FILE}"

    def record_paths(self) -> list[str]:
        """Return the files that say what the record is, or that there is none now: see `KeptReadings`."""
        return [str(self.path / RECORD_FILE), str(self.path / RESTORING)]

    def record(self) -> HomeRecord:
        """Read what the home's record says now; HomeError where it is gone or damaged."""
        return _read_record(self.path)

    def change_record(self, change: Callable[[HomeRecord], HomeRecord]) -> HomeRecord:
        """Replace the record by what `change` makes of it, one writer at a time; OSError where the disk refuses."""
        with locked(self.path / _LOCK_FILE):
            before = self.record()
            after = change(before)
            if after != before:
                _write_record(self.path, after)
        return after


_HOMES: KeptReadings[Home] = KeptReadings(64)


def home_path() -> Path:
    """Return the folder named by HARTA_HOME.

    Returns
    -------
    Path
        Absolute; `./var` where HARTA_HOME is not set.
    """
    return Path(os.environ.get("HARTA_HOME") or "var").absolute()


def open_home(path: Path | None = None) -> Home:
    """Open an existing home.

    Parameters
    ----------
    path
        Its folder; None = `home_path()`.

    Returns
    -------
    Home
        The home.

    Raises
    ------
    HomeError
        Where there is none, or its record is damaged; it says how to make one.
    """
    folder = path or home_path()

    def read() -> tuple[Home, list[str]]:
        found = Home(folder, _read_record(folder).mode)
        _move_to_sources(folder)
        registries = [str(found.editions / kind.code) for kind in KINDS.values() if kind.registry]
        return found, [*found.record_paths(), str(found.editions), *registries]

    return _HOMES.take(folder, read)


def _move_to_sources(folder: Path) -> None:
    """Bring the editions of a home made before registries had sources to where they are looked for now."""
    editions = folder / "editions"
    if not source_folders.needs_move(editions):
        return
    try:
        with locked(folder / _LOCK_FILE):
            source_folders.move(editions)
    except OSError as error:
        raise HomeError(
            _("Dosarul de lucru {path} nu poate fi adus la forma de acum: {why}").format(path=folder, why=error)
        ) from None


def _read_record(folder: Path) -> HomeRecord:
    if (folder / RESTORING).exists():
        raise HomeError(
            _(
                "În {path} se restaurează o copie de siguranță. Dacă s-a întrerupt, rulați din nou „harta restore”."
            ).format(path=folder)
        )
    try:
        payload = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        _refuse_without_record(folder)
        raise HomeError(
            _("Dosarul de lucru {path} nu este pregătit. Rulați „harta demo” sau „harta init”.").format(path=folder)
        ) from None
    except (OSError, ValueError) as error:
        raise HomeError(_("Dosarul de lucru {path} nu poate fi citit: {why}").format(path=folder, why=error)) from None
    try:
        return _record_from(payload)
    except (TypeError, KeyError, ValueError, AttributeError):
        raise HomeError(
            _("Dosarul de lucru {path} este deteriorat (home.json). Restaurați home.json dintr-o copie.").format(
                path=folder
            )
        ) from None


def _refuse_without_record(folder: Path) -> None:
    """Raise HomeError where a home has lost its record: it is no empty folder, and must not begin as one."""
    found = [name for name in (DATABASE_FILE, "editions") if _holds_something(folder / name)]
    if found:
        raise HomeError(
            _(
                "Din dosarul de lucru {path} lipsește home.json, dar sunt acolo: {found}. Puneți la loc home.json "
                "dintr-o copie, sau restaurați o copie („harta restore”, într-un dosar nou). Dacă era un dosar real, "
                "„harta init” îl face din nou și păstrează ce este acolo."
            ).format(path=folder, found=", ".join(found))
        )


def _holds_something(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def _record_from(values: dict[str, Any]) -> HomeRecord:
    if values["mode"] not in ("demo", "live") or values.keys() - _KEYS:
        raise ValueError
    if values.keys() == {"mode"}:  # made by a version that kept no record
        return HomeRecord(values["mode"])
    if values["ledger"] not in ("new", "begun") or not isinstance(values["home_id"], str):
        raise ValueError
    # Before registries had sources, the record named the registry alone: its default source is meant.
    published = {
        slot if "/" in slot else slot_of(slot): _published_from(one) for slot, one in values["published"].items()
    }
    return HomeRecord(values["mode"], values["home_id"], values["ledger"] == "begun", published)


def _published_from(values: dict[str, Any]) -> PublishedEditions:
    if values.keys() != {"current", "editions"}:
        raise ValueError
    return PublishedEditions(str(values["current"]), tuple(map(str, values["editions"])))


def _write_record(folder: Path, record: HomeRecord) -> None:
    published = {
        slot: {"current": one.current, "editions": list(one.editions)}
        for slot, one in sorted((record.published or {}).items())
    }
    values = {
        "mode": record.mode,
        "home_id": record.home_id,
        "ledger": "begun" if record.is_begun else "new",
        "published": published,
    }
    write_atomically(folder / RECORD_FILE, json.dumps(values, indent=1).encode(), is_private=True)


def new_home_id() -> str:
    """Make the identity of a home: random, and meaning nothing."""
    return secrets.token_hex(16)


def make_home(mode: HomeMode, path: Path | None = None) -> Home:
    """Make (or find) a home of a mode; only its owner looks into the folder.

    Parameters
    ----------
    mode
        `demo` or `live`.
    path
        Its folder; None = `home_path()`.

    Returns
    -------
    Home
        The home.

    Raises
    ------
    HomeError
        Where the folder is a home of the other mode, cannot be made, or has lost its record and is to be a
        demonstration.
    """
    folder = path or home_path()
    if (folder / RECORD_FILE).exists():
        home = open_home(folder)
        if home.mode != mode:
            raise HomeError(
                _(
                    "{path} este deja un dosar {found}; datele demonstrative și cele reale nu se amestecă. "
                    "Alegeți alt dosar prin HARTA_HOME."
                ).format(path=folder, found=_("demonstrativ") if home.is_demo else _("real"))
            )
        return home
    if mode == "demo":  # what is there may be real: only `harta init` makes its record again
        _refuse_without_record(folder)
    try:
        # Editions hold protected addresses and the ledger holds cases: only the owner of the folder looks in,
        # also where the folder was there before.
        make_private_folder(folder)
        make_private_folder(folder / "editions")
        _write_record(folder, HomeRecord(mode, new_home_id(), is_begun=False, published={}))
    except OSError as error:
        raise HomeError(_("Dosarul de lucru {path} nu poate fi făcut: {why}").format(path=folder, why=error)) from None
    return Home(folder, mode)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process or thread at a time into the block; the system frees the lock of a dead one.

    path: the file to lock, made where it is not there. Raises OSError where it cannot be.
    """
    with open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as handle:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it that lack, for the owner alone (0700), whatever the umask.

    One that was there is closed to others too; where that is not ours to do, `harta doctor` says so.
    """
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_mode & OTHERS:
        with suppress(PermissionError):
            path.chmod(0o700)


def write_atomically(path: Path, content: bytes, *, is_private: bool = False) -> None:
    """Write a file so that a reader sees the old one or the new one, never a half, also after a crash.

    is_private: for the owner alone (0600), as everything under HARTA_HOME is in any case.
    """
    # Threads of one process may write the same file at once, so the process id alone does not tell writers apart.
    side = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    mode = 0o600 if is_private or path.absolute().is_relative_to(home_path()) else 0o666
    try:
        with open(side, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        side.replace(path)
        sync(path.parent)
    finally:
        side.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have a file's content, or a folder's list of names, on the disk before going on."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no handle on a folder
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
