"""What of a queue is looked for: the fields of an address, the form that asks for them, the views that have a name."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from api.forms.form_fields import Fields
from core.i18n import _
from referrals.queue import ReferralFilter, bulk_choices, list_views
from referrals.queue.queue_filter import age_choices, checked_filter, left_choices, need_choices, state_choices
from referrals.queue.saved_views import first_view
from referrals.workflow import worklist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.http.request_view import RequestView
    from referrals.records.vocabulary import Actor, Referral

TEAM_QUEUE, COUNTY_QUEUE = "/simplu/referiri", "/simplu/judetul-meu"
STEPS, STEPS_BACK, VIEWS = "/simplu/referiri/pasi", "/simplu/referiri/pasi-inapoi", "/simplu/referiri/vederi"
_NAMES = {
    "number": "numar",
    "state": "stare",
    "left_days": "zile",
    "is_own": "ale_mele",
    "need": "nevoie",
    "uat_siruta": "comunitate",
    "least_days": "vechime",
    "part": "parte",
}


@dataclass(frozen=True)
class ViewOffered:
    """A view with a name.

    Attributes
    ----------
    name
        As it was given.
    address
        That opens it.
    is_here, is_first
        Whether it is what is shown, and whether the queue opens with it.
    """

    name: str
    address: str
    is_here: bool
    is_first: bool


@dataclass(frozen=True)
class BulkOffered:
    """What may be noted of several referrals at once.

    Attributes
    ----------
    choices, reasons
        Codes and words.
    key
        Makes a form sent twice one.
    """

    choices: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    key: str


@dataclass(frozen=True)
class QueueSearch:
    """The form that looks for referrals.

    Attributes
    ----------
    address
        Of the queue.
    wanted
        What is looked for now.
    selects
        Name, words, choices and the chosen one of each field.
    carried
        What is looked for, as fields of an address or of a form.
    views
        Those that have a name.
    may_keep
        Whether what is looked for may be given a name.
    """

    address: str
    wanted: ReferralFilter
    selects: tuple[tuple[str, str, tuple[tuple[str, str], ...], str], ...]
    carried: tuple[tuple[str, str], ...]
    views: tuple[ViewOffered, ...]
    may_keep: bool

    def page_address(self, page: int) -> str:
        """Return the address of a page of what is looked for."""
        return f"{self.address}?{urlencode([*self.carried, ('pagina', page)])}"


def queue_address(actor: Actor) -> str:
    """Return where somebody's queue is."""
    return COUNTY_QUEUE if actor.role == "county" else TEAM_QUEUE


def asked_fields(view: RequestView) -> Fields:
    """Return the fields of the address."""
    return Fields.from_pairs(list(view.request.query_params.multi_items()))


def parse_filter(asked: Fields) -> ReferralFilter:
    """Read what is looked for from the fields of an address or of a form."""
    values = {name: asked.text(theirs, 60) for name, theirs in _NAMES.items()}
    return checked_filter({**values, "is_own": asked.is_ticked(_NAMES["is_own"])})


def wanted_filter(view: RequestView) -> ReferralFilter:
    """Read what is looked for from the address; an address that says nothing opens with one's first view."""
    asked = asked_fields(view)
    if any(name in asked.texts for name in (*_NAMES.values(), "toate", "pagina")):
        return parse_filter(asked)
    return first_view(list_views(view.directory.ledger, actor=view.actor))


def filter_fields(wanted: ReferralFilter) -> tuple[tuple[str, str], ...]:
    """Write what is looked for as fields of an address or of a form; "toate" where that is everything."""
    items = [(theirs, getattr(wanted, name)) for name, theirs in _NAMES.items()]
    kept = tuple((theirs, "1" if value is True else str(value)) for theirs, value in items if value)
    return kept or (("toate", "1"),)


def queue_search(view: RequestView, wanted: ReferralFilter, every: Sequence[Referral]) -> QueueSearch:
    """Make the form that looks for referrals among those of the actor's area."""
    is_county = view.actor.role == "county"
    address = queue_address(view.actor)
    places = {each.uat_siruta for each in every}
    named = sorted((view.directory.gazetteer.place_of(None, uat).name, str(uat)) for uat in places) if is_county else []
    fields = (
        ("state", _("Stare"), state_choices()),
        ("left_days", _("Termen"), _texts(left_choices())),
        ("need", _("Nevoia"), need_choices(every)),
        *((("uat_siruta", _("Comunitatea"), tuple((uat, name) for name, uat in named)),) if is_county else ()),
        ("least_days", _("Vechime"), _texts(age_choices())),
    )
    views = tuple(
        ViewOffered(one.name, f"{address}?{urlencode(filter_fields(one.wanted))}", one.wanted == wanted, one.is_first)
        for one in list_views(view.directory.ledger, actor=view.actor)
    )
    return QueueSearch(
        address=address,
        wanted=wanted,
        selects=tuple(
            (_NAMES[name], words, choices, str(getattr(wanted, name) or "")) for name, words, choices in fields
        ),
        carried=filter_fields(wanted),
        views=views,
        may_keep=bool(view.actor.account) and not wanted.is_blank and not wanted.number,
    )


def _texts(choices: Sequence[tuple[int, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), words) for value, words in choices)


def bulk_offered() -> BulkOffered:
    """Offer what may be noted of several referrals at once."""
    return BulkOffered(bulk_choices(), (("", _("fără motiv")), *worklist.reasons()), secrets.token_urlsafe(12))
