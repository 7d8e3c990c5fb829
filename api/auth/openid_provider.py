"""What the OpenID Connect provider is asked: where its pages are, and who a code stands for.

It is somebody else's server and may be slow: every exchange has a deadline, few are under way at once, what it says of
itself is kept for some minutes, and a failure is remembered for some seconds, so that many who come at once ask once.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.auth.waiting_queue import QueueFullError, WaitingQueue
from core.i18n import _
from referrals.records.ledger_errors import SignInError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from authlib.oauth2.auth import ClientAuth

T = TypeVar("T")

CONNECT_SECONDS, READ_SECONDS = 3.0, 5.0
WHOLE_SECONDS = 6.0  # a server that sends a byte now and then never exceeds the others
KEPT_SECONDS, FAILED_SECONDS = 600.0, 5.0
_KEYS_AT_LEAST_SECONDS = 30.0  # keys older than this are fetched anew for a signature that none of them made
_LEEWAY_SECONDS = 60  # two clocks
_ALGORITHMS = ["RS256", "PS256", "ES256"]  # signed with the provider's private key; never `none`, never ours
_EXCHANGES = WaitingQueue(8, waiting=40, seconds=WHOLE_SECONDS)


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


@dataclass(frozen=True)
class DiscoveryDocument:
    """What a provider says of itself: addresses, the keys it signs with, and when it said so (monotonic seconds)."""

    authorization: str
    token: str
    keys: KeySet
    asked_at: float


async def discovery_document(ours: Provider, *, not_before: float = 0.0) -> DiscoveryDocument:
    """Return what the provider says of itself, as it said it some minutes ago at most.

    not_before: monotonic seconds; what was said earlier is asked for anew.
    Raises SignInError where it does not answer in time, or says something else than it must.
    """
    return await _DOCUMENTS.get(ours.issuer, lambda: _within_deadline(_ask_document(ours)), not_before=not_before)


def sign_in_address(ours: Provider, at: str, *, nonce: str, verifier: str, redirect_uri: str) -> tuple[str, str]:
    """Return the address of the provider's sign-in page, and the state that it has to send back."""
    address, state = _Client(ours, redirect_uri).create_authorization_url(at, code_verifier=verifier, nonce=nonce)
    return str(address), str(state)


async def subject_of(ours: Provider, code: str, *, nonce: str, verifier: str, redirect_uri: str) -> str:
    """Exchange a code for the provider's statement and read the person's number out of it.

    Raises SignInError where the provider does not confirm it, or its statement does not hold.
    """
    found = await discovery_document(ours)
    client = _Client(ours, redirect_uri)
    try:
        async with _EXCHANGES.turn():
            token = await _within_deadline(client.fetch_token(found.token, code=code, code_verifier=verifier))
    except QueueFullError:
        raise _no_answer_error() from None
    try:
        return _stated_subject(ours, str(token["id_token"]), found.keys, nonce)
    except (JoseError, KeyError, ValueError):
        pass
    # The provider may sign with a key that is younger than what we have of it.
    if time.monotonic() - found.asked_at < _KEYS_AT_LEAST_SECONDS:
        raise sign_in_refused_error()
    found = await discovery_document(ours, not_before=time.monotonic())
    try:
        return _stated_subject(ours, str(token["id_token"]), found.keys, nonce)
    except (JoseError, KeyError, ValueError):
        raise sign_in_refused_error() from None


def sign_in_refused_error() -> SignInError:
    """Say that the provider did not confirm the sign-in."""
    return SignInError(_("Serviciul de conturi nu a confirmat intrarea. Încercați din nou."))


def _no_answer_error() -> SignInError:
    return SignInError(_("Serviciul de conturi nu răspunde. Încercați mai târziu."))


