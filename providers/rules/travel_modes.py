"""How people travel, by the name that somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _
from geo.spatial.travel import UnknownModeError, straight_line

if TYPE_CHECKING:
    from geo.spatial.travel import StraightLine


def travel_model(mode: str) -> StraightLine:
    """Return the travel model of a mode, `car` or `walk`; UnknownCodeError, in words, for another."""
    try:
        return straight_line(mode)
    except UnknownModeError as error:
        raise UnknownCodeError(
            _("Nu cunosc modul de deplasare „{mode}”. Alegeți car (cu mașina) sau walk (pe jos).").format(
                mode=error.mode
            )
        ) from None
