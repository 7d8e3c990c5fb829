"""Romanian addresses taken apart: street, number and block, so that two ways of writing one address compare equal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.text import fold

# The words for a kind of street, as they are written out and in short. Their kind tells streets apart less than their
# name does: the same street is "bd." in one list and "bulevardul" in the other.
_KINDS = (
    "strada", "str", "bulevardul", "bulevard", "bdul", "blvd", "bd", "b dul", "calea", "cal", "aleea", "alee", "al",
    "soseaua", "sos", "piata", "pta", "p ta", "intrarea", "intr", "drumul", "splaiul", "spl", "fundatura", "fdt",
    "ulita", "prelungirea", "prel", "pasajul", "dn", "artera",
)  # fmt: skip
_KIND = re.compile(rf"^(?:(?:{'|'.join(sorted(_KINDS, key=len, reverse=True))})\b\s*)+")
_RANKS = re.compile(
    r"\b(?:general|gen|g ral|colonel|col|capitan|cpt|mr|locotenent|lt|sublocotenent|slt|doctor|dr|profesor|prof"
    r"|inginer|ing|academician|acad|preot|pr|sfintul|sfinta|sf|sfintii)\b"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(r"(?i)\b(?:nr|num[aă]r(?:ul)?|no)\b[.:\s]*(\d+)\s*[-/]?\s*([a-z]?)\b")
_BARE = re.compile(r"(?i)\s(\d{1,4})\s?/?([a-z]?)(?:\s*-\s*\d+\s?[a-z]?)?(?:\s+bis)?\s*(?:,|$)")
_BLOCK = re.compile(r"(?i)\b(?:bl|bloc(?:ul)?)\b[.:\s]*([a-z]?\d+[a-z]?|[a-z]\b)")
_STREET = re.compile(
    rf"(?i)(?:^|[,;(]|\s)((?:{'|'.join(_KINDS[:5] + _KINDS[6:7] + _KINDS[8:9])}|b-dul|sos|șos|şos|aleea|piata|piața"
    rf"|piaţa|intrarea|splaiul|soseaua|șoseaua|şoseaua)\b[.:\s].*)"
)
_END = re.compile(
    r"(?i)[,;(]|\b(?:nr|num[aă]r(?:ul)?|no|bl|bloc|sc|scara|et|etaj|ap|apartament|sat|com|comuna|oras|jud|judet|cod|parter)\b"
    r"(?=[.:\s\d])"
)


@dataclass(frozen=True)
class StreetAddress:
    """An address taken apart. street: folded, without its kind and ranks. number: digits and letter. block: or ""."""

    street: str
    number: str
    block: str


@lru_cache(maxsize=65536)
def parse_address(text: str) -> StreetAddress:
    """Take an address as it is typed apart; what is not said is empty.

    Parameters
    ----------
    text
        "Str. Gen. Magheru nr. 5A, bl. 12, sc. B", "Calea Unirii 14", "Principală, nr. 25".

    Returns
    -------
    StreetAddress
        Of a number with an end ("9-11") the first.

    Examples
    --------
    >>> parse_address("B-dul. Unirii, Nr. 5 A, bl. C2")
    StreetAddress(street='unirii', number='5a', block='c2')
    >>> parse_address("Primăria, str. Gen. Ion Dragalina 14")
    StreetAddress(street='ion dragalina', number='14', block='')
    """
    flat = " ".join(_BRACKETS.sub(" ", text).split())  # the former name of a street stands in brackets
    found = _NUMBER.search(flat) or _BARE.search(flat)
    number = f"{int(found[1])}{found[2].lower()}" if found else ""
    block = _BLOCK.search(flat)
    # A number without "nr." ends the street; what stands behind it is no name.
    before = flat[: found.start()] if found and not _NUMBER.search(flat) else flat
    stated = _STREET.search(before)
    name = stated[1] if stated else before
    until = _END.search(name)
    name = name[: until.start()] if until else name
    return StreetAddress(fold_street(name), number, block[1].lower() if block else "")


@lru_cache(maxsize=65536)
def fold_street(name: str) -> str:
    """Fold the name of a street for comparing: without its kind, ranks, diacritics and dots.

    >>> fold_street("Bulevardul General Gheorghe Magheru"), fold_street("b-dul Ghe. Magheru")
    ('gheorghe magheru', 'ghe magheru')
    """
    bare = re.sub(r"[.\-/]", " ", _BRACKETS.sub(" ", name))
    plain = " ".join(re.sub(r"[^a-z0-9 ]", " ", fold(bare)).split())
    close = " ".join(_RANKS.sub(" ", _KIND.sub("", plain)).split())
    return close or plain
