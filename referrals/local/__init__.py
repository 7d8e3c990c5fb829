"""What teams and county units write of local resources, and what they see of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.local.local_intake import do_step as do_step
    from referrals.local.local_lists import lines as lines

__all__ = ["do_step", "lines"]

__getattr__ = lazy_exports(
    __name__,
    {
        "do_step": "local_intake",
        "lines": "local_lists",
    },
)
