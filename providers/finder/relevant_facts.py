"""Which questions matter: what has to be known of a person to choose among the services that there really are.

It looks at the catalogue and not at the types alone: a service may take only women, only some ages, or only the
people of its own commune whatever its type usually does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import numpy as np

from providers.catalogue.access_rules import AREA_KINDS
from providers.catalogue.type_defaults import OLDEST
from providers.rules import needs as needs_catalogue
from providers.rules import taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from providers.catalogue.catalogue import Catalogue
    from providers.rules.needs import NeedAnswer


@dataclass(frozen=True)
class RelevantFacts:
    """Which facts decide something. groups: codes of situations. home: ask for „domiciliu”, not only where they are."""

    age: bool
    sex: bool
    groups: tuple[str, ...]
    home: bool

    @property
    def anything(self) -> bool:
        """Return whether any fact decides anything."""
        return self.age or self.sex or self.home or bool(self.groups)


def relevant_facts(wanted: Iterable[str], catalogue: Catalogue) -> RelevantFacts:
    """Return which facts about a person decide anything for these needs and service types (their own codes).

    A situation is asked only where the services differ in it: one that all of them share is what the person
    came for. Raises UnknownCodeError.
    """
    answers: list[NeedAnswer] = []
    types: list[str] = []
    for code in wanted:
        if code in needs_catalogue.needs():
            answers += needs_catalogue.need_answers()[code]
        else:
            types.append(taxonomy.service_type(code).service_type)
    types += [answer.service_type for answer in answers]
    ranges = [catalogue.types[code] for code in dict.fromkeys(types) if code in catalogue.types]
    rows = np.concatenate([np.arange(kind.start, kind.end) for kind in ranges] or [np.empty(0, np.int64)])
    rules = catalogue.rules
    return RelevantFacts(
        age=any(answer.age_min is not None or answer.age_max is not None for answer in answers)
        or bool(((rules.age_min[rows] > 0) | (rules.age_max[rows] < OLDEST)).any()),
        sex=any(answer.sex for answer in answers) or bool(((rules.sex[rows] != "") | rules.pension_age[rows]).any()),
        groups=_differing(catalogue, {int(mask) for mask in np.unique(rules.groups[rows])}, answers),
        home=bool((rules.area[rows] != AREA_KINDS.index("nation")).any()),
    )


def _differing(catalogue: Catalogue, masks: set[int], answers: list[NeedAnswer]) -> tuple[str, ...]:
    every = reduce(or_, masks, 0) & ~(reduce(and_, masks) if masks else 0)
    named = {group for answer in answers for group in answer.groups}
    return tuple(
        code
        for code, group in taxonomy.groups().items()
        if group.kind == "situation" and (every & catalogue.group_bits[code] or code in named)
    )
