"""What the page of the map shows of its layers: which are chosen, their legends and the table of the joined view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.map.coverage_layer import page_legend
from api.map.joined_table import page_joined
from api.map.local_layer import page_local
from api.map.reach_layer import page_reach
from core.i18n import _, ngettext, number
from providers.rules.wording import minute_words
from providers.service_map.map_layers import (
    CALENDAR,
    CHANGE,
    DAYS_AGO,
    EXTRAS,
    LOCAL,
    NO_MARKS,
    OF_SERVICE,
    REACH,
    USUAL_DAYS_AGO,
    USUAL_MINUTES,
    MapLayers,
    minutes_offered,
)

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from api.map.coverage_layer import LayerLegend
    from api.map.joined_table import JoinedTable
    from api.map.local_layer import LocalPlaces
    from api.map.reach_layer import ReachLegend
    from providers.service_map.map_filter import MapFilter


@dataclass(frozen=True)
class LayersPage:
    """The layers as the page shows them.

    colour: what areas are coloured by. minutes, days_ago: (value of the field, words, whether chosen). extras: (value,
    words, whether drawn). marks: of the services, shown or not, (value, words, whether chosen). is_of_service: whether
    the colours are of the service chosen; is_compared: and of a day ago. legend, table: of those colours.
    reach, local: of the layers drawn over them.
    """

    colour: str
    minutes: tuple[tuple[str, str, bool], ...]
    days_ago: tuple[tuple[str, str, bool], ...]
    extras: tuple[tuple[str, str, bool], ...]
    marks: tuple[tuple[str, str, bool], ...]
    is_of_service: bool
    is_compared: bool
    legend: LayerLegend | None
    table: JoinedTable | None
    reach: ReachLegend | None
    local: LocalPlaces | None


def layers_page(view: RequestView, chosen: MapFilter, layers: MapLayers) -> LayersPage:
    """Return what the page shows of its layers."""
    offered = sorted({*minutes_offered(chosen.wanted), layers.minutes})
    return LayersPage(
        colour=layers.colour,
        minutes=tuple(("" if n == USUAL_MINUTES else str(n), minute_words(n), n == layers.minutes) for n in offered),
        days_ago=tuple(("" if n == USUAL_DAYS_AGO else str(n), _days(n), n == layers.days_ago) for n in DAYS_AGO),
        extras=tuple((name, extra_words()[name], name in layers.extras) for name in EXTRAS),
        marks=(("", _("arătate"), layers.has_marks), (NO_MARKS, _("ascunse"), not layers.has_marks)),
        is_of_service=layers.colour in OF_SERVICE,
        is_compared=layers.colour == CHANGE,
        legend=page_legend(view, chosen, layers),
        table=page_joined(view, chosen, layers),
        reach=page_reach(view, chosen, layers),
        local=page_local(view, layers),
    )


def _days(n: int) -> str:
    return ngettext("acum {n} zi", "acum {n} zile", n).format(n=number(n))


def extra_words() -> dict[str, str]:
    """Name the layers that are drawn over the colours."""
    return {
        REACH: _("până unde se ajunge de la locul ales"),
        LOCAL: _("resurse locale"),
        CALENDAR: _("ce vine în următoarea lună"),
    }
