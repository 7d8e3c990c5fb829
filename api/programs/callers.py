"""Who asks: the token of a request, how often it may ask, and what one call knows."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.http.dependencies import directory_for
from api.http.proxies import network_of
from api.http.rate_limit import Limiter
from api.programs.problems import ProblemError
from core.lazy_properties import lazy_property
from core.storage.home import open_home
from core.storage.service_ids import current_id
from providers.interchange.public_table import PublicTable, public_table_of
from referrals.interchange.api_tokens import ApiToken, token_of

if TYPE_CHECKING:
    from starlette.datastructures import Headers, QueryParams
    from starlette.types import Scope

    from core.storage.home import Home
    from providers.catalogue.snapshot import Snapshot
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

SECONDS = 60
OF_A_TOKEN, OF_A_NETWORK = 600, 60
TOKENS = Limiter(OF_A_TOKEN, SECONDS)
NETWORKS = Limiter(OF_A_NETWORK, SECONDS)  # who comes without a valid token


@dataclass(frozen=True)
class Allowance:
    """How often one may ask, and what is left of it."""

    limiter: Limiter
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """Format it in the headers of draft-ietf-httpapi-ratelimit-headers."""
        left, seconds = self.limiter.left(self.key), self.limiter.seconds
        text = f"r={left};t={math.ceil(seconds)}"
        return {"RateLimit-Policy": f'"minute";q={self.limiter.tries};w={SECONDS}', "RateLimit": f'"minute";{text}'}

    def take(self) -> None:
        """Count one request; ProblemError where there were too many."""
        if not self.limiter.allows(self.key):
            wait = max(1, math.ceil(self.limiter.wait(self.key)))
            raise ProblemError("too-many-requests", headers={"Retry-After": str(wait)})


def known_token(headers: Headers, *, may_be_password: bool = False) -> ApiToken | None:
    """Return the token that a request came with. Only one header counts: no cookie, no address.

    may_be_password: whether it may also be the password of a name (RFC 7617), for programs that can say it in no other
    way. A refusal never asks for one: a browser keeps none, so no page of others can make it ask.
    """
    lines = headers.getlist("authorization")
    scheme, _space, secret = lines[0].partition(" ") if len(lines) == 1 else ("", "", "")
    if scheme.lower() == "basic" and may_be_password:
        secret = _password(secret.strip())
    elif scheme.lower() != "bearer":
        return None
    return token_of(directory_for(open_home()).ledger, secret.strip())


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode("ascii").partition(":")[2]
    except ValueError:
        return ""


def allowance(scope: Scope, token: ApiToken | None) -> Allowance:
    """Return how often this caller may ask: a token by its number, everybody else by network."""
    if token is not None:
        return Allowance(TOKENS, token.token_id)
    return Allowance(NETWORKS, network_of((scope.get("client") or ("",))[0]))


@dataclass
class Call:
    """One request that came with a valid token.

    Attributes
    ----------
    token
        Whose it is and what it may.
    headers
        Of the request.
    query
        What its address asks.
    base
        Address under which the surface was asked, without a slash at its end.
    is_head
        Whether only the headers of the answer are wanted.
    """

    token: ApiToken
    headers: Headers
    query: QueryParams
    base: str
    is_head: bool = False

    @lazy_property
    def home(self) -> Home:
        """The home that answers."""
        return open_home()

    @property
    def directory(self) -> Directory:
        """Its directory."""
        return directory_for(self.home)

    @lazy_property
    def snapshot(self) -> Snapshot:
        """Services, places and gazetteer of this moment: one for the whole call."""
        return self.directory.snapshot()

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.token.actor()

    @lazy_property
    def public(self) -> PublicTable:
        """The public services of this moment."""
        return public_table_of(self.home, self.snapshot)

    def county(self, text: str) -> str:
        """Return the letters of a county that the address asks for; "" for none. ProblemError where it is no county."""
        found = self.snapshot.gazetteer.county_code(text) if text else ""
        if found is None:
            raise ProblemError("invalid", {"errors": [{"at": ["query", "county"], "code": "unknown"}]})
        return found

    def open_service(self, service_id: str) -> str | None:
        """Return the id of today of a service on which programs act; None where there is none, or it is protected."""
        # Not by the public table, which a process that has just begun takes seconds to make.
        catalogue, known = self.snapshot.catalogue, current_id(service_id)
        known = catalogue.joined.get(known, known)
        row = catalogue.position.get(known)
        return None if row is None or catalogue.cell("is_secret", row) else known

    def require(self, scopes: tuple[str, ...]) -> None:
        """Refuse a token that has none of these scopes."""
        if not set(scopes) & set(self.token.scopes):
            raise ProblemError("out-of-scope", {"scope": list(scopes)})
