"""What a community has within reach: the nearest service of every kind, and the kinds that it lacks.

One question of the finder for each kind, asked for nobody in particular: who may take a given person is for the
finder's own screen to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.i18n import _, ngettext, number
from core.storage.import_kinds import MEASURED
from core.text import collation_key
from providers.catalogue.snapshot import with_whole_minutes
from providers.finder.answer import Query, Result
from providers.finder.finder import find_once
from providers.rules import taxonomy
from providers.rules.travel_words import time_words, unreachable_words
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.gazetteer.gazetteer import Gazetteer, Place
    from geo.spatial.travel import TravelBasis
    from providers.catalogue.snapshot import Snapshot

SHEET_REACH_MINUTES = 60.0  # assumed: an hour by car, there for a morning and back
REACHES = (30.0, 60.0, 90.0)


@dataclass(frozen=True)
class ServiceKind:
    """One kind of service as seen from a community.

    nearest: the nearest that may take somebody from here, with a confirmed place or to be called first; None where
    there is none. confirmed: the nearest with a confirmed place. full_nearer: how many nearer ones are full.
    not_travelled: offers that come home, or work from afar. unreachable: how many nobody can reach from there.
    """

    service_type: str
    name: str
    registry: str
    nearest: Result | None
    confirmed: Result | None
    full_nearer: int
    not_travelled: int
    unreachable: int

    def is_within(self, minutes: float) -> bool:
        """Whether one is within so many minutes, or needs no travel."""
        return self.not_travelled > 0 or (self.nearest is not None and self.nearest.minutes <= minutes)


@dataclass(frozen=True)
class CommunitySheet:
    """Every kind of the imported registers as seen from a place, in the order of the taxonomy.

    not_listed: kinds that no register lists anywhere: nobody can say that they are missing here. not_imported:
    registers that this home does not have. travel: what minutes rest on.
    """

    place: Place
    kinds: tuple[ServiceKind, ...]
    not_listed: tuple[taxonomy.ServiceType, ...]
    not_imported: tuple[str, ...]
    travel: TravelBasis

    def within(self, minutes: float) -> list[ServiceKind]:
        """Return the kinds within reach."""
        return [kind for kind in self.kinds if kind.is_within(minutes)]

    def missing(self, minutes: float) -> list[ServiceKind]:
        """Return the kinds that nobody offers within reach."""
        return [kind for kind in self.kinds if not kind.is_within(minutes)]


@dataclass(frozen=True)
class CountyUnit:
    """The county that supports a community. communities: SIRUTA and name of those on the list, by name."""

    county: str
    county_name: str
    region_name: str
    seat: Place
    communities: tuple[tuple[int, str], ...]


def kinds_asked() -> list[taxonomy.ServiceType]:
    """Return the kinds that a sheet tells of: of the measured registers, none with a protected address.

    Where a shelter is, or how far, must not show below the county (DESIGN §5); offices that every area has by law
    are no gap.
    """
    return [t for t in taxonomy.service_types().values() if t.registry in MEASURED and not t.is_secret]


def community_sheet(snapshot: Snapshot, place: Place) -> CommunitySheet:
    """Ask the finder for the nearest of every kind, from a place and for somebody who lives there."""
    return with_whole_minutes(snapshot, lambda snapshot: _sheet(snapshot, place))


def _sheet(snapshot: Snapshot, place: Place) -> CommunitySheet:
    there = {manifest.kind for manifest in snapshot.catalogue.manifests}
    asked = [t for t in kinds_asked() if t.registry in there]
    listed = set(snapshot.catalogue.services["service_type"].unique())
    return CommunitySheet(
        place,
        tuple(_kind(snapshot, place, t) for t in asked if t.service_type in listed),
        tuple(t for t in asked if t.service_type not in listed),
        tuple(registry for registry in MEASURED if registry not in there),
        snapshot.travel.car.basis,
    )


def _kind(snapshot: Snapshot, place: Place, asked: taxonomy.ServiceType) -> ServiceKind:
    answer = find_once(snapshot, Query(place, (asked.service_type,), k=1))
    nearest = min(answer.results, key=lambda result: (result.minutes, result.service_id), default=None)
    return ServiceKind(
        asked.service_type,
        asked.name,
        asked.registry,
        nearest,
        next((result for result in answer.results if result.block == "confirmed"), None),
        sum(
            line.reason in ("full", "waitlist")
            and (nearest is None or (line.minutes is not None and line.minutes < nearest.minutes))
            for line in answer.excluded
        ),
        # One of a protected address, registered under a kind that is not, says nothing of this place.
        sum(offer.why in ("at_home", "mobile", "remote") for offer in answer.elsewhere),
        sum(line.reason == "unreachable" for line in answer.excluded),
    )


def county_unit(gazetteer: Gazetteer, county: str, communities: Iterable[tuple[int, str]]) -> CountyUnit:
    """Return which county supports a community, and which others it supports.

    communities: SIRUTA and name of the county's communities.
    """
    row = gazetteer.counties[gazetteer.counties["county"] == county].iloc[0]
    return CountyUnit(
        county,
        str(row["name"]),
        str(row["region_name"]),
        gazetteer.place_of(None, int(row["seat_uat_siruta"])),
        tuple(sorted(communities, key=lambda pair: collation_key(pair[1]))),
    )


def missing_title(count: int, minutes: float) -> str:
    """Return in words how many kinds nobody offers within so many minutes, or that none lacks."""
    way = minute_words(minutes)
    if not count:
        return _("Nu lipsește nimic la cel mult {way}").format(way=way)
    return ngettext(
        "Lipsește la cel mult {way}: {n} tip de serviciu", "Lipsesc la cel mult {way}: {n} tipuri de servicii", count
    ).format(n=number(count), way=way)


def lacking_words(kind: ServiceKind, travel: TravelBasis) -> str:
    """Return in words how far the nearest of a kind is that nobody offers within reach, or why there is none.

    Parameters
    ----------
    kind
        As seen from a community.
    travel
        What minutes rest on.

    Returns
    -------
    str
        In the language of the request.
    """
    if kind.nearest is None and kind.full_nearer:
        far = _("toate cele din țară sunt fără locuri")
    elif kind.nearest is None and kind.unreachable:
        far = unreachable_words(travel)
    elif kind.nearest is None:
        far = _("niciunul nu primește oameni de aici")
    else:
        far = _("cel mai apropiat: {minutes}").format(minutes=time_words(kind.nearest.minutes, kind.nearest.travel))
    return far + full_nearer_words(kind)


def full_nearer_words(kind: ServiceKind) -> str:
    """Return in words how many nearer ones are full, after a semicolon; empty where none is."""
    if not kind.full_nearer or kind.nearest is None:
        return ""
    return "; " + ngettext("{n} mai aproape, fără locuri", "{n} mai aproape, fără locuri", kind.full_nearer).format(
        n=kind.full_nearer
    )
