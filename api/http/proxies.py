"""Who asks, and whether by https, where proxies stand between: forwarded headers count only from a trusted proxy.

HARTA_TRUSTED_PROXIES names the proxies (addresses and networks, with commas or spaces between). Without it the
address of the connection counts, whatever the headers say: anybody can write a header.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from core.errors import BadValueError
from core.i18n import _

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network

TRUSTED, HTTPS = "HARTA_TRUSTED_PROXIES", "HARTA_HTTPS"
_FORWARDED = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "forwarded", "via")
_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+")
_OWN_NETWORK = 64  # bits of an IPv6 address: who has one has all below it


@dataclass(frozen=True)
class Proxies:
    """The proxies that are believed.

    Attributes
    ----------
    networks : where they are.
    always_https : browsers come by https, whatever the proxy says of it.
    """

    networks: tuple[Network, ...] = ()
    always_https: bool = False

    def trusts(self, address: str) -> bool:
        """Whether a proxy of ours is at this address."""
        found = _parsed(address)
        return found is not None and any(found in network for network in self.networks)


def proxies() -> Proxies:
    """Read the settings of this installation.

    Raises
    ------
    BadValueError
        HARTA_TRUSTED_PROXIES names something that is neither an address nor a network, or everybody.
    """
    named = [part for part in re.split(r"[,\s]+", os.environ.get(TRUSTED, "")) if part]
    return Proxies(tuple(_network(part) for part in named), os.environ.get(HTTPS, "") == "1")


def _network(text: str) -> Network:
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        found = None
    if found is None or not found.prefixlen:
        raise BadValueError(
            _(
                "{name} conține „{found}”; se așteaptă adresa unui proxy sau rețeaua lui, ca 10.0.0.5 sau 10.0.0.0/24."
            ).format(name=TRUSTED, found=text)
        )
    return found


class ClientAddress:
    """Put into every request who really asks and by which scheme; it stands before all other middleware."""

    def __init__(self, app: ASGIApp, *, proxies: Proxies) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with `client` and `scheme` as they were found."""
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, **self._found(scope, receive)}
        await self.app(scope, receive, send)

    def _found(self, scope: Scope, receive: Receive) -> dict[str, object]:
        peer, port, is_https = _connection(scope, receive)
        headers = Headers(scope=scope)
        client, hops = client_of(peer, _values(headers, "x-forwarded-for"), self.proxies)
        if self.proxies.trusts(peer) and (lines := _values(headers, "x-forwarded-proto")):
            # Where every proxy adds its own, the one nearest to the browser says how the browser came.
            is_https = lines[-min(max(hops, 1), len(lines))].lower() in ("https", "wss")
        plain, safe = ("ws", "wss") if scope["type"] == "websocket" else ("http", "https")
        return {
            "client": (client, port if client == peer else 0) if client else None,
            "scheme": safe if is_https or self.proxies.always_https else plain,
        }


def client_of(peer: str, forwarded: list[str], proxies: Proxies) -> tuple[str, int]:
    """Return who asks: the rightmost address that is no proxy of ours.

    Parameters
    ----------
    peer : address at the other end of the connection.
    forwarded : what X-Forwarded-For lists; each proxy adds the address that it was asked from to the right.
    proxies : who is believed.

    Returns
    -------
    The address, and how many entries of the list were believed. What stands left of the first stranger was written
    by that stranger. An entry that is no address ends the way: then the proxy that wrote it counts.
    """
    client = _tidy(peer)
    hops = 0
    for entry in reversed(forwarded):
        found = _parsed(entry)
        if not proxies.trusts(client) or found is None:
            break
        client, hops = str(found), hops + 1
    return client, hops


def network_of(address: str) -> str:
    """Return what to count tries by: an IPv4 address, or the whole network that belongs to who has an IPv6 address."""
    found = _parsed(address)
    return str(ip_network((found, _OWN_NETWORK), strict=False)) if isinstance(found, IPv6Address) else address


def is_forwarded(headers: Headers) -> bool:
    """Whether a proxy passed this request on: then nobody knows that it came from this machine."""
    return any(name in headers for name in _FORWARDED)


def _connection(scope: Scope, receive: Receive) -> tuple[str, int, bool]:
    """Return address and port of the other end, and whether the connection itself is encrypted.

    uvicorn believes forwarded headers by rules of its own (FORWARDED_ALLOW_IPS, at first every proxy on this machine)
    and overwrites what it was told by the connection; the connection still knows.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        host, port = scope.get("client") or ("", 0)
        return host, port, scope.get("scheme") in ("https", "wss")
    peer = transport.get_extra_info("peername")
    host, port = (str(peer[0]), int(peer[1])) if isinstance(peer, (tuple, list)) else ("", 0)
    return host, port, transport.get_extra_info("sslcontext") is not None


def _values(headers: Headers, name: str) -> list[str]:
    return [part.strip() for line in headers.getlist(name) for part in line.split(",") if part.strip()]


def _tidy(address: str) -> str:
    found = _parsed(address)
    return address if found is None else str(found)


def _parsed(text: str) -> Address | None:
    """Read an address, with or without a port; an IPv4 address dressed as IPv6 is undressed."""
    dressed = _PORT.fullmatch(text)
    bare = (dressed["six"] or dressed["four"]) if dressed else text
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
