"""„Lista pentru persoană” on a plain page, `/simplu/lista`: services kept for one visit, and their sheet.

The list is the session's own: what a form brings is the id of a service and the question that it stood in, which is
carried on in the form and kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.forms.form_fields import LONGEST_NAME
from api.http import page_frame
from api.http.endpoint import as_endpoint
from api.http.service_links import service_address
from api.plain import search_page
from api.plain.answer_page import answer_page
from api.plain.service_pages import service_response
from core.errors import BadValueError
from core.i18n import _, ngettext, number
from core.romanian_calendar import BUCHAREST
from providers.finder.answer import Query
from referrals.service_page import present_id
from referrals.visit_list import (
    change_list,
    describe_list,
    keep_service,
    list_kept,
    need_to_keep,
    offered_languages,
)
from referrals.visit_list.list_content import list_text
from reports.output.qr_code import QrCode, qr_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.http.request_view import RequestView
    from referrals.visit_list import KeptService, ListedService
    from referrals.workflow.directory import Directory

ADDRESS = "/simplu/lista"
KEPT = f"{ADDRESS}/pastreaza"
SHEET = f"{ADDRESS}.pdf"
ON_SERVICE_PAGE = "pagina"  # in the field that says from where a service was kept
_LONGEST_ID = 200


@dataclass(frozen=True)
class ListEntry:
    """A service of the list.

    Attributes
    ----------
    service
        What is said of it.
    address
        Whole, of its public page; empty where it has none any more.
    code
        Of that address, or None.
    """

    service: ListedService
    address: str
    code: QrCode | None


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route(ADDRESS, as_endpoint(show), methods=["GET"]),
        Route(ADDRESS, as_endpoint(step), methods=["POST"]),
        Route(KEPT, as_endpoint(keep), methods=["POST"]),
        Route(KEPT, as_endpoint(again), methods=["GET"]),
        Route(SHEET, as_endpoint(sheet), methods=["GET"]),
    ]


def entries_of(directory: Directory, kept: Sequence[KeptService], origin: str) -> list[ListEntry]:
    """Return what both kinds of pages show of a list.

    Parameters
    ----------
    directory
        Services of this moment.
    kept
        In the order chosen.
    origin
        With what whole addresses of this server begin.

    Returns
    -------
    list of ListEntry
        In the same order.
    """
    listed = describe_list(directory, kept)
    addresses = [origin + service_address(each.service_id) for each in listed]
    return [
        ListEntry(each, "" if each.is_gone else address, None if each.is_gone else qr_code(address))
        for each, address in zip(listed, addresses, strict=True)
    ]


def kept_words(count: int) -> str:
    """Return in words how many services are on the list."""
    text = ngettext("Pe lista pentru persoană: {n} serviciu.", "Pe lista pentru persoană: {n} servicii.", count)
    return text.format(n=number(count))


def step_words(step: str) -> str:
    """Return in words what a step on a list has done.

    Parameters
    ----------
    step
        One of `kept_lists.STEPS`.

    Returns
    -------
    str
        Empty where the list shows it.
    """
    return {
        "scoate": _("Serviciul este scos de pe listă."),
        "goleste": _("Lista este goală."),
        "inapoi": _("Lista este cum era înainte."),
    }.get(step, "")


def show(view: RequestView, *, alert: str = "", status: int = 200) -> Response:
    """Show the list of this session."""
    kept = list_kept(_session(view))
    entries = entries_of(view.directory, kept.services, view.origin)
    listed = [each.service for each in entries]
    return page_frame.page(
        view,
        "visit_list.html",
        status=status,
        alert=alert,
        done=step_words(view.request.query_params.get("facut", "")),
        entries=entries,
        may_undo=kept.before is not None,
        languages=[(each.code, each.name) for each in offered_languages()],
        text=list_text(listed, lambda service_id: view.origin + service_address(service_id)),
    )


def step(view: RequestView) -> Response:
    """Move a service, take it off, empty the list or take that back."""
    asked = view.fields.text("pas", 10)
    try:
        change_list(_session(view), asked, view.fields.text("serviciu", _LONGEST_ID))
    except BadValueError as error:
        return show(view, alert=str(error), status=400)
    return RedirectResponse(f"{ADDRESS}?facut={asked}", 303)


def keep(view: RequestView) -> Response:
    """Put a service on the list, and show the page again on which it was."""
    session_id = _session(view)
    public = present_id(view.snapshot, view.fields.text("serviciu", _LONGEST_ID))
    query = search_page.read(view) if view.fields.text("nevoie", LONGEST_NAME) else None
    wanted = query.wanted if isinstance(query, Query) else ()
    service_type = str(view.snapshot.catalogue.service(public)["service_type"])
    done, alert = "", ""
    try:
        done = kept_words(
            len(keep_service(session_id, public, need=need_to_keep(service_type, tuple(wanted))).services)
        )
    except BadValueError as error:
        alert = str(error)
    status = 409 if alert else 200
    if view.fields.text("de_pe", 10) == ON_SERVICE_PAGE:
        return service_response(view, public, done=done, alert=alert, status=status)
    if isinstance(query, Query):
        return answer_page(view, query, done=done, alert=alert, status=status)
    return show(view, alert=alert, status=status)


def again(_view: RequestView) -> Response:
    """Lead from the address of a form's answer to the list."""
    return RedirectResponse(ADDRESS, 303)


def sheet(view: RequestView) -> Response:
    """Return the list as a sheet, in a language that is offered; Romanian where another is asked for."""
    from reports.documents.visit_list_pdf import visit_list_pdf

    kept = list_kept(_session(view)).services
    asked = view.request.query_params.get("limba", view.language)
    made = visit_list_pdf(
        view.directory,
        kept,
        address_of=lambda service_id: view.origin + service_address(service_id),
        language=asked if asked in {each.code for each in offered_languages()} else "ro",
        made_on=datetime.now(BUCHAREST).date(),
    )
    headers = {"Content-Disposition": 'inline; filename="lista.pdf"', "Cache-Control": "no-store"}
    return Response(made, media_type="application/pdf", headers=headers)


def _session(view: RequestView) -> str:
    """Return the number of the session; SignInNeededError where nobody is signed in."""
    _known = view.actor
    return "" if view.session is None else view.session.session_id
