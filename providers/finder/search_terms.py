"""What may be asked for, as one list: needs in everyday words, and service types by name.

A screen offers both in one field. A code stays a code (`child-abuse`, `8891CZ-C-I`); here it gets the words
under which people find it, and what people type is turned back into codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from core.errors import UnknownCodeError
from core.i18n import _, language, use_language
from core.text import fold, fold_loose
from providers.rules import need_search, taxonomy
from providers.rules import needs as needs_catalogue

_SHORTEST = 3  # letters of a service type's name that say enough
_TYPES_SHARE = 3  # one of so many suggestions is kept for service types
_ASKED_BACK = 8  # so many things are asked about where words are not clear; half of them needs


@dataclass(frozen=True)
class SearchTerm:
    """One thing that may be asked for. label: its words, unique. group: the heading under which it stands.

    Both are in the language of the request for which it was made. words: the typed words that spoke for it, where
    several were typed.
    """

    code: str
    label: str
    group: str
    is_need: bool
    is_sensitive: bool
    words: tuple[str, ...] = field(default=(), compare=False)

    @property
    def explained(self) -> str:
        """Its label, and in brackets the typed words by which it was found."""
        return (
            f"{self.label} ({_('după cuvintele: {words}').format(words=', '.join(self.words))})"
            if self.words
            else self.label
        )


@dataclass(frozen=True)
class _Index:
    """All terms of one language, folded once.

    labels: folded as `fold` does. exact: by label, folded loosely. codes: by code, in small letters. kinds: the
    service types with the words of their names, shorter names first.
    """

    terms: dict[str, SearchTerm]
    labels: frozenset[str]
    exact: dict[str, SearchTerm]
    codes: dict[str, SearchTerm]
    kinds: tuple[tuple[SearchTerm, tuple[str, ...]], ...]


def all_search_terms() -> dict[str, SearchTerm]:
    """Return needs, then service types, by code, in the order of their files; labels are unique.

    Labels and groups are in the language of this request.
    """
    return _index(language()).terms


@cache
def _index(code: str) -> _Index:
    # One index for each language: the language is an argument so that what was made for one is not given to another.
    with use_language(code):
        terms = _made()
    exact: dict[str, SearchTerm] = {}
    codes: dict[str, SearchTerm] = {}
    for term in terms.values():
        exact.setdefault(fold_loose(term.label), term)
        codes.setdefault(term.code.lower(), term)
    kinds = [(term, tuple(fold_loose(term.label).split())) for term in terms.values() if not term.is_need]
    kinds.sort(key=lambda pair: len(pair[0].label))
    return _Index(terms, frozenset(fold(term.label) for term in terms.values()), exact, codes, tuple(kinds))


def _made() -> dict[str, SearchTerm]:
    found = {
        n.need: SearchTerm(n.need, _(n.name), _(n.group), True, n.is_sensitive)
        for n in needs_catalogue.needs().values()
    }
    taken = {fold_loose(w.label) for w in found.values()}
    for kind in taxonomy.service_types().values():
        label = _(kind.name)
        if fold_loose(label) in taken:
            label = f"{_(kind.name)} ({kind.service_type})"
        taken.add(fold_loose(label))
        found[kind.service_type] = SearchTerm(
            kind.service_type, label, _("Tipuri de servicii"), False, kind.is_sensitive
        )
    return found


def is_label(text: str) -> bool:
    """Whether typed words are the label of a need or a service type as it stands, with or without diacritics."""
    return fold(text) in _index(language()).labels


def suggest(text: str, limit: int = 12) -> list[SearchTerm]:
    """List what typed words may mean, needs before service types.

    Parameters
    ----------
    text
        What was typed so far; blank = every need, by its group.
    limit
        Most that are listed.

    Returns
    -------
    list of SearchTerm
        The term of an exact code first, then needs and types, best first.
    """
    known = all_search_terms()
    typed = fold_loose(text)
    if not typed:
        return [w for w in known.values() if w.is_need]
    by_code = [known[text.strip()]] if text.strip() in known else []
    kinds = _kinds_named(typed) if len(typed) >= _SHORTEST else []
    # Types whose name was typed are listed however many needs the words may mean.
    most_needs = limit - min(len(kinds), limit // _TYPES_SHARE)
    needs = [_found(known[match.need.need], match, typed) for match in need_search.search(text, limit=most_needs)]
    return list(dict.fromkeys([*by_code, *needs, *kinds]))[:limit]


def resolve(text: str) -> tuple[SearchTerm, ...]:
    """Return what typed words surely mean: one, or several among which the person has to choose.

    A label or a code as it stands is one. Raises UnknownCodeError where nothing answers.
    """
    index, typed = _index(language()), fold_loose(text)
    exact = index.exact.get(typed) or index.codes.get(text.strip().lower())  # a label before a code: `nursery`
    if exact:
        return (exact,)
    kinds = _kinds_named(typed) if len(typed) >= _SHORTEST else []
    try:
        return tuple(index.terms[need.need] for need in need_search.resolve(text))
    except UnknownCodeError:
        near = suggest(text, limit=_ASKED_BACK // 2 if kinds else _ASKED_BACK)
        found = tuple(dict.fromkeys([*near, *kinds]))[:_ASKED_BACK]
        if found:
            return found
        raise


def split_needs(typed: str) -> list[str]:
    """Split typed words into what they name, one need each: commas part a list, not a sentence or a name.

    Parameters
    ----------
    typed
        Words of one field.

    Returns
    -------
    list of str
        The parts, none of them blank.
    """
    if is_label(typed):
        return [typed]  # some names have a comma of their own
    parts = [part.strip() for part in re.split(r"[,;]", typed) if part.strip()]
    # A sentence has commas too: it is one need unless some part of it is surely one, or it is a list of single words.
    is_list = len(parts) == 1 or not any(" " in part for part in parts) or any(_is_sure(part) for part in parts)
    return parts if is_list or not meanings(typed) else [typed]


def _is_sure(typed: str) -> bool:
    return len(meanings(typed)) == 1


def meanings(typed: str) -> tuple[SearchTerm, ...]:
    """Return what typed words surely mean, as `resolve` does; nothing where nothing answers."""
    try:
        return resolve(typed)
    except UnknownCodeError:
        return ()


def _found(term: SearchTerm, match: need_search.NeedMatch, typed: str) -> SearchTerm:
    # One word explains itself.
    return replace(term, words=match.words) if len(typed.split()) > 1 else term


def _kinds_named(typed: str) -> list[SearchTerm]:
    """List the service types in whose name every typed word begins a word; shorter names first."""
    words = typed.split()
    return [
        term
        for term, own in _index(language()).kinds
        if all(any(name.startswith(word) for name in own) for word in words)
    ]
