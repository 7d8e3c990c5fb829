"""The needs that a question is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from providers.rules import need_search, taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable


def needs_wanted(wanted: Iterable[str]) -> frozenset[str]:
    """Return the codes of the needs wanted; a type asked for by its code is of no need.

    >>> sorted(needs_wanted(["job", "8790CR-MC-I"]))
    ['job']
    """
    return frozenset(
        need.need
        for code in wanted
        if taxonomy.tidy_code(code) not in taxonomy.service_types()
        for need in need_search.resolve(code)
    )
