"""What is invented in a demonstration: a year of work and reports, a month of asking for places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.demo.demo_year import Sizes as Sizes
    from reports.demo.demo_year import seed_demo_year as seed_demo_year
    from reports.demo.demo_year import seed_ledger as seed_ledger
    from reports.demo.whole_demo import make_whole_demo as make_whole_demo

__all__ = ["Sizes", "make_whole_demo", "seed_demo_year", "seed_ledger"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Sizes": "demo_year",
        "make_whole_demo": "whole_demo",
        "seed_demo_year": "demo_year",
        "seed_ledger": "demo_year",
    },
)
