"""Telephones, addresses and codes as people type them into registers: one clean form, or nothing.

What cannot be understood is left out rather than shown: a wrong number on a screen sends somebody
to the wrong door. The raw file keeps it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.text import fold, spell

if TYPE_CHECKING:
    from collections.abc import Callable

_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"(?i)\b(int(erior)?|ext)\b.*$")
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
_HOST = re.compile(r"(?i)^(https?://)?([a-z0-9\-]+\.)+[a-z]{2,}(:\d+)?([/?#][^\s<>\"']*)?$")
# What clerks type where the form wants something and there is nothing.
_NOTHING = frozenset({"", "0", "00", "fn", "fs", "f n", "f s", "nu", "nu are", "nu nu are", "fara", "fara numar", "nc"})


def map_unique(values: pd.Series[Any], change: Callable[[str], str]) -> pd.Series[Any]:
    """Apply `change` once to each distinct text of a column (registers repeat themselves)."""
    text = values.fillna("").astype("str")
    changed = {value: change(value) for value in text.unique()}
    return text.map(changed).astype("str")


def tidy_text(text: str) -> str:
    """Close up spaces and mend cedillas; nothing else.

    >>> tidy_text("  ŞCOALA   NR. 1 ")
    'ȘCOALA NR. 1'
    """
    close = " ".join(text.split())
    return close if close.isascii() else spell(close)


def phones(text: str) -> str:
    """List the telephone numbers of a cell in national form.

    Nine digits are a number whose leading zero the spreadsheet ate. Numbers of 3 to 6 digits are the short ones (112,
    116111); others of a wrong length are left out.

    Parameters
    ----------
    text
        The cell as it was published.

    Returns
    -------
    str
        Each number once, in their order, `; ` between them; "" where there is none.

    Examples
    --------
    >>> phones("0258/780623, +40 722 000 111 int. 4"), phones("258780623"), phones("-")
    ('0258780623; 0722000111', '0258780623', '')
    """
    found = []
    for part in re.split(r"[;,|\n]|\bsau\b", text):
        own = _EXTENSION.sub("", part)
        whole = _phone(own)
        # "0258/780623" is one number, "0258780623/0258780601" are two.
        found.extend([whole] if whole else [_phone(piece) for piece in own.split("/")])
    return "; ".join(dict.fromkeys(n for n in found if n))


def _phone(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    digits = re.sub(r"^(0040|40(?=[237]\d{8}$))", "", digits)
    if len(digits) == 9 and digits[0] in "2378":  # noqa: PLR2004
        digits = f"0{digits}"
    if len(set(digits)) == 1:
        return ""
    if len(digits) == 10 and digits[0] == "0":  # noqa: PLR2004
        return digits
    return digits if 3 <= len(digits) <= 6 and digits[0] == "1" else ""  # noqa: PLR2004


def emails(text: str) -> str:
    """List the e-mail addresses of a cell, `; ` between them.

    >>> emails(" scoala@example.ro"), emails("nu are")
    ('scoala@example.ro', '')
    """
    return "; ".join(dict.fromkeys(_EMAIL.findall(text)))


def website(text: str) -> str:
    """Return a web address (http, https or without a scheme), or nothing.

    >>> website("http: // www.example.ro"), website("javascript:alert(1)"), website("în construcție")
    ('http://www.example.ro', '', '')
    """
    close = _SPACES.sub("", text)
    return close if _HOST.match(close) else ""


def fiscal_code(text: str) -> str:
    """Return the digits of a fiscal code (CUI: 2 to 10 digits, RO before them or not), or nothing.

    >>> fiscal_code("RO 40558651"), fiscal_code("0")
    ('40558651', '')
    """
    close = re.sub(r"(?i)^\s*ro|\s", "", text)
    return close if re.fullmatch(r"[1-9]\d{1,9}", close) else ""


def blank_placeholders(text: str) -> str:
    """Return the text, or nothing where it only says that there is nothing ("FN", "-", "NU ARE").

    >>> something(" NU ARE"), something("."), something("5 bis")
    ('', '', '5 bis')
    """
    return "" if fold(text) in _NOTHING else tidy_text(text)


def street_address(street: pd.Series[Any], number: pd.Series[Any]) -> pd.Series[Any]:
    """Join street and number: "Principală 18"; empty where the register has only filler."""
    streets, numbers = map_unique(street, blank_placeholders), map_unique(number, blank_placeholders)
    return (streets + " " + numbers.where(streets != "", "")).str.strip()
