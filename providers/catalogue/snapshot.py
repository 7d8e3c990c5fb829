"""All that an answer is made of, as it was at one moment: services, free places, doubts and the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import MixedSnapshotError
from core.i18n import _
from geo.spatial.travel import STRAIGHT_LINES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.gazetteer.gazetteer import Gazetteer
    from geo.spatial.travel import TravelModels
    from providers.catalogue.availability import Availability
    from providers.catalogue.catalogue import Catalogue
    from providers.local.local_help import LocalHelp


@dataclass(frozen=True)
class Snapshot:
    """The parts of one moment, which are only right together: places are known by the row of the catalogue.

    Attributes
    ----------
    catalogue
        Services in force, corrections laid over them.
    availability
        Their places, in the order of the catalogue.
    gazetteer
        The places of the home.
    doubts
        What people on the spot doubt and nobody has settled yet: `phone`, `moved`, `gone` by service_id.
    local
        What teams know beside the registers.
    travel
        How every minute of the home is measured.

    Raises
    ------
    MixedSnapshotError
        Where the availability was made of another catalogue.
    """

    catalogue: Catalogue
    availability: Availability
    gazetteer: Gazetteer
    doubts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    local: tuple[LocalHelp, ...] = ()
    travel: TravelModels = STRAIGHT_LINES

    def __post_init__(self) -> None:
        require_same_catalogue(self.catalogue, self.availability)


def require_same_catalogue(catalogue: Catalogue, availability: Availability) -> None:
    """Raise MixedSnapshotError unless the availability was made of this catalogue, or of one with the same digest."""
    if availability.catalogue_digest != catalogue.digest:
        raise MixedSnapshotError(
            _("Locurile sunt ale altui catalog ({found}) decât cel în care se caută ({expected}).").format(
                found=availability.catalogue_digest, expected=catalogue.digest
            )
        )
