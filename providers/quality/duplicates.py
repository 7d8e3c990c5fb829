"""Pairs of services that may be one, within a source and across sources, each with its reasons, for a person to judge.

Record linkage by blocking and weighted agreement (Fellegi and Sunter 1969, "A Theory for Record Linkage", JASA 64):
only rows that share a telephone, a fiscal code in one commune, a point, or the words of their names in one commune are
compared; what agrees adds to a score, what contradicts takes from it. Nothing is joined here.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from core.processes.partitioned_work import ONE_PROCESS, positions_by_key
from core.reading.curated_tables import FOLDER, read_rows
from core.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.processes.partitioned_work import PartRunner

PAIR_COLUMNS = {
    "service_a": "id of the one, the lower in order",
    "service_b": "id of the other",
    "score": "0 to 100: how much agrees",
    "reasons": "what speaks for one service, `;` between: phone, provider, name, address, point, locality, type",
}
# What is read of a service: no more goes to whoever compares.
_COMPARED = (
    "service_id", "registry", "service_type", "name", "organization", "organization_cui", "county", "locality",
    "locality_siruta", "uat_siruta", "address", "phone", "lat", "lon", "position_precision",
)  # fmt: skip
LEAST_SCORE = 70
_LARGEST_BLOCK = 60  # rows of one block; a switchboard of a county has more services than anybody compares by hand
_NEAR_M = 150.0
_METRES_PER_DEGREE = 111_195.0  # of a great circle
_SAME_PROVIDER, _OTHER_NAME = 90.0, 60.0
_SHORTEST_WORD, _SAME_WORD, _FEW_WORDS = 4, 80.0, 3
_NOT_DIGIT = re.compile(r"\D")
_NUMBER = re.compile(r"\b(?:\d+\w?|[ivx]+|bis)\b")
# Words that join others, or stand in one spelling of a name and not in the next.
_FILLING = frozenset(
    ("a", "al", "ale", "cu", "cadrul", "de", "din", "in", "la", "nr", "pe", "pentru", "persoane", "persoanele",
     "sau", "si", "strada", "tip", "sc", "srl", "asociatia", "fundatia", "centrul", "serviciul", "unitatea")
)  # fmt: skip
# Words that half of all names have say nothing of which service it is.
_COMMON_SHARE = 0.02


@dataclass(frozen=True)
class _Row:
    """What is compared of a service."""

    service_id: str
    registry: str
    source: str
    service_type: str
    name: str
    place: str
    words: frozenset[str]  # of the name
    telling: frozenset[str]  # those of them that tell it from its neighbours
    numbers: frozenset[str]
    provider: str
    cui: str
    phones: frozenset[str]
    address: str
    locality: int
    uat: int
    lat: float
    lon: float


@dataclass(frozen=True)
class _Candidates:
    """Services of a county and those elsewhere that share a place or a telephone with one of them; own: its own."""

    services: pd.DataFrame
    own: NDArray[np.bool_]


def find_duplicates(services: pd.DataFrame, *, runner: PartRunner = ONE_PROCESS) -> pd.DataFrame:
    """Find pairs of services that may be one.

    Parameters
    ----------
    services
        Table of `providers.rules.schema.SERVICE_COLUMNS` with public rows; protected ones are passed over.
    runner
        Who compares them, county by county; whoever it is, the pairs and scores are the same.

    Returns
    -------
    pandas.DataFrame
        Columns PAIR_COLUMNS, the most alike first, then by id; scores are LEAST_SCORE to 100.
    """
    public = services.loc[~services["is_secret"].to_numpy(bool), list(_COMPARED)]
    counties = positions_by_key(public["county"].fillna("").to_numpy(str), runner)
    names = [public["name"].iloc[own] for own in counties]
    counts = sum(runner.run(count_words, None, names), Counter[str]())
    parts = list(_candidates(public, counties)) if runner.divides else [_Candidates(public, np.ones(len(public), bool))]
    found = [each for each in runner.run(pairs_of_county, _rare_words(counts, len(public)), parts) if len(each)]
    return _in_order(pd.concat(found)) if found else table_of([], [])


def _candidates(public: pd.DataFrame, counties: list[NDArray[np.intp]]) -> Iterator[_Candidates]:
    """Give each county's services those of other counties that a block may put beside them (`_keys`)."""
    uat, locality = (public[column].fillna(0).to_numpy(np.int64) for column in ("uat_siruta", "locality_siruta"))
    at = np.where(uat != 0, uat, locality)
    items = [_phones(text) for text in public["phone"].fillna("").astype(str)]
    of_row = np.repeat(np.arange(len(items)), [len(each) for each in items])
    phone = pd.factorize(np.array([one for each in items for one in each], object))[0]
    for rows in counties:
        own = np.zeros(len(public), bool)
        own[rows] = True
        beside = own | np.isin(at, at[rows])
        beside[of_row[np.isin(phone, phone[own[of_row]])]] = True
        yield _Candidates(public[beside], own[beside])


