"""What a person decided of two services that may be one: joined, parted, or left for later.

A decision names the two by their stable ids, so it outlives every edition of either source.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, delete, func, insert, select

from core.i18n import _
from providers.rules import protected_keys
from referrals.database import audit, refused_attempts
from referrals.database.models import duplicate_decisions
from referrals.records import roles
from referrals.records.ledger_errors import BadReportError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

VERDICTS = ("joined", "parted", "left")
_VERSION = select(func.count(), func.max(duplicate_decisions.c.decided_at))


@dataclass(frozen=True)
class DuplicateDecision:
    """What was decided of one pair.

    Attributes
    ----------
    service_a, service_b
        The two services, the lower id first.
    verdict
        `joined`: they are one; `parted`: they are two; `left`: not to be asked again for now.
    kept
        Of two that are one, the id under which it stands; empty otherwise.
    decided_at
        Moment, UTC.
    """

    service_a: str
    service_b: str
    verdict: str
    kept: str
    decided_at: datetime


def verdict_label(verdict: str) -> str:
    """Return a verdict in the language of the screen."""
    return {"joined": _("același serviciu"), "parted": _("servicii diferite"), "left": _("lăsat pentru mai târziu")}[
        verdict
    ]


def decide(
    ledger: Ledger,
    service_a: str,
    service_b: str,
    *,
    verdict: str,
    counties: Iterable[str],
    actor: Actor,
    kept: str = "",
) -> DuplicateDecision:
    """Store what was decided of a pair; a later decision takes the place of an earlier one.

    Parameters
    ----------
    ledger
        Where it is stored.
    service_a, service_b
        Ids of the two, in any order.
    verdict
        One of VERDICTS.
    counties
        Letters of the counties of the two: a county unit decides of what is its own on both sides.
    actor
        Who decides.
    kept
        With `joined`, the id of the two under which the service stands.

    Returns
    -------
    DuplicateDecision
        As it is stored.

    Raises
    ------
    BadReportError
        For an unknown verdict, one service named twice, or a service with a protected address.
    NotAllowedError
        Where the actor may not decide in one of the counties.
    """
    pair = tuple(sorted((service_a, service_b)))
    _check(pair, verdict, kept)
    with refused_attempts.noted(ledger.store, "duplicate.decide", pair[0], actor=actor, clock=ledger.clock):
        for county in counties:
            roles.require(actor, "duplicate.decide", Area(county=county))
    with ledger.store.write() as connection:
        audit.lock(connection, list(pair))
        before = connection.execute(select(duplicate_decisions.c.verdict).where(_is(pair))).scalar_one_or_none()
        connection.execute(delete(duplicate_decisions).where(_is(pair)))
        made = DuplicateDecision(pair[0], pair[1], verdict, kept, ledger.clock())
        connection.execute(insert(duplicate_decisions).values(asdict(made)))
        step = audit.AuditEvent("duplicate.decide", pair[0], before=before or "", after=f"{verdict}:{pair[1]}")
        audit.append(connection, pair[0], step, actor=actor, at=ledger.clock())
    return made


def _check(pair: tuple[str, ...], verdict: str, kept: str) -> None:
    if verdict not in VERDICTS:
        known = ", ".join(VERDICTS)
        raise BadReportError(
            _("Nu cunosc decizia „{found}”. Deciziile sunt: {known}.").format(found=verdict, known=known)
        )
    if pair[0] == pair[1] or (verdict == "joined") != (kept in pair):
        raise BadReportError(_("Alegeți două servicii diferite."))
    if any(protected_keys.is_protected(service_id) for service_id in pair):
        raise BadReportError(_("Un serviciu cu adresă protejată nu se compară cu altele."))


def _is(pair: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(duplicate_decisions.c.service_a == pair[0], duplicate_decisions.c.service_b == pair[1])


def decisions(ledger: Ledger) -> list[DuplicateDecision]:
    """Return every decision in force, the lowest ids first."""
    query = select(duplicate_decisions).order_by(duplicate_decisions.c.service_a, duplicate_decisions.c.service_b)
    with ledger.store.read() as connection:
        return [DuplicateDecision(**row._asdict()) for row in connection.execute(query)]


def version(ledger: Ledger) -> str:
    """Return a short text that changes with every decision."""
    with ledger.store.read() as connection:
        return ":".join(map(str, connection.execute(_VERSION).one()))
