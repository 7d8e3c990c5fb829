"""The finder's answer on the map of all services: the same offers, order, numbers and words, as pins and as a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from api.forms.form_fields import Fields
from api.forms.question_form import QuestionForm, question_fields
from api.plain import offer_cards, search_page
from core.errors import UnknownCodeError
from core.i18n import _
from geo.maps.answer_map import Marker, Origin, bounds_of, spread_markers
from geo.maps.still_map import NumberedPoint
from providers.finder import search_terms
from providers.finder.answer_view import how_measured_words
from providers.finder.offer_view import view_of
from providers.rules.travel_words import how_measured
from providers.service_map.map_filter import MapFilter
from providers.service_map.view_window import MapView
from reports.planning.travel_layers import service_place
from reports.planning.way_view import WayView, road_way, straight_way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.http.request_view import RequestView
    from api.plain.offer_cards import EmergencyCall, NeedAnswered
    from api.plain.search_page import PersonQuestions
    from geo.gazetteer.places import Place
    from providers.finder.answer import Answer, Query, Result

ADDRESS = "/simplu/harta/raspuns"
ANSWER, WAY = "/api/map/answer", "/api/map/way"
SHOWN = "raspuns"  # in an address: show the answer from its place to its need
_ROOM = 0.12  # of the height and width around what is drawn
_ZOOM = 11


@dataclass(frozen=True)
class AnswerPin:
    """A numbered service on the map. words: what a reader of the screen hears of it."""

    point: NumberedPoint
    service_id: str
    words: str


@dataclass(frozen=True)
class AnswerOnMap:
    """The finder's answer as the map shows it.

    needs: an answer to each need, numbered as its pins are. question: fields that ask the
    same again. address: fields for the address, where nothing of a person and no need that nobody else should see may
    stand. corners: of the view, degrees. way: to a chosen service; None where none was chosen.
    """

    title: str
    origin: Place
    needs: tuple[NeedAnswered, ...]
    pins: tuple[AnswerPin, ...]
    person: PersonQuestions | None
    danger: tuple[EmergencyCall, ...]
    is_sensitive: bool
    question: list[tuple[str, str]]
    address: tuple[tuple[str, str], ...]
    how_measured: str
    sources: tuple[str, ...]
    corners: tuple[tuple[float, float], tuple[float, float]]
    way: WayView | None = None

    @property
    def everything(self) -> str:
        """Address of all services around its place."""
        return f"/simplu/harta?loc={_code(self.origin)}"

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """What of its address is no filter."""
        return tuple((name, value) for name, value in self.address if name == SHOWN)

    @property
    def shown(self) -> tuple[MapFilter, MapView]:
        """Filter and view of the map around it."""
        wanted = dict(self.address).get("serviciu", "")
        return MapFilter(wanted=wanted, near=self.origin), MapView(self.corners, _ZOOM)


def of_address(view: RequestView, chosen: MapFilter) -> AnswerOnMap | None:
    """Answer the question of an address, which has a place and a need and nothing of a person.

    Parameters
    ----------
    view
        The request.
    chosen
        The filter of its address.

    Returns
    -------
    AnswerOnMap or None
        None where the address asks nothing.
    """
    if view.request.query_params.get(SHOWN) != "1" or chosen.near is None or not chosen.wanted:
        return None
    fields = Fields.from_pairs([("loc", _code(chosen.near)), ("nevoie", chosen.wanted)])
    form = QuestionForm.parse(fields, view.snapshot.gazetteer)
    return answer_on_map(view, form.query) if isinstance(form, QuestionForm) else None


def address_of(answers: Sequence[Answer]) -> str:
    """Return the address of the map that shows some answers.

    Parameters
    ----------
    answers
        Of one question.

    Returns
    -------
    str
        Place and need as fields; empty where the need should stand in no address, or where there are several.
    """
    first = answers[0]
    if len(answers) > 1 or first.is_sensitive:
        return ""
    return urlencode([("loc", _code(first.query.origin)), ("serviciu", first.query.wanted[0]), (SHOWN, "1")])


def answer_on_map(view: RequestView, query: Query, *, way_to: str = "") -> AnswerOnMap:
    """Answer a question on the map.

    Parameters
    ----------
    view
        The request.
    query
        What is asked; it starts at a locality, also where a point was typed.
    way_to
        Id of a service of the answer to which the way is drawn; empty = none.

    Returns
    -------
    AnswerOnMap
        What the plain page of the same question says, and where each of its services is.

    Raises
    ------
    UnknownCodeError
        Where the answer has no such service at a place that may be shown.
    """
    query = _from_locality(view, query)
    origin = query.origin
    answers = offer_cards.answers_to(view, query)
    results = _visited(answers)
    is_sensitive = any(found.is_sensitive for found in answers)
    terms = search_terms.all_search_terms()
    labels = ", ".join(terms[code].label for code in query.wanted)
    is_open = not is_sensitive and len(query.wanted) == 1
    return AnswerOnMap(
        title=_("{needs}, de la {place}").format(needs=labels, place=origin.label),
        origin=origin,
        needs=tuple(
            offer_cards.need_answered(view, found, is_short=len(answers) > 1, shown_before=before)
            for found, before in zip(answers, accumulate((len(a.listed) for a in answers), initial=0), strict=False)
        ),
        pins=_pins(results),
        person=search_page.person_questions(view, query),
        danger=offer_cards.danger(answers),
        is_sensitive=is_sensitive,
        question=question_fields(query),
        address=(("loc", origin.label), ("serviciu", query.wanted[0]), (SHOWN, "1")) if is_open else (),
        how_measured=how_measured_words(answers[0]),
        sources=offer_cards.sources(answers),
        corners=_corners(origin, results),
        way=_way(view, query, results, way_to) if way_to else None,
    )


def way_shown(view: RequestView, query: Query, service_id: str) -> WayView:
    """Return the way to a service of an answer: by road where its minutes are, else the straight line.

    Parameters
    ----------
    view
        The request.
    query
        What was asked.
    service_id
        One of the services that somebody travels to.

    Returns
    -------
    WayView
        With what it was measured by.

    Raises
    ------
    UnknownCodeError
        Where the answer has no such service at a place that may be shown.
    """
    query = _from_locality(view, query)
    return _way(view, query, _visited(offer_cards.answers_to(view, query)), service_id)


def _from_locality(view: RequestView, query: Query) -> Query:
    origin = query.origin
    return replace(query, origin=view.snapshot.gazetteer.place_of(origin.locality_siruta, origin.uat_siruta))


def _visited(answers: Sequence[Answer]) -> list[Result]:
    return [result for found in answers for result in found.listed]


def _way(view: RequestView, query: Query, results: list[Result], service_id: str) -> WayView:
    result = next((each for each in results if each.service_id == service_id and not each.is_secret), None)
    if result is None:
        raise UnknownCodeError(_("Serviciul cerut nu este pe hartă."))
    end = service_place(view.snapshot, service_id)
    if result.travel.kind == "roads":
        return road_way(view.home, query.origin, end, mode=query.mode, basis=result.travel)
    travel = view_of(result).travel
    return straight_way(query.origin, end, travel.words if travel else "", how_measured(result.travel))


def data(answer: AnswerOnMap) -> dict[str, Any]:
    """Return what a script draws of an answer.

    Parameters
    ----------
    answer
        An answer on the map.

    Returns
    -------
    dict
        `pins` (number, latitude, longitude, state, id, words, pixels right and down), `here`, `corners`, `address` and
        `way`.
    """
    (south, west), (north, east) = answer.corners
    return {
        "pins": [
            [
                pin.point.number,
                pin.point.lat,
                pin.point.lon,
                pin.point.state,
                pin.service_id,
                pin.words,
                *pin.point.shift,
            ]
            for pin in answer.pins
        ],
        "here": [answer.origin.lat, answer.origin.lon, answer.origin.label],
        "corners": [south, west, north, east],
        "address": answer.address,
        "way": None if answer.way is None else way_data(answer.way),
    }


def way_data(way: WayView) -> list[dict[str, Any]]:
    """Return the lines of a way: `kind` and `line` (longitude, latitude) of each part."""
    return [{"kind": part["properties"]["kind"], "line": part["geometry"]["coordinates"]} for part in way.features]


def _code(place: Place) -> str:
    return str(place.locality_siruta or place.uat_siruta)


def _pins(results: list[Result]) -> tuple[AnswerPin, ...]:
    # A protected one has its number in the list, and moves no mark.
    shown = [(number, each) for number, each in enumerate(results, start=1) if not each.is_secret]
    shifts = spread_markers([Marker(0, each.lat, each.lon, "", (), is_confirmed=False) for _number, each in shown])
    pins = []
    for (number, result), shift in zip(shown, shifts, strict=True):
        seen = view_of(result)
        if seen.places is None:
            continue
        point = NumberedPoint(number, result.lat, result.lon, seen.places.kind, shift)
        text = "; ".join(part for part in (seen.places.words, seen.travel.words if seen.travel else "") if part)
        pins.append(AnswerPin(point, result.service_id, f"{number}. {seen.name}: {text}"))
    return tuple(pins)


def _corners(origin: Place, results: list[Result]) -> tuple[tuple[float, float], tuple[float, float]]:
    marks = [Marker(0, each.lat, each.lon, "", (), is_confirmed=False) for each in results if not each.is_secret]
    (south, west), (north, east) = bounds_of(Origin(origin.lat, origin.lon, origin.label), marks)
    tall, wide = _ROOM * (north - south), _ROOM * (east - west)
    return (south - tall, west - wide), (north + tall, east + wide)
