"""The names of the services and providers that a map may show, by word, so that what somebody types finds them.

Words are folded as places' names are (`geo.gazetteer.typed_place.plain`). A typed word is met by a word that begins
with it, or by one that differs in one letter or two; found are the names that meet nearly all typed words, and of
equals the nearest.
Protected services are not in `Catalogue.map_points`, hence in no word here.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.gazetteer.typed_place import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from providers.catalogue.catalogue import Catalogue
    from providers.catalogue.map_points import MapPoints

_WORD = re.compile(r"[0-9a-z]+")
_SMALL = frozenset(plain("de din la si pentru cu in al a ai ale nr").split())
MOST_WORDS, LONGEST = 8, 80  # words and characters of what is typed that are read
_WHOLE, _STEM = 2, 4  # letters of a word that is no beginning; of one that may lack an article
NOT_MET = 9  # more typing errors than are forgiven


@dataclass(frozen=True, eq=False)
class Words:
    """Texts by their words.

    Attributes
    ----------
    spelled
        The different words, sorted.
    starts, texts
        `texts[starts[i]:starts[i + 1]]` are the positions of the texts that have word i.
    count
        How many texts there are.
    by_length
        Words, and their positions, by their number of letters.
    """

    spelled: tuple[str, ...]
    starts: NDArray[np.int64]
    texts: NDArray[np.int64]
    count: int
    by_length: dict[int, tuple[list[str], list[int]]]

    def errors(self, typed: str) -> NDArray[np.int8]:
        """Return the fewest typing errors by which a word of each text is what was typed; NOT_MET where none is.

        Parameters
        ----------
        typed
            One word of `words_of`.

        Returns
        -------
        ndarray
            0 where a word begins with what was typed, or lacks its article alone; numbers and words of two letters
            have to be there as typed.
        """
        found = np.full(self.count, NOT_MET, np.int8)
        for errors, word in sorted(self._near(typed), reverse=True):
            found[self.texts[self.starts[word] : self.starts[word + 1]]] = errors
        return found

    def _whole(self, word: str) -> set[int]:
        """Return where a word stands that is long enough to be one with an article ("spital", "spitalul")."""
        place = bisect_left(self.spelled, word)
        return {place} if len(word) >= _STEM and self.spelled[place : place + 1] == (word,) else set()

    def _near(self, typed: str) -> set[tuple[int, int]]:
        """Return (typing errors, position) of the words that what was typed may mean."""
        first = bisect_left(self.spelled, typed)
        if len(typed) <= _WHOLE or typed.isdigit():
            return {(0, first)} if self.spelled[first : first + 1] == (typed,) else set()
        # Nothing sorts between a beginning and the beginning with the highest letter behind it.
        begun = {(0, word) for word in range(first, bisect_left(self.spelled, typed + "\uffff"))}
        begun |= {(0, word) for end in (1, 2) for word in self._whole(typed[:-end])}
        if not (most := most_errors(typed)):
            return begun
        for length in range(len(typed) - most, len(typed) + most + 1):
            words, places = self.by_length.get(length, ((), ()))
            near = process.extract(typed, words, scorer=OSA.distance, score_cutoff=most, limit=None)
            begun |= {(int(distance), places[found]) for _word, distance, found in near}
        return begun


@dataclass(frozen=True, eq=False)
class NameIndex:
    """Names of the services of a map, in the order of its points, and of their providers.

    Attributes
    ----------
    names, places
        Words of each service's name; of the locality in which it stands.
    provider_names
        Words of each provider's name.
    providers
        Names of the providers as published, in the order of their keys.
    provider_of
        Position of each service's provider.
    position
        Position of a provider by the key of its name (`provider_key`).
    is_own_service
        Whether a provider has one service, which has its name: the service stands for both.
    """

    names: Words
    places: Words
    provider_names: Words
    providers: tuple[str, ...]
    provider_of: NDArray[np.int64]
    position: dict[str, int]
    is_own_service: NDArray[np.bool_]


def words_of(text: str) -> list[str]:
    """Return the words of a typed text by which it is searched: folded, at most MOST_WORDS, small words last of all.

    Parameters
    ----------
    text
        What somebody typed.

    Returns
    -------
    list of str
        Small words („de”, „la”) only where there are no others.

    Examples
    --------
    >>> words_of("Școala nr. 5 de la Târgu-Mureș")
    ['scoala', '5', 'targu', 'mures']
    """
    words = list(dict.fromkeys(_WORD.findall(plain(text[:LONGEST]))))
    return ([word for word in words if word not in _SMALL] or words)[:MOST_WORDS]


def most_errors(typed: str) -> int:
    """Return how many typing errors a word is forgiven: none below four letters and in numbers, then one, two."""
    if len(typed) < 4 or any(letter.isdigit() for letter in typed):  # noqa: PLR2004
        return 0
    return 1 if len(typed) < 7 else 2  # noqa: PLR2004


def provider_key(name: str) -> str:
    """Return what two spellings of one provider's name have in common: its letters and digits, folded."""
    return " ".join(_WORD.findall(plain(name)))


