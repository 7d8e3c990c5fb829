"""Opening a provider's link: how often it may be tried from one address, and what is said where it opens nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.http import page_frame, rate_limit
from api.http.proxies import network_of
from core.i18n import LANGUAGES, _
from referrals.ledger import link_answers
from referrals.records.ledger_errors import LinkError

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.http.request_view import RequestView
    from referrals.ledger.link_answers import ProviderView
    from referrals.ledger.provider_tokens import Link

_OPENINGS = rate_limit.Limiter(60, 60)  # a minute, of one address; what a link may change is counted by the ledger
_WRONG = rate_limit.Limiter(20, 600)  # links that are none, of one address


def open_link(view: RequestView) -> tuple[Link, ProviderView | None] | Response:
    """Open the link of an address; the page that says why, where it opens nothing."""
    if not _OPENINGS.allows(network_of(view.client)):
        return _refused(view, _("Prea multe încercări. Încercați peste un minut."), 429)
    try:
        return link_answers.look(view.directory.ledger, token_in(view))
    except LinkError as error:
        if not _WRONG.allows(network_of(view.client)):
            return _refused(view, _("Prea multe încercări. Încercați peste 10 minute."), 429)
        return _refused(view, str(error), 404)


def _refused(view: RequestView, words: str, status: int) -> Response:
    return page_frame.error_page(view, words, status, has_way_back=False)


def token_in(view: RequestView) -> str:
    """Return the token of an address, cut where it is longer than any."""
    return str(view.request.path_params["token"])[:300]


def onward(view: RequestView, address: str) -> str:
    """Return an address of the same link in the language that this one asks for: a provider's is not remembered."""
    asked = view.request.query_params.get("lang")
    return f"{address}?lang={asked}" if asked in LANGUAGES else address
