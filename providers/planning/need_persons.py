"""Whom to try a need with: one person for every band of ages, and each sex, that its answers tell apart.

A count of lawful answers asks for everybody who may have the need. Where no answer, and no type behind an
answer, changes between two ages, one age stands for the whole band.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from core.i18n import _, ngettext
from core.reading.curated_tables import FOLDER
from providers.rules.needs import need_answers, needs
from providers.rules.person import Person
from providers.rules.taxonomy import service_types

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from providers.rules.needs import Need, NeedAnswer
    from providers.rules.taxonomy import ServiceType

_OLDEST = 200
_OLD = 80  # stands for an open end: the middle of a band must be an age that people have


def persons_of(code: str, folder: Path = FOLDER) -> tuple[Person, ...]:
    """Return the persons to try a need (its own code) with, youngest first, F before M.

    Ages are the middle of their band; the groups are those that the need is for.
    """
    need = needs(folder)[code]
    limits = list(_limits(need, folder))
    groups = frozenset(need.groups)
    return tuple(Person(_middle(*band), sex, groups) for band in _bands(need, limits) for sex in _sexes(need, limits))


def band_of(code: str, person: Person, folder: Path = FOLDER) -> str:
    """Return in words for whom a person of `persons_of` stands: "0–17 ani", "femei, 18 ani și peste", "oricine"."""
    need = needs(folder)[code]
    bands = _bands(need, list(_limits(need, folder)))
    low, high = next(band for band in bands if person.age == _middle(*band))
    if high >= _OLDEST:
        ages = ngettext("{n} an și peste", "{n} ani și peste", low).format(n=low) if low else ""
    elif low == high:
        ages = ngettext("{n} an", "{n} ani", low).format(n=low)
    else:
        ages = ngettext("{low}–{n} an", "{low}–{n} ani", high).format(low=low, n=high)
    # A need that only women have need not say so.
    sex = "" if need.sex else {"F": _("femei"), "M": _("bărbați"), None: ""}[person.sex]
    return ", ".join(text for text in (sex, ages) if text) or _("oricine")


def _limits(need: Need, folder: Path) -> Iterator[NeedAnswer | ServiceType]:
    for answer in need_answers(folder)[need.need]:
        yield answer
        yield service_types(folder)[answer.service_type]


def _bands(need: Need, limits: list[NeedAnswer | ServiceType]) -> list[tuple[int, int]]:
    """Cut the ages of a need wherever an answer begins or ends; both ends included."""
    first, last = need.age_min or 0, _OLDEST if need.age_max is None else need.age_max
    starts = {each.age_min for each in limits if each.age_min is not None}
    starts |= {each.age_max + 1 for each in limits if each.age_max is not None}
    cuts = [first, *sorted(age for age in starts if first < age <= last), last + 1]
    return [(low, high - 1) for low, high in pairwise(cuts)]


def _middle(low: int, high: int) -> int:
    return max(low, (low + min(high, _OLD)) // 2)


def _sexes(need: Need, limits: list[NeedAnswer | ServiceType]) -> tuple[str | None, ...]:
    if need.sex:
        return (need.sex,)
    return ("F", "M") if any(each.sex for each in limits) else (None,)
