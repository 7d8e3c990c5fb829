"""Digits as people spell them: any script, invisible signs between, letters that look like digits, number words.

`digit_groups` reads a text as groups of digits with what stands between them; what the groups mean is for
`referrals.records.free_text`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import fold

# Letters of other alphabets that look like Latin ones, and a dot: NFKC leaves them.
_LOOKALIKES = str.maketrans("ОоΟοІіΙΑаеЕсСрРТМ。", "OoOoIiIAaeEcCpPTM.")
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters to Unicode, nothing to the eye
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cs", "Co", "Cn"})
_LONGEST_FORM = 4
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_MIXED = re.compile(r"(?<![^\W_])[\dOoIl|]*\d[\dOoIl|]*(?![^\W_])")
_ALONE = re.compile(r"(?<![^\W_])[OoIl](?=[\W_]{0,3}\d)")
_AS_DIGITS = str.maketrans("OoIl|", "00111")

_UNITS = {
    "zero": 0, "unu": 1, "una": 1, "doi": 2, "doua": 2, "trei": 3, "patru": 4, "cinci": 5, "sase": 6, "sapte": 7,
    "opt": 8, "noua": 9,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
_TEENS = {
    "zece": 10, "unsprezece": 11, "doisprezece": 12, "douasprezece": 12, "treisprezece": 13, "paisprezece": 14,
    "cincisprezece": 15, "saisprezece": 16, "saptesprezece": 17, "optsprezece": 18, "nouasprezece": 19,
    "unspe": 11, "doispe": 12, "treispe": 13, "paispe": 14, "cinspe": 15, "cincispe": 15, "saispe": 16,
    "saptespe": 17, "saptispe": 17, "optspe": 18, "optispe": 18, "nouaspe": 19,
}  # fmt: skip
_TENS = {
    "douazeci": 20, "treizeci": 30, "patruzeci": 40, "cincizeci": 50, "saizeci": 60, "saptezeci": 70, "optzeci": 80,
    "nouazeci": 90,
}  # fmt: skip
_HUNDREDS = ("suta", "sute")


@dataclass(frozen=True)
class DigitGroup:
    """Digits that stand together. start, end: where in the text; is_word: they were written as words."""

    digits: str
    start: int
    end: int
    is_word: bool = False


def plain_text(text: str) -> str:
    """Give a text the form in which it is searched: compatibility forms composed, invisible signs gone, ASCII digits.

    Signs written as HTML names them (`&#64;`) are those signs.

    >>> plain_text("０７２\u200b２ ①½ ٣")
    '0722 11⁄2 3'
    """
    return "".join(map(_plain, html.unescape(text))).translate(_LOOKALIKES)


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isprintable() or sign in "\n\r\t" else ""
    composed = unicodedata.normalize("NFKC", sign)
    if len(composed) > _LONGEST_FORM:  # a whole phrase in one sign
        return " "
    return "".join(_shown(each) for each in composed)


def _shown(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    if value is not None:
        return str(value)
    return "" if unicodedata.category(sign) in _INVISIBLE or sign in _BLANK_LETTERS else sign


def with_letters_as_digits(plain: str) -> str:
    """Read O and o as 0, and I, l and | as 1, where they stand among digits; everything keeps its place.

    >>> with_letters_as_digits("O722 l23456, Ion are 2 copii")
    '0722 123456, Ion are 2 copii'
    """
    mixed = _MIXED.sub(lambda found: found[0].translate(_AS_DIGITS), plain)
    return _ALONE.sub(lambda found: found[0].translate(_AS_DIGITS), mixed)


def digit_groups(plain: str) -> list[DigitGroup]:
    """Read a plain text (see `plain_text`) as its groups of digits, numbers written as words among them.

    >>> [group.digits for group in digit_groups("07 șapte sute douăzeci și doi, unu")]
    ['07', '722', '1']
    """
    tokens = [
        (fold(found[0]) if not found[0].isdecimal() else found[0], *found.span()) for found in _TOKEN.finditer(plain)
    ]
    groups: list[DigitGroup] = []
    at = 0
    while at < len(tokens):
        text, start, end = tokens[at]
        if text.isdecimal():
            groups.append(DigitGroup(text, start, end))
            at += 1
            continue
        if text == "doua" and at and tokens[at - 1][0] == "a":  # "a doua" is no number but an order
            at += 1
            continue
        digits, taken = _number_of([word for word, _start, _end in tokens[at : at + 6]])
        if taken:
            groups.append(DigitGroup(digits, start, tokens[at + taken - 1][2], is_word=True))
        at += taken or 1
    return groups


def _number_of(words: Sequence[str]) -> tuple[str, int]:
    """Read the number at the beginning of some words: its digits, and how many words it takes (0: none is there)."""
    words = [*words, "", "", ""]
    first = words[0]
    if words[1] in _HUNDREDS and (first in _UNITS or first == "o"):
        rest, taken = _below_hundred(words[2:])
        return f"{_UNITS.get(first, 1)}{rest:02}", 2 + taken
    if first in _UNITS:
        return str(_UNITS[first]), 1
    value, taken = _below_hundred(words)
    return (str(value), taken) if taken else ("", 0)


def _below_hundred(words: Sequence[str]) -> tuple[int, int]:
    first, second, third = words[0], words[1], words[2]
    if first in _TENS:
        if second == "si" and _UNITS.get(third):
            return _TENS[first] + _UNITS[third], 3
        return _TENS[first], 1
    if first in _TEENS:
        return _TEENS[first], 1
    return (_UNITS[first], 1) if first in _UNITS else (0, 0)
