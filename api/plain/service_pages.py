"""A service's own page, under an address that lasts; with a question, sent by POST, the way and the referral too.

What is said of the service is the same for everybody; the question, where one came along, stays in the form.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from api.forms.consent_form import today
from api.forms.form_fields import LONGEST_NAME, FieldError
from api.forms.places_form import MOST_PLACES, ONE_TAP, CallButtons, CallForm, PlacesForm, call_choices
from api.forms.question_form import question_fields
from api.forms.wrong_form import WrongForm, wrong_choices
from api.http import page_frame
from api.http.kept_question import question_kept
from api.http.service_links import FROM_FINDER, SERVICE_PAGES, service_address
from api.plain import offer_cards, search_page
from core.errors import MapError
from core.i18n import _
from providers.finder import search_terms
from providers.finder.answer import Query
from providers.finder.instructions import takes_referrals
from providers.finder.offer_view import view_of
from providers.finder.query_limits import OLDEST_PERSON
from providers.rules.wording import caution_lines
from referrals.field import field_reports
from referrals.records import roles
from referrals.records.ledger_errors import BadReportError, PersonalDataError
from referrals.service_page import present_id, service_page
from referrals.visit_list import list_kept
from referrals.workflow import field_intake, referral_offers
from referrals.workflow.referral_offers import NotOfferedError
from reports.output.qr_code import QrCode, qr_code

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from referrals.service_page import ServicePage

ADDRESS = SERVICE_PAGES + "{service_id:path}"
CALLED = ADDRESS + "/am-sunat"
TAKEN_BACK = ADDRESS + "/nota-anulata"
WRONG = ADDRESS + "/gresit"
_LONGEST_NUMBER = 12
_CALL = "apel"  # in the place of the number of a note: the call without an answer noted last
_OUTCOMES = field_intake.CALL_OUTCOMES
_NEAR_DEGREES = 0.02  # half of the height of the map around a door


@dataclass(frozen=True)
class ServiceQueryView:
    """What the page says to the question that came along.

    carried: its fields. travel: the way there, empty where none is told. why_not: why this person is not taken, empty
    where the person is. may_refer: whether the button is drawn. back: address of the list in the
    application; empty = it is answered again by the form.
    """

    carried: list[tuple[str, str]]
    travel: str
    why_not: str
    may_refer: bool
    back: str = ""


@dataclass(frozen=True)
class PersonFields:
    """The form that asks from where a person comes, where no question came along. errors: by field."""

    place: str
    age: str
    oldest: int
    need: str
    errors: dict[str, FieldError | None]


@dataclass(frozen=True)
class CorrectionFields:
    """The form of „Ceva este greșit”, with what was typed so far."""

    choices: tuple[tuple[str, str], ...]
    what: str
    right: str
    first: str
    last: str


@dataclass(frozen=True)
class ServiceShown:
    """The page of a service.

    cautions: what stands between a person and the service.
    address: whole, to be sent to somebody. on_map: address of the map around it, or empty. here: address of the steps.
    carried: the question that came along, whole or not. wrong: what is to be set right in a form of the page, or none.
    note: which may be taken back, empty = none. may_keep: on the list for a person, where is_kept says whether it is.
    """

    page: ServicePage
    cautions: tuple[str, ...]
    address: str
    on_map: str
    point: str
    code: QrCode
    asked: ServiceQueryView | None
    person: PersonFields | None
    call: CallButtons | None = None
    fault: CorrectionFields | None = None
    here: str = ""
    carried: tuple[tuple[str, str], ...] = ()
    wrong: FieldError | None = None
    note: str = ""
    may_keep: bool = False
    is_kept: bool = False


def show(view: RequestView) -> Response:
    """Show a service; an id of another time leads on to the present one."""
    wanted = str(view.request.path_params["service_id"])
    present = present_id(view.snapshot, wanted)
    if present != wanted and view.request.method == "GET":
        return RedirectResponse(service_address(present), 301)
    return service_response(view, present)


def service_response(
    view: RequestView,
    service_id: str,
    *,
    done: str = "",
    alert: str = "",
    wrong: FieldError | None = None,
    note: str = "",
    status: int = 200,
) -> Response:
    """Render the page of a service.

    Parameters
    ----------
    view
        The request, whose form may carry a question along.
    service_id
        Its present id.
    done, alert
        What was done, and what went wrong.
    wrong
        What is to be set right in a form of the page.
    note
        Which may be taken back: the number of a report of places, or `_CALL`; empty = none.
    status
        HTTP status of the answer.

    Returns
    -------
    Response
        The page.
    """
    page = service_page(view.directory, service_id)
    asked, person = _asked(view, page)
    shown = ServiceShown(
        page=page,
        cautions=_cautions(page),
        address=(address := view.origin + service_address(service_id)),
        on_map=_map_address(page),
        point="" if page.point is None else f"{page.point[0]:.5f},{page.point[1]:.5f}",
        code=qr_code(address),
        asked=asked,
        person=person,
        call=call_asked(view, page.service_id) if _may(view, "capacity.report", page) else None,
        fault=_fault(view, page),
        here=service_address(service_id),
        carried=tuple(asked.carried) if asked else (),
        wrong=wrong,
        note=note,
        may_keep=view.session is not None,
        is_kept=_is_kept(view, service_id),
    )
    is_wrong = person is not None and any(person.errors.values())
    return page_frame.page(view, "service.html", status=400 if is_wrong else status, done=done, alert=alert, s=shown)


def _is_kept(view: RequestView, service_id: str) -> bool:
    kept = list_kept(view.session.session_id).services if view.session is not None else ()
    return any(each.service_id == service_id for each in kept)


def _cautions(page: ServicePage) -> tuple[str, ...]:
    """Return what is said before the facts; of a doubted number only the line that knows when and what is proposed."""
    if not (page.offer.phones and page.phones_doubt):
        return page.offer.cautions
    plain = caution_lines(("doubt_phone",), is_secret=False, access_route="", decision_by=None)
    return tuple(line for line in page.offer.cautions if line not in plain)


def call_asked(view: RequestView, key: str) -> CallButtons:
    """Return the buttons of „Am sunat” of a service, for who may report its places.

    Parameters
    ----------
    view
        The request.
    key
        The service as the ledger knows it.

    Returns
    -------
    CallButtons
        For the template.
    """
    return CallButtons(
        words=(*((each, field_intake.outcome_label(each).capitalize()) for each in _OUTCOMES), *call_choices()),
        one_tap=ONE_TAP,
        most=MOST_PLACES,
        known=field_intake.unanswered_line(view.directory, key, actor=view.actor),
        key=secrets.token_urlsafe(12),
    )


def _fault(view: RequestView, page: ServicePage) -> CorrectionFields | None:
    if not _may(view, "field.report", page):
        return None
    fields = view.fields
    return CorrectionFields(
        wrong_choices(),
        fields.text("ce", 12),
        fields.text("corect", 60),
        fields.text("din", 20),
        fields.text("pana", 20),
    )


def _may(view: RequestView, permission: str, page: ServicePage) -> bool:
    """Whether who asks may do something with a service; behind a protected address nothing is done from here."""
    if view.session is None or view.snapshot.catalogue.service(page.service_id)["is_secret"]:
        return False
    return roles.allows(view.actor, permission, roles.NATION)


def _map_address(page: ServicePage) -> str:
    if page.point is None:
        return ""
    lat, lon = page.point
    low, left, high, right = (
        lat - _NEAR_DEGREES, lon - _NEAR_DEGREES, lat + _NEAR_DEGREES, lon + _NEAR_DEGREES
    )  # fmt: skip
    return f"/simplu/harta?cadru={low:.5f},{left:.5f},{high:.5f},{right:.5f}&zoom=15"


def _asked(view: RequestView, page: ServicePage) -> tuple[ServiceQueryView | None, PersonFields | None]:
    """Understand the question that came along, or ask for what is missing, where a person may be referred."""
    asks = view.request.method == "POST" and bool(view.fields.text("nevoie"))
    query = search_page.read(view) if asks else None
    if isinstance(query, Query):
        return _answered(view, page, query), None
    if view.request.url.query == FROM_FINDER and (kept := _of_finder(view)):
        return replace(_answered(view, page, kept), back="/gasiti?" + _finder_address(kept)), None
    may_ask = page.offer.may_refer and view.session is not None and view.session.actor.role in ("team", "county")
    if not may_ask:
        return None, None
    fields = view.fields
    by_field = {error.field: error for error in query or ()}
    return None, PersonFields(
        place=fields.text("loc", LONGEST_NAME) or search_page.own_place(view),
        age=fields.text("varsta", 5),
        oldest=OLDEST_PERSON,
        need=page.service_type,
        errors={name: by_field.get(name) for name in ("loc", "varsta")},
    )


def _of_finder(view: RequestView) -> Query | None:
    """Return the question that this session asked last in the application, all its needs together."""
    kept = question_kept(view.session.session_id) if view.session else ()
    return replace(kept[0], wanted=tuple(query.wanted[0] for query in kept), on=today()) if kept else None


def _finder_address(query: Query) -> str:
    """Write the question as the application's address says it: the place, and needs that are not sensitive."""
    known = search_terms.all_search_terms()
    place = query.origin.locality_siruta or query.origin.uat_siruta
    needs = [("nevoie", code) for code in query.wanted if not known[code].is_sensitive]
    return urlencode([("loc", str(place)), *needs])


