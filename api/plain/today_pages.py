"""„Astăzi” on plain pages: what waits for whoever is signed in, each thing with its action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.http import page_frame
from api.plain import referral_form

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.http.request_view import RequestView

ADDRESS = "/simplu/astazi"


def show_first(view: RequestView) -> Response:
    """Show what the plain pages begin with: the work of a role, for everybody else the finder."""
    return referral_form.find(view) if view.session is None else show_today(view)


def show_today(view: RequestView) -> Response:
    """Show what waits for the role."""
    _actor = view.actor
    return page_frame.page(view, "today.html")