def count_words(_shared: None, names: pd.Series[str]) -> Counter[str]:
    """Count the names of a county in which each word stands.

    Parameters
    ----------
    names
        Of its services.

    Returns
    -------
    collections.Counter
        By word.
    """
    return Counter(word for name in names.fillna("").astype(str) for word in frozenset(_words(name).split()))


def pairs_of_county(rare: frozenset[str], part: _Candidates) -> pd.DataFrame:
    """Find the pairs whose first service is a county's own.

    Parameters
    ----------
    rare
        Words that few names of the country have.
    part
        Its services, and those that may be one of them.

    Returns
    -------
    pandas.DataFrame
        As `find_duplicates`.
    """
    rows = rows_of(part.services)
    return table_of(rows, (pair for pair in candidate_pairs(rows, rare) if part.own[pair[0]]))


def table_of(rows: list[_Row], pairs: Iterable[tuple[int, int]]) -> pd.DataFrame:
    """Compare pairs of positions, and list those that reach LEAST_SCORE."""
    found = []
    for a, b in pairs:
        score, reasons = compare(rows[a], rows[b])
        if score >= LEAST_SCORE:
            first, second = sorted((rows[a].service_id, rows[b].service_id))
            found.append((first, second, score, ";".join(reasons)))
    return _in_order(pd.DataFrame(found, columns=list(PAIR_COLUMNS)))


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(["score", "service_a", "service_b"], ascending=[False, True, True], ignore_index=True)


def compare(a: _Row, b: _Row) -> tuple[int, tuple[str, ...]]:
    """Score two services of one registry, 0 to 100, with what speaks for their being one."""
    if a.registry != b.registry:
        return 0, ()
    score, reasons = 0, list[str]()

    def count(reason: str, weight: int) -> None:
        nonlocal score
        score += weight
        if weight > 0:
            reasons.append(reason)

    if a.phones and b.phones:
        count("phone", 20 if a.phones & b.phones else -5)
    count("provider", _provider_weight(a, b))
    count("name", _name_weight(a, b))
    if a.address and b.address:
        count("address", _address_weight(a, b))
    if a.locality and b.locality and a.locality != b.locality:
        count("locality", -45)
    elif a.uat and a.uat == b.uat:
        count("locality", 10)
    if _is_near(a, b):
        count("point", 15)
    # In one list each type has a licence of its own; two lists may well name one service by two types.
    count("type", 15 if a.service_type == b.service_type else -40 if a.source == b.source else -5)
    return max(0, min(100, score)), tuple(reasons)


def _is_near(a: _Row, b: _Row) -> bool:
    """Whether both have a point of their own and these are within _NEAR_M, on a sphere; without a point, no."""
    north = (a.lat - b.lat) * _METRES_PER_DEGREE
    east = (a.lon - b.lon) * _METRES_PER_DEGREE * math.cos(math.radians(a.lat))
    return math.hypot(north, east) <= _NEAR_M  # NaN compares as False


def _provider_weight(a: _Row, b: _Row) -> int:
    if a.cui and b.cui:
        return 20 if a.cui == b.cui else -40
    mine, theirs = (" ".join(word for word in row.provider.split() if word not in _FILLING) for row in (a, b))
    if not mine or not theirs:
        return 0
    alike = fuzz.token_set_ratio(mine, theirs)
    return 20 if alike >= _SAME_PROVIDER else -15 if alike < _OTHER_NAME else 0


def _name_weight(a: _Row, b: _Row) -> int:
    if a.numbers != b.numbers:
        return -45  # „Casa nr. 1” and „Casa nr. 2”; „Grădinița 14” and one without a number
    if not a.name or not b.name:
        return 0
    mine, theirs = _unmatched(a.telling, b.words), _unmatched(b.telling, a.words)
    if mine and theirs:
        return -45  # „Casa Sara” and „Casa Miriam”; a day centre „pentru copii” and one „pentru adulți”
    if not mine and not theirs:
        return 30
    if a.source == b.source:
        return -30  # one list says more of a name to tell a service from its neighbour: „… pentru copiii străzii”
    return 15 if len(mine | theirs) <= _FEW_WORDS else 0


