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
from core.i18n import ngettext, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.http.rate_limit import Limiter
    from api.http.request_view import RequestView

    Handler = Callable[[RequestView], Response]

TOO_MANY = 429


def limited(handler: Handler, limiter: Limiter) -> Handler:
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
        return handler(view) if limiter.allows(key) else _wait(view, math.ceil(limiter.wait(key)))

    return answer


def _wait(view: RequestView, seconds: int) -> Response:
    seconds = max(seconds, 1)
    words = ngettext(
        "Prea multe cereri de la aceeași adresă de internet. Încercați din nou peste {n} secundă.",
        "Prea multe cereri de la aceeași adresă de internet. Încercați din nou peste {n} secunde.",
        seconds,
    ).format(n=number(seconds))
    if wants_page(view.request.scope):
        response: Response = page_frame.error_page(view, words, TOO_MANY)
    else:
        response = JSONResponse({"error": words}, TOO_MANY)
    response.headers["Retry-After"] = str(seconds)
    return response
