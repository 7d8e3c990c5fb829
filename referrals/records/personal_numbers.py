"""Personal numbers and telephones among the numbers of a text.

A personal number proves itself by its check digit and its day of birth, so it is looked for across anything that
may stand between its parts; a telephone proves little, so what stands between the parts and how long they are decide.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from core.text import fold
from referrals.records.spelled_digits import DigitGroup, digit_groups

Joined = Literal["signs", "words", "text"]
Dated = Literal["no", "probably", "surely"]

_CNP_WEIGHTS = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
_CNP_LENGTH = 13
_CNP_FIELDS = frozenset({1, 3, 5, 7, 9, 12})  # where a field ends: sex, year, month, day, county, number
_CNP_COUNTIES = frozenset({*range(1, 53), 70, *range(80, 84)})
_CENTURIES = {1: 1900, 2: 1900, 3: 1800, 4: 1800, 5: 2000, 6: 2000, 7: 1900, 8: 1900, 9: 1900}
_LONGEST = 17  # digits: 00 and the longest telephone of the world
_FEW = 3  # groups: a number cut once or twice, no list
_SOME = 5  # groups: still a telephone, where it begins with 0


# Words that join the parts of one number: "0722, apoi 123 și 456".
_JOINING = frozenset({
    "nr", "numar", "numarul", "no", "n", "si", "apoi", "pe", "urma", "dupa", "aceea", "iar", "cu", "urmat", "de",
    "urmeaza", "plus", "punct", "virgula", "linie", "linuta", "cratima", "spatiu", "pauza", "minus", "bara",
    "slash", "continua", "continuat", "continuare", "mai", "departe", "care", "aia", "asta", "inca", "la", "final",
    "finalul", "sfarsit", "sfarsitul", "restul", "rest", "tel", "telefon", "mobil", "cifra", "cifre", "and", "then",
})  # fmt: skip
_WORD_GAP = 40  # characters of words between two parts of one personal number
_SHORT_GAP = 20  # of a telephone
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_HOUR = r"(?:[01]?\d|2[0-4])[:.][0-5]\d"
_SPELL = (
    r"(?<!\d)(?<!\d )(?:[01]?\d|2[0-4])\s?[-–]\s?(?:[01]?\d|2[0-4])(?!\d|\s\d|\s?[-–.:/]\s?\d)"  # from hour to hour
)
_APART = r"(?<!\d)(?<!\d[./-])"  # no digits directly before
_END = r"(?![./-]?\d)"
_CERTAIN = re.compile(
    rf"(?<!\d){_DAY}[./-]{_MONTH}[./-]{_YEAR}(?!\d)|(?<!\d){_YEAR}-{_MONTH}-{_DAY}(?!\d)"
    rf"|(?<!\d){_YEAR}\s?[-/]\s?{_YEAR}(?!\d)"
    rf"|(?<!\d)[1-9]\d{{0,5}}/{_YEAR}(?!\d)|(?<!\d)[1-9]\d{{0,5}}/\d{{1,3}}/{_YEAR}(?!\d)"
    r"|(?<!\w)C-[2-9A-HJKMNP-TV-Z]{5}-[2-9A-HJKMNP-TV-Z]{5}(?!\w)|(?<!\w)R-[2-9A-HJKMNP-TV-Z]{10}(?!\w)"
)
_PROBABLE = re.compile(
    rf"{_APART}{_DAY}[./-]{_MONTH}[./-]\d\d{_END}|{_APART}{_DAY}\.{_MONTH}{_END}"
    rf"|(?<!\d){_YEAR}-{_MONTH}(?!\d)|(?<!\d){_MONTH}/{_YEAR}(?!\d)"
    rf"|(?<![\d.:]){_HOUR}(?![:.]?\d)|{_SPELL}(?:[,;]?\s+(?:\w+\s+){{0,2}}{_SPELL})+"
    rf"|{_DAY}\s+(?:ian|feb|mar|apr|mai|iun|iul|aug|sep|oct|noi|nov|dec)\w*(?!\s+departe)(?:\s+{_YEAR})?"
    r"|(?<![\d.])\d[\d. ]{0,20}(?:,\d{1,4})?\s{0,3}(?:de\s)?(?:lei|ron|euro)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Span:
    """Neighbouring groups of digits read as one number.

    gaps: what stands between the groups, runs of blanks as one. joined: `signs` (no letters between), `words`
    (joining words) or `text` (any words). dated: the span holds all or a part of a date, an hour, a number of
    a law, an amount or a code of ours, surely or probably.
    """

    groups: tuple[DigitGroup, ...]
    gaps: tuple[str, ...]
    joined: Joined
    dated: Dated
    plus: bool

    @property
    def digits(self) -> str:
        """All digits."""
        return "".join(group.digits for group in self.groups)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Digits of each group."""
        return tuple(len(group.digits) for group in self.groups)

    @property
    def is_even(self) -> bool:
        """Whether the same stands between all groups."""
        return len(set(self.gaps)) <= 1


