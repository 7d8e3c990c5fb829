"""Signing in with an OpenID Connect provider, where one is configured; accounts stay by invitation.

Authorization code with PKCE. HARTA_OIDC_ISSUER, HARTA_OIDC_CLIENT_ID and HARTA_OIDC_CLIENT_SECRET turn it
on; nothing is asked of any other host without them. What the provider says of a person beside a number is
not read, and not kept.

An invitation is answered with an identity after a question on a page of ours, by its form: a link that somebody
else made binds nothing. What the provider is asked is in `api.auth.openid_provider`.
"""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.auth.openid_provider import (
    Provider,
    discovery_document,
    provider,
    sign_in_address,
    sign_in_refused_error,
    subject_of,
)
from api.http import page_frame, session
from api.http.dependencies import secret_key
from api.http.endpoint import as_endpoint, set_session
from api.http.open_routes import opens_itself
from api.http.request_view import RequestView
from core.i18n import _
from core.storage.home import open_home
from referrals.accounts import account_sessions, accounts
from referrals.records.ledger_errors import SignInError
from referrals.records.vocabulary import Actor
from referrals.workflow.role_words import actor_words

if TYPE_CHECKING:
    from starlette.requests import Request

    from core.storage.home import Home

COOKIE, BIND_COOKIE = "harta_openid", "harta_openid_legare"
START, BACK, BIND = "/intra/openid", "/intra/openid/raspuns", "/intra/openid/legare"
_MINUTES = 10


def routes() -> list[BaseRoute]:
    """Return the routes of this module; without a provider they say that there is none."""
    return [
        Route(START, start, methods=["GET"]),
        Route(BACK, finish, methods=["GET"]),
        Route(BIND, as_endpoint(ask_to_bind, is_public=True), methods=["GET"]),
        Route(BIND, as_endpoint(bind, is_public=True), methods=["POST"]),
    ]


# --- there and back: the provider is waited for without a thread, so that a slow one keeps nobody else waiting ---


@opens_itself
async def start(request: Request) -> Response:
    """Send the browser to the provider; what comes back is tied to this browser by a sealed cookie."""
    ours = _configured()
    found = await discovery_document(ours)
    return await as_endpoint(partial(_send_there, ours=ours, endpoint_=found.authorization), is_public=True)(request)


@opens_itself
async def finish(request: Request) -> Response:
    """Check what the provider says: it opens a session of ours, or leads to the question whether to bind."""
    query = request.query_params
    ours = _configured()
    kept = await run_in_threadpool(_kept, request)
    if not secrets.compare_digest(query.get("state", "").encode(), kept["state"].encode()) or not query.get("code"):
        raise sign_in_refused_error()
    subject = await subject_of(
        ours, query["code"], nonce=kept["nonce"], verifier=kept["verifier"], redirect_uri=_back_to(request)
    )
    return await as_endpoint(partial(_arrive, ours=ours, kept=kept, subject=subject), is_public=True)(request)


def _configured() -> Provider:
    found = provider()
    if found is None:
        raise SignInError(_("Autentificarea cu un cont extern nu este configurată aici."))
    return found


def _back_to(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{BACK}"


def _send_there(view: RequestView, *, ours: Provider, endpoint_: str) -> Response:
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    address, state = sign_in_address(
        ours, endpoint_, nonce=nonce, verifier=verifier, redirect_uri=_back_to(view.request)
    )
    kept = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        # An invitation may be answered with an identity instead of a password.
        "invitation": view.request.query_params.get("cod", "")[:300],
        "plain": view.request.query_params.get("pagini", "") == "simplu",
    }
    response = RedirectResponse(address, 303)
    _keep(view, response, COOKIE, kept)
    return response


def _arrive(view: RequestView, *, ours: Provider, kept: dict[str, Any], subject: str) -> Response:
    ledger = view.directory.ledger
    if kept["invitation"]:
        accounts.invited(ledger, kept["invitation"])
        accounts.require_unbound(ledger, issuer=ours.issuer, subject=subject)
        response: Response = RedirectResponse(BIND, 303)
        content = {"subject": subject, "issuer": ours.issuer, "invitation": kept["invitation"], "plain": kept["plain"]}
        _keep(view, response, BIND_COOKIE, content)
    else:
        response = _enter(view, issuer=ours.issuer, subject=subject, plain=kept["plain"])
    response.delete_cookie(COOKIE, path=START)
    return response


# --- binding ----------------------------------------------------------------------------------------


def ask_to_bind(view: RequestView) -> Response:
    """Ask whether the account of the invitation is to be opened by the identity that the provider has confirmed."""
    account = accounts.invited(view.directory.ledger, _to_bind(view)["invitation"])
    actor = Actor(account.role, account.account_id, account.county, account.uat_siruta)
    whose = actor_words(actor, view.directory.gazetteer)
    return page_frame.page(
        view,
        "bind_identity.html",
        name=_configured().name or _("contul instituției"),
        login=account.login,
        whose=whose,
        address=BIND,
    )


def bind(view: RequestView) -> Response:
    """Bind the invited account to the identity, and open its first session."""
    kept = _to_bind(view)
    who = {"issuer": kept["issuer"], "subject": kept["subject"]}
    accounts.bind_identity(view.directory.ledger, kept["invitation"], **who)
    response = _enter(view, **who, plain=kept["plain"])
    response.delete_cookie(BIND_COOKIE, path=START)
    return response


def _to_bind(view: RequestView) -> dict[str, Any]:
    kept = _kept_content(view.home, BIND_COOKIE, view.request)
    if kept["issuer"] != _configured().issuer:
        raise sign_in_refused_error()
    return kept


def _enter(view: RequestView, *, issuer: str, subject: str, plain: bool) -> Response:
    token = account_sessions.sign_in_identity(view.directory.ledger, issuer=issuer, subject=subject)
    response = RedirectResponse("/simplu" if plain else "/", 303)
    set_session(view, response, session.account_cookie(view.home, token), int(account_sessions.LONGEST.total_seconds()))
    return response


# --- what the browser keeps meanwhile, sealed --------------------------------------------------------


def _keep(view: RequestView, response: Response, name: str, content: dict[str, Any]) -> None:
    sealed = _signer(view.home, name).dumps(content)
    secure = view.request.url.scheme == "https"
    response.set_cookie(name, str(sealed), _MINUTES * 60, path=START, httponly=True, samesite="lax", secure=secure)


def _kept(request: Request) -> dict[str, Any]:
    return _kept_content(open_home(), COOKIE, request)


def _kept_content(home: Home, name: str, request: Request) -> dict[str, Any]:
    try:
        return dict(_signer(home, name).loads(request.cookies.get(name, ""), max_age=_MINUTES * 60))
    except BadSignature:
        raise SignInError(_("Sesiunea de autentificare a expirat. Încercați din nou.")) from None


def _signer(home: Home, name: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(home), salt=name)
