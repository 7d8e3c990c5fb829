"""Columns that a reader looks for, and the titles under which publishers print them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.text import fold, fold_loose

MARK, STATUS, LICENCE_END = "protection", "status", "licence_end"  # what a title must not be lost of
_ASIDE = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_ORNAMENT = re.compile(r"^\s*\d{1,3}\s*[.)]\s*|[*†‡§¹²³⁴⁵^:;?!…„”\"“]+|\s+\d{1,2}\)\s*$")
_UNLIKE = 1_000  # places behind every exact title


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
