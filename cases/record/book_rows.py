"""The rows of cases between the database and a book in memory."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, insert, or_, select, update

from cases.exchange.case_book import KEYS, CaseBook, Row
from cases.exchange.change_kinds import CaseChange
from referrals.case_erasure import case_digest
from referrals.database.models import referrals
from referrals.database.tables import case_tables, exchange_tables, field_campaign_tables

TABLES: dict[str, Table] = {
    **{table.name: table for table in (*case_tables.OF_A_CASE, *exchange_tables.OF_A_CASE) if table.name in KEYS},
    "activities": case_tables.activities,
    **{table.name: table for table in field_campaign_tables.OF_CAMPAIGNS},
}
# The tables of which every row of a case is read, and those of which only what a change names is.
_OF_A_CASE = ("case_spells", "assessments", "findings", "case_needs", "plans", "plan_items", "case_moves")
_NAMED = {
    "visits": "visit_id",
    "case_notes": "note_id",
    "activities": "activity_id",
    "supervised": "remark_id",
    "field_campaigns": "campaign_id",
    "campaign_households": "campaign_id",
    "campaign_stops": "stop_id",
}
_ALSO_NAMED = {
    "assessments": "assessment_id",
    "findings": "finding_id",
    "plans": "plan_id",
    "plan_items": "item_id",
    "case_moves": "move_id",
}
_REFERRAL = tuple(
    referrals.c[name] for name in ("referral_id", "case_ref", "uat_siruta", "need", "state", "made_at", "replaces")
)
_WHOLE = ("case.join", "case.unjoin")  # the kinds of changes that move every row of a case


@dataclass
class WantedRows:
    """What a book has to hold: cases, households, and rows that are named by their ids."""

    cases: set[str] = field(default_factory=set)
    households: set[str] = field(default_factory=set)
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    is_whole: bool = False

    def add(self, change: CaseChange) -> None:
        """Add what a change is about."""
        body = change.body
        self.cases |= {ref for ref in (change.case_ref, body.get("into", "")) if ref}
        self.households |= {ref for ref in (change.household_id, body.get("household_id", "")) if ref}
        self.is_whole |= change.kind in _WHOLE
        for name, value in body.items():
            if name.endswith("_id") and isinstance(value, str):
                self.ids[name].add(value)
        self.households |= set(body.get("households", "").split())
        items = body.get("items", ())
        self.ids["item_id"] |= set(items.split()) if isinstance(items, str) else {each["item_id"] for each in items}
        self.ids["change_id"].add(change.change_id)


def read_book(connection: Connection, wanted: WantedRows, uat_siruta: int) -> CaseBook:
    """Read the rows that changes are about, with the community's changes that wait."""
    book = CaseBook()
    changes, conflicts = exchange_tables.case_changes, exchange_tables.case_conflicts
    about = or_(
        changes.c.change_id.in_(wanted.ids["change_id"]),
        (changes.c.uat_siruta == uat_siruta) & exchange_tables.WAITS,
    )
    waiting = _rows(connection, select(changes).where(about))
    book.load("case_changes", waiting)
    for row in waiting:
        wanted.cases |= {row["case_ref"]} - {""}
        wanted.households |= {row["household_id"]} - {""}
        if row["result"] == "waiting":
            wanted.add(_as_change(row))
    if wanted.is_whole:
        joined = case_tables.cases.c
        query = select(joined.joined_into).where(joined.case_ref.in_(wanted.cases), joined.joined_into != "")
        wanted.cases |= set(connection.execute(query).scalars())
    _read_joins(connection, book, wanted.cases)
    digests = {case_digest(ref): ref for ref in wanted.cases}
    rows = _rows(
        connection, select(case_tables.cases).where(case_tables.cases.c.case_ref.in_([*wanted.cases, *digests]))
    )
    book.load("cases", [row for row in rows if row["case_ref"] in wanted.cases])
    book.erased = frozenset(digests[row["case_ref"]] for row in rows if row["case_ref"] in digests)
    wanted.households |= {row["household_id"] for row in rows if row["household_id"]}
    _read_facts(connection, book, wanted)
    found = or_(
        conflicts.c.conflict_id.in_(wanted.ids["conflict_id"]),
        (conflicts.c.uat_siruta == uat_siruta)
        & (conflicts.c.state == "open")
        & or_(conflicts.c.case_ref.in_(wanted.cases), conflicts.c.household_id.in_(wanted.households)),
    )
    book.load("case_conflicts", _rows(connection, select(conflicts).where(found)))
    return book