_made: WeakKeyDictionary[MapPoints, NameIndex] = WeakKeyDictionary()
_turn = threading.Lock()


def name_index(catalogue: Catalogue) -> NameIndex:
    """Return the names of a catalogue's map, read once for each catalogue.

    Parameters
    ----------
    catalogue
        Of a snapshot.

    Returns
    -------
    NameIndex
        Of the services of `catalogue.map_points` alone.
    """
    points = catalogue.map_points
    with _turn:
        if points not in _made:
            _made[points] = _make(catalogue, points)
        return _made[points]


def is_provider(catalogue: Catalogue, name: str) -> NDArray[np.bool_]:
    """Return for each service of a catalogue's map whether it is of the provider of a name.

    Parameters
    ----------
    catalogue
        Of a snapshot.
    name
        Of a provider; case, diacritics and punctuation do not count.

    Returns
    -------
    ndarray
        In the order of `catalogue.map_points`; none where the map has no such provider.
    """
    index = name_index(catalogue)
    found: NDArray[np.bool_] = index.provider_of == index.position.get(provider_key(name), -1)
    return found


def provider_corners(catalogue: Catalogue, name: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the south-west and north-east corner, degrees, around the services of a provider that the map has.

    Parameters
    ----------
    catalogue
        Of a snapshot.
    name
        Of a provider that it has.

    Returns
    -------
    tuple
        (lat, lon) twice.
    """
    points, of_provider = catalogue.map_points, is_provider(catalogue, name)
    lats, lons = points.lats[of_provider], points.lons[of_provider]
    return (float(lats.min()), float(lons.min())), (float(lats.max()), float(lons.max()))


def _make(catalogue: Catalogue, points: MapPoints) -> NameIndex:
    shown = catalogue.services.iloc[points.rows]
    names = shown["name"].tolist()
    keys = _keys(shown["organization"].tolist())
    first: dict[str, int] = {}
    for place, key in enumerate(keys):
        first.setdefault(key, place)
    position = {key: place for place, key in enumerate(sorted(first))}
    provider_of = np.fromiter((position[key] for key in keys), np.int64, len(keys))
    published = shown["organization"].tolist()
    alone = np.bincount(provider_of, minlength=len(position)) == 1
    is_own = alone.copy()
    own = _keys(names)
    for key, place in position.items():
        is_own[place] = alone[place] and own[first[key]] == key
    return NameIndex(
        make_words(own),
        make_words(_keys(shown["locality"].fillna("").tolist())),
        make_words(list(position)),
        tuple(published[first[key]] for key in position),
        provider_of,
        position,
        is_own,
    )


def make_words(keys: Sequence[str]) -> Words:
    """Gather texts, given as `provider_key` folds them, by their words."""
    by_word: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        for word in set(key.split()):
            by_word.setdefault(word, []).append(place)
    spelled = tuple(sorted(by_word))
    sizes = [len(by_word[word]) for word in spelled]
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
    texts = np.fromiter((place for word in spelled for place in by_word[word]), np.int64, int(starts[-1]))
    by_length: dict[int, tuple[list[str], list[int]]] = {}
    for place, word in enumerate(spelled):
        words, places = by_length.setdefault(len(word), ([], []))
        words.append(word)
        places.append(place)
    return Words(spelled, starts, texts, len(keys), by_length)


def _keys(names: Sequence[str]) -> list[str]:
    # One call for all names, with a mark between that folding leaves alone.
    folded = plain("|".join(name.replace("|", " ") for name in names)).split("|") if names else []
    return [" ".join(_WORD.findall(text)) for text in folded]
