"""The view as a sheet: what the map shows, on paper (PDF) and as a picture (SVG), with legend, sources and day."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from starlette.responses import Response

from api import atlas_areas
from api.map import map_page
from api.map.coverage_layer import asked_of
from api.map.tools.sheet_colours import sheet_colours
from core.errors import UnknownCodeError
from core.i18n import _, ngettext, number
from core.romanian_calendar import BUCHAREST
from core.templating import render
from geo.maps.area_patterns import LIGHT, PATTERNS
from geo.maps.map_style import MARK_STATES
from geo.maps.point_clusters import grid_clusters
from geo.maps.view_drawing import ViewFrame, drawn_areas
from providers.finder.search_terms import all_search_terms
from providers.rules import taxonomy
from providers.rules.wording import registry_words
from providers.service_map.map_answer import STATES, answer_map_view, states_of
from providers.service_map.map_list import views_of
from providers.service_map.view_window import MapView
from reports.map_sheet import MapSheet, map_sheet_pdf
from reports.map_sheet.sheet_content import SheetKey, SheetMark, SheetRow
from reports.output.pdf import MARGIN, PAPER_SIZES

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from geo.gazetteer.places import Place
    from geo.maps.point_clusters import Clusters
    from providers.catalogue.snapshot import Snapshot
    from providers.service_map.map_answer import MapAnswer
    from providers.service_map.map_filter import MapFilter
    from reports.output.pdf import PaperSize

MOST_NUMBERED = 150  # services of a list on paper; of more the sheet says how many stand at each mark
_PAPERS: dict[str, PaperSize] = {"a4": "A4", "a3": "A3"}
_PICTURE = 1200.0  # units of the picture's width
_LINE, _SMALL_LINE = 105, 150  # letters of a line of its text


@dataclass(frozen=True)
class SheetSize:
    """How large the drawing of a sheet is, in its units.

    cell: room of a mark. finest: what outlines leave out. has_list: whether the services are listed beside it.
    """

    width: float
    most_height: float
    cell: float
    finest: float
    has_list: bool


def as_pdf(view: RequestView) -> Response:
    """Send the view as PDF; `hartie` is a4 or a3."""
    name = view.request.query_params.get("hartie", "a4").lower()
    if name not in _PAPERS:
        raise UnknownCodeError(_("Hârtia este a4 sau a3, nu „{found}”.").format(found=name[:20]))
    size = _PAPERS[name]
    wide, tall = PAPER_SIZES[size]
    sheet = sheet_of(view, SheetSize(wide - 2 * MARGIN, tall * 0.5, 9.0, 0.12, has_list=True))
    headers = {"Content-Disposition": 'attachment; filename="harta.pdf"'}
    return Response(map_sheet_pdf(sheet, size=size), media_type="application/pdf", headers=headers)


def as_picture(view: RequestView) -> Response:
    """Send the view as a picture (SVG), legend and sources in it."""
    sheet = sheet_of(view, SheetSize(_PICTURE, 1000.0, 46.0, 0.9, has_list=False))
    text = _("Serviciile cu adresă protejată nu sunt pe hartă.")
    sources = f"{_('Surse')}: {'; '.join(line.rstrip('.') for line in sheet.sources)}. {text}"
    foot = [*wrap(sheet.area_note, _SMALL_LINE), *wrap(sources, _SMALL_LINE)]
    svg = render(
        "plain/map_picture.html", s=sheet, bar=sheet.frame.scale_bar(220.0), foot=foot,
        head=[*wrap(sheet.summary, _LINE), *wrap(sheet.filters, _LINE)], patterns=PATTERNS, light=LIGHT,
    )  # fmt: skip
    return Response(svg, media_type="image/svg+xml")


def sheet_of(view: RequestView, size: SheetSize) -> MapSheet:
    """Return the view that a request asks for as a sheet.

    Parameters
    ----------
    view
        The request: filter and view stand in its address.
    size
        Of the drawing.

    Returns
    -------
    MapSheet
        In the language of the request. Protected services are in none of it.

    Raises
    ------
    MapError
        Where the address is wrong.
    """
    snapshot = view.snapshot
    chosen, seen = map_page.asked(view, snapshot.gazetteer)
    _same, layers = asked_of(view)
    frame = ViewFrame.fitted(seen.corners, size.width, size.most_height, least_height=size.width * 0.4)
    answer = answer_map_view(snapshot, chosen, MapView(frame.corners, seen.zoom))
    clusters, mark_of = _clusters(snapshot, answer, frame.zoom_of_cells(size.cell))
    is_numbered = size.has_list and 0 < answer.total <= MOST_NUMBERED
    has_marks = layers.has_marks or is_numbered  # a printed list goes by the numbers of its marks
    near = chosen.near
    atlas = atlas_areas.view_of(view.home)
    colours = sheet_colours(view, chosen, layers)
    return MapSheet(
        title=_("Harta serviciilor") if near is None else _("Harta serviciilor: {place}").format(place=near.label),
        summary=map_page.summary(answer),
        filters=_filter_words(chosen),
        frame=frame,
        areas=drawn_areas(atlas.areas, colours.grades, frame, finest=size.finest),
        marks=_marks(clusters, frame, size.cell, is_numbered=is_numbered) if has_marks else (),
        here=None if near is None else _here(near, frame),
        zone=_zone(chosen, frame),
        area_kind=colours.kind,
        area_title=colours.title,
        area_keys=colours.keys,
        area_note=colours.note,
        mark_keys=tuple(SheetKey(key.mark, key.words, number(key.amount or 0)) for key in map_page.legend(answer)),
        label_note=_label_note(answer, is_numbered=is_numbered)
        if has_marks
        else _("Semnele serviciilor sunt ascunse."),
        rows=_rows(snapshot, answer, mark_of, chosen) if is_numbered else (),
        more=_more(answer) if size.has_list and answer.total and not is_numbered else "",
        sources=tuple(dict.fromkeys([*map_page.sources_of(snapshot, chosen), *colours.sources])),
        made_on=snapshot.availability.now.astimezone(BUCHAREST).date(),
        is_demo=view.home.is_demo,
    )


def _clusters(snapshot: Snapshot, answer: MapAnswer, zoom: int) -> tuple[Clusters, dict[int, int]]:
    """Gather the services by the room that a mark takes on the sheet; and say which mark each row of them is at."""
    services = snapshot.catalogue.services
    lats, lons = (services[name].to_numpy(float)[answer.rows] for name in ("lat", "lon"))
    clusters = grid_clusters(lats, lons, states_of(snapshot)[answer.rows], n_states=len(STATES), zoom=zoom)
    return clusters, dict(zip(answer.rows.tolist(), clusters.member.tolist(), strict=True))


def _marks(clusters: Clusters, frame: ViewFrame, cell: float, *, is_numbered: bool) -> tuple[SheetMark, ...]:
    least = cell * 0.24
    marks = []
    places = zip(frame.at(clusters.lat, clusters.lon).tolist(), clusters.size.tolist(), clusters.by_state, strict=True)
    for number_, ((x, y), size, states) in enumerate(places, start=1):
        label = str(number_) if is_numbered else "" if size == 1 else number(size)
        radius = least if len(label) <= 1 else min(cell * 0.5, least + cell * 0.06 * len(label))
        state = next(MARK_STATES[state] for state in STATES if states[state])
        marks.append(SheetMark(x, y, radius, label, state))
    return tuple(marks)


def _rows(snapshot: Snapshot, answer: MapAnswer, mark_of: dict[int, int], chosen: MapFilter) -> tuple[SheetRow, ...]:
    """List the services by the numbers of their marks, as the list of the page says them."""
    rows = sorted(answer.rows.tolist(), key=lambda row: (mark_of[row], row))
    ids = [str(snapshot.catalogue.cell("service_id", row)) for row in rows]
    return tuple(
        SheetRow(
            str(mark_of[row] + 1),
            offer.name,
            offer.what,
            offer.address,
            "; ".join(phone.text for phone in offer.phones) or _("nepublicat"),
            "" if offer.places is None else offer.places.words,
        )
        for row, offer in zip(rows, views_of(snapshot, ids, chosen.near), strict=True)
    )


def _here(near: Place, frame: ViewFrame) -> tuple[float, float, str]:
    x, y = frame.at(near.lat, near.lon)[0].tolist()
    return x, y, near.label


def _zone(chosen: MapFilter, frame: ViewFrame) -> tuple[tuple[float, float], ...]:
    if chosen.zone is None:
        return ()
    lats, lons = chosen.zone.outline()
    return tuple((float(x), float(y)) for x, y in frame.at(lats, lons))


def _filter_words(chosen: MapFilter) -> str:
    """Say the filter in words, one part behind the other; empty where nothing is left out."""
    items = [
        ", ".join(registry_words(code) for code in sorted(chosen.registries)),
        all_search_terms()[chosen.wanted].label if chosen.wanted else "",
        _("primesc: {group}").format(group=_(taxonomy.group(chosen.group).name)) if chosen.group else "",
        "" if chosen.places is None else map_page.state_words()[chosen.places],
        _("deschise acum, după programul publicat") if chosen.is_open_now else "",
        map_page.delivery_words()[chosen.delivery] if chosen.delivery else "",
        _("cu licență valabilă azi") if chosen.is_licensed else "",
        ""
        if chosen.near is None or chosen.km is None
        else _("la cel mult {km} km de {place}").format(km=number(chosen.km, 1), place=chosen.near.label),
        "" if chosen.zone is None else chosen.zone.words,
        _("furnizorul: {name}").format(name=chosen.provider) if chosen.provider else "",
    ]
    kept = "; ".join(filter(None, items))
    return _("Filtre: {filters}.").format(filters=kept) if kept else ""


def _label_note(answer: MapAnswer, *, is_numbered: bool) -> str:
    if is_numbered:
        return _("Numărul de pe fiecare semn este cel din listă; un semn poate sta pentru mai multe servicii.")
    if not answer.total:
        return ""
    return _("Numărul de pe fiecare semn spune câte servicii sunt acolo; culoarea este a celui mai liber dintre ele.")


def _more(answer: MapAnswer) -> str:
    services = ngettext("{n} serviciu", "{n} servicii", answer.total).format(n=number(answer.total))
    words = _(
        "Lista nu este tipărită pentru {services}: pe hârtie încap cel mult {most}. Apropiați harta sau filtrați."
    )
    return words.format(services=services, most=MOST_NUMBERED)
