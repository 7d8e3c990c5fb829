"""HARTA_HOME: the folder that holds editions and the database, either a demonstration or live."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geo.errors import HomeError
from geo.language import _

Mode = Literal["demo", "live"]
ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
_MARK = "home.json"


@dataclass(frozen=True)
class Home:
    """One HARTA_HOME: its folder and whether it is a demonstration or live."""

    path: Path
    mode: Mode

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
        return os.environ.get("HARTA_DATABASE_URL") or f"sqlite:///{self.path / 'harta.sqlite'}"


def home_path() -> Path:
    """Return the folder named by HARTA_HOME, `./var` where it is not set."""
    return Path(os.environ.get("HARTA_HOME") or "var").absolute()


def open_home(path: Path | None = None) -> Home:
    """Open an existing home; HomeError says how to make one."""
    folder = path or home_path()
    try:
        mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HomeError(
            _("Dosarul de lucru {path} nu este pregătit. Rulați „harta demo” sau „harta init”.").format(path=folder)
        ) from None
    except (OSError, ValueError) as error:
        raise HomeError(_("Dosarul de lucru {path} nu poate fi citit: {why}").format(path=folder, why=error)) from None
    if not isinstance(mark, dict) or mark.get("mode") not in ("demo", "live"):
        raise HomeError(_("Dosarul de lucru {path} este deteriorat (home.json).").format(path=folder))
    return Home(folder, mark["mode"])


def make_home(mode: Mode, path: Path | None = None) -> Home:
    """Make (or find) a home of this mode; HomeError where the folder is a home of the other mode."""
    folder = path or home_path()
    if (folder / _MARK).exists():
        home = open_home(folder)
        if home.mode != mode:
            raise HomeError(
                _(
                    "{path} este deja un dosar {found}; datele demonstrative și cele reale nu se amestecă. "
                    "Alegeți alt dosar prin HARTA_HOME."
                ).format(path=folder, found=_("demonstrativ") if home.is_demo else _("real"))
            )
        return home
    try:
        # Editions hold protected addresses and the ledger holds cases: only the owner of the folder looks in.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "editions").mkdir(exist_ok=True)
        write_atomically(folder / _MARK, json.dumps({"mode": mode}).encode())
    except OSError as error:
        raise HomeError(_("Dosarul de lucru {path} nu poate fi făcut: {why}").format(path=folder, why=error)) from None
    return Home(folder, mode)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a half, also after a crash."""
    # Threads of one process may write the same file at once, so the process id alone does not tell writers apart.
    side = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with side.open("wb") as handle:
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
