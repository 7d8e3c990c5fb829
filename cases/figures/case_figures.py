"""The figures of cases by community and month: counted from facts, and frozen when the report of a month is filed."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, select

from cases.figures.figure_queries import COUNTS, UNCOUNTED, first_plans, open_findings, uncounted_cases
from cases.figures.told_counts import count_words, in_fives
from cases.rules.case_terms import last_day_of
from core.errors import NotAllowedError
from core.i18n import _, number
from core.resources import DATA
from referrals.database import audit
from referrals.database.models import monthly_reports
from referrals.database.tables.case_tables import case_months, cases
from referrals.records import roles
from referrals.records.vocabulary import FILED

if TYPE_CHECKING:
    from datetime import datetime

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

Figures = dict[str, Any]
PRESENT, DAYS_TO_PLAN = "F-OPEN", "T-PLAN"
_CATEGORIES = DATA / "reports" / "vulnerability_categories.csv"


@dataclass(frozen=True)
class CaseFigures:
    """Figures of communities.

    Attributes
    ----------
    first, last
        Months, both included.
    communities
        By SIRUTA, each figure by its code. `F-OPEN` is by category of vulnerability, to whoever is not of the team in
        fives, rounded down (docs/decisions/0065); `T-PLAN` a sum of days and a count.
    present
        `F-OPEN` of all of them together, told in the same way.
    restricted
        By county, how many findings that only the case manager sees are open at the end, by category: never told of a
        community, and in fives as the others; None = fewer than may be told.
    """

    first: str
    last: str
    communities: dict[int, Figures]
    present: dict[str, int]
    restricted: dict[str, dict[str, int | None]]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format the sum of the communities in lines."""
        total = self.total()
        sentences = [] if total else [_("Nicio cifră din cazuri.")]
        for code, value in total.items():
            parts = value.items() if isinstance(value, dict) else [("", value)]
            sentences += [f"{code}{f' {name}' if name else ''}: {number(count)}" for name, count in parts]
        return sentences + [
            f"{PRESENT} {county} {name}: {count_words(told)}"
            for county, counts in self.restricted.items()
            for name, told in counts.items()
        ]

    def total(self) -> Figures:
        """Add the communities up."""
        counts: Figures = {}
        for figures in self.communities.values():
            for code, value in figures.items():
                if code == PRESENT:
                    counts[code] = self.present
                elif isinstance(value, dict):
                    before = counts.setdefault(code, {})
                    before |= {name: before.get(name, 0) + count for name, count in value.items()}
                else:
                    counts[code] = counts.get(code, 0) + value
        return counts


@cache
def category_of() -> dict[str, str]:
    """Return the category of each code of a vulnerability."""
    with _CATEGORIES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["category"] for row in csv.DictReader(file)}


def count_figures(
    connection: Connection, first: str, last: str, uats: Collection[int] | None = None
) -> dict[int, Figures]:
    """Count the figures of some months from facts, by community, without findings that only the case manager sees."""
    day = last_day_of(last).isoformat()
    blank: Figures = dict.fromkeys(COUNTS, 0)
    found: dict[int, Figures] = defaultdict(lambda: {**blank, PRESENT: {}, DAYS_TO_PLAN: {"sum": 0, "count": 0}})
    aside = {UNCOUNTED: list(connection.execute(uncounted_cases()).scalars())}
    for code, count in COUNTS.items():
        query = count(first, last, day)
        if uats is not None:
            query = query.where(query.selected_columns.uat_siruta.in_(uats))
        for uat, value in map(tuple, connection.execute(query, aside)):
            found[uat][code] = value
    categories = category_of()
    query = open_findings(last, uats, restricted=False)
    for uat, code, value in map(tuple, connection.execute(query, aside)):
        present = found[uat][PRESENT]
        category = categories.get(code, code)
        present[category] = present.get(category, 0) + value
    for uat, opened_on, agreed_on in connection.execute(first_plans(first, last, uats), aside):
        if uats is None or uat in uats:
            spent = found[uat][DAYS_TO_PLAN]
            spent["sum"] += (date.fromisoformat(agreed_on) - date.fromisoformat(opened_on)).days
            spent["count"] += 1
    return {uat: found[uat] for uat in (sorted(found) if uats is None else sorted(uats))}


