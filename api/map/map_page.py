"""The page of the map: filters with their counts, the drawing, and the list, which says all that the map does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from api import atlas_areas
from api.http import page_frame
from api.map import answer_on_map, map_names
from api.map.coverage_layer import COVERAGE_ADDRESS, asked_of
from api.map.joined_table import TABLE_ADDRESS
from api.map.layers_page import LayersPage, layers_page
from api.map.local_layer import LOCAL_ADDRESS
from api.map.map_backgrounds import AreaColours, backgrounds
from api.map.map_tools import MapTools, map_tools
from api.map.reach_layer import REACH_ADDRESS
from core.errors import MapError
from core.i18n import _, ngettext, number
from core.storage.editions import EditionStore
from core.storage.import_kinds import REGISTRIES
from geo.maps.map_style import MARK_STATES, LegendKey, map_settings, number_locale
from geo.maps.still_map import county_outlines, still_map
from providers.finder import search_terms
from providers.finder.answer import SourceUsed
from providers.finder.answer_view import source_lines
from providers.rules import taxonomy
from providers.rules.wording import registry_words
from providers.service_map.map_answer import MOST_LISTED, STATES, answer_map_view
from providers.service_map.map_filter import ASK, FREE, FULL, PLACES, MapFilter
from providers.service_map.map_layers import MapLayers
from providers.service_map.map_list import views_of
from providers.service_map.name_index import name_index
from providers.service_map.view_window import MapView

if TYPE_CHECKING:
    import geopandas as gpd
    from starlette.responses import Response

    from api.http.request_view import RequestView
    from api.map.answer_on_map import AnswerOnMap
    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer
    from geo.maps.point_clusters import Clusters
    from geo.maps.still_map import StillMap
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.offer_view import OfferView
    from providers.service_map.map_answer import MapAnswer

ADDRESS = "/simplu/harta"
POINTS, CARD, AREA = "/api/map/points", "/api/map/card", "/api/map/area"
_BAD = 400
_NEAR_DEGREES = 0.35  # half of the height of the view around a place


@dataclass(frozen=True)
class MapChoice:
    """One value of a filter. count: services that the view would hold with it."""

    name: str
    value: str
    words: str
    count: int
    is_on: bool


@dataclass(frozen=True)
class MapPage:
    """What the page shows.

    need: code of what is filtered. summary: what is in view, in a sentence. listed: the nearest; more: how many are
    left out. address: filter, layers and view as an address has them. settings: for the script. is_framed: inside the
    application's page. answer: the finder's, then the list; None where nothing was asked.
    """

    place: str
    need: str
    km: str
    kinds: tuple[MapChoice, ...]
    places: tuple[MapChoice, ...]
    deliveries: tuple[MapChoice, ...]
    yes: tuple[MapChoice, ...]
    wanted: tuple[tuple[str, tuple[MapChoice, ...]], ...]
    groups: tuple[MapChoice, ...]
    summary: str
    legend: tuple[LegendKey, ...]
    backgrounds: tuple[AreaColours, ...]
    listed: tuple[OfferView, ...]
    more: str
    still: StillMap
    address: str
    settings: dict[str, object]
    sources: tuple[str, ...]
    is_framed: bool
    layers: LayersPage
    tools: MapTools
    answer: AnswerOnMap | None = None


def show_map(view: RequestView) -> Response:
    """Show the map under the filter of the address; what is wrong in it is said, and the whole country is shown."""
    alert, status = "", 200
    try:
        chosen, seen = asked(view, view.snapshot.gazetteer)
        _same, layers = asked_of(view)
    except MapError as error:
        chosen, seen, layers, alert, status = MapFilter(), MapView(), MapLayers(), str(error), _BAD
    answer = answer_on_map.of_address(view, chosen)
    if "cadru" not in view.request.query_params:
        if answer is not None:
            seen = answer.shown[1]
        elif chosen.near is None and chosen.zone is None and (own := own_point(view)) is not None:
            seen = _around(own, _NEAR_DEGREES)
    shown = map_page(view, chosen, seen, layers, answer)
    return page_frame.page(view, "map.html", status=status, alert=alert, m=shown)


def prepare(home: Home, snapshot: Snapshot) -> None:
    """Make beforehand what the first map would wait for: its points and the outlines of the counties."""
    answer_map_view(snapshot, MapFilter(), MapView())
    name_index(snapshot.catalogue)
    _outlines(home, EditionStore(home).state())


def asked(view: RequestView, gazetteer: Gazetteer) -> tuple[MapFilter, MapView]:
    """Read filter and view of an address; without a view, around its place, what was drawn, or the whole country."""
    params = view.request.query_params
    chosen = MapFilter.parse(params, params.getlist("registru"), gazetteer, own_county=view.own_county)
    seen = MapView.parse(params)
    if chosen.near is not None and "cadru" not in params:
        high = _NEAR_DEGREES if chosen.km is None else chosen.km / 111.0  # kilometres of a degree of latitude
        seen = _around((chosen.near.lat, chosen.near.lon), high)
    elif chosen.zone is not None and "cadru" not in params:
        zone = chosen.zone
        seen = MapView(((zone.south, zone.west), (zone.north, zone.east)), 11)
    return chosen, seen


def _around(point: tuple[float, float], high: float) -> MapView:
    """Return the view around a point. high: degrees of latitude from it to the upper edge."""
    lat, lon = point
    wide = high * 1.45  # a degree of longitude is so much shorter here
    return MapView(((lat - high, lon - wide), (lat + high, lon + wide)), 11)


def own_point(view: RequestView) -> tuple[float, float] | None:
    """Return where the team's own community is; None for who has none."""
    if view.session is None or view.session.actor.uat_siruta is None:
        return None
    own = view.snapshot.gazetteer.place_of(None, view.session.actor.uat_siruta)
    return own.lat, own.lon


