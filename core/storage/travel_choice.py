"""Which travel model a home uses: chosen once, for every minute of it. One file of the home, `travel.json`.

Without the file minutes are straight lines. What the choice is made of (roads, a server) is opened by
`providers.catalogue.home_travel`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.errors import HomeError
from core.i18n import _
from core.storage.home import write_atomically

if TYPE_CHECKING:
    from core.storage.home import Home

FILE = "travel.json"
MODELS = ("straight_line", "roads", "server")


@dataclass(frozen=True)
class TravelChoice:
    """What somebody chose.

    Attributes
    ----------
    model
        `straight_line`, `roads` or `server`.
    season
        Of roads: `summer` or `winter`.
    engine
        Of a server: `osrm`, `valhalla` or `openrouteservice`.
    address
        Of a server: where it answers, without a path of its own table.
    """

    model: str = "straight_line"
    season: str = ""
    engine: str = ""
    address: str = ""

    @property
    def state(self) -> str:
        """A text that changes with the choice."""
        return "|".join(asdict(self).values())


def read_travel_choice(home: Home) -> TravelChoice:
    """Return what was chosen for a home.

    Parameters
    ----------
    home
        The home.

    Returns
    -------
    TravelChoice
        Straight lines where nobody chose.

    Raises
    ------
    HomeError
        Where the file is damaged.
    """
    try:
        payload = json.loads((home.path / FILE).read_bytes())
        choice = TravelChoice(**{str(name): str(value) for name, value in payload.items()})
    except FileNotFoundError:
        return TravelChoice()
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise _damaged_error(str(error)) from None
    if choice.model not in MODELS or (choice.model == "roads" and choice.season not in ("summer", "winter")):
        raise _damaged_error(choice.state)
    return choice


def _damaged_error(why: str) -> HomeError:
    return HomeError(
        _("{file} este deteriorat ({why}). Alegeți din nou, de pildă „harta travel straight_line”.").format(
            file=FILE, why=why[:120]
        )
    )


def write_travel_choice(home: Home, choice: TravelChoice) -> None:
    """Put a choice in force: every process of the home takes it at its next question."""
    content = json.dumps(asdict(choice), ensure_ascii=False, indent=1).encode()
    write_atomically(home.path / FILE, content, is_private=True)
