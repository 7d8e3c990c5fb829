"""All that an answer is made of, as it was at one moment: services, free places, doubts and the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from core.bounded_cache import BoundedCache
from core.errors import MixedSnapshotError
from core.i18n import _
from geo.spatial.travel import STRAIGHT_LINES, NoMinutesError, straight_instead

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo.gazetteer.gazetteer import Gazetteer
    from geo.spatial.travel import TravelModels
    from providers.answering.answering_record import AnsweringRecord
    from providers.catalogue.availability import Availability
    from providers.catalogue.catalogue import Catalogue
    from providers.local.local_help import LocalHelp

Made = TypeVar("Made")


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
    answering
        How services answered referrals lately, by service_id; none of a protected one.
    kept
        What was made of this moment and is asked for again: as long as it is the moment, it is the same.

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
    answering: Mapping[str, AnsweringRecord] = field(default_factory=dict)
    kept: BoundedCache[Any] = field(init=False, repr=False, compare=False, default_factory=lambda: BoundedCache(500))

    def __post_init__(self) -> None:
        require_same_catalogue(self.catalogue, self.availability)


def with_whole_minutes(snapshot: Snapshot, work: Callable[[Snapshot], Made]) -> Made:
    """Do some work by the home's model; where a server fails in the middle, do all of it by straight lines that say so.

    Parameters
    ----------
    snapshot
        Of one moment.
    work
        What is made of it, all of which must be by one model.

    Returns
    -------
    Made
        What the work returns.
    """
    try:
        return work(snapshot)
    except NoMinutesError as error:
        return work(replace(snapshot, travel=straight_instead(host=error.host)))


def require_same_catalogue(catalogue: Catalogue, availability: Availability) -> None:
    """Raise MixedSnapshotError unless the availability was made of this catalogue, or of one with the same digest."""
    if availability.catalogue_digest != catalogue.digest:
        raise MixedSnapshotError(
            _("Locurile sunt ale altui catalog ({found}) decât cel în care se caută ({expected}).").format(
                found=availability.catalogue_digest, expected=catalogue.digest
            )
        )
