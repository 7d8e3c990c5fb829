"""The country's map of marginalisation, whose areas the browser fetches from our own host.

The areas (see `geo.maps.atlas_view.wire`) are not part of the map's data: they have an address that names their state,
so that a browser asks for them once, and a change of filter moves nothing over the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from core.i18n import _
from geo.maps.answer_map import COUNTRY
from geo.maps.atlas_view import CLASSES, class_words
from geo.maps.map_component import LocalMap, draw_map
from geo.maps.map_style import AREA_ZOOM, ROOM_OF_AREAS, ROOM_OF_ONE_AREA, number_locale


def country_map(
    url: str,
    *,
    counties: Sequence[str] | None = None,
    focus: int | None = None,
    address: str,
    note: str = "",
    is_loaded: bool | None = True,
) -> LocalMap:
    """Draw the country, or some counties of it, by class of marginalisation.

    Parameters
    ----------
    url
        Where the browser finds the areas (`geo.maps.atlas_view.wire`), on our own host.
    counties
        Letters of those shown; None = all.
    focus
        SIRUTA of the one UAT to show from near; None = the whole.
    address
        What a sheet's address begins with; the SIRUTA code follows.
    note
        Printed in a corner: the mark of a demonstration.
    is_loaded
        Whether the atlases were imported (`geo.maps.atlas_view.atlas_state`).

    Returns
    -------
    LocalMap
        The map as data and as the page that draws it.
    """
    atlas = {
        "kind": "atlas",
        "url": url,
        "counties": list(counties) if counties is not None else None,
        "focus": focus,
        "address": address,
        "classes": [class_words(code, is_loaded=is_loaded) for code in sorted(CLASSES)],
        "rate": _("{n} % din oameni în zone marginalizate"),
        "people": _("oameni în zone marginalizate: {n}"),
        "community": _("comunitate a proiectului"),
        "sheet": _("Deschideți fișa"),
        "failed": _("Harta nu s-a putut încărca; tabelul are aceleași date."),
        "locale": number_locale(),
        "whole": asdict(ROOM_OF_AREAS),
        "near": asdict(ROOM_OF_ONE_AREA),
    }
    label = _("Harta: clasele de marginalizare și comunitățile proiectului; aceleași date sunt în tabel")
    return draw_map([atlas], label=label, bounds=COUNTRY, room=ROOM_OF_AREAS, max_zoom=AREA_ZOOM, note=note)
