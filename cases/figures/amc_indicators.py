"""The 402 indicators that the health ministry asks of community nurses: which of them cases count, and how.

`data/reports/amc_indicators.csv` has them all. `counts` says what is counted ("" = nothing: `note` says why), `codes`
of whom: groups with spaces between, of each of which a person has one; in a group codes of findings, categories of
vulnerability, services, or the words of
`amc_facts.AmcPerson`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from cases.figures.case_figures import category_of
from cases.instrument.instrument_model import RESTRICTED
from core.resources import DATA

if TYPE_CHECKING:
    from cases.instrument.instrument_model import Instrument

PERSON_WORDS = frozenset(("F", "M", "child", "any", "nothing", "social", "VCV_06", "VGR_10"))
FROM = "from:"  # before who told of a case
_OF_NO_FINDING = ("activities", "participants")
_SERVICE = re.compile(r"S[A-Z]{2}_\d{2}")


@dataclass(frozen=True)
class AmcIndicator:
    """An indicator as the ministry has it. amc_codes: what its own query looks for; note: a message to translate."""

    code: str
    sheet: str
    sheet_name: str
    name: str
    amc_codes: tuple[str, ...]
    counts: str
    groups: tuple[frozenset[str], ...]
    note: str

    @cached_property
    def services(self) -> frozenset[str]:
        """The services of which one has to be given."""
        return frozenset(code for group in self.groups for code in group if _SERVICE.fullmatch(code))

    @cached_property
    def of_people(self) -> tuple[frozenset[str], ...]:
        """The groups that are about the person, not about a service."""
        return tuple(group for group in self.groups if not group & self.services)


@cache
def amc_indicators() -> tuple[AmcIndicator, ...]:
    """Return the indicators in the order of the ministry's sheets."""
    with (DATA / "reports" / "amc_indicators.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            AmcIndicator(
                row["code"], row["sheet"], row["sheet_name"], row["name"], tuple(row["amc_codes"].split()),
                row["counts"], tuple(frozenset(group.split("|")) for group in row["codes"].split()), row["note"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


def is_asked(indicator: AmcIndicator, instrument: Instrument) -> bool:
    """Return whether an instrument can find what an indicator looks for."""
    found = {rule.code for rule in instrument.rules}
    found |= {category_of().get(code, code) for code in found}
    return indicator.counts in _OF_NO_FINDING or all(
        group & (found | PERSON_WORDS) or any(code.startswith(FROM) for code in group) for group in indicator.of_people
    )


def is_restricted(indicator: AmcIndicator, instrument: Instrument) -> bool:
    """Return whether an indicator is about restricted findings alone: it is told of no community."""
    sees = {rule.code: rule.sees for rule in instrument.rules}
    for group in indicator.groups:
        codes = {code for code in sees if code in group or category_of().get(code) in group}
        if codes and all(sees[code] == RESTRICTED for code in codes):
            return True
    return False
