"""In which languages the sheet of a list is offered: those in which every sentence was checked.

A person who reads the sheet goes by it alone. Half a sheet in a language, or a sentence that nobody who speaks it has
read, sends somebody to the wrong door; such a language is not offered, whatever its catalogue holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.i18n import LANGUAGES, read_catalogue
from core.resources import LOCALE

if TYPE_CHECKING:
    from pathlib import Path

_SOURCE = "ro"  # its sentences are the messages themselves: its catalogue holds what is counted
_EVERY = "en"  # its catalogue names every sentence of the product


@dataclass(frozen=True)
class SheetLanguage:
    """A language of the sheet.

    Attributes
    ----------
    code
        As catalogues are named.
    name
        In that language.
    is_checked
        Whether somebody who speaks it has read every sentence.
    """

    code: str
    name: str
    is_checked: bool = False


# Hungarian, Ukrainian and Romani are spoken where teams work, and nobody has checked their sentences: they have no
# catalogue and are not offered. Each needs its catalogue whole, its mark here, and its place in `core.i18n.LANGUAGES`.
_KNOWN = (
    SheetLanguage("ro", "Română", is_checked=True),
    SheetLanguage("en", "English", is_checked=True),
    SheetLanguage("hu", "Magyar"),
    SheetLanguage("uk", "Українська"),
    SheetLanguage("rom", "Rromani ćhib"),
)


@cache
def offered_languages(
    known: tuple[SheetLanguage, ...] = _KNOWN, *, catalogues: Path = LOCALE
) -> tuple[SheetLanguage, ...]:
    """Return the languages in which a sheet may be printed.

    Parameters
    ----------
    known
        Languages that may come.
    catalogues
        Folder of the catalogues.

    Returns
    -------
    tuple of SheetLanguage
        Those that are marked as checked, whose catalogue is whole and which the product speaks.
    """
    return tuple(
        each
        for each in known
        if each.is_checked and each.code in LANGUAGES and not missing_sentences(each.code, catalogues)
    )


def missing_sentences(code: str, catalogues: Path = LOCALE) -> list[str]:
    """List the sentences of the product that a language's catalogue lacks; all of them where there is none.

    Parameters
    ----------
    code
        Of the language.
    catalogues
        Folder of the catalogues.

    Returns
    -------
    list of str
        Messages, in the order of the catalogue that has them all.
    """
    values = _entries(code, catalogues)
    every = _entries(_EVERY, catalogues)
    return [
        names[0]
        for names in every
        if names[0] and not (code == _SOURCE and len(names) == 1) and not all(values.get(names, ("",)))
    ]


def _entries(code: str, catalogues: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    path = catalogues / code / "LC_MESSAGES" / "harta.po"
    return dict(read_catalogue(path)) if path.exists() else {}
