"""The list for a person that a session has under way: services in the order chosen, in the memory of this process.

It names no person and is written nowhere: no address, no cookie, no table. A session reads its own list alone; hours
after the last step it is forgotten, so that the next person's sheet does not begin with the last one's services.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from core.errors import BadValueError
from core.i18n import _, ngettext, number
from providers.rules import needs, taxonomy

KEEP_SECONDS = 4 * 60 * 60
MOST_SERVICES = 12  # a sheet of four pages; nobody goes to more in one visit
STEPS = ("sus", "jos", "scoate", "goleste", "inapoi")  # up, down, remove, empty, undo: as forms name them
_MOST_LISTS = 500


@dataclass(frozen=True)
class KeptService:
    """A service on a list.

    Attributes
    ----------
    service_id
        Its present public id.
    need
        Code of the one whose papers are brought; empty where it is sensitive or not known.
    """

    service_id: str
    need: str = ""


KeptServices = tuple[KeptService, ...]


@dataclass(frozen=True)
class KeptList:
    """A list under way. before: as it was before the last step that can be taken back; None = there is none."""

    services: KeptServices = ()
    before: KeptServices | None = None


_NONE = KeptList()
_kept: OrderedDict[str, tuple[float, KeptList]] = OrderedDict()
_lock = Lock()


def list_kept(session_id: str) -> KeptList:
    """Return the list that a session has under way.

    Parameters
    ----------
    session_id
        Number of the session.

    Returns
    -------
    KeptList
        Empty for "" (nobody is signed in), and where nothing was kept lately.
    """
    with _lock:
        return _list_of(session_id)


def keep_service(session_id: str, service_id: str, *, need: str = "") -> KeptList:
    """Put a service at the end of a list; one that is there already stays where it is.

    Parameters
    ----------
    session_id
        Number of the session; nothing is kept for "".
    service_id
        Present public id of the service.
    need
        What it was found for (`need_to_keep`).

    Returns
    -------
    KeptList
        With the service.

    Raises
    ------
    BadValueError
        Where the list is full.
    """
    with _lock:
        services = _list_of(session_id).services
        if any(each.service_id == service_id for each in services):
            return _list_of(session_id)
        if len(services) >= MOST_SERVICES:
            text = ngettext(
                "Lista are deja {n} serviciu. Tipăriți-o sau scoateți un serviciu de pe ea.",
                "Lista are deja {n} servicii. Tipăriți-o sau scoateți un serviciu de pe ea.",
                MOST_SERVICES,
            )
            raise BadValueError(text.format(n=number(MOST_SERVICES)))
        return _store(session_id, KeptList((*services, KeptService(service_id, need))))


def change_list(session_id: str, step: str, service_id: str = "") -> KeptList:
    """Take one step on a list; whatever takes a service off can be taken back once.

    Parameters
    ----------
    session_id
        Number of the session.
    step
        One of `STEPS`.
    service_id
        Whom it concerns, where it concerns one service.

    Returns
    -------
    KeptList
        After the step; unchanged where the service is not on it or there is nothing to take back.

    Raises
    ------
    BadValueError
        For another step.
    """
    if step not in STEPS:
        raise BadValueError(_("Pasul „{step}” nu există.").format(step=step[:20]))
    with _lock:
        kept = _list_of(session_id)
        changed = _changed(kept, step, service_id)
        return kept if changed == kept else _store(session_id, changed)


def _changed(kept: KeptList, step: str, service_id: str) -> KeptList:
    services = list(kept.services)
    place = next((place for place, each in enumerate(services) if each.service_id == service_id), None)
    match step:
        case "goleste":
            return KeptList((), kept.services) if services else kept
        case "inapoi":
            return kept if kept.before is None else KeptList(kept.before)
        case "scoate" if place is not None:
            return KeptList((*services[:place], *services[place + 1 :]), kept.services)
        case "sus" | "jos" if place is not None:
            other = place + (1 if step == "jos" else -1)
            if 0 <= other < len(services):
                services[place], services[other] = services[other], services[place]
            return KeptList(tuple(services))
        case _:
            return kept


def need_to_keep(service_type: str, wanted: tuple[str, ...]) -> str:
    """Return for which need of a question papers are to be brought to a service.

    Parameters
    ----------
    service_type
        Code of the service's type.
    wanted
        Codes of the question, needs and service types.

    Returns
    -------
    str
        The first need that the type answers; empty where that is none, and where it has to stay unsaid.
    """
    known, kind = needs.needs(), taxonomy.service_type(service_type)
    if kind.is_sensitive or kind.is_secret:
        return ""
    for code in wanted:
        if code in known and any(each.service_type == service_type for each in needs.need_answers().get(code, ())):
            return "" if known[code].is_sensitive else code
    return ""


def _list_of(session_id: str) -> KeptList:
    at, kept = _kept.get(session_id, (0.0, _NONE))
    if kept != _NONE and time.monotonic() - at > KEEP_SECONDS:
        del _kept[session_id]
        return _NONE
    return kept


def _store(session_id: str, changed: KeptList) -> KeptList:
    if not session_id:
        return _NONE
    _kept.pop(session_id, None)
    _kept[session_id] = (time.monotonic(), changed)
    while len(_kept) > _MOST_LISTS:
        _kept.popitem(last=False)
    return changed
