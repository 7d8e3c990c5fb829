"""Signing in with an OpenID Connect provider, where one is configured; accounts stay by invitation.

Authorization code with PKCE. HARTA_OIDC_ISSUER, HARTA_OIDC_CLIENT_ID and HARTA_OIDC_CLIENT_SECRET turn it
on; nothing is asked of any other host without them. What the provider says of a person beside a number is
not read, and not kept.
"""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2 import OAuth2Error
from itsdangerous import BadSignature, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api import session
from api.desks import secret_key
from api.view import View, endpoint, set_session
from geo.language import _
from referrals import accounts
from referrals.errors import SignInError

if TYPE_CHECKING:
    from geo.home import Home

COOKIE = "harta_openid"
START, BACK = "/intra/openid", "/intra/openid/raspuns"
_MINUTES = 10
_TIMEOUT_SECONDS = 10.0
_LEEWAY_SECONDS = 60  # two clocks
_ALGORITHMS = ["RS256", "PS256", "ES256"]  # signed with the provider's private key; never `none`, never ours


@dataclass(frozen=True)
class Provider:
    """The configured provider: who issues, and who we are to it."""

    issuer: str
    client_id: str
    client_secret: str
    name: str


def provider() -> Provider | None:
    """Return the configured provider; None where there is none."""
    said = os.environ.get
    issuer, client_id = said("HARTA_OIDC_ISSUER", "").rstrip("/"), said("HARTA_OIDC_CLIENT_ID", "")
    if not issuer or not client_id:
        return None
    return Provider(issuer, client_id, said("HARTA_OIDC_CLIENT_SECRET", ""), said("HARTA_OIDC_NAME", ""))


def routes() -> list[BaseRoute]:
    """Return the routes of this module; without a provider they say that there is none."""
    return [
        Route(START, endpoint(start, is_public=True), methods=["GET"]),
        Route(BACK, endpoint(finish, is_public=True), methods=["GET"]),
    ]


def start(view: View) -> Response:
    """Send the browser to the provider; what comes back is tied to this browser by a sealed cookie."""
    ours = _configured()
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    client = _client(view, ours)
    address, state = client.create_authorization_url(
        _discovered(ours)["authorization_endpoint"], code_verifier=verifier, nonce=nonce
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
    secure = view.request.url.scheme == "https"
    response.set_cookie(
        COOKIE, _seal(view.home).dumps(kept), _MINUTES * 60, path=START, httponly=True, samesite="lax", secure=secure
    )
    return response


def finish(view: View) -> Response:
    """Check what the provider says and open a session of ours; SignInError says when it does not hold."""
    ours = _configured()
    kept = _kept(view)
    said = view.request.query_params
    if not secrets.compare_digest(said.get("state", ""), kept["state"]) or not said.get("code"):
        raise _refused()
    subject = _subject(view, ours, kept, said["code"])
    ledger = view.desk.ledger
    if kept["invitation"]:
        accounts.bind_identity(ledger, kept["invitation"], issuer=ours.issuer, subject=subject)
    token = accounts.sign_in_identity(ledger, issuer=ours.issuer, subject=subject)
    response = RedirectResponse("/simplu" if kept["plain"] else "/", 303)
    set_session(view, response, session.account_cookie(view.home, token), int(accounts.LONGEST.total_seconds()))
    response.delete_cookie(COOKIE, path=START)
    return response


def _configured() -> Provider:
    found = provider()
    if found is None:
        raise SignInError(_("Intrarea cu un cont extern nu este configurată aici."))
    return found


def _client(view: View, ours: Provider) -> OAuth2Session:
    # `openid` alone: who it is, neither profile nor e-mail.
    return OAuth2Session(
        ours.client_id,
        ours.client_secret,
        scope="openid",
        redirect_uri=f"{str(view.request.base_url).rstrip('/')}{BACK}",
        code_challenge_method="S256",
    )


def _discovered(ours: Provider) -> dict[str, Any]:
    found = _fetched(f"{ours.issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != ours.issuer:
        raise _refused()
    return found


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=_TIMEOUT_SECONDS).raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        raise SignInError(_("Serviciul de conturi nu răspunde. Încercați mai târziu.")) from None
    if not isinstance(answer, dict):
        raise _refused()
    return answer


def _subject(view: View, ours: Provider, kept: dict[str, Any], code: str) -> str:
    """Exchange the code for the provider's statement and read the person's number out of it."""
    found = _discovered(ours)
    try:
        token = _client(view, ours).fetch_token(
            found["token_endpoint"], code=code, code_verifier=kept["verifier"], timeout=_TIMEOUT_SECONDS
        )
        stated = jwt.decode(token["id_token"], KeySet.import_key_set(_keys(found)), algorithms=_ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            now=int(time.time()),
            iss={"essential": True, "values": [ours.issuer, f"{ours.issuer}/"]},
            aud={"essential": True, "value": ours.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": kept["nonce"]},
            sub={"essential": True},
        )
        rules.validate(stated.claims)
    except (OAuth2Error, JoseError, OSError, KeyError, ValueError):  # requests' troubles are OSErrors
        raise _refused() from None
    return str(stated.claims["sub"])


def _keys(found: dict[str, Any]) -> Any:
    return _fetched(found["jwks_uri"])


def _kept(view: View) -> dict[str, Any]:
    try:
        kept = _seal(view.home).loads(view.request.cookies.get(COOKIE, ""), max_age=_MINUTES * 60)
    except BadSignature:
        raise SignInError(_("Intrarea a durat prea mult. Încercați din nou.")) from None
    return dict(kept)


def _seal(home: Home) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(home), salt="harta.openid")


def _refused() -> SignInError:
    return SignInError(_("Serviciul de conturi nu a confirmat intrarea. Încercați din nou."))