def spans(plain: str) -> Iterator[Span]:
    """Read every run of neighbouring groups of a plain text as one number, up to the longest telephone.

    plain: see `referrals.records.spelled_digits.plain_text`.
    """
    groups = digit_groups(plain)
    between = [plain[a.end : b.start] for a, b in pairwise(groups)]
    kinds = [_gap_kind(gap) for gap in between]
    gaps = [" ".join(gap.split()) or gap[:1] for gap in between]
    certain = [found.span() for found in _CERTAIN.finditer(plain)]
    probable = [found.span() for found in _PROBABLE.finditer(plain)]
    for first, group in enumerate(groups):
        plus = _has_plus(plain[: group.start])
        length = 0
        for last in range(first, len(groups)):
            length += len(groups[last].digits)
            parts = [kind for kind in kinds[first:last] if kind is not None]
            if len(parts) < last - first or (length > _LONGEST and last > first):
                break
            joined: Joined = "text" if "text" in parts else "words" if "words" in parts else "signs"
            start, end = group.start, groups[last].end
            dated: Dated = (
                "surely" if _meets(certain, start, end) else "probably" if _meets(probable, start, end) else "no"
            )
            yield Span(tuple(groups[first : last + 1]), tuple(gaps[first:last]), joined, dated, plus)


def _has_plus(before: str) -> bool:
    """Whether a + (or the word) stands directly before a number."""
    return bool(re.search(r"(?:\+|\bplus)[\s([]*$", before[-_WORD_GAP:]))


def _gap_kind(gap: str) -> Joined | None:
    """Say how what stands between two groups joins them; None where it is too much for one number."""
    words = fold(re.sub(r"[\W_]+", " ", gap)).split()
    if not words:
        return "signs"
    if len(gap.strip()) > _WORD_GAP:
        return None
    return "words" if all(word in _JOINING for word in words) else "text"


def _meets(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in spans)


# --- personal numbers -------------------------------------------------------------------------------


def is_cnp(digits: str) -> bool:
    """Whether 13 digits have the form of a Romanian personal number: no leading zero, and the right check digit.

    Weights 279146358279, the sum modulo 11, 10 read as 1.
    """
    if len(digits) != _CNP_LENGTH or not digits.isdigit() or digits[0] == "0":
        return False
    check = sum(int(d) * w for d, w in zip(digits, _CNP_WEIGHTS, strict=False)) % 11
    return int(digits[12]) == (1 if check == 10 else check)  # noqa: PLR2004


def is_personal_number(span: Span) -> bool:
    """Whether a span is a personal number: a valid one however it is cut, a mistyped one where it looks like one."""
    digits = span.digits
    if len(span.groups) == 1 and len(digits) >= _CNP_LENGTH:
        return bool(re.search(r"[1-9]\d{12}", digits)) and not _is_romanian(digits)
    if len(digits) != _CNP_LENGTH or digits[0] == "0":
        return False
    ends = {sum(span.sizes[: n + 1]) for n in range(len(span.sizes) - 1)}
    is_cut_like_one = len(span.groups) <= _FEW or ends <= _CNP_FIELDS or span.is_even
    if is_cnp(digits) and _is_day_of_birth(digits) and int(digits[7:9]) in _CNP_COUNTIES:
        return is_cut_like_one or (span.joined != "text" and span.dated != "surely")
    if span.joined != "signs" or span.dated != "no":
        return False
    month, day = int(digits[3:5]), int(digits[5:7])
    return len(span.groups) < _FEW or (is_cut_like_one and 1 <= month <= 12 and 1 <= day <= 31)  # noqa: PLR2004


def _is_day_of_birth(digits: str) -> bool:
    year = _CENTURIES[int(digits[0])] + int(digits[1:3])
    month, day = int(digits[3:5]), int(digits[5:7])
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]  # noqa: PLR2004


# --- telephones -------------------------------------------------------------------------------------

