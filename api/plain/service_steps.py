"""What is done from the page of a service: a call noted or taken back, a wrong fact reported. By POST alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from api.forms.form_fields import FieldError
from api.forms.places_form import PlacesForm
from api.forms.wrong_form import WrongForm
from api.http.service_links import service_address
from api.plain import service_pages
from core.errors import MapError
from core.i18n import _
from referrals.field import field_reports
from referrals.records.ledger_errors import BadReportError, PersonalDataError
from referrals.service_page import present_id
from referrals.workflow import field_intake

if TYPE_CHECKING:
    from api.http.request_view import RequestView

CALLED = service_pages.ADDRESS + "/am-sunat"
TAKEN_BACK = service_pages.ADDRESS + "/nota-anulata"
WRONG = service_pages.ADDRESS + "/gresit"
_LONGEST_NUMBER = 12


def note_call(view: RequestView) -> Response:
    """Note what a call told of a service's places, or that nobody answered; then show the service as it is now."""
    public = _service(view)
    said = PlacesForm.parse(view.fields)
    if (outcome := view.fields.text("stare", 12)) in field_intake.CALL_OUTCOMES:
        done = field_intake.note_call(view.directory, public, outcome=outcome, actor=view.actor)
        return service_pages.service_response(view.anew(), public, done=done)
    if isinstance(said, FieldError):
        return service_pages.service_response(view, public, wrong=said, status=400)
    return noted(view, public, public, said)


def noted(view: RequestView, key: str, public: str, said: PlacesForm) -> Response:
    """Write a report of places down, and show the service as it is now, with the way back.

    Parameters
    ----------
    view
        The request.
    key, public
        The service: as the ledger knows it, and as everybody does.
    said
        What the call told.

    Returns
    -------
    Response
        The page of the service.
    """
    told = field_intake.note_places(view.directory, key, status=said.status, free=said.free, actor=view.actor)
    return service_pages.service_response(view.anew(), public, done=told.words, report_id=told.report_id)


def take_back(view: RequestView) -> Response:
    """Withdraw the note that was made a moment ago."""
    public = _service(view)
    typed = view.fields.text("nota", _LONGEST_NUMBER)
    number = int(typed) if typed.isascii() and typed.isdigit() else 0  # 0 is the number of none
    try:
        done = field_intake.withdraw_places(view.directory, number, actor=view.actor)
    except BadReportError as error:
        return service_pages.service_response(view, public, alert=str(error), status=409)
    return service_pages.service_response(view.anew(), public, done=done)


def report_wrong(view: RequestView) -> Response:
    """Report that a fact of the service is wrong."""
    public = _service(view)
    said = WrongForm.parse(view.fields)
    if isinstance(said, FieldError):
        return service_pages.service_response(view, public, wrong=said, status=400)
    try:
        field_intake.report_wrong(
            view.directory, public, what=said.what, actor=view.actor, value=said.value, note=said.note
        )
    except (BadReportError, PersonalDataError) as error:
        return _refused(view, public, said, error)
    except MapError as error:  # a place that is not understood
        if not said.value:
            raise
        return _refused(view, public, said, error)
    done = _("Mulțumim. Sesizarea a fost transmisă: {what}.").format(what=field_reports.what_label(said.what))
    return service_pages.service_response(view.anew(), public, done=done)


def _refused(view: RequestView, public: str, said: WrongForm, error: MapError) -> Response:
    wrong = FieldError("pana" if said.what == "closed" else "corect", str(error))
    return service_pages.service_response(view, public, wrong=wrong, status=400)


def again(view: RequestView) -> Response:
    """Lead from the address of a step, which answers a form alone, to the page of the service."""
    return RedirectResponse(service_address(_service(view)), 303)


def _service(view: RequestView) -> str:
    return present_id(view.snapshot, str(view.request.path_params["service_id"]))
