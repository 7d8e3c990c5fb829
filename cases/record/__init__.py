"""The case record in the database: read, written by exchanges, told to who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cases.record.case_listing import list_cases as list_cases
    from cases.record.desk_changes import join_cases as join_cases
    from cases.record.field_devices import FieldDevice as FieldDevice
    from cases.record.record_checks import case_faults as case_faults
    from cases.record.record_exchange import ExchangeAnswer as ExchangeAnswer
    from cases.record.record_exchange import exchange as exchange
    from cases.record.supervision import supervision_sample as supervision_sample

__all__ = ["ExchangeAnswer", "FieldDevice", "case_faults", "exchange", "join_cases", "list_cases", "supervision_sample"]

__getattr__ = lazy_exports(
    __name__,
    {
        "ExchangeAnswer": "record_exchange",
        "FieldDevice": "field_devices",
        "case_faults": "record_checks",
        "exchange": "record_exchange",
        "join_cases": "desk_changes",
        "list_cases": "case_listing",
        "supervision_sample": "supervision",
    },
)
