"""Whether a file is still what was written: its sha256, computed once per process and change of the file."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MOST_KEPT = 4096  # files remembered; beyond, all are forgotten and computed again when asked for
_kept: dict[Path, tuple[tuple[int, ...], str]] = {}
_turn = threading.Lock()


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's content, from memory while the file is the same.

    The same means: device, inode, size, and the times of its last change, of which the second (ctime) cannot be
    set back. Raises OSError where the file cannot be read.
    """
    found = path.stat()
    state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    with _turn:
        kept = _kept.get(path)
    if kept is not None and kept[0] == state:
        return kept[1]
    digest = fresh_sha256(path)
    with _turn:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[path] = (state, digest)
    return digest


def fresh_sha256(path: Path) -> str:
    """Compute the sha256 of a file from the disk, whatever is remembered of it."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
