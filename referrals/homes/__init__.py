"""Homes: demonstration or live, publishing of registers, and the doctor"s checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.homes.demonstration import make_demo as make_demo
    from referrals.homes.demonstration import make_live as make_live
    from referrals.homes.doctor import home_status as home_status
    from referrals.homes.doctor import run_checks as run_checks
    from referrals.homes.publishing import publish as publish
    from referrals.homes.publishing import stage_file as stage_file

__all__ = ["home_status", "make_demo", "make_live", "publish", "run_checks", "stage_file"]

__getattr__ = lazy_exports(
    __name__,
    {
        "home_status": "doctor",
        "make_demo": "demonstration",
        "make_live": "demonstration",
        "publish": "publishing",
        "run_checks": "doctor",
        "stage_file": "publishing",
    },
)
