"""Who sees what of a case: findings, answers and needs by profession, and what is restricted by who found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cases.instrument.instrument_model import MEDICAL, RESTRICTED

_Row = TypeVar("_Row", bound=Mapping[str, Any])


@dataclass(frozen=True)
class Onlooker:
    """Who looks at cases: account and profession."""

    account: str
    profession: str

    def sees_finding(self, finding: Mapping[str, Any], case: Mapping[str, Any]) -> bool:
        """Whether a finding is shown: to the team, the medical member, or the case manager and who found it."""
        match finding["sees"]:
            case "team":
                return True
            case sees if sees == MEDICAL:
                return self.profession == MEDICAL
            case _:
                return self._is(case["owner"]) or self._is(finding["by"])

    def sees_answer(self, sees: str, assessment: Mapping[str, Any], case: Mapping[str, Any] | None) -> bool:
        """Whether the answer to a question is shown, by who may read it; what one asked oneself is."""
        if sees == MEDICAL:
            return self.profession == MEDICAL or self._is(assessment["by"])
        if sees == RESTRICTED:
            return self._is(assessment["by"]) or (case is not None and self._is(case["owner"]))
        return True

    def sees_need(self, need: Mapping[str, Any], case: Mapping[str, Any]) -> bool:
        """Whether a need, or an item for it, is shown: of restricted findings, to those alone who see these."""
        return not need["found_by"] or self._is(need["found_by"]) or self._is(case["owner"])

    def _is(self, account: str) -> bool:
        return bool(account) and account == self.account


def one_need(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one need of the rows of it that an onlooker sees: the team's, and those of what was found and hidden.

    The first is the row that a change is about: an open one before one that ended, the team's before a hidden one.
    """
    first, *others = in_order(rows)
    still = [each for each in (first, *others) if not each["ended_on"]] or [first]
    return {
        **first,
        "codes": " ".join(dict.fromkeys(code for each in still for code in each["codes"].split())),
        "sees": RESTRICTED if any(each["sees"] == RESTRICTED for each in still) else first["sees"],
        "priority": min(each["priority"] for each in still),
        "opened_on": min(each["opened_on"] for each in still),
    }


def in_order(rows: Iterable[_Row]) -> list[_Row]:
    """Sort the rows of one need as `one_need` reads them."""
    return sorted(rows, key=lambda each: (bool(each["ended_on"]), bool(each["found_by"]), each["opened_on"]))
