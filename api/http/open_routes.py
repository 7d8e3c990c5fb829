"""Which endpoints answer without a session, or ask for one by themselves: the one list, made where endpoints are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from starlette.routing import Match, Route

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.routing import BaseRoute
    from starlette.types import Scope

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])
# Weak: some endpoints live for one request.
_open: WeakSet[Callable[..., Any]] = WeakSet()


def opens_itself(endpoint: _Endpoint) -> _Endpoint:
    """Mark an endpoint that the sign-in gate lets everybody reach; it shows nothing, or asks for the session itself."""
    _open.add(endpoint)
    return endpoint


def leads_to_open(routes: Iterable[BaseRoute], scope: Scope) -> bool:
    """Return whether a request goes to an endpoint that is marked; a path of which no route is ours does not."""
    for route in routes:
        if isinstance(route, Route) and route.matches(scope)[0] != Match.NONE:
            return route.endpoint in _open
    return False
