"""Finding a place by what somebody typed: exact names, beginnings of names, then typing errors.

The index holds, for each place, every form under which its name may be typed: folded after the old and the
new spelling (Tîrgu, Târgu), without diacritics (Targu), and each later word of it (Napoca). A commune whose
name is not its seat's (George Enescu, whose seat is Dumeni) leads to the seat.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, NamedTuple

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.text import fold
from geo.gazetteer.typed_place import TypedPlace, county_keys, plain, readings

PlaceMatch = Literal["exact", "prefix", "word", "fuzzy"]
EXACT, JOINED, PREFIX, WHOLE_WORDS, FUZZY, WORD = 100.0, 97.0, 90.0, 88.0, 85.0, 82.0
SURE = 90.0  # an exact hit this good is as typed: typing errors need not be looked for
_PER_TYPO = 8.0
_MIN_FUZZY = 4  # letters: below, everything is one typo from everything
_MOST_HITS = 4_000
_RANK = {
    "municipality_seat": 1,
    "sector": 2,
    "town_seat": 2,
    "commune_seat": 3,
    "municipality_part": 5,
    "town_part": 5,
}
_VILLAGE_RANK = 6
TOWN_RANK = 2  # this rank and better ones are towns, municipalities and sectors
SEAT_RANK = 3  # this rank and better ones are seats of their unit, or the unit itself


class PlaceEntry(NamedTuple):
    """A place that can be found. `locality_siruta` is None for Bucharest as a whole."""

    locality_siruta: int | None
    uat_siruta: int
    county: str
    rank: int  # 0 county seat … 6 village


class PlaceKey(NamedTuple):
    """One form of a name: the entry it leads to, and whether the unit (commune, town), the place or both bear it."""

    text: str
    entry: int
    is_uat: bool
    is_place: bool


class Hit(NamedTuple):
    """An entry found, how well (100 is as typed) and how; `rank` is the entry's under the name that matched."""

    entry: PlaceEntry
    score: float
    how: PlaceMatch
    rank: int


@dataclass(frozen=True)
class PlaceIndex:
    """Everything the search needs; made by `build_index`, never changed."""

    entries: list[PlaceEntry]
    exact: dict[str, list[PlaceKey]]
    joined: dict[str, list[PlaceKey]]  # names written as one word
    prefixes: list[PlaceKey]  # sorted
    words: list[PlaceKey]  # sorted; names from their second, third … word on
    counties: dict[str, str]
    uat_names: dict[str, set[int]]
    spellings: list[str]  # the different texts of `exact`, for typing errors


def build_index(localities: pd.DataFrame, uats: pd.DataFrame, counties: pd.DataFrame) -> PlaceIndex:
    """Index the tables of `geo.gazetteer.siruta` for search."""
    entries, entry_of = _entries(localities, uats, counties)
    keys = list(_keys(localities, uats, entry_of))
    exact: dict[str, list[PlaceKey]] = defaultdict(list)
    joined: dict[str, list[PlaceKey]] = defaultdict(list)
    uat_names: dict[str, set[int]] = defaultdict(set)
    words: list[PlaceKey] = []
    for key in keys:
        exact[key.text].append(key)
        if " " in key.text:
            joined[key.text.replace(" ", "")].append(key)
            parts = key.text.split()
            words.extend(key._replace(text=" ".join(parts[i:])) for i in range(1, len(parts)))
        if key.is_uat:
            uat_names[key.text].add(entries[key.entry].uat_siruta)
    return PlaceIndex(
        entries,
        dict(exact),
        dict(joined),
        keys,
        sorted(words),
        county_keys(dict(zip(counties["county"], counties["name"], strict=True))),
        dict(uat_names),
        list(exact),
    )


def _entries(
    localities: pd.DataFrame, uats: pd.DataFrame, counties: pd.DataFrame
) -> tuple[list[PlaceEntry], dict[int, int]]:
    """List the entries; and where each locality, and each UAT without a seat, stands among them."""
    county_seats = set(counties["seat_uat_siruta"])
    entries = []
    columns = ("locality_siruta", "uat_siruta", "county", "type")
    for code, uat, county, kind in zip(*(localities[c].tolist() for c in columns), strict=True):
        rank = _RANK.get(kind, _VILLAGE_RANK)
        entries.append(PlaceEntry(code, uat, county, 0 if rank == 1 and uat in county_seats else rank))
    seatless = uats[uats["seat_locality_siruta"].isna()]
    for uat, county in zip(seatless["uat_siruta"].tolist(), seatless["county"].tolist(), strict=True):
        entries.append(PlaceEntry(None, uat, county, 0))
    return entries, {e.locality_siruta or e.uat_siruta: i for i, e in enumerate(entries)}