_USUAL = frozenset(
    {(4, 6), (3, 7), (4, 3, 3), (4, 2, 2, 2), (3, 3, 4), (3, 3, 2, 2), (2, 8), (5, 5), (4, 4, 2), (1, 9),
     (1, 3, 3, 3), (1, 3, 2, 2, 2)}
)  # fmt: skip
_USUAL_WITH_40 = frozenset({(2, 9), (2, 3, 6), (2, 3, 3, 3), (2, 3, 2, 2, 2)})
_USUAL_WITHOUT_ZERO = frozenset({(3, 3, 3), (3, 6), (3, 2, 2, 2), (3, 2, 4), (3, 4, 2)})
_ABROAD = re.compile("3[0-469]|351|353|357|359|373|380|4[134-9]|90|972")
_ABROAD_LENGTH = 11
_ABROAD_AFTER_PLUS = 9
_CLOSE = frozenset({" ", ".", "-", "/", "‐", "‑", "–", "—", " - ", ". "})


def _is_romanian(digits: str) -> bool:
    """Whether digits are a Romanian telephone with its 0 or the code of the country."""
    return bool(re.fullmatch(r"(?:(?:00)?40|0)0?[237]\d{8}", digits))


def is_telephone(span: Span) -> bool:
    """Whether a span is a telephone (see `referrals.records.free_text.personal_data` for which)."""
    digits, sizes = span.digits, span.sizes
    if span.dated == "surely":
        return False
    begins = span.groups[0].digits
    is_marked = span.plus or (begins[0] == "0" and sizes[0] >= 3) or (begins == "00" and span.dated == "no")  # noqa: PLR2004
    if span.dated == "probably" and not is_marked:
        return False
    if len(sizes) == 1 and re.fullmatch(r"07\d{7,10}", digits):
        return True
    if span.joined == "signs" and (span.plus or digits.startswith("00")):
        return _is_romanian(digits) or _is_abroad(digits, plus=span.plus)
    if _is_romanian(digits):
        return _is_joined_as_one(span, is_marked=is_marked)
    return _is_without_zero(span) or _is_without_plus(span)


def _is_joined_as_one(span: Span, *, is_marked: bool) -> bool:
    """Whether what stands between the groups of a Romanian telephone, and how long they are, make it one number."""
    sizes, begins_with_0 = span.sizes, span.digits[0] == "0"
    if span.joined == "text":
        is_short = all(len(gap) <= _SHORT_GAP for gap in span.gaps)
        return is_short and ((is_marked and sizes in _USUAL) or (span.is_even and len(span.gaps[0]) <= _FEW))
    if is_marked or any(group.is_word for group in span.groups):
        return True
    if span.is_even:
        return begins_with_0 or len(sizes) == 1 or span.gaps[0] in _CLOSE
    if begins_with_0:
        return len(sizes) <= _SOME or (span.joined == "signs" and max(sizes) == 1)
    return span.joined == "signs" and sizes in _USUAL_WITH_40 and not any("," in gap for gap in span.gaps)


def _is_without_zero(span: Span) -> bool:
    """Whether nine digits are a telephone without its 0: many lists of counts have nine digits too."""
    digits, sizes = span.digits, span.sizes
    if not re.fullmatch(r"[237]\d{8}", digits) or span.joined == "text":
        return False
    if digits[0] != "7" and not _is_valid("+40" + digits):
        return False
    if len(sizes) == 1 or all(group.is_word for group in span.groups):
        return True
    if max(sizes) == 1:
        return span.is_even
    close = span.is_even and span.gaps[0] in _CLOSE
    return (sizes in _USUAL_WITHOUT_ZERO and close) or (sizes == (3, 3, 3) and digits[0] == "7")


def _is_without_plus(span: Span) -> bool:
    """Whether digits are a telephone of a country where many of our people work, without + or 00."""
    if span.joined != "signs" or not all(gap in _CLOSE for gap in span.gaps) or len(span.groups) > _SOME:
        return False
    if len(span.digits) < _ABROAD_LENGTH or not _ABROAD.match(span.digits):
        return False
    if not (len(span.groups) == 1 or _ABROAD.fullmatch(span.groups[0].digits)):
        return False
    return _is_valid("+" + span.digits)


def _is_abroad(digits: str, *, plus: bool) -> bool:
    """Whether digits after a + , or beginning with 00, are a telephone; after a + nine digits suffice."""
    return (plus and len(digits) >= _ABROAD_AFTER_PLUS) or _is_valid("+" + digits.removeprefix("00"))


def _is_valid(number: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
