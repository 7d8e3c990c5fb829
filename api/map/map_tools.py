"""The tools of the map's page: the field of search, what was drawn, and what a tool's script says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from core.i18n import _
from providers.service_map.map_search import SHORTEST
from providers.service_map.map_zone import DIGITS, MapZone

if TYPE_CHECKING:
    from providers.service_map.map_filter import MapFilter
    from providers.service_map.view_window import MapView

SUGGEST, RESULTS, PDF, IMAGE = "/api/map/search", "/simplu/harta/cautare", "/api/map/harta.pdf", "/api/map/harta.svg"


@dataclass(frozen=True)
class MapTools:
    """What the page says of its tools.

    carried: (name, value) of filter and view, for the form of search. zone, provider: as the address has them.
    zone_words: the zone's size; empty = none. without_zone, without_provider, view_as_zone: addresses of the page.
    settings: for the script.
    """

    carried: tuple[tuple[str, str], ...]
    zone: str
    zone_words: str
    provider: str
    without_zone: str
    without_provider: str
    view_as_zone: str
    settings: dict[str, object]


def map_tools(
    page: str, carried: list[tuple[str, str]], chosen: MapFilter, seen: MapView, *, is_framed: bool
) -> MapTools:
    """Return what the page at an address says of its tools; carried: filter, layers and view as an address has them."""
    fields = [*carried, *([("incadrat", "1")] if is_framed else [])]
    (south, west), (north, east) = seen.corners
    box = ",".join(f"{side:.{DIGITS}f}" for side in (south, west, north, east))

    def without(name: str, *more: tuple[str, str]) -> str:
        return f"{page}?{urlencode([*(field for field in fields if field[0] != name), *more])}"

    return MapTools(
        tuple(fields),
        "" if chosen.zone is None else chosen.zone.text,
        zone_words(chosen.zone),
        chosen.provider,
        without("zona"),
        without("furnizor"),
        without("zona", ("zona", box)),
        _settings(),
    )


def zone_words(zone: MapZone | None) -> str:
    """Return in words what was drawn; empty where nothing was."""
    return "" if zone is None else _("Numai în zona desenată: {zone}.").format(zone=zone.words)


def _settings() -> dict[str, object]:
    return {
        "search": SUGGEST,
        "image": IMAGE,
        "shortest": SHORTEST,
        "digits": DIGITS,
        "words": {
            "found": _("sugestii: {n}; alegeți cu săgețile"),
            "none": _("Nimic cu acest nume. Încercați mai puține cuvinte."),
            "failed": _("Căutarea nu a mers. Încercați din nou."),
            "box": _("Desenați un dreptunghi"),
            "circle": _("Desenați un cerc"),
            "boxHint": _("Trageți peste hartă de la un colț la celălalt. Escape renunță."),
            "circleHint": _("Trageți de la mijlocul cercului spre margine. Escape renunță."),
            "tooSmall": _("Zona este prea mică. Trageți mai departe pe hartă."),
            "copied": _("Imaginea a fost copiată."),
            "noImage": _("Imaginea nu s-a putut face. Încercați din nou sau descărcați PDF."),
            "file": "harta.png",
        },
    }
