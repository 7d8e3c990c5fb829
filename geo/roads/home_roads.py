"""The roads in force in a home, opened once a process and edition."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.i18n import _
from core.storage.editions import EditionStore
from geo.roads.network_checks import FORMAT, BrokenNetworkError, require_contents, require_form
from geo.roads.road_network import SEASONS, RoadNetwork
from geo.roads.road_search import RoadSearch, ToRoad
from geo.roads.road_speeds import load_speeds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from core.storage.edition import Edition
    from core.storage.home import Home

LOCAL_DETOUR = 1.35  # as the straight line drives
MOST_LOCAL_M = 10_000.0  # a layer of main roads leaves villages that far from any
NEARLY_ALL = 0.95
_turn = threading.Lock()
_opened: dict[tuple[str, str, str, str], HomeRoads] = {}
_MOST_OPEN = 4


@dataclass(frozen=True)
class HomeRoads:
    """Roads of one mode and season in force in a home.

    Attributes
    ----------
    search
        The search on them.
    mode, season
        `car` or `foot`; `summer` or `winter`.
    edition
        Name of the edition.
    as_of
        Day that its data are of, ISO.
    layout
        `osm` for an extract, `lines` for a layer of lines.
    local_access
        Whether places reach the network over local roads that it does not have, in a straight line.
    title
        What its source is called.
    has_heights
        Whether nearly all of it knows how high it lies, so that walking up is slower.
    """

    search: RoadSearch
    mode: str
    season: str
    edition: str
    as_of: str
    layout: str
    local_access: bool
    title: str = ""
    has_heights: bool = False


def open_roads(home: Home, mode: str = "car", season: str = "summer") -> HomeRoads | None:
    """Open the roads in force of a mode and season.

    Parameters
    ----------
    home
        The home.
    mode
        `car` or `walk`.
    season
        `summer` (August) or `winter` (January).

    Returns
    -------
    HomeRoads or None
        None where none were imported, or the edition has none of the mode (a layer of main roads has no footways).

    Raises
    ------
    KeyError
        For another season.
    EditionError
        Where the edition is damaged.
    """
    SEASONS[season]
    edition = EditionStore(home).current("roads")
    mode = "foot" if mode == "walk" else mode
    if edition is None or (mode == "foot" and f"{mode}_nodes.npy" not in _files(edition)):
        return None
    key = (str(edition.folder), mode, season, edition.files_state())  # what is mapped must be what is there
    with _turn:
        if key not in _opened:
            if len(_opened) >= _MOST_OPEN:
                _opened.clear()
            _opened[key] = _open(edition, mode, season)
        return _opened[key]


def _files(edition: Edition) -> Collection[str]:
    """Return the files that an edition was written with: one that is gone is a fault, not a mode that it never had."""
    return edition.manifest.digests or {path.name for path in edition.folder.glob("*.npy")}


def _open(edition: Edition, mode: str, season: str) -> HomeRoads:
    facts: Mapping[str, str] = dict(edition.table("facts", ["fact", "value"]).itertuples(index=False, name=None))
    if facts.get("format", FORMAT) != FORMAT:
        raise edition.unreadable_error(ValueError(_("este scrisă de altă versiune a programului")))
    network = RoadNetwork.opened(mode, edition.array)
    try:
        require_form(network)
        if not edition.has_digests:
            require_contents(network)
    except BrokenNetworkError as error:
        why = _("fișierul {file} nu este al unei rețele de drumuri").format(file=f"{mode}_{error}.npy")
        raise edition.unreadable_error(ValueError(why)) from None
    local = facts.get("local_access") == "True"
    to_road = (
        ToRoad(load_speeds().known("local", "speed"), LOCAL_DETOUR, MOST_LOCAL_M, by_car=True) if local else ToRoad()
    )
    search = RoadSearch(network, season, to_road=to_road, tracks_last=mode == "car")
    manifest = edition.manifest
    return HomeRoads(
        search, mode, season, manifest.edition, manifest.as_of, facts.get("layout", ""), local, manifest.source.title,
        float(facts.get("heights") or 0.0) >= NEARLY_ALL,
    )  # fmt: skip
