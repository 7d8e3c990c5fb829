"""Who may look into a home: its owner alone, folders 0700 and files 0600, whatever was there before.

Editions hold protected addresses in clear, the ledger cases and the key that signs links. A folder that was
made beforehand is often open to every user of the machine, and the umask opens what is made in it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from core.storage.home import OTHERS
from referrals.database.sqlite_file import sqlite_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.home import Home


def too_open(home: Home) -> list[Path]:
    """List what others may read, write or enter: in the home's folder, and the SQLite ledger elsewhere."""
    if os.name == "nt":
        return []  # there the owner's profile is closed by its own rules
    return [path for path in _paths(home) if _mode(path) & OTHERS]


def close_to_others(home: Home) -> list[Path]:
    """Take every right from everybody but the owner; return what could not be closed (another owner's)."""
    left = []
    for path in too_open(home):
        try:
            path.chmod(_mode(path) & ~OTHERS)
        except OSError:
            left.append(path)
    return left


def _mode(path: Path) -> int:
    try:
        found = path.lstat().st_mode
    except OSError:
        return 0  # gone meanwhile, as SQLite's journal goes
    # What a link leads to is closed where it stands, or is not ours.
    return 0 if stat.S_ISLNK(found) else stat.S_IMODE(found)


def _paths(home: Home) -> Iterator[Path]:
    yield home.path
    for folder, folders, files in os.walk(home.path):
        for name in (*folders, *files):
            yield Path(folder, name)
    database = sqlite_path(home.database_url)
    if database is not None and not database.is_relative_to(home.path):
        for end in ("", "-wal", "-shm"):
            yield database.with_name(database.name + end)
