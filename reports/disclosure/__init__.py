"""Statistical disclosure control: small counts hidden so that nobody works them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.disclosure.public_figures import hidden_cells as hidden_cells
    from reports.disclosure.public_figures import public_period as public_period
    from reports.disclosure.public_figures import without_hidden as without_hidden
    from reports.disclosure.suppression import hide as hide

__all__ = ["hidden_cells", "hide", "public_period", "without_hidden"]

__getattr__ = lazy_exports(
    __name__,
    {
        "hidden_cells": "public_figures",
        "hide": "suppression",
        "public_period": "public_figures",
        "without_hidden": "public_figures",
    },
)
