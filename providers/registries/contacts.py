"""Telephones, addresses and codes as people type them into registers: one clean form, or nothing.

What cannot be understood is left out rather than shown: a wrong number on a screen sends somebody
to the wrong door. The raw file keeps it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import phonenumbers

from core.errors import BadValueError
from core.i18n import _
from core.reading.reading_account import account_now
from core.text import fold, spell

if TYPE_CHECKING:
    from collections.abc import Callable

_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"(?i)\b(int(erior)?|ext)\b.*$")
_RANGE_END = re.compile(r"(\b0?[237][0-9 .\-]{7,12}[0-9])\s*[-–]\s*[0-9]{1,3}\s*$")  # 0234-513296-97
_ALONE = re.compile(r"(?i)\b(tel(efon)?(ul)?|mobil|fix|fax|nr)\b[ .:]*|\([^)0-9]*\)|[:]")
_PLAIN = re.compile(r"0[0-9]{9}")
_REGION, _COUNTRY = "RO", 40
_WITHOUT_ZERO, _LONGEST_WHOLE, _SHORTEST = 9, 14, 3  # digits
_FEWEST_LOST = 5  # digits that are a number which was lost, and no hours or floor
_OTHER_SHORT = frozenset({"119"})  # the child's line is older than the library's list of short numbers
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+")
_HOST = re.compile(r"(?i)^(https?://)?([a-z0-9\-]+\.)+[a-z]{2,}(:\d+)?([/?#][^\s<>\"']*)?$")
# What clerks type where the form wants something and there is nothing.
_NOTHING = frozenset({"", "0", "00", "fn", "fs", "f n", "f s", "nu", "nu are", "nu nu are", "fara", "fara numar", "nc"})


def map_unique(values: pd.Series[Any], change: Callable[[str], str]) -> pd.Series[Any]:
    """Apply `change` once to each distinct text of a column (registers repeat themselves)."""
    text = values.fillna("").astype("str")
    # Places of distinct texts: a look-up of each cell by its text would take each out of its array once more.
    places, distinct = pd.factorize(text)
    changed = pd.array([change(value) for value in distinct.to_numpy(object)], dtype="str")
    return pd.Series(changed.take(places), index=values.index, name=values.name)


def tidy_text(text: str) -> str:
    """Close up spaces and mend cedillas; nothing else.

    >>> tidy_text("  ŞCOALA   NR. 1 ")
    'ȘCOALA NR. 1'
    """
    close = " ".join(text.split())
    return close if close.isascii() else spell(close)


def phones(text: str) -> str:
    """List the telephone numbers of a cell in national form.

    Numbers are found and judged by `phonenumbers`, by Romania's plan of numbers; foreign ones begin with 00. Nine
    digits are a number whose leading zero the spreadsheet ate. A short number (112, 116111) stands alone in its part
    of the cell: elsewhere it is a room or a floor. What is no telephone is left out.

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
    >>> phones("0258/780623, +40 722 000 111 int. 4"), phones("258780623"), phones("cam. 112")
    ('0258780623; 0722000111', '0258780623', '')
    """
    found: list[str] = []
    for part in _parts(text):
        found.extend(_numbers(part))
    return "; ".join(dict.fromkeys(found))


def typed_phones(text: str) -> str:
    """Understand the telephone of an office, or two, as somebody types them into a form.

    Parameters
    ----------
    text
        As it was typed; may be empty.

    Returns
    -------
    str
        As `phones`; "" where nothing was typed.

    Raises
    ------
    BadValueError
        Where something is no telephone, or there are more than two.
    """
    number = phones(text)
    if text.strip() and (not number or is_phone_lost(text) or number.count(";") > 1):
        raise BadValueError(
            _("Telefon: „{found}” nu este un număr. Scrieți-l ca 0234 000 000.").format(found=text.strip()[:40])
        )
    return number


def is_phone_lost(text: str) -> bool:
    """Whether a cell says more than the numbers that `phones` reads in it: another number, or one that is none.

    >>> is_phone_lost("0234 513 296 / 114 520"), is_phone_lost("0234513296 (L-V 8-16)"), is_phone_lost("nu are")
    (True, False, False)
    """
    if _PLAIN.fullmatch(text):
        return not _numbers(text)
    if _RANGE_END.search(text):
        return True
    parts = [(part, _numbers(part)) for part in _parts(text)]
    if not any(numbers for _part, numbers in parts):
        return bool(re.search(r"[0-9]", text)) and blank_placeholders(text) != ""
    return any(not numbers and len(re.sub(r"[^0-9]", "", part)) >= _FEWEST_LOST for part, numbers in parts)


def read_phones(text: pd.Series[Any], row: pd.Series[Any], *, title: str) -> pd.Series[Any]:
    """Read a column of telephones, and write in the account of the import the cells in which one was lost."""
    lost = {cell for cell in text.unique() if is_phone_lost(cell)}
    if lost:
        own = account_now().main()
        why = _("telefon care nu a putut fi citit")
        for place in row[text.isin(lost)]:
            own.remark(title, why, int(place))
    return map_unique(text, phones)


def _parts(text: str) -> list[str]:
    """Split a cell where numbers are told apart; a telephone that is written with a slash stays whole."""
    parts: list[str] = []
    for part in re.split(r"[;,|\n]|\bsau\b|\bși\b", text):
        own = _RANGE_END.sub(r"\1", _EXTENSION.sub("", part))
        pieces = own.split("/")
        if len(pieces) > 1 and _whole(own):
            pieces = [own]
        elif len(pieces) > 2 and not any(map(_numbers, pieces)):  # noqa: PLR2004  0258/780623/780624
            pieces = ["/".join(pieces[:2]), *pieces[2:]]
        parts.extend(pieces)
    return [part for part in parts if part.strip()]


def _whole(part: str) -> bool:
    """Whether all digits of a part are one number, as in 0258/780623."""
    return len(_numbers(part)) == 1 and len(re.sub(r"[^0-9]", "", part)) <= _LONGEST_WHOLE


@lru_cache(maxsize=50_000)
def _numbers(part: str) -> tuple[str, ...]:
    """Return the numbers in one part of a cell."""
    if _PLAIN.fullmatch(part):  # most are, and need not be looked for in a text
        number = phonenumbers.PhoneNumber(country_code=_COUNTRY, national_number=int(part))
        return (part,) if phonenumbers.is_valid_number(number) else ()
    return tuple(_found_numbers(part))


def _found_numbers(part: str) -> list[str]:
    digits = re.sub(r"[^0-9]", "", part)
    if len(digits) < _SHORTEST or len(set(digits)) == 1:
        return []
    alone = _ALONE.sub("", part)
    if re.fullmatch(r"[0-9 .]{3,8}", alone):
        short = re.sub(r"[^0-9]", "", alone)
        return [short] if _is_short(short) else [n for n in (_national(alone),) if n]
    # Nine digits lost their zero; a country's number without its plus begins with 40.
    if re.fullmatch(r"[0-9 .\-]+", alone) and len(digits) == _WITHOUT_ZERO and digits[0] in "2378":
        part = f"0{digits}"
    elif re.fullmatch(r"40[237][0-9]{8}", digits) and "+" not in part:
        part = f"+{digits}"
    own = [_shown(match.number) for match in phonenumbers.PhoneNumberMatcher(part, _REGION)]
    return own or [n for n in (_national(alone),) if n]


def _national(text: str) -> str:
    """Read a text that is one number and nothing else; "" where it is none."""
    if not re.fullmatch(r"[+0-9 ().\-/]+", text.strip()):
        return ""
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return ""
    return _shown(number) if phonenumbers.is_valid_number(number) else ""


def _shown(number: Any) -> str:
    form = phonenumbers.PhoneNumberFormat
    if number.country_code == _COUNTRY:
        return re.sub(r"[^0-9]", "", phonenumbers.format_number(number, form.NATIONAL))
    return "00" + re.sub(r"[^0-9]", "", phonenumbers.format_number(number, form.E164))


def _is_short(digits: str) -> bool:
    if digits in _OTHER_SHORT:
        return True
    try:
        return bool(
            phonenumbers.shortnumberinfo.is_valid_short_number_for_region(phonenumbers.parse(digits, _REGION), _REGION)
        )
    except phonenumbers.NumberParseException:
        return False


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