def _stated_subject(ours: Provider, statement: str, keys: KeySet, nonce: str) -> str:
    stated = jwt.decode(statement, keys, algorithms=_ALGORITHMS)
    rules = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_SECONDS,
        now=int(time.time()),
        iss={"essential": True, "values": [ours.issuer, f"{ours.issuer}/"]},
        aud={"essential": True, "value": ours.client_id},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
    )
    rules.validate(stated.claims)
    return str(stated.claims["sub"])


class _Client(OAuth2Client):  # type: ignore[misc]  # authlib has no types
    """authlib's protocol on the HTTP client that the rest uses; its own adapter to httpx is deprecated."""

    def __init__(self, ours: Provider, redirect_uri: str) -> None:
        super().__init__(
            None,
            ours.client_id,
            ours.client_secret,
            scope="openid",  # who it is, neither profile nor e-mail
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    async def _fetch_token(
        self, url: str, *, body: str, headers: dict[str, str], auth: ClientAuth, method: str
    ) -> dict[str, Any]:
        # A copy: authlib writes the client's secret into the headers that it hands to everybody.
        url, headers, body = auth.prepare(method, url, dict(headers), body)
        async with _http() as http:
            answer = await http.request(method, url, content=body, headers=headers)
        return dict(self.parse_response_token(answer))


async def _ask_document(ours: Provider) -> DiscoveryDocument:
    async with _http() as http:
        value = await _json(http, f"{ours.issuer}/.well-known/openid-configuration")
        if str(value.get("issuer", "")).rstrip("/") != ours.issuer:
            raise sign_in_refused_error()
        keys = KeySet.import_key_set(await _json(http, str(value["jwks_uri"])))
    return DiscoveryDocument(str(value["authorization_endpoint"]), str(value["token_endpoint"]), keys, time.monotonic())


async def _json(http: httpx.AsyncClient, address: str) -> Any:
    content = (await http.get(address)).raise_for_status().json()
    if not isinstance(content, dict):
        raise sign_in_refused_error()
    return content


async def _within_deadline(work: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            return await work
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        raise _no_answer_error() from None
    except (AuthlibBaseError, JoseError, KeyError, ValueError):
        raise sign_in_refused_error() from None


def _http() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS), verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # reads every certificate of the system: once is enough


@dataclass
class _SharedDiscovery:
    """The answer to one question, kept for a while; whoever comes while it is being asked waits for the same answer."""

    key: str = ""
    answer: DiscoveryDocument | None = None
    failed_at: float = float("-inf")
    under_way: Future[DiscoveryDocument] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def get(
        self, key: str, ask: Callable[[], Awaitable[DiscoveryDocument]], *, not_before: float
    ) -> DiscoveryDocument:
        now = time.monotonic()
        with self.lock:
            if key != self.key:
                self.key, self.answer, self.failed_at, self.under_way = key, None, float("-inf"), None
            if self.answer and self.answer.asked_at >= max(not_before, now - KEPT_SECONDS):
                return self.answer
            if now < self.failed_at + FAILED_SECONDS:
                raise _no_answer_error()
            theirs, mine = self.under_way, Future[DiscoveryDocument]()
            if theirs is None:
                self.under_way = mine
                mine.set_running_or_notify_cancel()  # who waits with others may leave without taking it from them
        if theirs is not None:
            try:
                return await asyncio.wrap_future(theirs)
            except SignInError:  # said in the language of who asked
                raise _no_answer_error() from None
        try:
            found = await ask()
        except BaseException as error:
            self._end(mine, failed=True)
            mine.set_exception(error if isinstance(error, SignInError) else _no_answer_error())
            raise
        self._end(mine, found)
        mine.set_result(found)
        return found

    def _end(
        self, mine: Future[DiscoveryDocument], found: DiscoveryDocument | None = None, *, failed: bool = False
    ) -> None:
        with self.lock:
            if self.under_way is not mine:
                return  # another provider was configured meanwhile
            self.under_way = None
            if failed:
                self.failed_at = time.monotonic()
            else:
                self.answer = found


_DOCUMENTS = _SharedDiscovery()
