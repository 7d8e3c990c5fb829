"""Open addresses whose answers cost much: so many a minute of one network, then in words when to come back.

A town hall, a hospital or a mobile operator stands behind one address: a limit is for programs that ask without end.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from api.http import page_frame
from api.http.proxies import network_of
from api.http.refusals import wants_page
from core.errors import MapError
from core.i18n import ngettext, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.http.rate_limit import Limiter
    from api.http.request_view import RequestView

    Handler = Callable[[RequestView], Response]

TOO_MANY = 429


def limit_requests(handler: Handler, limiter: Limiter) -> Handler:
    """Make a handler answer a network only as often as a limiter allows.

    Parameters
    ----------
    handler
        Turns a `RequestView` into a response.
    limiter
        How often, counted together for all handlers that are given the same.

    Returns
    -------
    Callable
        The handler; whoever has to wait is told so (429 with `Retry-After`): a page to a browser, JSON to a script.
    """

    def answer(view: RequestView) -> Response:
        key = network_of(view.client)
        if not limiter.allows(key):
            return wait_page(view, TooManyRequestsError(math.ceil(limiter.wait(key))))
        try:
            return handler(view)
        except TooManyRequestsError as error:
            return wait_page(view, error)

    return answer


class TooManyRequestsError(MapError):
    """A network has asked for too much: to be asked again in some seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = max(seconds, 1)
        words = ngettext(
            "Prea multe cereri de la aceeași adresă de internet. Încercați din nou peste {n} secundă.",
            "Prea multe cereri de la aceeași adresă de internet. Încercați din nou peste {n} secunde.",
            self.seconds,
        )
        super().__init__(words.format(n=number(self.seconds)))


def wait_page(view: RequestView, error: TooManyRequestsError) -> Response:
    """Say when to come back: a page to a browser, JSON to a script.

    Parameters
    ----------
    view
        The request that is refused.
    error
        Says how long to wait.

    Returns
    -------
    Response
        429 with `Retry-After`.
    """
    if wants_page(view.request.scope):
        response: Response = page_frame.error_page(view, str(error), TOO_MANY)
    else:
        response = JSONResponse({"error": str(error)}, TOO_MANY)
    response.headers["Retry-After"] = str(error.seconds)
    return response
