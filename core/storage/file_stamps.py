"""What was read of files, kept until one of them changes: the content of small ones, the sha256 of all.

Looking at a small file is a tenth of reading it.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from pathlib import Path

T = TypeVar("T")
FileStamp = tuple[int, int, int, int] | None
# Two writings within one tick of the file system's clock may leave the same stamp: what is younger is read again.
_SETTLED_NS = 200_000_000
_MOST_DIGESTS = 4096  # files remembered; beyond, all are forgotten and computed again when asked for
_digests: dict[Path, tuple[tuple[int, ...], str]] = {}
_turn = threading.Lock()


def file_stamp(path: str) -> FileStamp:
    """Return what changes whenever a file or a folder's own list of names changes; None where nothing is there."""
    try:
        found = os.stat(path)  # noqa: PTH116  (asked for a thousand times a second: a Path costs more than the look)
    except OSError:
        return None
    return found.st_ino, found.st_ctime_ns, found.st_mtime_ns, found.st_size


class KeptReadings(Generic[T]):
    """Keeps what was read of some files by a key, while all of them have the stamps that they had then.

    What is kept is shared between threads: nobody may change it. What a reading raises is raised and nothing is kept.
    """

    def __init__(self, most: int) -> None:
        """Keep at most so many readings."""
        self._most = most
        self._kept: dict[Hashable, tuple[tuple[str, ...], tuple[FileStamp, ...], T]] = {}

    def take(self, key: Hashable, read: Callable[[], tuple[T, Iterable[str]]]) -> T:
        """Return what is kept of a key, or read it.

        Parameters
        ----------
        key
            What is read.
        read
            Reads it; gives it and every path that it depends on, those of files that are not there included.

        Returns
        -------
        T
            As it was read, now or before.
        """
        kept = self._kept.get(key)
        if kept is not None and _stamps(kept[0]) == kept[1]:
            return kept[2]
        begun = time.time_ns()
        made, paths = read()
        names = tuple(paths)
        stamps = _stamps(names)
        # What changed since the reading began is younger than it; of what was removed meanwhile, the folder is.
        looked_at = (stamp or file_stamp(os.path.dirname(name)) for name, stamp in zip(names, stamps, strict=True))  # noqa: PTH120
        if all(stamp is None or stamp[1] < begun - _SETTLED_NS for stamp in looked_at):
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = (names, stamps, made)
        return made


def _stamps(paths: tuple[str, ...]) -> tuple[FileStamp, ...]:
    return tuple(map(file_stamp, paths))


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's content, from memory while the file is the same.

    The same means: device, inode, size, and the times of its last change, of which the second (ctime) cannot be
    set back. Raises OSError where the file cannot be read.
    """
    found = path.stat()
    state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    with _turn:
        kept = _digests.get(path)
    if kept is not None and kept[0] == state:
        return kept[1]
    digest = fresh_sha256(path)
    with _turn:
        if len(_digests) >= _MOST_DIGESTS:
            _digests.clear()
        _digests[path] = (state, digest)
    return digest


def fresh_sha256(path: Path) -> str:
    """Compute the sha256 of a file from the disk, whatever is remembered of it."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
