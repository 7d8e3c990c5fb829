"""Words of the screen: Romanian first, English second, through gettext catalogues.

The message is the Romanian sentence itself, so Romanian works without a catalogue; its third plural
(1 loc, 2 locuri, 20 de locuri) follows a rule, and a catalogue is needed only where a sentence breaks it.
Catalogues are the `.po` files under `locale/`, read as they are: there is no compiled copy to forget.
"""

from __future__ import annotations

import gettext
import io
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("ro", "en")
_CATALOGUES = Path(__file__).parent.parent / "locale"
_TAKES_DE = 20
_language: ContextVar[str] = ContextVar("language", default="ro")


def language() -> str:
    """Return the language of this request: `ro` or `en`."""
    return _language.get()


def set_language(code: str) -> None:
    """Choose the language of this request; an unknown one is Romanian."""
    _language.set(code if code in LANGUAGES else "ro")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak another language within a block (a slip for an English-speaking colleague, a test)."""
    token = _language.set(code if code in LANGUAGES else "ro")
    try:
        yield
    finally:
        _language.reset(token)


class _RomanianPlurals(gettext.NullTranslations):
    """What Romanian does without a catalogue: from 20 on, and not for 101 to 119, a number takes `de`."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        if n == 1:
            return msgid1
        return msgid2 if (n and 0 < abs(n) % 100 < _TAKES_DE) or not n else msgid2.replace("{n} ", "{n} de ", 1)


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    path = _CATALOGUES / code / "LC_MESSAGES" / "harta.po"
    plain = _RomanianPlurals() if code == "ro" else gettext.NullTranslations()
    if not path.exists():
        return plain
    # Babel is 0.1 s to import: only those who need a catalogue pay for it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as handle:
        write_mo(compiled, read_po(handle, locale=code))
    compiled.seek(0)
    catalogue = gettext.GNUTranslations(compiled)
    catalogue.add_fallback(plain)
    return catalogue


def _(message: str) -> str:
    """Say `message` (a Romanian sentence) in the language of this request."""
    return message if language() == "ro" else _catalogue(language()).gettext(message)


def later(message: str) -> str:
    """Mark a sentence for the catalogues where it is only named; `_` says it when it is used."""
    return message


def ngettext(singular: str, plural: str, number: int) -> str:
    """Say a counted thing: `ngettext("{n} loc", "{n} locuri", n).format(n=n)`."""
    return _catalogue(language()).ngettext(singular, plural, number)


def number(value: float, digits: int = 0) -> str:
    """Write a number as the language does: 1.234,5 in Romanian, 1,234.5 in English; never -0."""
    text = f"{value:z,.{digits}f}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))
