"""One session of our own, shared by the plain pages and the Streamlit pages: who is it that asks.

The cookie holds a sealed number and nothing about a person; whose it is, how long it lasts and whether it
was ended is with the ledger. In a demonstration nobody signs in: the cookie holds the role that was chosen,
and it counts on this machine only (see `may_choose_role`).
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from api.http.dependencies import directory_for, secret_key
from core.errors import HomeError
from core.storage.home import Home, open_home
from referrals.accounts import account_sessions
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from referrals.records.vocabulary import Role

COOKIE = "harta_sesiune"
DEVICE_COOKIE = "harta_dispozitiv"
DEMO_HOURS = 12
_MOST_DEVICES = 8
DEMO_ROLES: tuple[Role, ...] = ("team", "county", "national", "admin")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Session:
    """A session under way: what to do in whose name, and its number (for forms; never shown)."""

    session_id: str
    actor: Actor


def actor_of(cookies: Mapping[str, str], home: Home | None = None) -> Actor | None:
    """Return who asks, by the cookies of the request; None for nobody known. Asks the ledger anew each time."""
    session = session_of(cookies, home)
    return session.actor if session else None


def session_of(cookies: Mapping[str, str], home: Home | None = None) -> Session | None:
    """Return the session that the cookies name, if it is still good."""
    sealed = cookies.get(COOKIE, "")
    if not sealed:
        return None
    if home is None:
        try:
            home = open_home()
        except HomeError:
            return None
    content = _signed_content(home, sealed)
    if content is None:
        return None
    return _demo_session(content) if home.is_demo else _account_session(home, content)


def sign(home: Home, content: dict[str, Any]) -> str:
    """Seal the content of a session cookie. It can be read by its owner, and altered by nobody."""
    return str(_serializer(home).dumps(content))


def _signed_content(home: Home, sealed: str) -> dict[str, Any] | None:
    try:
        content = _serializer(home).loads(sealed, max_age=DEMO_HOURS * 3600 if home.is_demo else None)
    except BadSignature:
        return None
    return content if isinstance(content, dict) else None


def _serializer(home: Home) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(home), salt=f"harta.session.{home.mode}")


def demo_cookie(home: Home, role: Role, *, county: str = "", uat_siruta: int | None = None) -> str:
    """Make the cookie of a role chosen in a demonstration; HomeError in a live home."""
    if not home.is_demo or role not in DEMO_ROLES:
        raise HomeError("a role is chosen in a demonstration only")
    return sign(home, {"role": role, "county": county, "uat": uat_siruta, "sid": secrets.token_urlsafe(12)})


def _demo_session(content: dict[str, Any]) -> Session | None:
    role, uat = content.get("role"), content.get("uat")
    if role not in DEMO_ROLES:
        return None
    actor = Actor(
        cast("Role", role),
        account=f"demo-{role}",
        county=str(content.get("county") or ""),
        uat_siruta=uat if isinstance(uat, int) else None,
        profession="social" if role == "team" else "",
    )
    return Session(str(content.get("sid", "")), actor)


def account_cookie(home: Home, token: str) -> str:
    """Make the cookie of a session that `referrals.accounts.accounts` has opened."""
    return sign(home, {"token": token})


def _account_session(home: Home, content: dict[str, Any]) -> Session | None:
    token = content.get("token")
    if not isinstance(token, str):
        return None
    actor = account_sessions.who(directory_for(home).ledger, token)
    # Forms are bound to the session, but the token itself stands in no page.
    return Session(hashlib.sha256(token.encode()).hexdigest()[:16], actor) if actor else None


def devices_of(home: Home, cookies: Mapping[str, str]) -> list[str]:
    """Return the devices that a browser stands for, one of each account that signed in there (`known_devices`)."""
    try:
        value = _device_signer(home).loads(cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        return []
    return [token for token in value if isinstance(token, str)] if isinstance(value, list) else []


def device_cookie(home: Home, devices: list[str]) -> str:
    """Seal the devices of a browser, the newest last; where many accounts share a computer only the newest count."""
    return str(_device_signer(home).dumps(devices[-_MOST_DEVICES:]))


def _device_signer(home: Home) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key(home), salt="harta.device")


def end(home: Home, cookies: Mapping[str, str]) -> None:
    """End the session that the cookies name, on the server too."""
    content = _signed_content(home, cookies.get(COOKIE, "")) or {}
    token = content.get("token")
    if isinstance(token, str):
        account_sessions.sign_out(directory_for(home).ledger, token)


def may_choose_role(home: Home, client: str, host: str) -> bool:
    """Whether a role may be chosen on screen: in a demonstration, on this machine, unless HARTA_DEMO_PUBLIC=1.

    client: address of who asks. host: what the browser was told to ask for (a page elsewhere may send a
    browser to 127.0.0.1 under a name of its own).
    """
    if not home.is_demo:
        return False
    if os.environ.get("HARTA_DEMO_PUBLIC") == "1":
        return True
    return is_this_machine(client, host)


def is_this_machine(client: str, host: str) -> bool:
    """Whether somebody on this machine asks for this machine by its own name.

    client, host: as in `may_choose_role`.
    """
    name = host.rsplit(":", 1)[0].strip("[]") if host.count(":") <= 1 or host.startswith("[") else host
    return client in _LOOPBACK and name in _LOOPBACK