def _read_facts(connection: Connection, book: CaseBook, wanted: WantedRows) -> None:
    for name in (*_OF_A_CASE, *(("visits", "case_notes") if wanted.is_whole else ())):
        table = TABLES[name]
        items = [table.c.case_ref.in_(wanted.cases)]
        if name in _ALSO_NAMED and (ids := wanted.ids[_ALSO_NAMED[name]]):
            items.append(table.c[_ALSO_NAMED[name]].in_(ids))
        if name == "assessments" and wanted.households:
            items.append(table.c.household_id.in_(wanted.households))
        book.load(name, _rows(connection, select(table).where(or_(*items)).order_by(*table.primary_key)))
    for name, key in _NAMED.items():
        if ids := wanted.ids[key]:
            book.load(name, _rows(connection, select(TABLES[name]).where(TABLES[name].c[key].in_(ids))))
    if wanted.households:
        table = TABLES["households"]
        book.load("households", _rows(connection, select(table).where(table.c.household_id.in_(wanted.households))))
    named = wanted.ids["referral_id"] | {row["referral_id"] for row in book.tables["plan_items"].values()} - {""}
    about = or_(referrals.c.referral_id.in_(named), referrals.c.case_ref.in_(wanted.cases))
    book.load("referrals", _rows(connection, select(*_REFERRAL).where(about)))


def _read_joins(connection: Connection, book: CaseBook, cases: Collection[str]) -> None:
    changes = exchange_tables.case_changes.c
    query = select(changes.case_ref, changes.body).where(
        changes.case_ref.in_(cases), changes.kind == "case.join", changes.result == "applied"
    )
    for case_ref, body in connection.execute(query.order_by(changes.seq)):
        book.joins[case_ref] = json.loads(body).get("moved", {})


def _as_change(row: Row) -> CaseChange:
    from cases.exchange.exchanging import change_of

    return change_of(row)


def rows_by_case(connection: Connection, query: Select[Any]) -> defaultdict[str, list[Row]]:
    """Read rows, each with its `case_ref`, by case."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    result = connection.execute(query)
    names = list(result.keys())
    place = names.index("case_ref")
    for row in map(tuple, result):
        found[row[place]].append(dict(zip(names, row, strict=True)))
    return found


def _rows(connection: Connection, query: Any) -> list[Row]:
    return [as_book_row(row) for row in connection.execute(query).mappings()]


def as_book_row(row: Any) -> Row:
    """Return a row of the database as a book holds it."""
    found = dict(row)
    if "touched" in found:
        found["touched"] = json.loads(found["touched"])
    return found


def write_book(connection: Connection, book: CaseBook) -> None:
    """Write what was put into a book since it was read, each table at once."""
    new: dict[str, list[Row]] = defaultdict(list)
    old: dict[str, list[Row]] = defaultdict(list)
    for (name, key), is_new in book.changed.items():
        row = book.tables[name][key]
        kept = {**row, "touched": json.dumps(row["touched"])} if "touched" in row else dict(row)
        (new if is_new else old)[name].append(kept)
    for name, rows in new.items():
        connection.execute(insert(TABLES[name]), rows)
    for name, rows in old.items():
        if name == "case_changes":
            _write_anew(connection, rows)
        else:
            _write_over(connection, TABLES[name], rows)


def _write_over(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    keys = KEYS[table.name]
    statement = update(table)
    for key in keys:
        statement = statement.where(table.c[key] == bindparam(f"of_{key}"))
    values: dict[str, Any] = {
        column.name: bindparam(f"to_{column.name}") for column in table.columns if column.name not in keys
    }
    connection.execute(
        statement.values(values),
        [{f"of_{name}" if name in keys else f"to_{name}": value for name, value in row.items()} for row in rows],
    )


def _write_anew(connection: Connection, rows: Iterable[Row]) -> None:
    """Give changes that waited a place after what came meanwhile, so that telephones are told of them."""
    changes = exchange_tables.case_changes
    for row in rows:
        connection.execute(delete(changes).where(changes.c.change_id == row["change_id"]))
        connection.execute(insert(changes), {name: value for name, value in row.items() if name != "seq"})
