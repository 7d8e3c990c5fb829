"""Find a need by everyday words: "buletin", "bătăi", "abandon școlar", with or without diacritics.

The words are those of the catalogue (name and synonyms), and on an English screen also the English ones ("ID card",
"beaten"). Romanian bends its words, so two words agree when they begin alike ("bătaie", "bătăile"); a typing
error costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _, language, use_language
from core.reading.curated_tables import FOLDER
from core.text import fold_loose
from providers.rules.needs import Need, applies_to, crosswalk, needs

if TYPE_CHECKING:
    from pathlib import Path

    from providers.rules.person import Person

_EXACT, _SURE, _SHOWN = 100.0, 88.0, 45.0
_LIKELY, _AHEAD = 75.0, 20.0  # a mistyped word is taken too, where no other need comes near
_PHRASE, _BAG = 80.0, 60.0  # all words in one phrase; all words somewhere among a need's phrases
_STEM, _STEM_SHARE = 4, 0.7  # letters, and share of the shorter word, in which two words must begin alike
_ENDING, _BENT, _AKIN = 3, 0.95, 0.85  # letters by which endings differ; what a bent and a related word count for
_LONGEST = 200  # characters of a query that are read
_TYPO = 85.0  # rapidfuzz ratio above which a word is the other one mistyped
# Words that say nothing by themselves; on an English screen both, because Romanian words are understood there too.
_SMALL_ROMANIAN = "a ai al ale am are ca cu de din e este fi i in la le lui mai n nu o pe pentru s sa se si un una vrea"
_SMALL_ENGLISH = (
    "an and at be by do does for from go goes has have he her his is it its no not of on or she the their they to "
    "wants who with"
)
# Folded as what is typed is: there "la" has become "li".
_SMALL = {
    "ro": frozenset(fold_loose(_SMALL_ROMANIAN).split()),
    "en": frozenset(fold_loose(f"{_SMALL_ROMANIAN} {_SMALL_ENGLISH}").split()),
}


@dataclass(frozen=True)
class NeedMatch:
    """A need found: 100 is one of its own phrases as typed; `is_sure` where it may be taken without asking."""

    need: Need
    score: float
    is_sure: bool


@cache
def _phrases(folder: Path, code: str) -> list[tuple[Need, list[tuple[str, frozenset[str]]]]]:
    found = []
    for each in needs(folder).values():
        said = [each.name, *each.synonyms]
        if code != "ro":
            with use_language(code):
                said = [_(each.name), *_("; ".join(each.synonyms)).split("; "), *said]
        texts = dict.fromkeys(fold_loose(text) for text in said)
        found.append((each, [(text, frozenset(_words(text, code))) for text in texts]))
    return found


def _words(folded: str, code: str) -> list[str]:
    words = folded.split()
    return [word for word in words if word not in _SMALL[code]] or words


def search(text: str, *, person: Person | None = None, limit: int = 8, folder: Path = FOLDER) -> list[NeedMatch]:
    """List the needs that words mean, best first.

    Of equals those whose own name has the words come first, then the order of the catalogue decides.

    Parameters
    ----------
    text
        Typed words, in either language.
    person
        Leaves out the needs that this person cannot have; None = none.
    limit
        Most that are listed.
    folder
        Where the catalogue of needs stands.

    Returns
    -------
    list of NeedMatch
        Need, score and whether it is sure; empty where none fits.
    """
    query = fold_loose(text[:_LONGEST])
    if not query:
        return []
    words = _words(query, language())
    scored = [
        (each, _score(query, words, phrases), _share(words, phrases[0][1]))
        for each, phrases in _phrases(folder, language())
        if person is None or applies_to(each, person)
    ]
    scored = sorted((one for one in scored if one[1] >= _SHOWN), key=lambda one: (-one[1], -one[2]))
    best = scored[0][1] if scored else 0.0
    next_best = next((score for _each, score, _in_name in scored if score < best), 0.0)
    sure = best >= _SURE or (best >= _LIKELY and best - next_best >= _AHEAD)
    return [NeedMatch(each, score, sure and score == best) for each, score, _in_name in scored[:limit]]


def _score(query: str, words: list[str], phrases: list[tuple[str, frozenset[str]]]) -> float:
    if any(text == query for text, _bag in phrases):
        return _EXACT
    # A phrase is long by all its words: "copil" is not all of "nu vrea copil".
    in_phrase = max(
        _share(words, bag) * (_PHRASE + 15.0 * min(1.0, len(words) / len(text.split()))) for text, bag in phrases
    )
    bags = [bag for _text, bag in phrases]
    return max(in_phrase, _share(words, frozenset().union(*bags)) * _BAG)


def _share(words: list[str], bag: frozenset[str]) -> float:
    return sum(max(_agree(word, other) for other in bag) for word in words) / len(words)


@lru_cache(maxsize=50_000)  # what people type is not kept without end
def _agree(word: str, other: str) -> float:
    from rapidfuzz import fuzz

    if word == other:
        return 1.0
    shorter, longer = sorted((len(word), len(other)))
    alike = next((i for i in range(shorter) if word[i] != other[i]), shorter)
    if alike >= max(_STEM, _STEM_SHARE * shorter):
        # An ending ("medic", "medici") leaves the word what it was; a tail ("medicamente") makes it another one.
        return _BENT if longer - alike <= _ENDING and (alike == shorter or alike > _STEM) else _AKIN
    return _AKIN if shorter >= _STEM and fuzz.ratio(word, other) >= _TYPO else 0.0


def resolve(text: str, folder: Path = FOLDER) -> tuple[Need, ...]:
    """Return the needs that a code or everyday words mean: ours, a nurse's (VAI_02), or "buletin".

    A nurse's code and a word may mean several needs ("bătăi": a child's or an adult's). Raises
    UnknownCodeError, with the nearest needs or with the reason why the code asks for no help.
    """
    known, code = needs(folder), text.strip()
    if code.lower() in known:
        return (known[code.lower()],)
    crossing = crosswalk(folder).get(code.upper())
    if crossing is not None:
        if crossing.why_not:
            raise UnknownCodeError(
                _("Codul {code} nu cere un serviciu. {why}").format(code=crossing.code, why=_(crossing.why_not))
            )
        return tuple(known[each] for each in crossing.needs)
    found = search(text, folder=folder)
    sure = tuple(match.need for match in found if match.is_sure)
    if not sure:
        near = ", ".join(f"{_(match.need.name)} ({match.need.need})" for match in found[:4])
        raise UnknownCodeError(
            _("Nevoia „{text}” nu există.").format(text=text)
            + (" " + _("Poate căutați: {near}.").format(near=near) if near else "")
        )
    return sure


def need(text: str, folder: Path = FOLDER) -> Need:
    """Return the one need of a code or words; of several, the first. Raises as `resolve` does."""
    return resolve(text, folder)[0]
