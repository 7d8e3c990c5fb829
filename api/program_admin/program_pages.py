"""Programs on a plain page, `/simplu/programe`: their keys and subscriptions, made, changed and ended.

A secret is shown in the answer to the form that made it, and nowhere else: it is in no address and is kept nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.http import page_frame
from api.http.endpoint import as_endpoint
from core.errors import BadValueError, NotAllowedError, PlaceNotChosenError, UnknownCodeError
from core.i18n import _
from core.text import collation_key
from referrals.interchange import api_tokens
from referrals.records.ledger_errors import BadTokenError, BadWebhookError, UnknownTokenError, UnknownWebhookError
from referrals.webhooks import program_view, subscriptions

if TYPE_CHECKING:
    from api.http.request_view import RequestView

ADDRESS = "/simplu/programe"
_BAD = 400
_ENDINGS = ("revoke", "remove")  # what cannot be taken back is asked for with a tick
_WRONG = (
    BadTokenError,
    BadValueError,
    BadWebhookError,
    PlaceNotChosenError,
    UnknownCodeError,
    UnknownTokenError,
    UnknownWebhookError,
)


def routes() -> list[BaseRoute]:
    """Return the routes of this module.

    Returns
    -------
    list of BaseRoute
        One address: what is asked of it stands in the form.
    """
    return [
        Route(ADDRESS, as_endpoint(show), methods=["GET"]),
        Route(ADDRESS, as_endpoint(change), methods=["POST"]),
    ]


def show(view: RequestView, *, done: str = "", secret: str = "", alert: str = "", status: int = 200) -> Response:
    """List keys and subscriptions, and let them be changed."""
    shown = program_view.show_programs(view.directory, actor=view.actor)
    names = view.snapshot.catalogue.county_names
    typed = view.fields if alert else None
    return page_frame.page(
        view,
        "programs.html",
        status=status,
        shown=shown,
        done=done,
        secret=secret,
        alert=alert,
        sure={each: program_view.sure_words(each) for each in _ENDINGS},
        roles=list(program_view.role_choices().items()),
        role=(typed.text("rol", 10) if typed else "") or "national",
        name=typed.text("nume", 80) if typed else "",
        counties=sorted(names.items(), key=lambda pair: collation_key(pair[1])),
        scopes=list(zip(api_tokens.SCOPES, program_view.scope_words(), strict=True)),
        ticked=set(typed.all("drept")) if typed else {"read"},
        kinds=list(zip(subscriptions.KINDS, program_view.kind_words(), strict=True)),
        days=api_tokens.USUAL_DAYS,
        longest=api_tokens.LONGEST_DAYS,
        open_tokens=[(each.number, f"{each.title} ({each.number})") for each in shown.tokens if each.is_open],
        address=typed.text("adresa", 500) if typed else "",
    )


def change(view: RequestView) -> Response:
    """Do what the form says; show once the secret that comes of it."""
    try:
        done, secret = _done(view)
    except NotAllowedError:
        raise
    except _WRONG as error:
        return show(view, alert=str(error), status=_BAD)
    return show(view, done=done, secret=secret)


def _done(view: RequestView) -> tuple[str, str]:
    fields, directory, actor = view.fields, view.directory, view.actor
    step, number = fields.text("pas", 10), fields.text("numar", 20)
    if step in _ENDINGS and not fields.text("stiu", 1):
        raise BadValueError(
            _("Nu am schimbat nimic. Bifați întâi: {words}.").format(words=program_view.sure_words(step))
        )
    if step == "make":
        made, secret = program_view.make_token(
            directory,
            fields.text("nume", 200),
            role=fields.text("rol", 10),
            place=fields.text("loc", 120),
            county=fields.text("judet", 4),
            services=fields.text("servicii", 2000),
            scopes=fields.all("drept"),
            days=fields.text("zile", 4),
            actor=actor,
        )
        return _("Cheia {id} este făcută.").format(id=made.token_id), secret
    if step == "replace":
        made, secret = program_view.change_token(directory, number, days=fields.text("zile", 4), actor=actor)
        words = _("Cheia {id} îi ia locul celei vechi, care mai este bună cel mult 7 zile.")
        return words.format(id=made.token_id), secret
    if step == "revoke":
        gone = api_tokens.revoke_token(directory.ledger, number, actor=actor)
        return _("Cheia {id} este retrasă: nu mai deschide nimic.").format(id=gone.token_id), ""
    if step == "subscribe":
        hook, secret = program_view.subscribe(
            directory, fields.text("cheie", 20), fields.text("adresa", 600), fields.all("despre"), actor=actor
        )
        return _("Abonamentul {number} este pornit.").format(number=hook.webhook_id), secret
    return program_view.take_step(directory, number, step, actor=actor)
