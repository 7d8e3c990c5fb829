"""Indicators of the project and the data that they are computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.indicators.indicators import Indicator as Indicator
    from reports.indicators.indicators import targets as targets
    from reports.indicators.period import Period as Period
    from reports.indicators.period import parse_period as parse_period
    from reports.indicators.report_data import ReportData as ReportData
    from reports.indicators.report_data import load_report_data as load_report_data

__all__ = ["Indicator", "Period", "ReportData", "load_report_data", "parse_period", "targets"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Indicator": "indicators",
        "Period": "period",
        "ReportData": "report_data",
        "load_report_data": "report_data",
        "parse_period": "period",
        "targets": "indicators",
    },
)