def _answered(view: RequestView, page: ServicePage, query: Query) -> ServiceQueryView:
    carried, found, why_not = question_fields(query), None, ""
    for each in query.wanted:  # a service may answer the second of two needs
        try:
            found = referral_offers.offer_now(view.directory, replace(query, wanted=(each,)), page.service_id)
            break
        except NotOfferedError as error:
            why_not = why_not or str(error)
    if found is None:
        return ServiceQueryView(carried, "", why_not, may_refer=False)
    offer_view = view_of(found)
    may = takes_referrals(found) and not found.is_secret and offer_cards.may_send(view, query)
    return ServiceQueryView(
        carried, offer_view.travel.words if offer_view.travel else offer_view.not_visited, "", may_refer=may
    )


# --- what is done from the page: by POST alone --------------------------------------------------------


def note_call(view: RequestView) -> Response:
    """Note what a call told of a service's places, or that nobody answered; then show the service as it is now."""
    public = _service(view)
    form = CallForm.parse(view.fields)
    if isinstance(form, FieldError):
        return service_response(view, public, wrong=form, status=400)
    if (places := form.places) is None:
        done = field_intake.note_call(view.directory, public, outcome=form.outcome, actor=view.actor, key=form.key)
        return service_response(view.anew(), public, done=done.words, note=_CALL if done.unanswered else "")
    return noted(view, public, public, places, once=form.key)


