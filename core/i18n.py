"""Words of the screen: Romanian first, English second, through gettext catalogues.

The message is the Romanian sentence itself; the Romanian catalogue holds only what is counted, for its third
plural (1 loc, 2 locuri, 20 de locuri). A sentence that a catalogue lacks is said in Romanian, by the rule.
Catalogues are the `.po` files under `locale/`, collected by `scripts/messages.py` and read as they are: there is
no compiled copy to forget.
"""

from __future__ import annotations

import gettext
import re
from ast import literal_eval
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.resources import LOCALE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

LANGUAGES = ("ro", "en")
_CATALOGUES = LOCALE
_TAKES_DE = 20
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIELD = re.compile(r"""(?:(msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?(".*")$""")
_language: ContextVar[str] = ContextVar("language", default="ro")


def language() -> str:
    """Return the language of this request: `ro` or `en`."""
    return _language.get()


def set_language(code: str) -> None:
    """Choose the language of this request; an unknown one is Romanian."""
    _language.set(code if code in LANGUAGES else "ro")


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Speak another language within a block (a slip for an English-speaking colleague, a test).

    Parameters
    ----------
    code
        A language of LANGUAGES; any other is Romanian.

    Yields
    ------
    None
        The language before comes back when the block ends, whatever happens in it.
    """
    token = _language.set(code if code in LANGUAGES else "ro")
    try:
        yield
    finally:
        _language.reset(token)


@dataclass(frozen=True)
class _Catalogue:
    """One language: its sentences, its counted sentences, and which form a number takes."""

    said: dict[str, str]
    counted: dict[str, tuple[str, ...]]
    form: Callable[[int], int]

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        forms = self.counted.get(singular)
        return forms[self.form(abs(n))] if forms else _by_rule(singular, plural, n)


def _by_rule(singular: str, plural: str, n: int) -> str:
    """Do what Romanian does without a catalogue: from 20 on, and not for 101 to 119, a number takes `de`."""
    if n == 1:
        return singular
    return plural if (n and 0 < abs(n) % 100 < _TAKES_DE) or not n else plural.replace("{n} ", "{n} de ", 1)


@cache
def _catalogue(code: str) -> _Catalogue:
    path = _CATALOGUES / code / "LC_MESSAGES" / "harta.po"
    entries = read_catalogue(path) if path.exists() else []
    header = next((said[0] for names, said in entries if names == ("",)), "")
    rule = re.search(r"plural=(.+?);", header)
    return _Catalogue(
        {names[0]: said[0] for names, said in entries if len(names) == 1 and said[0] and names[0]},
        {names[0]: said for names, said in entries if len(names) > 1 and all(said)},
        gettext.c2py(rule[1]) if rule else lambda n: int(n != 1),
    )


def read_catalogue(path: Path) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Read a `.po` file as our script writes it: (message, plural if any) with what is said for each.

    Not Babel: it takes 0.2 s to import and read, which every command would pay. Doubtful entries are passed over.
    """
    entries = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if found := _FIELD.match(line):
                name = found[1] or name
                fields[name] = fields.get(name, "") + str(literal_eval(found[2]))
        if "msgid" in fields and "#, fuzzy" not in block:
            names = tuple(fields[key] for key in ("msgid", "msgid_plural") if key in fields)
            entries.append((names, tuple(text for key, text in fields.items() if key.startswith("msgstr"))))
    return entries


def _(message: str) -> str:
    """Say `message` (a Romanian sentence) in the language of this request."""
    return message if language() == "ro" else _catalogue(language()).said.get(message, message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a sentence for the catalogues where it is only named; `_` says it when it is used."""
    return message


def ngettext(singular: str, plural: str, number: int) -> str:
    """Format a counted thing: `ngettext("{n} loc", "{n} locuri", n).format(n=n)`."""
    return _catalogue(language()).ngettext(singular, plural, number)


def number(value: float, digits: int = 0) -> str:
    """Write a number as the language does: 1.234,5 in Romanian, 1,234.5 in English; never -0."""
    text = f"{value:z,.{digits}f}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def written_day(when: date) -> str:
    """Write a day as the language does: 28.02.2026 in Romanian, 28 Feb 2026 in English (02/28 and 28/02 mislead)."""
    return f"{when.day} {_ENGLISH_MONTHS[when.month - 1]} {when.year}" if language() == "en" else f"{when:%d.%m.%Y}"
