"""Cases listed and counted: codes, states and days, for a team and for a county unit; counts for everybody above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from cases.figures.told_counts import in_fives, rounding_words
from cases.record.county_access import reason_of, tell_team
from cases.rules.case_vocabulary import OPEN_STATES, STATES, case_state_label, level_label
from core.errors import BadValueError
from core.i18n import _, ngettext, number
from referrals.database import audit
from referrals.database.tables import case_tables
from referrals.records import roles

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_COLUMNS = (
    "case_ref", "uat_siruta", "state", "level", "level_said", "opened_on", "next_review", "closed_on", "outcome",
)  # fmt: skip


@dataclass(frozen=True)
class CaseCounts:
    """How many cases an area has, by state and, of the open ones, by level.

    Attributes
    ----------
    county, uat_siruta
        The area: letters and SIRUTA; "" and None = the whole country.
    opened
        How many are open.
    states, levels
        Counts by code; the level is what the team said, else what its answers gave.
    waiting, conflicts
        Changes that wait for others, and fields with two values to choose from.
    is_rounded
        Whether the counts of cases are told in fives, rounded down (docs/decisions/0065): above the county they are,
        and `opened` is rounded as a whole.
    """

    county: str
    uat_siruta: int | None
    opened: int
    states: dict[str, int]
    levels: dict[str, int]
    waiting: int
    conflicts: int
    is_rounded: bool = False

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines."""
        sentences = [ngettext("{n} caz deschis", "{n} cazuri deschise", self.opened).format(n=number(self.opened))]
        sentences += [f"  {case_state_label(state)}: {number(self.states.get(state, 0))}" for state in STATES]
        sentences += [_("Nivel, la cele deschise:")]
        sentences += [f"  {level_label(level)}: {number(count)}" for level, count in sorted(self.levels.items())]
        sentences += [_("Schimbări care așteaptă: {n}").format(n=number(self.waiting))]
        sentences += [_("Nepotriviri de ales: {n}").format(n=number(self.conflicts))]
        return [*sentences, rounding_words()] if self.is_rounded else sentences


def count_cases(ledger: Ledger, *, actor: Actor, county: str = "", uat_siruta: int | None = None) -> CaseCounts:
    """Count the cases of an area; NotAllowedError outside the actor's own."""
    from referrals.database.tables import exchange_tables

    area, uat = roles.require_area(actor, "case.counts", county, uat_siruta)
    table, changes, conflicts = case_tables.cases.c, exchange_tables.case_changes.c, exchange_tables.case_conflicts.c
    with ledger.store.read() as connection:
        query = select(table.state, level := case_tables.LEVEL_IN_FORCE, func.count()).group_by(table.state, level)
        rows = connection.execute(_within(query, table, area, uat)).all()
        of_area = select(table.case_ref)
        waiting = select(func.count()).select_from(exchange_tables.case_changes).where(exchange_tables.WAITS)
        open_ones = select(func.count()).select_from(exchange_tables.case_conflicts).where(conflicts.state == "open")
        if area or uat is not None:
            refs = _within(of_area, table, area, uat)
            waiting = waiting.where(changes.case_ref.in_(refs))
            open_ones = open_ones.where(conflicts.case_ref.in_(refs))
        counts = connection.execute(waiting).scalar_one(), connection.execute(open_ones).scalar_one()
    states: dict[str, int] = {}
    levels: dict[str, int] = {}
    for state, level, count in rows:
        states[state] = states.get(state, 0) + count
        if state in OPEN_STATES:
            levels[level] = levels.get(level, 0) + count
    opened = sum(states.get(state, 0) for state in OPEN_STATES)
    is_rounded = actor.role not in ("team", "county")
    if is_rounded:
        opened = in_fives(opened)
        states, levels = ({code: in_fives(count) for code, count in each.items()} for each in (states, levels))
    return CaseCounts(area, uat, opened, states, levels, *counts, is_rounded)


def _within(query: Any, table: Any, county: str, uat_siruta: int | None) -> Any:
    if county:
        query = query.where(table.county == county)
    return query if uat_siruta is None else query.where(table.uat_siruta == uat_siruta)


@dataclass(frozen=True)
class CaseList:
    """Cases by code, without what is about a person."""

    cases: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return {"cases": list(self.cases)}

    def lines(self) -> list[str]:
        """Format it in lines."""
        if not self.cases:
            return [_("Niciun caz.")]
        return [
            " · ".join(
                filter(
                    None,
                    (
                        each["case_ref"],
                        str(each["uat_siruta"]),
                        case_state_label(each["state"]),
                        level_label(each["level_said"] or each["level"]),
                        each["opened_on"],
                    ),
                )
            )
            for each in self.cases
        ]


def list_cases(
    ledger: Ledger,
    *,
    actor: Actor,
    county: str = "",
    uat_siruta: int | None = None,
    states: Iterable[str] = (),
    reason: str = "",
) -> CaseList:
    """List the cases of an area, the oldest first; written in the audit log, of a county unit for the teams to see.

    Parameters
    ----------
    ledger
        Where the record is kept.
    actor
        A team, or a county unit.
    county, uat_siruta
        Narrower than the actor's own area.
    states
        Only these; none = all but the erased.
    reason
        Why a county unit lists them; a team need not say.

    Returns
    -------
    CaseList
        Codes, states, levels and days.

    Raises
    ------
    NotAllowedError
        Outside the actor's own area.
    BadValueError
        For a state that is none, and for a county unit without a reason.
    """
    area, uat = roles.require_area(actor, "case.read", county, uat_siruta)
    text, wanted, now = reason_of(actor, reason), tuple(states), ledger.clock()
    if wrong := [state for state in wanted if state not in STATES]:
        raise BadValueError(
            _("Starea „{found}” nu există. Se poate: {known}.").format(found=wrong[0], known=", ".join(STATES))
        )
    table = case_tables.cases.c
    query = select(*(table[name] for name in _COLUMNS)).order_by(table.opened_on, table.case_ref)
    query = query.where(table.state.in_(wanted)) if wanted else query.where(table.erased_at.is_(None))
    subject = f"cases:{uat or area}"
    with ledger.store.write() as connection:
        found = tuple(dict(row) for row in connection.execute(_within(query, table, area, uat)).mappings())
        audit.lock(connection, {subject, *(f"cases:{row['uat_siruta']}" for row in found if text)})
        if text:
            tell_team(connection, found, text, actor=actor, now=now, until=now)
        step = audit.AuditEvent("case.list", subject, after=str(len(found)))
        audit.append(connection, subject, step, actor=actor, at=now)
    return CaseList(found)
