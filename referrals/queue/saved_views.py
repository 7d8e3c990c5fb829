"""Sets of filters that somebody gave a name, kept by account; one of them may be what the queue opens with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from core.errors import BadValueError
from core.i18n import _
from core.text import collation_key
from referrals.database.models import saved_views
from referrals.queue.queue_filter import ReferralFilter, checked_filter, filter_json
from referrals.records import roles
from referrals.records.free_text import refuse_personal

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import ColumnElement, Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

MOST_VIEWS = 12
LONGEST_NAME = 40
_VIEW = saved_views.c


@dataclass(frozen=True)
class SavedView:
    """A name for some filters.

    Attributes
    ----------
    name, wanted
        What it is called, and the filters.
    is_first
        Whether the queue opens with it.
    """

    name: str
    wanted: ReferralFilter
    is_first: bool


def list_views(ledger: Ledger, *, actor: Actor) -> tuple[SavedView, ...]:
    """List the views of an account.

    Parameters
    ----------
    ledger
        Where views are kept.
    actor
        Whose views they are.

    Returns
    -------
    tuple of SavedView
        By name; none where the actor has no account, or no queue.
    """
    if not actor.account or not roles.reach(actor.role, "referral.list"):
        return ()
    with ledger.store.read() as connection:
        rows = connection.execute(select(saved_views).where(_VIEW.account_id == actor.account)).all()
    found = [SavedView(row.name, checked_filter(json.loads(row.filters)), row.is_first) for row in rows]
    return tuple(sorted(found, key=lambda view: collation_key(view.name)))


def first_view(views: tuple[SavedView, ...]) -> ReferralFilter:
    """Return what the queue opens with: the view that comes first, else no filter."""
    return next((view.wanted for view in views if view.is_first), ReferralFilter())


def save_view(ledger: Ledger, name: str, wanted: ReferralFilter, *, actor: Actor) -> str:
    """Keep filters under a name; filters that had this name before are replaced.

    Parameters
    ----------
    ledger
        Where views are kept.
    name
        What they are called, at most LONGEST_NAME signs and nothing of a person.
    wanted
        The filters; the number of a referral is not kept.
    actor
        Whose view it is.

    Returns
    -------
    str
        The name as it is kept.

    Raises
    ------
    BadValueError
        For a name that is none, filters that leave nothing out, or one view too many.
    PersonalDataError
        For a name that says who a person is.
    NotAllowedError
        Where the actor has no queue.
    """
    tidy = _tidy(name)
    filters = filter_json(wanted)
    if filters == "{}":
        raise BadValueError(_("Alegeți întâi filtrele."))
    with _writing(ledger, actor) as connection:
        values = {"filters": filters, "saved_at": ledger.clock()}
        done = connection.execute(update(saved_views).where(*_own(actor, tidy)).values(values))
        if done.rowcount == 0:
            own = select(func.count()).where(_VIEW.account_id == actor.account)
            if connection.execute(own).scalar_one() >= MOST_VIEWS:
                raise BadValueError(_("Puteți păstra cel mult {n} vederi. Ștergeți una.").format(n=MOST_VIEWS))
            row = {"account_id": actor.account, "name": tidy, "is_first": False, **values}
            connection.execute(insert(saved_views).values(row))
    return tidy


def rename_view(ledger: Ledger, name: str, new_name: str, *, actor: Actor) -> str:
    """Call a view otherwise; raises as `save_view`, also where another has that name."""
    tidy = _tidy(new_name)
    with _writing(ledger, actor) as connection:
        if tidy != name and connection.execute(select(_VIEW.name).where(*_own(actor, tidy))).first():
            raise BadValueError(_("Aveți deja o vedere „{name}”.").format(name=tidy))
        connection.execute(update(saved_views).where(*_own(actor, name)).values(name=tidy))
    return tidy


def delete_view(ledger: Ledger, name: str, *, actor: Actor) -> None:
    """Forget a view; what is not there is forgotten already."""
    with _writing(ledger, actor) as connection:
        connection.execute(delete(saved_views).where(*_own(actor, name)))


def open_with_view(ledger: Ledger, name: str, *, actor: Actor) -> None:
    """Let the queue open with a view; "" = with no filter."""
    with _writing(ledger, actor) as connection:
        connection.execute(update(saved_views).where(_VIEW.account_id == actor.account).values(is_first=False))
        connection.execute(update(saved_views).where(*_own(actor, name)).values(is_first=True))


def _own(actor: Actor, name: str) -> tuple[ColumnElement[bool], ...]:
    return _VIEW.account_id == actor.account, _VIEW.name == name


def _writing(ledger: Ledger, actor: Actor) -> AbstractContextManager[Connection]:
    county, uat_siruta = roles.own_area(actor)
    roles.require(actor, "referral.list", roles.Area(county, uat_siruta))
    if not actor.account:
        raise BadValueError(_("Contul nu există."))
    return ledger.store.write()


def _tidy(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise BadValueError(_("Numele vederii are între 1 și {n} de semne.").format(n=LONGEST_NAME))
    return refuse_personal(tidy, field=_("Numele vederii"))