def map_page(
    view: RequestView, chosen: MapFilter, seen: MapView, layers: MapLayers, answer: AnswerOnMap | None = None
) -> MapPage:
    """Return what the page shows of a view under a filter, with its layers and the answer where one was asked for."""
    snapshot = view.snapshot
    found = answer_map_view(snapshot, chosen, seen)
    counts = found.counts
    terms = search_terms.all_search_terms()

    def choice(name: str, value: str, words: str, *, is_on: bool) -> MapChoice:
        return MapChoice(name, value, words, counts[name].get(value, 0), is_on)

    options: dict[str, list[MapChoice]] = {}
    for code, term in terms.items():
        # Also those of which this view has none: the next view may, and the script only counts anew.
        each = choice("serviciu", code, term.label, is_on=chosen.wanted == code)
        options.setdefault(term.group, []).append(each)
    carried = [*chosen.fields(), *layers.fields()]
    is_framed = view.request.query_params.get("incadrat") == "1"
    return MapPage(
        place="" if chosen.near is None else chosen.near.label,
        need=chosen.wanted,
        km="" if chosen.km is None else f"{chosen.km:g}",
        kinds=tuple(
            choice("registru", code, registry_words(code), is_on=code in chosen.registries)
            for code in counts["registru"]
        ),
        places=tuple(
            choice("locuri", name, state_words()[state], is_on=chosen.places == state) for name, state in PLACES.items()
        ),
        deliveries=tuple(
            choice("livrare", code, words, is_on=chosen.delivery == code) for code, words in delivery_words().items()
        ),
        yes=(
            choice("deschis", "1", _("deschise acum, după programul publicat"), is_on=chosen.is_open_now),
            choice("licenta", "1", _("cu licență valabilă azi"), is_on=chosen.is_licensed),
        ),
        wanted=tuple((group, tuple(found)) for group, found in options.items()),
        groups=tuple(
            choice("grup", code, _(group.name), is_on=chosen.group == code)
            for code, group in taxonomy.groups().items()
            if group.kind != "register"
        ),
        summary=summary(found),
        legend=legend(found),
        backgrounds=backgrounds(atlas_areas.view_of(view.home).table),
        listed=tuple(listed(snapshot, found, chosen)) if answer is None else (),
        more=more_words(found.total - len(found.listed)),
        still=_still(view.home, found.clusters if layers.has_marks else None, chosen, seen, answer),
        address=urlencode([*carried, *seen.fields()]),
        settings=_settings(view, carried, seen, chosen, answer),
        sources=(*(sources_of(snapshot, chosen) if answer is None else answer.sources), *map_names.sources(view.home)),
        answer=answer,
        is_framed=is_framed,
        layers=layers_page(view, chosen, layers),
        tools=map_tools(ADDRESS, [*carried, *seen.fields()], chosen, seen, is_framed=is_framed),
    )


def listed(snapshot: Snapshot, answer: MapAnswer, chosen: MapFilter) -> list[OfferView]:
    """Return the nearest services of a view as offers, the way from the filter's place with them."""
    ids = [str(snapshot.catalogue.cell("service_id", int(row))) for row in answer.listed]
    return views_of(snapshot, ids, chosen.near)


def state_words() -> dict[int, str]:
    """Format each state of a mark."""
    return {FREE: _("au loc sau primesc fără limită"), ASK: _("de sunat înainte"), FULL: _("fără locuri")}


