"""Forms that only our own pages can send.

A form holds a token sealed over a random cookie of the same browser and its session: a page of another
site can make a browser send a form, but knows neither. Where the browser says where a form comes from
(`Sec-Fetch-Site`, `Origin`), that has to be us as well.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeTimedSerializer

if TYPE_CHECKING:
    from collections.abc import Mapping

COOKIE = "harta_formular"
FIELD = "formular"
_DAY_SECONDS = 24 * 3600


def new_cookie() -> str:
    """Make the random value of the cookie."""
    return secrets.token_urlsafe(16)


def token(secret: bytes, cookie: str, session_id: str = "") -> str:
    """Make the token that a form carries."""
    return str(_serializer(secret).dumps([cookie, session_id]))


def is_ours(
    secret: bytes, headers: Mapping[str, str], cookies: Mapping[str, str], sent: str, session_id: str = ""
) -> bool:
    """Whether a form that came was on a page of ours, in this browser and session, not more than a day ago."""
    cookie = cookies.get(COOKIE, "")
    if not cookie or not _comes_from_us(headers):
        return False
    try:
        value = _serializer(secret).loads(sent, max_age=_DAY_SECONDS)
    except BadSignature:
        return False
    return bool(value == [cookie, session_id])


def _comes_from_us(headers: Mapping[str, str]) -> bool:
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin", "")
    # A browser that hides where it comes from says "null"; the token still has to be right.
    try:
        return origin in ("", "null") or urlsplit(origin).netloc == headers.get("host", "")
    except ValueError:  # no address at all
        return False


def _serializer(secret: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="harta.csrf")
