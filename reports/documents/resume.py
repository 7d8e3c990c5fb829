"""A long run of files that was cut off goes on where it stopped, as long as the facts are still the same.

The folder holds one small file while a run is under way: what the files are made of, and the names of those written.
A run that ends takes it away, so that the next one writes everything anew.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from core.storage.home import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".neterminat"


def written_before(folder: Path, facts: str) -> frozenset[str]:
    """Begin a run, or go on with one; return the names already written from these facts."""
    mark = hashlib.sha256(facts.encode()).hexdigest()
    path = folder / NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if lines and lines[0] == mark:
        # A name that was cut off while it was written down has no file behind it, and is written again.
        return frozenset(name for name in lines[1:] if (folder / name).is_file())
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(path, f"{mark}\n".encode())
    return frozenset()


def note(folder: Path, name: str) -> None:
    """Write down that a file is finished."""
    with (folder / NAME).open("a", encoding="utf-8") as handle:
        handle.write(f"{name}\n")


def end(folder: Path) -> None:
    """End a run: the next one begins anew."""
    (folder / NAME).unlink(missing_ok=True)
