"""Signing in: accounts, OpenID Connect, the gate of a live home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.auth.failed_sign_ins import FailedSignIns as FailedSignIns
    from api.auth.sign_in import routes as routes
    from api.auth.waiting_queue import WaitingQueue as WaitingQueue

__all__ = ["FailedSignIns", "WaitingQueue", "routes"]

__getattr__ = lazy_exports(
    __name__, {"FailedSignIns": "failed_sign_ins", "WaitingQueue": "waiting_queue", "routes": "sign_in"}
)
