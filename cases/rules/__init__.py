"""Rules of the case record that need neither database nor telephone: codes, states, terms, who sees what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cases.rules.case_states import counted_month as counted_month
    from cases.rules.case_states import state_of_case as state_of_case
    from cases.rules.case_tasks import CaseTask as CaseTask

__all__ = ["CaseTask", "counted_month", "state_of_case"]

__getattr__ = lazy_exports(
    __name__, {"CaseTask": "case_tasks", "counted_month": "case_states", "state_of_case": "case_states"}
)
