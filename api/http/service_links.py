"""Where a service has its page: an address that lasts, and says nothing of a person."""

from __future__ import annotations

from urllib.parse import quote

SERVICE_PAGES = "/simplu/serviciu/"
FROM_FINDER = "din=gasiti"  # the page answers the question that the session asked last, which stays out of the address


def service_address(service_id: str) -> str:
    """Return the address of a service's own page, on this server.

    Parameters
    ----------
    service_id
        Its public id; templates write the same by the macros of `plain/_service.html`.

    Returns
    -------
    str
        Path of the page.

    Examples
    --------
    >>> service_address("social:mmps:LF 7/2")
    '/simplu/serviciu/social:mmps:LF%207/2'
    """
    return SERVICE_PAGES + quote(service_id, safe=":/")
