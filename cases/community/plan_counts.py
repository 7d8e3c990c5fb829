"""Plans of community services as they are counted: of each community for its county unit, sums for the nation."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from cases.community.plan_vocabulary import ADOPTED, DRAFT, UNENDED, plan_state_label, priority_name
from cases.figures.told_counts import in_fives, rounding_words
from core.i18n import _, number
from referrals.database.tables import community_plan_tables as t
from referrals.records import roles
from referrals.records.roles import NATION, Area

if TYPE_CHECKING:
    from collections.abc import Mapping

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


@dataclass(frozen=True)
class CountedPlan:
    """The plan of a community, counted: the one in force, else its draft.

    Attributes
    ----------
    county, uat_siruta, year, state, adopted_on
        Whose, of which year, and in which state since when.
    is_returned, has_draft
        Whether the county unit sent it back, and whether the team writes a new one beside it.
    priorities, actions, done, late
        How many; late: not ended when their day has passed.
    open_remarks
        Remarks of the county unit that wait, of any of its plans.
    """

    county: str
    uat_siruta: int
    year: int
    state: str
    adopted_on: str
    is_returned: bool
    has_draft: bool
    priorities: int
    actions: int
    done: int
    late: int
    open_remarks: int

    @property
    def state_words(self) -> str:
        """Format year and state, and that a new one is being written."""
        text = f"{self.year}: {plan_state_label(self.state, is_returned=self.is_returned)}"
        return f"{text}; {_('o variantă nouă în lucru')}" if self.has_draft else text


@dataclass(frozen=True)
class CountyPlans:
    """The plans of the communities of a county."""

    county: str
    rows: tuple[CountedPlan, ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines."""
        line = _("{uat} · {state} · priorități {priorities}, acțiuni {actions}, făcute {done}, întârziate {late}")
        return [
            line.format(
                uat=each.uat_siruta, state=each.state_words, priorities=each.priorities, actions=each.actions,
                done=each.done, late=each.late,
            )
            for each in self.rows
        ] or [_("Nicio comunitate din județ nu are încă un plan.")]  # fmt: skip


@dataclass(frozen=True)
class NationPlans:
    """What is told of plans above the county: that there is one, and counts; no text of any.

    Attributes
    ----------
    communities
        `county`, `uat_siruta`, `year`, `state`.
    counties
        `county`, `adopted`, `drafts`, `actions`, `done`, `late`.
    priorities
        `kind`, `code`, `communities`: in how many plans in force, in fives, rounded down; none of fewer than five.
    """

    communities: tuple[dict[str, Any], ...]
    counties: tuple[dict[str, Any], ...]
    priorities: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines."""
        if not self.counties:
            return [_("Nicio comunitate nu are încă un plan.")]
        line = _("{county} · adoptate {adopted}, ciorne {drafts}, acțiuni {actions}, făcute {done}, întârziate {late}")
        sentences = [line.format(**each) for each in self.counties]
        for each in self.priorities:
            name = priority_name(each["kind"], each["code"])
            sentences.append(_("{name}: comunități {n}").format(name=name, n=number(each["communities"])))
        return [*sentences, rounding_words()] if self.priorities else sentences


def plans_of_county(ledger: Ledger, county: str, *, actor: Actor) -> CountyPlans:
    """Count the plans of a county by community; those with most late actions first.

    Raises NotAllowedError where the actor is not the county's unit.
    """
    roles.require(actor, "case.supervise", Area(county))
    rows = _counted(ledger, t.community_plans.c.county == county)
    return CountyPlans(county, tuple(sorted(rows, key=lambda each: (-each.late, each.uat_siruta))))


def plans_of_nation(ledger: Ledger, *, actor: Actor) -> NationPlans:
    """Return which communities have a plan, and count by county. Raises NotAllowedError for who counts no nation."""
    roles.require(actor, "case.counts", NATION)
    rows = _counted(ledger)
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in rows:
        mine = sums[each.county]
        mine.update(actions=each.actions, done=each.done, late=each.late)
        mine["adopted" if each.state == ADOPTED else "drafts"] += 1
    names = ("adopted", "drafts", "actions", "done", "late")
    counties = [{"county": county, **{name: sums[county][name] for name in names}} for county in sorted(sums)]
    communities = [
        {"county": each.county, "uat_siruta": each.uat_siruta, "year": each.year, "state": each.state} for each in rows
    ]
    return NationPlans(tuple(communities), tuple(counties), tuple(_chosen(ledger)))


def _chosen(ledger: Ledger) -> list[dict[str, Any]]:
    """Count in how many communities something is a priority of this year's plan; few of them are not told."""
    plan, priority = t.community_plans.c, t.community_priorities.c
    query = (
        select(priority.kind, priority.code, func.count(plan.uat_siruta.distinct()))
        .join(t.community_plans, plan.plan_id == priority.plan_id)
        .where(plan.state == ADOPTED, plan.year == ledger.today().year)
        .group_by(priority.kind, priority.code)
    )
    with ledger.store.read() as connection:
        found = [(kind, code, in_fives(count)) for kind, code, count in map(tuple, connection.execute(query))]
    return [
        {"kind": kind, "code": code, "communities": count}
        for kind, code, count in sorted(found, key=lambda each: (-each[2], each[0], each[1]))
        if count
    ]