def delivery_words() -> dict[str, str]:
    """Return in words how services reach people."""
    return {
        "at_site": _("la sediu"),
        "at_home": _("la domiciliu"),
        "mobile": _("cu echipă mobilă"),
        "remote": _("la distanță"),
    }


def summary(answer: MapAnswer) -> str:
    """Return in words what a view holds, in a sentence."""
    if not answer.total:
        return _("Niciun serviciu în acest cadru cu aceste filtre. Depărtați harta sau ștergeți un filtru.")
    services = ngettext("{n} serviciu în cadru", "{n} servicii în cadru", answer.total).format(n=number(answer.total))
    free, ask, full = answer.by_state
    return _("{services}: {free} au loc sau primesc fără limită, {ask} de sunat înainte, {full} fără locuri.").format(
        services=services, free=number(free), ask=number(ask), full=number(full)
    )


def legend(answer: MapAnswer) -> tuple[LegendKey, ...]:
    """Return the states of marks, each with how many services in view."""
    return tuple(LegendKey(MARK_STATES[state], state_words()[state], answer.by_state[state]) for state in STATES)


def _settings(
    view: RequestView,
    carried: list[tuple[str, str]],
    seen: MapView,
    chosen: MapFilter,
    answer: AnswerOnMap | None,
) -> dict[str, object]:
    near = chosen.near
    return {
        "points": POINTS,
        "card": CARD,
        "area": AREA,
        "coverage": COVERAGE_ADDRESS,
        "joined": TABLE_ADDRESS,
        "reach": REACH_ADDRESS,
        "local": LOCAL_ADDRESS,
        "page": ADDRESS,
        **map_names.addresses(view.home),
        "ask": answer_on_map.ANSWER,
        "way": answer_on_map.WAY,
        "answer": None if answer is None else answer_on_map.data(answer),
        "fields": urlencode(carried if answer is None else [*carried, *answer.asked]),
        "corners": [*seen.corners[0], *seen.corners[1]],
        "here": None if near is None else [near.lat, near.lon, near.label],
        "areas": atlas_areas.address(view.home),
        "map": map_settings(
            label=_("Harta serviciilor; lista de sub hartă are aceleași servicii"),
            note=_("Date demonstrative") if view.home.is_demo else "",
        ),
        "locale": number_locale(),
        "words": {
            "many": _("servicii: {n}; cu loc: {free}, de sunat: {ask}, fără locuri: {full}"),
            "failed": _("Harta nu s-a putut încărca. Lista rămâne; încercați din nou."),
            "wait": _("Se încarcă…"),
            "local": _("{place}: resurse locale {n}"),
            "counting": _("Se calculează pentru toată țara…"),
            "choose": _("Alegeți întâi nevoia sau tipul serviciului: acoperirea este a unui serviciu."),
            "close": _("Închideți"),
        },
    }


def sources_of(snapshot: Snapshot, chosen: MapFilter) -> tuple[str, ...]:
    """Name the registers shown, each with its day."""
    kinds = {REGISTRIES[code].code for code in (chosen.registries or REGISTRIES)}
    return source_lines(
        SourceUsed(m.kind, m.edition, m.as_of, m.source.title, m.source.synthetic)
        for m in snapshot.catalogue.manifests
        if m.kind in kinds
    )


def _still(
    home: Home, marks: Clusters | None, chosen: MapFilter, seen: MapView, answer: AnswerOnMap | None
) -> StillMap:
    here = None if chosen.near is None else (chosen.near.lat, chosen.near.lon)
    outlines = _outlines(home, EditionStore(home).state())
    if answer is None:
        return still_map(outlines, marks, seen.corners, here)
    way = [] if answer.way is None else [part["line"] for part in answer_on_map.way_data(answer.way)]
    pins = [pin.point for pin in answer.pins]
    return still_map(outlines, marks, seen.corners, here, pins=pins, way=way)


@lru_cache(maxsize=2)
def _outlines(home: Home, _state: str) -> gpd.GeoSeries:
    view = atlas_areas.view_of(home)
    table = view.table
    return county_outlines(view.areas, dict(zip(table["uat_siruta"], table["county"], strict=True)))


def more_words(more: int) -> str:
    """Return in words how many services of a view are not listed; empty where all are."""
    if more <= 0:
        return ""
    words = ngettext(
        "Sunt listate cele mai apropiate {most}; încă {n} serviciu este în cadru. Apropiați harta sau filtrați.",
        "Sunt listate cele mai apropiate {most}; încă {n} servicii sunt în cadru. Apropiați harta sau filtrați.",
        more,
    )
    return words.format(most=MOST_LISTED, n=number(more))