def noted(view: RequestView, key: str, public: str, form: PlacesForm, *, once: str) -> Response:
    """Write a report of places down, and show the service as it is now, with the way back.

    Parameters
    ----------
    view
        The request.
    key, public
        The service: as the ledger knows it, and as everybody does.
    form
        What the call told.
    once
        Makes a form sent twice one report.

    Returns
    -------
    Response
        The page of the service.
    """
    call_noted = field_intake.note_places(
        view.directory, key, status=form.status, free=form.free, actor=view.actor, key=once
    )
    return service_response(view.anew(), public, done=call_noted.words, note=str(call_noted.report_id))


def take_back(view: RequestView) -> Response:
    """Withdraw the note that was made a moment ago."""
    public = _service(view)
    typed = view.fields.text("nota", _LONGEST_NUMBER)
    number = int(typed) if typed.isascii() and typed.isdigit() else 0  # 0 is the number of none
    try:
        done = field_intake.take_back(
            view.directory, report_id=number, unanswered=public if typed == _CALL else "", actor=view.actor
        )
    except BadReportError as error:
        return service_response(view, public, alert=str(error), status=409)
    return service_response(view.anew(), public, done=done)


def report_wrong(view: RequestView) -> Response:
    """Report that a fact of the service is wrong."""
    public = _service(view)
    form = WrongForm.parse(view.fields)
    if isinstance(form, FieldError):
        return service_response(view, public, wrong=form, status=400)
    try:
        field_intake.report_wrong(
            view.directory, public, what=form.what, actor=view.actor, value=form.value, note=form.note
        )
    except (BadReportError, PersonalDataError) as error:
        return _refused(view, public, form, error)
    except MapError as error:  # a place that is not understood
        if not form.value:
            raise
        return _refused(view, public, form, error)
    done = _("Mulțumim. Sesizarea a fost transmisă: {what}.").format(what=field_reports.what_label(form.what))
    return service_response(view.anew(), public, done=done)


def _refused(view: RequestView, public: str, form: WrongForm, error: MapError) -> Response:
    wrong = FieldError("pana" if form.what == "closed" else "corect", str(error))
    return service_response(view, public, wrong=wrong, status=400)


def again(view: RequestView) -> Response:
    """Lead from the address of a step, which answers a form alone, to the page of the service."""
    return RedirectResponse(service_address(_service(view)), 303)


def _service(view: RequestView) -> str:
    return present_id(view.snapshot, str(view.request.path_params["service_id"]))
