"""How every map of the product looks: zoom, room around what is shown, sizes of marks, and the words of its controls.

The scripts (`api/static/map_base.js`), the drawing without a script and the maps on paper take what is decided here;
colours are the tokens of `api/static/tokens.css`, which tests hold beside the colours of paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.i18n import _, language

if TYPE_CHECKING:
    from collections.abc import Mapping

ZOOM_SNAP = 0.25  # quarter steps: what is shown fills its map; buttons and keys move by whole ones
STREET_ZOOM = 18  # as near as two houses: a single service, or a tap, is told from its neighbour
AREA_ZOOM = 14  # outlines are simplified for a screen: nearer, their corners would be read as facts
OPENING_ZOOM = 13  # an answer of one village opens with its surroundings, not with an empty street


@dataclass(frozen=True)
class ViewRoom:
    """How a map opens. padding: pixels left free at each side; closest: zoom at most."""

    padding: int
    closest: int


ROOM_OF_AREAS = ViewRoom(padding=8, closest=AREA_ZOOM)
ROOM_OF_MARKS = ViewRoom(padding=28, closest=OPENING_ZOOM)  # a mark's own half, and its shift beside others
ROOM_OF_ONE_AREA = ViewRoom(padding=60, closest=10)  # its neighbours are seen as well

# What Streamlit is told of a map's frame. Where style sheets are read, `--map-height` of tokens.css decides before
# anything is drawn: a share of the window, which the server does not know.
FRAME_PIXELS = 480
# Half a pixel of a map so wide is what outlines are simplified by: a map beside its table on a desk.
OUTLINE_PIXELS = 800
PHONE_PIXELS = 330  # what is left of a phone's width inside the margins: marks and names must not meet there

# Paper has no tokens: the classes and the place of a search as `--class-…` and `--here` of tokens.css are in the light.
CLASS_COLOURS = ((238, 242, 246), (185, 207, 228), (95, 143, 192), (29, 63, 116))
HERE_COLOUR = (244, 180, 0)

MARK_STATES = ("free", "ask", "full")  # disc, dashed ring, square: told apart without colours
DOT_RADII = (4.5, 4.5, 5.5, 6.5, 7.5)  # pixels, by class 0 to 4: the larger the higher, so not by colour alone


class LegendKey(NamedTuple):
    """A line of a legend.

    mark: what stands for it (`hs-key-…` of map_keys.css). amount: how many there are; None = not counted.
    """

    mark: str
    words: str
    amount: int | None = None


def map_settings(
    *, label: str, note: str = "", max_zoom: int = STREET_ZOOM, tiles: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what `map_base.js` gives every map.

    Parameters
    ----------
    label
        What the map is, for who does not see it.
    note
        Printed in a corner: the mark of a demonstration.
    max_zoom
        Zoom to which one may go.
    tiles
        `template` and `attribution` of a tile server, only where somebody has opted in: it learns where people look.

    Returns
    -------
    dict
        Plain data, for JSON; words in the language of the request.
    """
    return {
        "label": label,
        "zoomIn": _("Apropiați"),
        "zoomOut": _("Depărtați"),
        "north": _("Nordul este sus"),
        "note": note,
        "maxZoom": max_zoom,
        "zoomSnap": ZOOM_SNAP,
        "tiles": dict(tiles) if tiles else None,
    }


def number_locale() -> str:
    """Return the locale in which a map's script writes numbers."""
    return {"ro": "ro-RO", "en": "en-GB"}[language()]
