"""Tables out of the ledger: a team's referrals, counts, unmet needs. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from core.romanian_calendar import BUCHAREST
from providers.rules.protected_keys import PROTECTED_VALUE, is_protected
from referrals.database.models import audit, links, referrals, unmet_needs
from referrals.records.vocabulary import WAITING, Referral

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import pandas as pd
    from sqlalchemy import Connection

REFERRAL_COLUMNS = tuple(f.name for f in fields(Referral))
_REFERRALS = select(*(referrals.c[name] for name in REFERRAL_COLUMNS))
COUNT_COLUMNS = (
    "month",
    "county",
    "uat_siruta",
    "service_id",
    "service_type",
    "service_county",
    "need",
    "state",
    "reason",
    "referrals",
    "hours_to_answer",
)
UNMET_COLUMNS = ("on_day", "kind", "need", "service_type", "county", "uat_siruta", "locality_siruta", "unmet")
_NUMBERS = ("uat_siruta", "locality_siruta", "referrals", "unmet")


@dataclass(frozen=True)
class Filters:
    """Which referrals; empty means all. `since` is included, `until` is not; both look at when it was made."""

    states: tuple[str, ...] = ()
    county: str = ""
    uat_siruta: int | None = None
    service_id: str = ""
    case_ref: str = ""
    since: datetime | None = None
    until: datetime | None = None


def in_area(query: Select[Any], table: Any, county: str, uat_siruta: int | None) -> Select[Any]:
    """Narrow a query to a county and a UAT, where they are given; `table` has the columns of both."""
    if county:
        query = query.where(table.county == county)
    return query if uat_siruta is None else query.where(table.uat_siruta == uat_siruta)


def _where(query: Select[Any], filters: Filters) -> Select[Any]:
    table = referrals.c
    for column, value in ((table.service_id, filters.service_id), (table.case_ref, filters.case_ref)):
        if value:
            query = query.where(column == value)
    query = in_area(query, table, filters.county, filters.uat_siruta)
    if filters.since is not None:
        query = query.where(table.made_at >= filters.since)
    if filters.until is not None:
        query = query.where(table.made_at < filters.until)
    return query


def _as_they_stand(rows: Iterable[Any], now: datetime, states: tuple[str, ...]) -> Iterator[Referral]:
    """Show what ran out as expired, also where nobody could write that down yet (a disk for reading only)."""
    for row in rows:
        each = Referral(*row)
        if each.state in WAITING and each.expires_at is not None and each.expires_at <= now:
            each = replace(each, state="expired", closed_at=each.expires_at)
        if not states or each.state in states:
            yield each


def list_referrals(connection: Connection, filters: Filters, now: datetime) -> list[Referral]:
    """Return referrals, newest first, times in UTC."""
    query = _where(_REFERRALS, filters).order_by(referrals.c.made_at.desc(), referrals.c.referral_id)
    return list(_as_they_stand(connection.execute(query), now, filters.states))


def referrals_table(some: Iterable[Referral]) -> pd.DataFrame:
    """One row per referral, in their order; the columns are the fields of `Referral`, times in UTC."""
    return _frame([{name: getattr(each, name) for name in REFERRAL_COLUMNS} for each in some], REFERRAL_COLUMNS)


def referrals_without_cases(connection: Connection, filters: Filters, now: datetime) -> list[Referral]:
    """Return referrals to be counted: a number stands for each case, and what was written by hand is left out."""
    numbers: dict[str, str] = {"": ""}
    return [
        replace(each, case_ref=numbers.setdefault(each.case_ref, str(len(numbers))), note="", made_by="")
        for each in _as_they_stand(connection.execute(_where(_REFERRALS, filters)), now, filters.states)
    ]


def counts_table(connection: Connection, filters: Filters, now: datetime) -> pd.DataFrame:
    """Count referrals by month (Bucharest), place, service, need and state; `hours_to_answer` is their sum.

    There is no case in it; counts under 5 are hidden by whoever publishes (DESIGN §5).
    """
    import pandas as pd

    table = referrals_table(list_referrals(connection, filters, now))
    keys = [name for name in COUNT_COLUMNS if name not in ("referrals", "hours_to_answer")]
    answered_at = table["accepted_at"].fillna(table["closed_at"].where(table["state"].isin(["declined"])))
    waited = (answered_at - table["made_at"]).dt.total_seconds() / 3600
    # The zone is dropped only after the wall clock of Bucharest is read: a month is a local thing.
    local = table["made_at"].dt.tz_convert(BUCHAREST).dt.tz_localize(None)
    table = table.assign(month=local.dt.strftime("%Y-%m").astype("string"), hours_to_answer=waited)
    counted = table.groupby(keys, as_index=False, dropna=False).agg(
        referrals=("referral_id", "size"), hours_to_answer=("hours_to_answer", "sum")
    )
    return pd.DataFrame(counted)[list(COUNT_COLUMNS)].astype({"referrals": "Int64", "hours_to_answer": "float64"})


def unmet_table(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Count unmet needs by day (Bucharest), kind, need, service type and place: there is no person in it."""
    table = unmet_needs.c
    keys = [table[name] for name in UNMET_COLUMNS if name != "unmet"]
    query: Select[Any] = select(*keys, func.count().label("unmet")).group_by(*keys).order_by(*keys)
    query = in_area(query, table, filters.county, filters.uat_siruta)
    if filters.since is not None:
        query = query.where(table.on_day >= filters.since.astimezone(BUCHAREST).date().isoformat())
    if filters.until is not None:
        query = query.where(table.on_day < filters.until.astimezone(BUCHAREST).date().isoformat())
    return _frame([{**row} for row in connection.execute(query).mappings()], UNMET_COLUMNS)


