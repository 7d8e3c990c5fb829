"""Anchors of the audit log: its state written down, time and again, in a file outside the database.

Whoever can write the database can take a row out of the audit log and seal all that follow anew; the chains then
hold (decision 5). They do not hold against a state that was written down elsewhere meanwhile. An anchor is one
line: the moment, the length of every chain and one seal over all their last digests, which stand for every row
before them. An audit log whose chains do not pass through an anchor was rebuilt.

The file lies in the home (0600), every backup has a copy, and one seal noted on paper pins all that came before.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.i18n import _
from referrals.database.audit import CHAIN_COUNT
from referrals.database.models import audit, chains
from referrals.records.ledger_errors import BackupError

try:
    import fcntl
except ImportError:  # Windows: one process writes there
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from referrals.database.store import LedgerStore

FILE = "audit-anchors.jsonl"


@dataclass(frozen=True)
class Anchor:
    """The audit log as it stood at a moment: the length of each chain, and a seal over their last digests."""

    at: str
    lengths: tuple[int, ...]
    seal: str


def add(store: LedgerStore, path: Path, now: datetime) -> Anchor | None:
    """Write down how the audit log stands, after a committed transaction; None where nothing came since the last time.

    Raises OSError where the file cannot be written.
    """
    with _one_writer(path) as handle:
        last = _last(handle)
        with store.read() as connection:
            rows = {row.chain: row for row in connection.execute(select(chains))}
        lengths = tuple(rows[n].length if n in rows else 0 for n in range(CHAIN_COUNT))
        heads = [rows[n].head if n in rows else "" for n in range(CHAIN_COUNT)]
        anchor = Anchor(now.isoformat(timespec="seconds"), lengths, _seal(lengths, heads))
        if last is not None and last.lengths == lengths:
            return None
        line = json.dumps({"at": anchor.at, "lengths": lengths, "seal": anchor.seal}) + "\n"
        os.write(handle, line.encode())
        os.fsync(handle)
    return anchor


def read(path: Path) -> list[Anchor]:
    """Read the anchors of a file, or of a backup that has one, oldest first; an empty list where there is no file.

    Raises BackupError where a line is none of ours.
    """
    if not path.exists():
        return []
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content = archive.read(FILE) if FILE in archive.namelist() else b""
    else:
        content = path.read_bytes()
    try:
        return [_anchor(line) for line in content.splitlines() if line.strip()]
    except (ValueError, KeyError, TypeError):
        raise BackupError(_("Fișierul {path} nu este al ancorelor jurnalului.").format(path=path)) from None


def read_required(path: Path) -> list[Anchor]:
    """Read the anchors of a file kept elsewhere; BackupError where there is no file, or no anchor in it."""
    found = read(path)
    if not found:
        raise BackupError(_("Fișierul {path} nu există sau nu are ancore.").format(path=path))
    return found


def broken(connection: Connection, anchors: Sequence[Anchor]) -> list[Anchor]:
    """List the anchors through which the chains of the audit log do not pass, oldest first."""
    wanted = {(chain, length) for anchor in anchors for chain, length in enumerate(anchor.lengths) if length}
    if not wanted:
        return []
    query = select(audit.c.chain, audit.c.position, audit.c.digest)
    heads = {
        (chain, position): digest
        for chain, position, digest in connection.execution_options(yield_per=1000).execute(query)
        if (chain, position) in wanted
    }
    found = []
    for anchor in anchors:
        there = [heads.get((chain, length), "") for chain, length in enumerate(anchor.lengths)]
        if _seal(anchor.lengths, there) != anchor.seal:
            found.append(anchor)
    return found


def _seal(lengths: Sequence[int], heads: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([list(lengths), list(heads)]).encode()).hexdigest()


def _anchor(line: bytes) -> Anchor:
    payload = json.loads(line)
    lengths = tuple(int(length) for length in payload["lengths"])
    if len(lengths) != CHAIN_COUNT:
        raise ValueError(line)
    return Anchor(str(payload["at"]), lengths, str(payload["seal"]))


def _last(handle: int) -> Anchor | None:
    """Read the last line; one that a power cut left half written is taken away."""
    size = os.fstat(handle).st_size
    os.lseek(handle, max(0, size - 4096), os.SEEK_SET)
    tail = os.read(handle, 4096)
    whole = tail[: tail.rfind(b"\n") + 1]
    if len(whole) < len(tail):
        os.ftruncate(handle, size - (len(tail) - len(whole)))
    lines = whole.splitlines()
    try:
        return _anchor(lines[-1]) if lines else None
    except (ValueError, KeyError, TypeError):
        return None


@contextmanager
def _one_writer(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
