"""How people travel, by the name that somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _
from geo.spatial.travel import MODES, SEASONS, UnknownModeError

if TYPE_CHECKING:
    from geo.spatial.travel import TravelModel, TravelModels


def require_mode(mode: str) -> None:
    """Raise UnknownCodeError, in words, unless it is a mode of travel, `car` or `walk`."""
    if mode not in MODES:
        raise _unknown_mode_error(mode)


def travel_model(travel: TravelModels, mode: str) -> TravelModel:
    """Return the model of a mode, `car` or `walk`, of a home; UnknownCodeError, in words, for another mode."""
    try:
        return travel.of_mode(mode)
    except UnknownModeError as error:
        raise _unknown_mode_error(error.mode) from None


def require_season(season: str) -> None:
    """Raise UnknownCodeError, in words, unless it is a season of roads, `summer` or `winter`."""
    if season not in SEASONS:
        raise UnknownCodeError(
            _("Nu cunosc anotimpul „{season}”; alegeți summer sau winter.").format(season=season[:30])
        )


def _unknown_mode_error(mode: str) -> UnknownCodeError:
    text = _("Nu cunosc modul de deplasare „{mode}”. Alegeți car (cu mașina) sau walk (pe jos).")
    return UnknownCodeError(text.format(mode=mode))
