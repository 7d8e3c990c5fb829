"""The invented year of a demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.demo.demo_year import Sizes as Sizes
    from reports.demo.demo_year import seed_demo_year as seed_demo_year
    from reports.demo.demo_year import seed_ledger as seed_ledger

__all__ = ["Sizes", "seed_demo_year", "seed_ledger"]

__getattr__ = lazy_exports(
    __name__,
    {"Sizes": "demo_year", "seed_demo_year": "demo_year", "seed_ledger": "demo_year"},
)
