"""What teams and county units write of local resources, and what they see of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.local.local_intake import add as add
    from referrals.local.local_intake import do_step as do_step
    from referrals.local.local_lists import calendar_table as calendar_table
    from referrals.local.local_lists import lines as lines
    from referrals.local.local_lists import placed_lines as placed_lines

__all__ = ["add", "calendar_table", "do_step", "lines", "placed_lines"]

__getattr__ = lazy_exports(
    __name__,
    {
        "add": "local_intake",
        "calendar_table": "local_lists",
        "do_step": "local_intake",
        "lines": "local_lists",
        "placed_lines": "local_lists",
    },
)