def _keys(localities: pd.DataFrame, uats: pd.DataFrame, entry_of: dict[int, int]) -> Iterator[PlaceKey]:
    seats = uats["seat_locality_siruta"].fillna(uats["uat_siruta"])
    of_units = {
        (form, entry_of[code])
        for forms, code in zip(_forms(uats["name"]), seats.tolist(), strict=True)
        for form in forms
    }
    of_places = {
        (form, entry_of[code])
        for forms, code, kind in zip(
            _forms(localities["name"]),
            localities["locality_siruta"].tolist(),
            localities["type"].tolist(),
            strict=True,
        )
        for form in (_sector_forms(forms) if kind == "sector" else forms)
    }
    for text, entry in sorted(of_units | of_places):
        yield PlaceKey(text, entry, (text, entry) in of_units, (text, entry) in of_places)


def _forms(names: pd.Series) -> list[set[str]]:
    """Fold many names at once: in one text, with a mark between that folding leaves alone."""
    text = "|".join(names.tolist())
    return [{*pair} for pair in zip(fold(text).split("|"), plain(text).split("|"), strict=True)]


def _sector_forms(forms: set[str]) -> set[str]:
    number = next(iter(forms))[-1]
    named = {f"sectorul {number}", f"sector {number}"}
    return named | {f"bucuresti {n}" for n in named} | {f"{n} bucuresti" for n in named}


def search(index: PlaceIndex, text: str, *, county: str | None = None, limit: int = 8) -> list[Hit]:
    """List the places that answer to `text`, best first; typing errors are tried last.

    county: letters; only places of this county. Ties go to the bigger place, then by name.
    """
    ways = readings(text, index.counties)
    if county is not None:
        ways = [r for r in ways if r.county in (None, county)]
        ways = [replace(r, county=county) for r in ways]
    best: dict[PlaceEntry, tuple[Hit, str]] = {}
    for lookup in (_whole, _beginnings, _typos):
        for reading in ways:
            units, typos = _units(index, reading.uat) if reading.uat else (None, 0)
            for key, score, how in lookup(index, reading.name):
                entry = index.entries[key.entry]
                if _fits(entry, key, reading, units):
                    hit = Hit(
                        entry, score - reading.cost - typos * _PER_TYPO, "fuzzy" if typos else how, _rank(entry, key)
                    )
                    if entry not in best or (-hit.score, hit.rank) < (-best[entry][0].score, best[entry][0].rank):
                        best[entry] = (hit, key.text)
        if sum(h.score >= FUZZY for h, _t in best.values()) >= limit or (lookup is _beginnings and _is_sure(best)):
            break
    ordered = sorted(best.values(), key=lambda b: (-b[0].score, b[0].rank, b[1], b[0].entry.county))
    return [hit for hit, _text in ordered[:limit]]


def _is_sure(best: dict[PlaceEntry, tuple[Hit, str]]) -> bool:
    return any(hit.how == "exact" and hit.score >= SURE for hit, _text in best.values())


def _rank(entry: PlaceEntry, key: PlaceKey) -> int:
    """Rank below other seats the seat of a unit of another name: few look for George Enescu under Dumeni."""
    return entry.rank if key.is_uat or entry.rank > SEAT_RANK else SEAT_RANK + 1


def _fits(entry: PlaceEntry, key: PlaceKey, reading: TypedPlace, units: set[int] | None) -> bool:
    return (
        (reading.county is None or entry.county == reading.county)
        and (units is None or entry.uat_siruta in units)
        and (key.is_uat or not reading.names_uat)
        and (key.is_place or not reading.uat)
    )


def _units(index: PlaceIndex, name: str) -> tuple[set[int], int]:
    """Find the units of a name, and with how many typing errors."""
    if found := index.uat_names.get(name):
        return found, 0
    near = process.extract(name, index.uat_names.keys(), scorer=OSA.distance, score_cutoff=1, limit=20)
    return set().union(*(index.uat_names[text] for text, _distance, _i in near)), 1


Found = Iterator[tuple[PlaceKey, float, PlaceMatch]]


def _whole(index: PlaceIndex, name: str) -> Found:
    yield from ((key, EXACT, "exact") for key in index.exact.get(name, ()))
    together = name.replace(" ", "")
    yield from ((key, JOINED, "exact") for key in index.joined.get(together, ()))
    if together != name:
        yield from ((key, JOINED, "exact") for key in index.exact.get(together, ()))


def _beginnings(index: PlaceIndex, name: str) -> Found:
    yield from ((key, PREFIX, "prefix") for key in _starting(index.prefixes, name))
    for key in _starting(index.words, name):
        yield key, WHOLE_WORDS if key.text == name else WORD, "word"


def _starting(keys: list[PlaceKey], start: str) -> Iterator[PlaceKey]:
    for key in islice(keys, bisect_left(keys, start, key=lambda k: k.text), None):
        if not key.text.startswith(start):
            return
        yield key


def _typos(index: PlaceIndex, name: str) -> Found:
    if len(name) < _MIN_FUZZY:
        return
    most = 1 if len(name) <= 6 else 2 if len(name) <= 11 else 3  # noqa: PLR2004  letters of a name
    near = process.extract(name, index.spellings, scorer=OSA.distance, score_cutoff=most, limit=_MOST_HITS)
    for text, distance, _i in near:
        yield from ((key, FUZZY - _PER_TYPO * distance, "fuzzy") for key in index.exact[text])
