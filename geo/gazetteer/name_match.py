"""Names in registers matched to codes: as written, folded, without diacritics, then one typing error.

Unlike `geo.gazetteer.place_search`, which serves a person who can choose, this serves rows: one sure answer or none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.text import fold, spell
from geo.gazetteer.typed_place import in_full, plain

NameMatchKind = Literal["exact", "folded", "loose", "fuzzy", "ambiguous", "none"]
_KIND = re.compile(
    r"^\s*(?:(municipiul|municipiu|mun\.?)|(orașul|orasul|oraşul|oraș|oras|oraş|or\.)|(comuna|com\.?)|(satul|sat|localitatea|loc\.))\s+",
    re.IGNORECASE,
)
_KINDS = ("municipality", "town", "commune", None)
_MIN_FUZZY, _LONG = 5, 9  # letters; a long name may have two typing errors


@dataclass(frozen=True)
class NameTable:
    """Names by scope (a county, a UAT, or None for the country), ready to be matched; made by `name_table`."""

    scopes: dict[Hashable, dict[str, list[int]]]  # folded in every way -> codes
    names: dict[int, list[str]]
    preferred: frozenset[int]
    kinds: dict[int, str]

    def match(self, name: str, scope: Hashable) -> tuple[int | None, NameMatchKind]:
        """Return the code that `name` means within `scope`, and how it was found.

        Of several codes, the one of the stated kind („comuna …”), else the only preferred one; else none is sure.
        """
        name, kind = strip_kind(name)
        table = self.scopes.get(scope, {})
        loose = plain(name)
        for text in (fold(name), loose, loose.replace(" ", ""), in_full(loose)):
            if codes := table.get(text):
                return self._one(*self._closest(name, codes), kind)
        # Over the whole country, one wrong letter makes another village's name.
        if scope is None or len(loose) < _MIN_FUZZY:
            return None, "none"
        return self._one(_one_typo(in_full(loose), table), "fuzzy", kind)

    def _closest(self, name: str, codes: list[int]) -> tuple[list[int], NameMatchKind]:
        """Keep the codes whose name is written the same; else those that fold to the same; else all."""
        written, folded = _as_written(name), fold(name)
        if same := [c for c in codes if any(_as_written(n) == written for n in self.names[c])]:
            return same, "exact"
        if same := [c for c in codes if any(fold(n) == folded for n in self.names[c])]:
            return same, "folded"
        return codes, "loose"

    def _one(self, codes: list[int], how: NameMatchKind, kind: str | None) -> tuple[int | None, NameMatchKind]:
        codes = list(dict.fromkeys(codes))
        if len(codes) > 1 and kind:
            codes = [c for c in codes if self.kinds.get(c) == kind] or codes
        if len(codes) > 1:
            codes = [c for c in codes if c in self.preferred] or codes
        if not codes:
            return None, "none"
        return (codes[0], how) if len(codes) == 1 else (None, "ambiguous")


def _one_typo(text: str, table: dict[str, list[int]]) -> list[int]:
    """Return the codes of the names nearest to `text`: one typing error away, two for a long name."""
    most = 1 if len(text) < _LONG else 2
    near = process.extract(text, table.keys(), scorer=OSA.distance, score_cutoff=most, limit=10)
    least = min((distance for _n, distance, _i in near), default=0)
    return sorted({code for found, distance, _i in near if distance == least for code in table[found]})


def strip_kind(name: str) -> tuple[str, str | None]:
    """Take „municipiul”, „orașul”, „comuna”, „satul” off a name and say which kind of unit it told.

    Parameters
    ----------
    name
        A name as somebody wrote it.

    Returns
    -------
    rest : str
        The name without the word.
    kind : str or None
        The kind of unit (municipality, town, commune, village); None where no word stood there.

    Examples
    --------
    >>> strip_kind("MUNICIPIUL  CODLEA"), strip_kind("Orașu Nou"), strip_kind("Com. Parincea")
    (('CODLEA', 'municipality'), ('Orașu Nou', None), ('Parincea', 'commune'))
    """
    match = _KIND.match(name)
    if match is None:
        return name.strip(), None
    kind = next((k for k, group in zip(_KINDS, match.groups(), strict=True) if group), None)
    return name[match.end() :].strip(), kind


def name_table(
    rows: Iterable[tuple[int, str, tuple[Hashable, ...]]],
    *,
    preferred: Iterable[int] = (),
    kinds: dict[int, str] | None = None,
) -> NameTable:
    """Build a table in which names are looked up, whatever their case, diacritics and spaces.

    Parameters
    ----------
    rows
        Code, name and the scopes in which the name may be asked for (it may be asked for without a scope too).
    preferred
        Codes that win where a name is several places'.
    kinds
        Kind of unit by code, for names typed with „comuna” and the like.

    Returns
    -------
    NameTable
        The table, immutable.
    """
    tables: defaultdict[Hashable, dict[str, list[int]]] = defaultdict(dict)
    names = defaultdict[int, list[str]](list)
    rows = list(rows)
    for (code, name, scopes), folded, loose in zip(rows, _many(fold, rows), _many(plain, rows), strict=True):
        names[code].append(name)
        forms = {folded, loose, loose.replace(" ", "")}
        for scope in (*scopes, None):
            table = tables[scope]
            for form in forms:
                table.setdefault(form, []).append(code)
    return NameTable(dict(tables), dict(names), frozenset(preferred), kinds or {})


def _many(folding: Callable[[object], str], rows: list[tuple[int, str, tuple[Hashable, ...]]]) -> list[str]:
    # One call for all names, with a mark between that folding leaves alone: 20 times faster than one by one.
    return folding("|".join(name for _c, name, _s in rows)).split("|") if rows else []


def _as_written(name: str) -> str:
    return " ".join(spell(name).casefold().split())
