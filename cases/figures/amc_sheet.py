"""The sheet of the health ministry's indicators, counted from the cases of an area in some months.

People are counted once, by what was found and is open at the end of the period; work by the month it counts in, so a
filed month stays as it was. The nurse of the community reads what is counted; to everybody else it is told in fives,
rounded down (docs/decisions/0065), and what is about restricted findings alone of no community.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.figures.amc_facts import AmcFacts, AmcPerson, read_facts
from cases.figures.amc_indicators import AmcIndicator, amc_indicators, is_asked, is_restricted
from cases.figures.case_figures import communities_of_area
from cases.figures.told_counts import in_fives, rounding_words
from core.i18n import _, number
from referrals.records import roles
from referrals.records.vocabulary import LEAST_SHOWN

if TYPE_CHECKING:
    from cases.instrument.instrument_model import Instrument
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

IndicatorValue = int | float | None


@dataclass(frozen=True)
class AmcSheet:
    """What was counted.

    Attributes
    ----------
    first, last
        Months, both included.
    values
        By code of an indicator; None = not counted, or not told.
    unasked, apart
        Codes of those for which the instrument does not ask, and of those about restricted findings.
    is_rounded
        Whether it is told in fives.
    """

    first: str
    last: str
    values: dict[str, IndicatorValue]
    unasked: frozenset[str]
    apart: frozenset[str]
    is_rounded: bool

    def note(self, indicator: AmcIndicator) -> str:
        """Return what is to be known of an indicator: why it is blank, how it differs; blank where there is nothing."""
        if indicator.code in self.unasked:
            return _("Chestionarul în vigoare nu întreabă despre aceasta.")
        if indicator.code in self.apart and self.values[indicator.code] is None:
            return _("Vine din constatări restrânse: se spune numai pe județ.")
        return _(indicator.note) if indicator.note else ""

    def as_json(self) -> dict[str, object]:
        """Return it for programs, each indicator with its name and what is to be known of it."""
        rows = [
            {"code": each.code, "sheet": each.sheet, "name": each.name, "value": self.values[each.code],
             "note": self.note(each)}
            for each in amc_indicators()
        ]  # fmt: skip
        return {"first": self.first, "last": self.last, "is_rounded": self.is_rounded, "indicators": rows}

    def lines(self) -> list[str]:
        """Return in words what is more than nothing, in lines, by sheet, and how many of the others there are."""
        sentences: list[str] = []
        items = [each for each in amc_indicators() if self.values[each.code]]
        for place, each in enumerate(items):
            if not place or each.sheet != items[place - 1].sheet:
                sentences.append(each.sheet_name)
            sentences.append(f"  {each.code} {each.name}: {number(self.values[each.code] or 0)}")
        blank = sum(value is None for value in self.values.values())
        words = _("Cu zero: {zero}. Nu se numără din cazuri, sau nu se spun: {blank}.")
        sentences.append(words.format(zero=number(len(self.values) - len(items) - blank), blank=number(blank)))
        return [*sentences, rounding_words()] if self.is_rounded else sentences


def amc_sheet(
    ledger: Ledger,
    first: str,
    last: str,
    instrument: Instrument,
    *,
    actor: Actor,
    county: str = "",
    uat_siruta: int | None = None,
) -> AmcSheet:
    """Count the indicators of an area for some months.

    Parameters
    ----------
    ledger
        Where the record is kept.
    first, last
        Months, both included: 2026-10.
    instrument
        The one in force: it says which findings are restricted.
    actor
        Who reads; sees the own area.
    county, uat_siruta
        Narrower than the actor's area.

    Returns
    -------
    AmcSheet
        For the nurse of the community as counted, for everybody else in fives.

    Raises
    ------
    NotAllowedError
        Outside the actor's area.
    """
    area, uat = roles.require_area(actor, "case.counts", county, uat_siruta)
    with ledger.store.read() as connection:
        uats = communities_of_area(connection, area, uat)
        index = AmcIndex(read_facts(connection, first, last, uats))
    is_rounded = not (actor.role == "team" and actor.profession == "medical")
    unasked = frozenset(each.code for each in amc_indicators() if not is_asked(each, instrument))
    apart = frozenset(each.code for each in amc_indicators() if is_restricted(each, instrument))
    untold = unasked if uat is None else unasked | apart
    values: dict[str, IndicatorValue] = {}
    for each in amc_indicators():
        value = None if each.code in untold else count_indicator(each, index, is_apart=each.code in apart)
        values[each.code] = _told(value) if is_rounded else value
    return AmcSheet(first, last, values, unasked, apart, is_rounded)


def _told(value: IndicatorValue) -> IndicatorValue:
    """Round a count down to fives, a mean to halves."""
    if isinstance(value, int):
        return in_fives(value)
    return None if value is None else value * 2 // 1 / 2


class AmcIndex:
    """Who has what, by word: each indicator is then a few operations on sets, however many people there are."""

    def __init__(self, facts: AmcFacts) -> None:
        self.facts = facts
        self.everybody = frozenset(facts.people)
        self._at_end: defaultdict[str, set[str]] = defaultdict(set)
        self._during: defaultdict[str, set[str]] = defaultdict(set)
        self._apart_at_end: defaultdict[str, set[str]] = defaultdict(set)
        self._apart_during: defaultdict[str, set[str]] = defaultdict(set)
        self._served: defaultdict[str, set[str]] = defaultdict(set)
        self._meant: defaultdict[str, set[str]] = defaultdict(set)
        for ref, person in facts.people.items():
            self._add(ref, person)

    def _add(self, ref: str, person: AmcPerson) -> None:
        words = person.words | person.of_all_findings()
        for index, codes in (
            (self._at_end, words | person.found.at_end),
            (self._during, words | person.found.during),
            (self._apart_at_end, person.found.apart_at_end),
            (self._apart_during, person.found.apart_during),
            (self._served, person.services.keys()),
        ):
            for code in codes:
                index[code].add(ref)
        for counts, is_meant in (
            ("people", person.is_open), ("open_at_end", person.is_open), ("opened", person.is_opened),
            ("closed", person.ended_as), (person.ended_as, person.ended_as), ("served", person.services),
        ):  # fmt: skip
            if is_meant:
                self._meant[counts].add(ref)

    def people(self, indicator: AmcIndicator, *, is_apart: bool) -> AbstractSet[str]:
        """Return the codes of the cases whose people an indicator means."""
        is_at_end = indicator.counts in ("people", "open_at_end")
        index = self._at_end if is_at_end else self._during
        apart = self._apart_at_end if is_at_end else self._apart_during
        is_any = indicator.counts in ("open", "services")  # open at some time of the period, or given a service then
        found: AbstractSet[str] = self.everybody if is_any else self._meant[indicator.counts]
        if indicator.services:
            found = found & set[str]().union(*(self._served[code] for code in indicator.services))
        for group in indicator.of_people:
            known = set[str]().union(*(index[code] for code in group))
            if is_apart:
                known |= set[str]().union(*(apart[code] for code in group))
            found = found & known
        return found

    def given(self, people: AbstractSet[str], services: AbstractSet[str]) -> int:
        """Count the services that people received: of some, or where none is named of all."""
        served = people & self._meant["served"]
        each = (self.facts.people[ref].services for ref in served)
        return sum(sum(one[code] for code in services) if services else one.total() for one in each)


def count_indicator(indicator: AmcIndicator, index: AmcIndex, *, is_apart: bool = False) -> IndicatorValue:
    """Count one indicator; None where cases do not say.

    is_apart: it is about restricted findings; no other indicator sees them.
    """
    counts, facts = indicator.counts, index.facts
    if not counts:
        return None
    if counts in ("activities", "participants"):
        kinds = indicator.groups[0] if indicator.groups else frozenset(facts.activities)
        found = [facts.activities[kind] for kind in kinds if kind in facts.activities]
        return sum(number_of if counts == "activities" else people for number_of, people in found)
    if not indicator.groups and counts in ("services", "first_assessments", "later_assessments"):
        return int(getattr(facts, counts))
    if counts == "mean_findings":
        seen = [len(each.found.problems) for each in facts.people.values() if each.is_open and each.is_assessed]
        return round(sum(seen) / len(seen), 2) if len(seen) >= LEAST_SHOWN else None
    people = index.people(indicator, is_apart=is_apart)
    return index.given(people, indicator.services) if counts == "services" else len(people)
