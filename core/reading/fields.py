"""Columns that a reader looks for, the titles under which publishers print them, and the text of a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isnan

from core.text import fold, fold_loose

MARK, STATUS, LICENCE_END = "protection", "status", "licence_end"  # what a title must not be lost of
_ASIDE = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_ORNAMENT = re.compile(r"^\s*\d{1,3}\s*[.)]\s*|[*†‡§¹²³⁴⁵^:;?!…„”\"“]+|\s+\d{1,2}\)\s*$")
_UNLIKE = 1_000  # places behind every exact title
MAX_CELL_CHARACTERS = 4_000
_EXACT_WHOLE = 1e15  # below it a float holds a whole number exactly
# Control characters (a terminal obeys some), marks that turn the direction of writing, halves of surrogate pairs.
_CONTROL = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0x200B, 0x2010), *range(0x202A, 0x202F),
     *range(0x2060, 0x206A), 0xFEFF, *range(0xD800, 0xE000)]
)  # fmt: skip
_WHOLE_AS_DECIMAL = re.compile(r"(\d+)[.,]0", re.ASCII)  # how a program that takes codes for numbers writes them


@dataclass(frozen=True)
class Field:
    """A wanted column: our name for it, and the titles under which publishers print it, the surest first.

    is_joined: where several columns have such a title, all are read, as one text; else the one of the surest title.
    role: MARK, STATUS or LICENCE_END where a title that only looks like it must be understood or asked about.
    """

    name: str
    titles: tuple[str, ...]
    required: bool = False
    is_joined: bool = False
    role: str = ""

    @property
    def title(self) -> str:
        """The title to name in a message: the first that is not a name of a program's."""
        return next((t for t in self.titles if "_" not in t), (*self.titles, self.name)[0])

    def ranks(self) -> dict[str, int]:
        """Return the forms in which a title is compared, with how sure each is: 0 is the surest."""
        found: dict[str, int] = {}
        for place, title in enumerate((self.name, *self.titles)):
            found.setdefault(exact_form(title), place)
        for place, title in enumerate((self.name, *self.titles)):
            found.setdefault(loose_form(title), place + _UNLIKE)
        return found


def exact_form(title: str) -> str:
    """Return a title as it is compared first: case, diacritics, underscores and breaks of lines do not count."""
    return fold(title.replace("_", " ").replace("\n", " "))


def loose_form(title: str) -> str:
    """Return a title without what people hang on it: asterisks, brackets and what stands in them, a number before it.

    >>> loose_form("3. Stare licență *"), loose_form("Adresă protejată (DA/NU)")
    ('stire licenti', 'idresi protejiti')
    """
    bare = _ORNAMENT.sub(" ", _ASIDE.sub(" ", title.replace("_", " ").replace("\n", " ")))
    return fold_loose(bare)


def aside(title: str) -> str:
    """Return what stands in brackets in a title, which tells two titles of one name apart."""
    return " ".join(part.strip("()[]{} ") for part in _ASIDE.findall(title))


def text_of(cell: object) -> str:
    """Make text of a cell: printable, within MAX_CELL_CHARACTERS, whole numbers without a fraction."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
        if not text.isprintable():  # most cells are: only the others are worth a translation
            text = text.translate(_CONTROL).strip()
        if text[-1:] == "0" and (whole := _WHOLE_AS_DECIMAL.fullmatch(text)):
            return whole[1]
        return text[:MAX_CELL_CHARACTERS]
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return "" if isnan(cell) else str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_WHOLE else repr(cell)
    return str(cell).translate(_CONTROL).strip()[:MAX_CELL_CHARACTERS]
