"""The travel model that a home chose, opened: one for every minute of it.

Roads and servers are read where they were chosen: whoever has straight lines does not wait for their libraries.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from core.errors import BadValueError, EditionError, HomeError, UnknownCodeError
from core.i18n import _
from core.storage.editions import EditionStore
from core.storage.straight_errors import FILE, read_straight_errors
from core.storage.travel_choice import read_travel_choice
from geo.spatial.network_travel import NetworkTravel
from geo.spatial.travel import STRAIGHT_LINES, TravelBasis, TravelModel, TravelModels, straight_instead
from providers.catalogue.home_travel_table import table_state, with_table

if TYPE_CHECKING:
    from core.storage.home import Home
    from core.storage.travel_choice import TravelChoice
    from geo.routing.routing_server import RoutingServer
    from geo.spatial.travel import Season

# Nobody is faster in a straight line: a search by a server asks for the near first, and stops by it.
_FASTEST_KM_H = {"car": 140.0, "walk": 7.0}
_MOST_OPEN = 4


def travel_of(home: Home) -> TravelModels:
    """Return the travel models of a home: of roads that are not in force, straight lines.

    Of a server that does not answer now, and of roads or a choice that cannot be read, straight lines that say so: who
    looks for help is not kept waiting for a file.

    Parameters
    ----------
    home
        The home.

    Returns
    -------
    TravelModels
        The same object while nothing changed.
    """
    try:
        choice = read_travel_choice(home)
        if choice.model == "roads":
            return chosen_roads(home, choice)
        if choice.model != "server":
            return _straight(home, _stamp(home))
        server = _server(choice.engine, choice.address)
    except EditionError:
        return straight_instead(lost="roads")
    except (HomeError, BadValueError):
        return straight_instead(lost="choice")
    return _served(server) if server.is_up() else straight_instead(host=server.host)


def chosen_roads(home: Home, choice: TravelChoice) -> TravelModels:
    """Return the travel models of the roads in force.

    Parameters
    ----------
    home
        The home.
    choice
        Of roads, with its season.

    Returns
    -------
    TravelModels
        The same object while nothing changed.

    Raises
    ------
    EditionError
        Where there are none, or they cannot be read.
    """
    try:
        edition = EditionStore(home).current("roads")
    except UnknownCodeError as error:  # the pointer names one that is not there
        raise EditionError(str(error)) from None
    if edition is None:
        raise EditionError(_("Drumurile alese nu sunt importate: întâi „harta import roads FIȘIER”."))
    return _by_roads(home, edition.files_state(), cast("Season", choice.season), table_state(home))


def travel_state(home: Home) -> str:
    """Return a text that changes with the travel model of a home, for what is kept of its minutes.

    A table of them changes none.
    """
    basis = travel_of(home).car.basis
    return f"{basis} {'' if basis.lost == 'choice' else read_travel_choice(home).state} {_stamp(home)}"


def _stamp(home: Home) -> int:
    """Return when the error of the straight line was measured; 0 = never."""
    try:
        return (home.path / FILE).stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(_MOST_OPEN)
def _straight(home: Home, stamp: int) -> TravelModels:
    errors = read_straight_errors(home) if stamp else {}
    return replace(STRAIGHT_LINES, errors=errors) if errors else STRAIGHT_LINES


@lru_cache(_MOST_OPEN)
def _by_roads(home: Home, edition: str, season: Season, table: str) -> TravelModels:
    live = _live_by_roads(home, edition, season)
    return replace(live, car=with_table(home, live.car)) if table and live.car.basis.kind == "roads" else live


@lru_cache(_MOST_OPEN)
def _live_by_roads(home: Home, edition: str, season: Season) -> TravelModels:  # noqa: ARG001 - the edition is the key
    from geo.roads.road_travel import home_travel

    return home_travel(home, season)


@lru_cache(_MOST_OPEN)
def _server(engine: str, address: str) -> RoutingServer:
    from geo.routing.routing_server import RoutingServer

    return RoutingServer(engine, address)


@lru_cache(_MOST_OPEN)
def _served(server: RoutingServer) -> TravelModels:
    car, walk = (_by_server(replace(server, mode=mode)) for mode in ("car", "walk"))
    # A server is asked for one person's ways, not for those of every locality to every service.
    return TravelModels(car, walk, country=STRAIGHT_LINES)


def _by_server(server: RoutingServer) -> TravelModel:
    return NetworkTravel(
        TravelBasis("server", server.mode, server.host),
        server,
        replace(server, towards=False),
        least_minutes_per_metre=60.0 / (_FASTEST_KM_H[server.mode] * 1000.0),
    )