@lru_cache(maxsize=1 << 16)  # names come again: in another list, and in the next row
def _unmatched(telling: frozenset[str], words: frozenset[str]) -> frozenset[str]:
    """Words that tell a name from others and stand in the other neither as they are nor with a typing error."""
    return frozenset(word for word in telling - words if not any(_is_same_word(word, other) for other in words))


def _is_same_word(word: str, other: str) -> bool:
    if min(len(word), len(other)) < _SHORTEST_WORD:
        return False
    return fuzz.ratio(word, other) >= _SAME_WORD or word.startswith(other) or other.startswith(word)


def _address_weight(a: _Row, b: _Row) -> int:
    numbers = [_numbers_of(row.address) for row in (a, b)]
    alike = fuzz.token_set_ratio(a.address, b.address)
    if (numbers[0] and numbers[1] and not numbers[0] & numbers[1]) or alike < _OTHER_NAME:
        return -45
    return 15 if alike >= _SAME_PROVIDER else 0


@lru_cache(maxsize=1 << 16)
def _numbers_of(address: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(address))


def candidate_pairs(rows: list[_Row], rare: frozenset[str]) -> set[tuple[int, int]]:
    """Pairs of positions that share a block: the only ones that can reach LEAST_SCORE by more than place and type."""
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for key in _keys(row, rare):
            blocks[key].append(place)
    pairs: set[tuple[int, int]] = set()
    for members in blocks.values():
        if 1 < len(members) <= _LARGEST_BLOCK:
            pairs.update(combinations(members, 2))
    return pairs


def _keys(row: _Row, rare: frozenset[str]) -> Iterator[Hashable]:
    at = row.uat or row.locality
    yield from (("phone", row.registry, row.numbers, phone) for phone in row.phones)
    if row.cui:
        yield "cui", row.registry, row.cui, at, row.numbers
    if row.name:
        yield "name", row.registry, at, row.numbers, " ".join(sorted(row.name.split()))
        yield from (("word", row.registry, at, row.numbers, word) for word in row.words & rare)
    if row.provider:
        yield "provider", row.registry, at, row.numbers, row.provider
    if row.address:
        yield "address", row.registry, at, row.numbers, row.address


def _rare_words(counts: Counter[str], services: int) -> frozenset[str]:
    most = max(2.0, _COMMON_SHARE * services)
    return frozenset(word for word, count in counts.items() if count <= most and len(word) >= _SHORTEST_WORD)


@cache
def _abbreviations() -> dict[str, str]:
    rows = read_rows(FOLDER / "name_abbreviations.csv", ("written", "meant", "basis"))
    return {row.text("written"): row.text("meant") for row in rows}


@lru_cache(maxsize=1 << 16)  # a name is asked for when its words are counted, and again when it is compared
def _words(text: str) -> str:
    """Fold a name and write its abbreviations out."""
    known = _abbreviations()
    return " ".join(known.get(word, word) for word in fold(text).split())


def rows_of(services: pd.DataFrame) -> list[_Row]:
    """Return what is compared of each service, in the order of the table."""

    def texts(column: str) -> list[str]:
        return services[column].fillna("").astype(str).tolist()

    def codes(column: str) -> list[int]:
        return services[column].fillna(0).astype("int64").tolist()

    precise = services["position_precision"].to_numpy(object) == "address"
    ids, names = texts("service_id"), [_words(text) for text in texts("name")]
    words, places = [frozenset(name.split()) for name in names], [_words(text) for text in texts("locality")]
    columns = (
        ids,
        texts("registry"),
        [service_id.rpartition(":")[0] for service_id in ids],
        texts("service_type"),
        names,
        places,
        words,
        [each - _FILLING - {place} for each, place in zip(words, places, strict=True)],
        [frozenset(_NUMBER.findall(name)) for name in names],
        [_words(text) for text in texts("organization")],
        texts("organization_cui"),
        [_phones(text) for text in texts("phone")],
        [_words(text) for text in texts("address")],
        codes("locality_siruta"),
        codes("uat_siruta"),
        _where(precise, services["lat"]),
        _where(precise, services["lon"]),
    )
    return [_Row(*cells) for cells in zip(*columns, strict=True)]


def _phones(text: str) -> frozenset[str]:
    return frozenset(filter(None, (_NOT_DIGIT.sub("", part) for part in text.split(";"))))


def _where(precise: NDArray[np.bool_], column: pd.Series[float]) -> list[float]:
    return np.where(precise, column.to_numpy("float64"), np.nan).tolist()  # type: ignore[no-any-return]