def audit_log_table(
    connection: Connection, subjects: Sequence[str], limit: int, *, since: datetime | None = None
) -> pd.DataFrame:
    """Return the newest rows of the audit log, newest first; of these subjects where there are any, from `since` on.

    An older version wrote the register's key of a protected record that was read: that one is not told.
    """
    columns = ("at", "role", "account", "action", "subject", "before", "after", "reason")
    query = select(*(audit.c[name] for name in columns))
    query = query.order_by(audit.c.at.desc(), audit.c.chain, audit.c.position.desc()).limit(limit)
    if subjects:
        query = query.where(audit.c.subject.in_(subjects))
    if since is not None:
        query = query.where(audit.c.at >= since)
    return _frame([_told(row) for row in connection.execute(query).mappings()], columns)


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    is_older = row["action"] == "secret.read" and ":" in row["subject"] and not is_protected(row["subject"])
    return {**row, "subject": PROTECTED_VALUE} if is_older else {**row}


def subjects_of_case(connection: Connection, case_ref: str) -> tuple[list[str], datetime | None]:
    """List under which subjects the audit log speaks of a case, and since when; an empty list where there is none.

    Its referrals and their links; and the lists of its county and community, in which it was read among others.
    """
    table = referrals.c
    query = select(table.referral_id, table.county, table.uat_siruta, table.made_at).where(table.case_ref == case_ref)
    rows = connection.execute(query).all()
    numbers = [row.referral_id for row in rows]
    doors = connection.execute(select(links.c.link_id).where(links.c.referral_id.in_(numbers))).scalars()
    lists = {
        subject
        for row in rows
        for subject in (f"{row.county}:{row.uat_siruta}", f":{row.uat_siruta}", f"{row.county}:")
    }
    return [*numbers, *doors, *sorted(lists)] if rows else [], min((row.made_at for row in rows), default=None)


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """Make a table whose column types do not depend on whether it has rows."""
    import pandas as pd

    table = pd.DataFrame(rows, columns=list(columns))
    kinds = {
        name: "datetime64[us, UTC]"
        if name == "at" or name.endswith("_at")
        else "Int64"
        if name in _NUMBERS
        else "string"
        for name in columns
    }
    return table.astype(kinds)
