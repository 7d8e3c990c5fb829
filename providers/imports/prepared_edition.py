"""An edition ready to be written, and what somebody has to say of it first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.storage.editions import Manifest


@dataclass(frozen=True)
class Concern:
    """Why an import needs somebody's word. code: gone, type, moved, rejected or older; words: the sentence."""

    code: str
    words: str


@dataclass(frozen=True)
class Prepared:
    """An edition ready to be written.

    Attributes
    ----------
    manifest
        Its record, compared with the edition in force.
    tables
        Its tables by name, `rejects` among them.
    concerns
        Why somebody has to say that it is meant.
    """

    manifest: Manifest
    tables: dict[str, Any]
    concerns: tuple[Concern, ...] = ()