def count_restricted(
    connection: Connection, last: str, uats: Collection[int] | None = None
) -> dict[str, dict[str, int | None]]:
    """Count the findings that only the case manager sees, open at the end of a month, by county and category."""
    aside = {UNCOUNTED: list(connection.execute(uncounted_cases()).scalars())}
    county_of = dict(map(tuple, connection.execute(select(cases.c.uat_siruta, cases.c.county).distinct())))
    categories = category_of()
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for uat, code, value in map(tuple, connection.execute(open_findings(last, uats, restricted=True), aside)):
        found[county_of.get(uat, "")][categories.get(code, code)] += value
    return {
        county: {name: in_fives(count) or None for name, count in sorted(counts.items())}
        for county, counts in sorted(found.items())
    }


def freeze_filed(connection: Connection, uat_siruta: int, filed: Iterable[str], now: datetime) -> None:
    """Keep the figures of each filed month that is not kept yet; forget those of a month that was returned.

    Called before anything of the community is written: since it was filed, nothing has changed.
    """
    wanted = set(filed)
    table = case_months.c
    kept = set(connection.execute(select(table.month).where(table.uat_siruta == uat_siruta)).scalars())
    if kept - wanted:
        connection.execute(delete(case_months).where(table.uat_siruta == uat_siruta, table.month.in_(kept - wanted)))
    for month in sorted(wanted - kept):
        figures = count_figures(connection, month, month, [uat_siruta])[uat_siruta]
        row = {"uat_siruta": uat_siruta, "month": month, "figures": json.dumps(figures), "filed_at": now}
        connection.execute(insert(case_months), row)


def keep_filed(ledger: Ledger, uat_siruta: int) -> None:
    """Keep the figures of the months of a community that are filed, as `freeze_filed`; for whoever just filed one."""
    stands = monthly_reports.c
    with ledger.store.write() as connection:
        audit.lock(connection, [f"cases:{uat_siruta}"])
        query = select(stands.month).where(stands.uat_siruta == uat_siruta, stands.state.in_(FILED))
        freeze_filed(connection, uat_siruta, connection.execute(query).scalars(), ledger.clock())


def figures_of(
    ledger: Ledger, first: str, last: str = "", *, actor: Actor, county: str = "", uat_siruta: int | None = None
) -> CaseFigures:
    """Return the figures of communities for a month, or for some months.

    Parameters
    ----------
    ledger
        Where the record is kept.
    first, last
        Months, both included: 2026-10; "" = the first alone. Of one month that was filed, the figures as filed.
    actor
        Who reads; sees the own area.
    county, uat_siruta
        Narrower than the actor's area.

    Returns
    -------
    CaseFigures
        Of every community that has or had a case.

    Raises
    ------
    NotAllowedError
        Outside the actor's area.
    """
    area, uat = roles.require_area(actor, "case.counts", county, uat_siruta)
    end = last or first
    with ledger.store.read() as connection:
        uats = communities_of_area(connection, area, uat)
        found = count_figures(connection, first, end, uats)
        restricted = count_restricted(connection, end, uats) if uat is None and actor.role != "team" else {}
        if first == end:
            found |= _frozen(connection, first, found)
    present = _added(figures[PRESENT] for figures in found.values())
    if actor.role != "team":
        present = _told(present)
        found = {uat: {**figures, PRESENT: _told(figures[PRESENT])} for uat, figures in found.items()}
    return CaseFigures(first, end, found, present, restricted)


def _told(counts: dict[str, int]) -> dict[str, int]:
    return {name: in_fives(count) for name, count in sorted(counts.items())}


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    together: Counter[str] = Counter()
    for each in counts:
        together.update(each)
    return dict(together)


def communities_of_area(connection: Connection, county: str, uat: int | None) -> list[int] | None:
    """List the communities of a county that have or had a case, or the one; None = of the nation, all.

    county: "" = the nation, or whatever county the one is of. Raises NotAllowedError for a community whose cases are of
    another county.
    """
    if uat is None:
        if not county:
            return None
        return list(connection.execute(select(cases.c.uat_siruta).where(cases.c.county == county).distinct()).scalars())
    of = set(connection.execute(select(cases.c.county).where(cases.c.uat_siruta == uat).distinct()).scalars())
    if county and of and county not in of:
        raise NotAllowedError(_("Aveți acces numai la comunitatea sau județul dumneavoastră."))
    return [uat]


def _frozen(connection: Connection, month: str, found: Collection[int]) -> dict[int, Figures]:
    """Return the figures that were filed, of the communities whose report stands."""
    stands = monthly_reports.c
    query = (
        select(case_months.c.uat_siruta, case_months.c.figures)
        .join(monthly_reports, (stands.uat_siruta == case_months.c.uat_siruta) & (stands.month == case_months.c.month))
        .where(case_months.c.month == month, stands.state.in_(FILED))
    )
    return {uat: json.loads(said) for uat, said in connection.execute(query) if uat in found}
