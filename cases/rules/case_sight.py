"""Who sees what of a case: findings, answers and needs by profession, and what is restricted by who found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.instrument.instrument_model import MEDICAL, RESTRICTED


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

    def sees_need(self, need: Mapping[str, Any], case: Mapping[str, Any], found_by: frozenset[str]) -> bool:
        """Whether a need is shown: of findings that are restricted, to those alone who see these."""
        return need["sees"] != RESTRICTED or self._is(case["owner"]) or self.account in found_by - {""}

    def _is(self, account: str) -> bool:
        return bool(account) and account == self.account
