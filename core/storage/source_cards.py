"""Source cards: what `<name>.source.toml` beside a file says of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.errors import UnreadableFileError
from core.i18n import _
from core.reading.files import sha256_of
from core.storage.editions import Source

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Card:
    """A source card. as_of: the day the data describe (else the day they were fetched), None = not said."""

    source: Source
    as_of: date | None
    file: str
    sha256: str


def card_beside(path: Path) -> Path:
    """Return where the card of a file lies."""
    return path.with_name(f"{path.name.split('.')[0]}.source.toml")


def read_card(card: Path) -> Card:
    """Read a source card, NAME.source.toml.

    Parameters
    ----------
    card
        The file.

    Returns
    -------
    Card
        Source, day, and name and digest of the file that it describes.

    Raises
    ------
    UnreadableFileError
        Naming the card, where it is not one.
    """
    try:
        value = tomllib.loads(card.read_text(encoding="utf-8"))["source"]
        day = value.get("as_of") or value.get("accessed_on")
        texts = {name: str(value.get(name, "")) for name in ("title", "publisher", "url", "licence")}
        return Card(
            Source(**texts, synthetic=bool(value.get("synthetic", False))),
            date.fromisoformat(str(day)) if day else None,
            str(value.get("file", "")),
            str(value.get("sha256", "")),
        )
    except (
        OSError,
        tomllib.TOMLDecodeError,
        UnicodeDecodeError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        raise UnreadableFileError(
            _("{file}: fișa sursei nu poate fi citită ({why}).").format(file=card.name, why=error)
        ) from None


def require_digest(path: Path, card: Card) -> None:
    """Refuse a file that is not the one its card describes."""
    if sha256_of(path) != card.sha256:
        raise UnreadableFileError(
            _("{file}: conținutul nu este cel din fișa sursei; refaceți fișierul sau fișa.").format(file=path.name)
        )
