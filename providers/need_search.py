"""Find a need by everyday words: "buletin", "bătăi", "abandon școlar", with or without diacritics.

The words are those of the catalogue (name and synonyms), and on an English screen also the English ones ("ID card",
"beaten"). Romanian bends its words, so two words agree when they begin alike ("bătaie", "bătăile"); a typing
error costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from geo.language import _, language, speaking
from geo.text import fold_loose
from providers.tables import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from providers.eligibility import Person
    from providers.needs import Need

_EXACT, _SURE, _SHOWN = 100.0, 88.0, 45.0
_LIKELY, _AHEAD = 75.0, 20.0  # a mistyped word is taken too, where no other need comes near
_PHRASE, _BAG = 80.0, 60.0  # all words in one phrase; all words somewhere among a need's phrases
_STEM, _STEM_SHARE = 4, 0.7  # letters, and share of the shorter word, in which two words must begin alike
_LONGEST = 200  # characters of a query that are read
_TYPO = 85.0  # rapidfuzz ratio above which a word is the other one mistyped
# Words that say nothing by themselves; on an English screen both, because Romanian words are understood there too.
_SMALL_ROMANIAN = "a ai al ale am are ca cu de din e este fi i in la le lui mai nu o pe pentru s sa se si un una vrea"
_SMALL_ENGLISH = (
    "an and at be by do does for from go goes has have he her his is it its no not of on or she the their they to "
    "wants who with"
)
_SMALL = {
    "ro": frozenset(_SMALL_ROMANIAN.split()),
    "en": frozenset(f"{_SMALL_ROMANIAN} {_SMALL_ENGLISH}".split()),
}


@dataclass(frozen=True)
class NeedMatch:
    """A need found: 100 is one of its own phrases as typed; `is_sure` where it may be taken without asking."""

    need: Need
    score: float
    is_sure: bool


@cache
def _phrases(folder: Path, code: str) -> list[tuple[Need, list[tuple[str, frozenset[str]]]]]:
    from providers.needs import needs

    found = []
    for each in needs(folder).values():
        said = [each.name, *each.synonyms]
        if code != "ro":
            with speaking(code):
                said += [_(each.name), *_("; ".join(each.synonyms)).split("; ")]
        texts = dict.fromkeys(fold_loose(text) for text in said)
        found.append((each, [(text, frozenset(_words(text, code))) for text in texts]))
    return found


def _words(folded: str, code: str) -> list[str]:
    words = folded.split()
    return [word for word in words if word not in _SMALL[code]] or words


def search(text: str, *, person: Person | None = None, limit: int = 8, folder: Path = FOLDER) -> list[NeedMatch]:
    """List the needs that words mean, best first, ties in the order of the catalogue; empty where none fits.

    person: leaves out the needs that this person cannot have (`needs.suits`).
    """
    from providers.needs import suits

    query = fold_loose(text[:_LONGEST])
    if not query:
        return []
    words = _words(query, language())
    scored = [
        (each, _score(query, words, phrases))
        for each, phrases in _phrases(folder, language())
        if person is None or suits(each, person)
    ]
    scored = sorted((pair for pair in scored if pair[1] >= _SHOWN), key=lambda pair: -pair[1])
    best = scored[0][1] if scored else 0.0
    next_best = next((score for _each, score in scored if score < best), 0.0)
    sure = best >= _SURE or (best >= _LIKELY and best - next_best >= _AHEAD)
    return [NeedMatch(each, score, sure and score == best) for each, score in scored[:limit]]


def _score(query: str, words: list[str], phrases: list[tuple[str, frozenset[str]]]) -> float:
    if any(text == query for text, _bag in phrases):
        return _EXACT
    bags = [bag for _text, bag in phrases]
    in_phrase = max(_share(words, bag) * (_PHRASE + 15.0 * min(1.0, len(words) / len(bag))) for bag in bags)
    return max(in_phrase, _share(words, frozenset().union(*bags)) * _BAG)


def _share(words: list[str], bag: frozenset[str]) -> float:
    return sum(max(_agree(word, other) for other in bag) for word in words) / len(words)


@lru_cache(maxsize=50_000)  # what people type is not kept without end
def _agree(word: str, other: str) -> float:
    from rapidfuzz import fuzz

    if word == other:
        return 1.0
    shorter = min(len(word), len(other))
    alike = next((i for i in range(shorter) if word[i] != other[i]), shorter)
    if alike >= max(_STEM, _STEM_SHARE * shorter):
        return 0.95
    return 0.85 if shorter >= _STEM and fuzz.ratio(word, other) >= _TYPO else 0.0
