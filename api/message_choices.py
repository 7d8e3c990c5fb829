"""The link at the foot of every message, `/mesaje/oprire/…`: each message, one a day, or none.

Opening it shows and changes nothing (mail scanners open links); the choice is a POST. It never says of which address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Route

from api.forms.message_forms import RhythmForm
from api.http import page_frame, rate_limit
from api.http.endpoint import as_endpoint
from api.http.proxies import network_of
from core.i18n import LANGUAGES, _
from referrals.ledger.provider_tokens import signing_key
from referrals.outbox.address_choices import RHYTHMS, MailChoice, read_choice, read_stop_token, write_choice
from referrals.records.ledger_errors import LinkError

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.http.request_view import RequestView

_LANGUAGES = (("ro", "Română"), ("en", "English"))
_OPENINGS = rate_limit.Limiter(60, 60)  # a minute, of one address


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    path = "/mesaje/oprire/{token}"
    return [
        Route(path, as_endpoint(show, is_public=True, is_for_provider=True), methods=["GET"]),
        Route(path, as_endpoint(choose, is_public=True, is_for_provider=True), methods=["POST"]),
    ]


def show(view: RequestView) -> Response:
    """Show what the owner of the address chose, and what may be chosen."""
    return _too_many(view) or _page(view)


def _too_many(view: RequestView) -> Response | None:
    """Count this try of an address; where there were too many, the page that says so."""
    if _OPENINGS.allows(network_of(view.client)):
        return None
    return page_frame.error_page(view, _("Prea multe încercări. Încercați peste un minut."), 429, has_way_back=False)


def _page(view: RequestView, *, done: str = "") -> Response:
    try:
        digest = _digest(view)
    except LinkError as error:
        return page_frame.error_page(view, str(error), 404, has_way_back=False)
    with view.directory.ledger.store.read() as connection:
        choice = read_choice(connection, digest)
    return page_frame.page(
        view,
        "message_choice.html",
        done=done,
        rhythms=rhythm_choices(),
        rhythm=choice.rhythm,
        languages=_LANGUAGES,
        chosen_language=choice.language,
    )


def choose(view: RequestView) -> Response:
    """Put a choice in force, and show it; a try is counted before anything is written."""
    if refused := _too_many(view):
        return refused
    asked = RhythmForm.parse(view.fields)
    rhythm, language = asked.rhythm, asked.language
    if rhythm not in RHYTHMS or language not in LANGUAGES:
        return page_frame.error_page(view, _("Alegeți cât de des primiți mesaje."), 400, has_way_back=False)
    try:
        digest = _digest(view)
    except LinkError as error:
        return page_frame.error_page(view, str(error), 404, has_way_back=False)
    ledger = view.directory.ledger
    with ledger.store.write() as connection:
        quiet = read_choice(connection, digest).quiet
        write_choice(connection, digest, MailChoice(rhythm, language, quiet), ledger.clock())
    return _page(view, done=_("Am notat: {choice}.").format(choice=_words(rhythm).lower()))


def _digest(view: RequestView) -> str:
    return read_stop_token(str(view.request.path_params["token"])[:300], signing_key(view.directory.ledger))


def rhythm_choices() -> list[tuple[str, str]]:
    """List how often messages may come: code and words."""
    return [(rhythm, _words(rhythm)) for rhythm in RHYTHMS]


def _words(rhythm: str) -> str:
    return {
        "each": _("Fiecare mesaj, când apare"),
        "daily": _("Un singur mesaj pe zi, dimineața"),
        "weekly": _("Un singur mesaj pe săptămână, lunea"),
        "none": _("Niciun mesaj"),
    }[rhythm]
