"""Steps for several referrals at once and their undoing, and the views that have a name, on plain pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.http import page_frame
from api.http.endpoint import as_endpoint
from api.queue.queue_search import STEPS, STEPS_BACK, VIEWS, filter_fields, parse_filter, queue_address
from referrals.queue import saved_views, take_steps, undo_steps

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from referrals.queue import BulkOutcome


def routes() -> list[BaseRoute]:
    """Return the routes of this module; their addresses alone lead back to the queue."""
    handlers = {STEPS: step_several, STEPS_BACK: undo_several, VIEWS: change_views}
    return [
        *(Route(path, as_endpoint(handler), methods=["POST"]) for path, handler in handlers.items()),
        *(Route(path, as_endpoint(lead_back), methods=["GET"]) for path in handlers),
    ]


def lead_back(view: RequestView) -> Response:
    """Lead to the queue."""
    return RedirectResponse(queue_address(view.actor), 303)


def step_several(view: RequestView) -> Response:
    """Take one step with the referrals that were marked, and say what was done and what was refused."""
    outcome = take_steps(
        view.directory.ledger,
        view.fields.all("referire"),
        view.fields.text("pas", 20),
        reason=view.fields.text("motiv", 30),
        actor=view.actor,
        key=view.fields.text("cheie", 60),
    )
    return _show(view, outcome)


def undo_several(view: RequestView) -> Response:
    """Take the last step of several referrals back, and say where that was possible."""
    return _show(view, undo_steps(view.directory.ledger, view.fields.all("referire"), actor=view.actor))


def _show(view: RequestView, outcome: BulkOutcome) -> Response:
    carried = filter_fields(parse_filter(view.fields))
    onward = f"{queue_address(view.actor)}?{urlencode(carried)}"
    return page_frame.page(view, "queue_stepped.html", outcome=outcome, carried=carried, onward=onward)


def change_views(view: RequestView) -> Response:
    """Keep what is looked for under a name, call a view otherwise, let the queue open with it, or forget it."""
    ledger, actor, wanted = view.directory.ledger, view.actor, parse_filter(view.fields)
    name, step = view.fields.text("vedere", saved_views.LONGEST_NAME), view.fields.text("pas", 10)
    match step:
        case "save":
            saved_views.save_view(ledger, view.fields.text("nume", 80), wanted, actor=actor)
        case "rename":
            saved_views.rename_view(ledger, name, view.fields.text("nume", 80), actor=actor)
        case "first":
            saved_views.open_with_view(ledger, name, actor=actor)
        case "none":
            saved_views.open_with_view(ledger, "", actor=actor)
        case "delete":
            saved_views.delete_view(ledger, name, actor=actor)
    return RedirectResponse(f"{queue_address(actor)}?{urlencode(filter_fields(wanted))}", 303)