def _counted(ledger: Ledger, *where: Any) -> list[CountedPlan]:
    """Count of each community the plan in force of this year, else the last before it, else what it drafts."""
    today = ledger.today()
    plan, action, priority, remark = (
        t.community_plans.c, t.community_actions.c, t.community_priorities.c, t.community_plan_remarks.c,
    )  # fmt: skip
    alive = (plan.state.in_((DRAFT, ADOPTED)), *where)
    ids = select(plan.plan_id).where(*alive)
    with ledger.store.read() as connection:
        rows = connection.execute(select(t.community_plans).where(*alive)).mappings().all()
        chosen = _count(connection, priority.plan_id, t.community_priorities, priority.plan_id.in_(ids))
        every = _count(connection, action.plan_id, t.community_actions, action.plan_id.in_(ids))
        done = _count(connection, action.plan_id, t.community_actions, action.plan_id.in_(ids), action.state == "done")
        late = _count(
            connection, action.plan_id, t.community_actions,
            action.plan_id.in_(ids), action.state.in_(UNENDED), action.due_on < today.isoformat(),
        )  # fmt: skip
        # Of any plan: what is said of a replaced one waits at the team's desk too.
        of_area = remark.plan_id.in_(select(plan.plan_id).where(*where))
        asked = _count(connection, remark.uat_siruta, t.community_plan_remarks, of_area, remark.state == "open")
    by_uat: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_uat[row["uat_siruta"]].append(dict(row))
    found = []
    for uat, plans in sorted(by_uat.items()):
        shown = max(plans, key=lambda row: (row["year"] <= today.year, row["state"] == ADOPTED, row["year"]))
        number_ = shown["plan_id"]
        found.append(
            CountedPlan(
                county=shown["county"],
                uat_siruta=uat,
                year=shown["year"],
                state=shown["state"],
                adopted_on=shown["adopted_on"],
                is_returned=bool(shown["returned_on"]),
                has_draft=any(row["state"] == DRAFT and row["plan_id"] != number_ for row in plans),
                priorities=chosen.get(number_, 0),
                actions=every.get(number_, 0),
                done=done.get(number_, 0),
                late=late.get(number_, 0) if shown["state"] == ADOPTED else 0,
                open_remarks=asked.get(uat, 0),
            )
        )
    return found


def _count(connection: Any, by: Any, table: Any, *where: Any) -> dict[Any, int]:
    query = select(by, func.count()).select_from(table).where(*where).group_by(by)
    return dict(map(tuple, connection.execute(query)))
