"""The sheet of the health ministry's indicators, counted from the cases of an area in some months.

People are counted once, by what was found and is open at the end of the period; work by the month it counts in, so a
filed month stays as it was. The nurse of the community reads what is counted; to everybody else it is told in fives,
rounded down (docs/decisions/0064), and what is about restricted findings alone of no community.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.figures.amc_facts import AmcFacts, AmcPerson, read_facts
from cases.figures.amc_indicators import AmcIndicator, amc_indicators, is_asked, is_restricted
from cases.figures.case_figures import communities_of_area
from core.i18n import _, number
from referrals.records import roles
from referrals.records.roles import Area
from referrals.records.vocabulary import LEAST_SHOWN

if TYPE_CHECKING:
    from cases.instrument.instrument_model import Instrument
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

Value = int | float | None


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
    values: dict[str, Value]
    unasked: frozenset[str]
    apart: frozenset[str]
    is_rounded: bool

    def note(self, indicator: AmcIndicator) -> str:
        """Say what is to be known of an indicator: why it is blank, how it differs; blank where there is nothing."""
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
        """Say what is more than nothing, in lines, by sheet, and how many of the others there are."""
        said: list[str] = []
        told = [each for each in amc_indicators() if self.values[each.code]]
        for place, each in enumerate(told):
            if not place or each.sheet != told[place - 1].sheet:
                said.append(each.sheet_name)
            said.append(f"  {each.code} {each.name}: {number(self.values[each.code] or 0)}")
        blank = sum(value is None for value in self.values.values())
        words = _("Cu zero: {zero}. Nu se numără din cazuri, sau nu se spun: {blank}.")
        said.append(words.format(zero=number(len(self.values) - len(told) - blank), blank=number(blank)))
        return [*said, rounding_words()] if self.is_rounded else said


def rounding_words() -> str:
    """Say how numbers are told to whoever is not the nurse of the community."""
    return _("Numerele sunt rotunjite în jos la multipli de {n}: 0 poate fi și mai puțin de {n}.").format(n=LEAST_SHOWN)


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
    area, own = roles.own_area(actor, county)
    uat = own if uat_siruta is None else uat_siruta
    roles.require(actor, "case.counts", Area(area, uat))
    with ledger.store.read() as connection:
        uats = None if not area and uat is None else communities_of_area(connection, area, uat)
        facts = read_facts(connection, first, last, uats)
    is_rounded = not (actor.role == "team" and actor.profession == "medical")
    unasked = frozenset(each.code for each in amc_indicators() if not is_asked(each, instrument))
    apart = frozenset(each.code for each in amc_indicators() if is_restricted(each, instrument))
    untold = unasked if uat is None else unasked | apart
    values: dict[str, Value] = {}
    for each in amc_indicators():
        value = None if each.code in untold else count_indicator(each, facts, is_apart=each.code in apart)
        values[each.code] = in_fives(value) if is_rounded else value
    return AmcSheet(first, last, values, unasked, apart, is_rounded)


def in_fives(value: Value) -> Value:
    """Round a count down to fives; a mean to halves.

    >>> in_fives(4), in_fives(13), in_fives(2.71), in_fives(None)
    (0, 10, 2.5, None)
    """
    if isinstance(value, int):
        return value // LEAST_SHOWN * LEAST_SHOWN
    return None if value is None else value * 2 // 1 / 2


def count_indicator(indicator: AmcIndicator, facts: AmcFacts, *, is_apart: bool = False) -> Value:
    """Count one indicator; None where cases do not say.

    is_apart: it is about restricted findings; no other indicator sees them.
    """
    counts = indicator.counts
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
    people = [each for each in facts.people.values() if _is_meant(each, indicator, is_apart=is_apart)]
    return sum(_given(each, indicator) for each in people) if counts == "services" else len(people)


def _is_meant(person: AmcPerson, indicator: AmcIndicator, *, is_apart: bool) -> bool:
    is_at_end = indicator.counts in ("people", "open_at_end")
    match indicator.counts:
        case "people" | "open_at_end":
            fits = person.is_open
        case "opened":
            fits = person.is_opened
        case "closed":
            fits = person.ended_as != ""
        case "died_home" | "died_hospital":
            fits = person.ended_as == indicator.counts
        case "served":
            fits = _given(person, indicator) > 0
        case _:  # open at some time of the period, or given a service then
            fits = True
    if not fits or not indicator.of_people:
        return fits
    found = person.found.at_end if is_at_end else person.found.during
    known = person.words | found | person.of_all_findings()
    if is_apart:
        known |= person.found.apart_at_end if is_at_end else person.found.apart_during
    return all(group & known for group in indicator.of_people)


def _given(person: AmcPerson, indicator: AmcIndicator) -> int:
    if not indicator.services:
        return person.services.total()
    return sum(person.services[code] for code in indicator.services)
