"""Editions of registries moved to the folder of their source, in a home made before registries had sources.

`editions/social/2026…` becomes `editions/social/mmps/2026…`, the registry's default source, by two renames: the
registry's folder into one beside it, and that one to its name. A move cut off between them is ended by whoever opens
the home next, so that nobody meets a half; the editions themselves are not touched, and their digests hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.storage.import_kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.storage.import_kinds import ImportKind

_MOVING = ".moving-"


def needs_move(editions: Path) -> bool:
    """Whether a home has editions of a registry that stand beside no source, or a move was cut off."""
    return any(True for _kind in _unmoved(editions))


def move(editions: Path) -> None:
    """Move what `needs_move` found, one process at a time (the caller's lock); OSError where the disk refuses."""
    for kind in list(_unmoved(editions)):
        aside, folder = editions / f"{_MOVING}{kind.code}", editions / kind.code
        if not (aside / kind.default_source).exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            folder.rename(aside / kind.default_source)
        aside.rename(folder)


def _unmoved(editions: Path) -> Iterator[ImportKind]:
    for kind in KINDS.values():
        if kind.registry and ((editions / f"{_MOVING}{kind.code}").exists() or _is_old(editions / kind.code)):
            yield kind


def _is_old(folder: Path) -> bool:
    """Whether editions stand in a registry's own folder: in force, earlier, waiting, or locked by an old writer."""
    return any((folder / name).exists() for name in ("current", ".staged", ".lock")) or any(
        folder.glob("[0-9]*/manifest.json")
    )
