"""What somebody typed for a place, taken apart: a name, a county, a commune, or a pair of coordinates.

Nothing here knows which places exist, save the counties. One text may be read in several ways
("Satu Mare" is a town, or a place called Satu in the county of Maramureș); all readings are returned.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from core.text import fold

_COUNTY_WORDS = frozenset({"jud", "judet", "judetul"})
_UAT_WORDS = frozenset({"com", "comuna", "oras", "orasul", "mun", "municipiu", "municipiul"})
_LOCALITY_WORDS = frozenset({"sat", "satul", "loc", "localitatea"})
_MARKERS = _COUNTY_WORDS | _UAT_WORDS | _LOCALITY_WORDS
# Short forms on signs and in addresses; „Sf.” is Sfântu in the names of towns.
_SHORT = {"tg": "targu", "tirg": "targu", "sf": "sfantu", "rm": "ramnicu", "gh": "gheorghe"}
_PARTS = re.compile(r"[,;()/|\n]+")
_COUNTRY = re.compile(r"(?<=\w)[\s,;.(/-]+rom[âaîi]nia\W*$", re.IGNORECASE)
_SPACES = re.compile(r"[\s.]+")
_MIN_TYPO = 4  # shorter county names are too alike to guess
_TYPO_COST = 25.0  # a mistyped county is as far-fetched as two typing errors in a name
LONGEST = 200  # characters of typed text that are looked at


@dataclass(frozen=True)
class TypedPlace:
    """One way to read what was typed: all names folded, `cost` for how far-fetched the reading is."""

    name: str
    county: str | None = None
    uat: str | None = None
    names_uat: bool = False
    cost: float = 0.0


def plain(text: object) -> str:
    """Fold like `core.text.fold`, but with `â` as the `a` that a keyboard without diacritics gives.

    >>> plain("Târgu Mureş"), plain("Cluj-Napoca")
    ('targu mures', 'cluj napoca')
    """
    composed = unicodedata.normalize("NFC", str(text).casefold())
    return fold(composed.replace("â", "a"))


def in_full(words: str) -> str:
    """Write short words of folded names in full.

    >>> in_full("tg mures"), in_full("rm valcea")
    ('targu mures', 'ramnicu valcea')
    """
    return " ".join(_SHORT.get(word, word) for word in words.split())


def county_keys(names: Mapping[str, str]) -> dict[str, str]:
    """Map every folded form of a county to its letters. names: letters to printed name."""
    keys: dict[str, str] = {}
    for letters, name in names.items():
        for form in (fold(name), plain(name), letters.lower()):
            keys[form] = letters
            keys[form.replace(" ", "")] = letters
    return keys


def readings(text: str, counties: Mapping[str, str]) -> list[TypedPlace]:
    """Read typed text in every sensible way, the plainest first.

    counties: from `county_keys`. Understood: a county after (or before) the name, with or without comma,
    „jud.” or letters; a commune or town after the name; „com.”, „oraș”, „sat” before it; Romania at the end.
    """
    text = _COUNTRY.sub("", text[:LONGEST])
    whole = plain(text)
    if not whole:
        return []
    found = [TypedPlace(whole)]
    parts = _parts(text)
    if len(parts) > 1 or (parts and parts[0][0]):
        found.extend(_from_parts(parts, counties))
    found += [replace(r, name=in_full(r.name)) for r in found if in_full(r.name) != r.name]
    for reading in list(found):
        if reading.county is None:
            found.extend(_county_in_name(reading, counties))
    return found


def _parts(text: str) -> list[tuple[str, str]]:
    """Split at commas and at words like „com.” and „jud.” into (marker or "", folded words)."""
    parts: list[tuple[str, str]] = []
    for piece in _PARTS.split(text):
        marker, words = "", list[str]()
        for written in _SPACES.split(piece):  # not at hyphens: Ștefănești-Sat is a name
            word = plain(written)
            if word in _MARKERS:
                if words:
                    parts.append((marker, " ".join(words)))
                marker, words = word, []
            elif word:
                words.append(word)
        if words:
            parts.append((marker, " ".join(words)))
    return parts


def _from_parts(parts: list[tuple[str, str]], counties: Mapping[str, str]) -> list[TypedPlace]:
    name: str | None = None
    uat: str | None = None
    county: str | None = None
    cost = 0.0
    for marker, words in parts:
        letters, typo = county_of(words, counties)
        if marker in _COUNTY_WORDS or (not marker and letters and (name or uat)):
            county, cost = letters, cost + typo
        elif marker in _UAT_WORDS:
            uat = words
        elif name is None:
            name = words
        elif uat is None:
            uat = words
    if name is None and uat is None:
        return []
    if name is None:
        return [TypedPlace(uat or "", county, names_uat=True, cost=cost)]
    return [TypedPlace(name, county, uat, cost=cost)]


def _county_in_name(reading: TypedPlace, counties: Mapping[str, str]) -> list[TypedPlace]:
    """Read the last words, or the first, of the name as its county."""
    words = reading.name.split()
    found = []
    for split in range(1, len(words)):
        for name, county_words, cost in (
            (words[:split], words[split:], 1.0),
            (words[split:], words[:split], 2.0),
        ):
            letters, typo = county_of(" ".join(county_words), counties)
            if letters:
                found.append(replace(reading, name=" ".join(name), county=letters, cost=reading.cost + cost + typo))
    return found


def county_of(words: str, counties: Mapping[str, str]) -> tuple[str | None, float]:
    """Return the county that folded words name and what the guess costs: 0 as written."""
    if letters := counties.get(words) or counties.get(words.replace(" ", "")):
        return letters, 0.0
    if len(words) >= _MIN_TYPO:
        near = {
            letters
            for key, letters in counties.items()
            if len(key) >= _MIN_TYPO and OSA.distance(key, words, score_cutoff=1) <= 1
        }
        if len(near) == 1:
            return near.pop(), _TYPO_COST
    return None, 0.0


_NUMBER = r"[+-]?\d{1,3}(?:%s\d+)?"
_COORDINATES = [
    # 46.46, 27.09 | 46.46 27.09 | 46.46; 27.09
    re.compile(rf"({_NUMBER % '[.]'})\s*(?:[,;/]\s*|\s)({_NUMBER % '[.]'})"),
    # 46,46; 27,09 | 46,46 27,09 | 46,46, 27,09 | 46,46,27,09
    re.compile(rf"({_NUMBER % ','})\s*(?:[,;/]\s*|\s)({_NUMBER % ','})"),
]
_DEGREES = re.compile(r"[°ºNEne]|lat\w*\.?:?|lon\w*\.?:?|[()]")


def coordinates(text: str) -> tuple[float, float] | None:
    """Return the pair of numbers that was typed, as (first, second), or None where it is no such pair.

    >>> coordinates("46,46; 27,09"), coordinates("46.46N 27.09E"), coordinates("23 August")
    ((46.46, 27.09), (46.46, 27.09), None)
    """
    cleaned = re.sub(r"\s+", " ", _DEGREES.sub(" ", text[:LONGEST].replace("−", "-"))).strip()
    for pattern in _COORDINATES:
        if match := pattern.fullmatch(cleaned):
            first, second = (float(n.replace(",", ".")) for n in match.groups())
            return (first, second) if math.isfinite(first + second) else None
    return None
