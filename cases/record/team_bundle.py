"""What of a community's cases goes to one member's telephone: filtered by who it is, before anything leaves."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from cases.exchange.case_book import row_key
from cases.instrument import Instrument
from cases.record.book_rows import TABLES, rows_by_case
from cases.rules.case_sight import Onlooker, one_need
from referrals.database.models import referrals
from referrals.database.tables import case_tables, exchange_tables

_PARTS = (
    "case_spells", "assessments", "findings", "case_needs", "plans", "plan_items", "visits", "case_notes", "supervised",
)  # fmt: skip
_INTERNAL = {
    "touched", "counted_in", "opened_in", "ended_in", "agreed_in", "due_in", "done_in", "is_counted", "erased_at",
    "uat_siruta", "county", "owner_seen", "case_ref", "begun_in", "found_by",
}  # fmt: skip
_CASE_KEPT = {"case_ref", "uat_siruta"}
_LISTS = {"gaps", "members", "services", "items", "codes"}


def cases_shown(
    connection: Connection,
    refs: Collection[str],
    onlooker: Onlooker,
    instrument_of: Callable[[str], Instrument | None],
) -> list[dict[str, Any]]:
    """Return cases whole, as JSON, without what the onlooker may not see."""
    if not refs:
        return []
    cases = case_tables.cases
    query = select(cases).where(cases.c.case_ref.in_(refs), cases.c.erased_at.is_(None)).order_by(cases.c.case_ref)
    found = [dict(row) for row in connection.execute(query).mappings()]
    parts = {name: rows_by_case(connection, _of(TABLES[name], refs)) for name in _PARTS}
    parts["case_conflicts"] = rows_by_case(connection, _of(exchange_tables.case_conflicts, refs))
    parts["case_access"] = rows_by_case(connection, _of(exchange_tables.case_access, refs))
    parts["referrals"] = rows_by_case(connection, _of(referrals, refs))
    sight = _Sight(onlooker, instrument_of)
    return [_case(case, {name: rows[case["case_ref"]] for name, rows in parts.items()}, sight) for case in found]


class _Sight:
    """What an onlooker sees, with the questions of each edition."""

    def __init__(self, onlooker: Onlooker, instrument_of: Callable[[str], Instrument | None]) -> None:
        self.onlooker, self._instrument_of = onlooker, instrument_of

    def assessment(self, row: Mapping[str, Any], case: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return an assessment with the answers and the gaps that may be read: a gap can tell what was answered."""
        values = _said(row)
        seen = [name for name in values["gaps"] if self._is_seen(name, row, case)]
        return {**values, "gaps": seen, "answers": self.answers(row, case)}

    def answers(self, assessment: Mapping[str, Any], case: Mapping[str, Any] | None) -> dict[str, str]:
        """Return the answers that may be read; of an edition that is not here, none."""
        payload = json.loads(assessment["answers"])
        return {name: value for name, value in payload.items() if self._is_seen(name, assessment, case)}

    def _is_seen(self, name: str, assessment: Mapping[str, Any], case: Mapping[str, Any] | None) -> bool:
        instrument = self._instrument_of(assessment["edition"])
        if instrument is None or name not in instrument.by_name:
            return False
        return self.onlooker.sees_answer(instrument.by_name[name].sees, assessment, case)


def _of(table: Table, refs: Collection[str]) -> Select[Any]:
    return select(table).where(table.c.case_ref.in_(refs)).order_by(*table.primary_key)


def _case(case: dict[str, Any], parts: dict[str, list[dict[str, Any]]], sight: _Sight) -> dict[str, Any]:
    who = sight.onlooker
    seen: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in parts["case_needs"]:
        if who.sees_need(each, case):
            seen[each["need"]].append(each)
    needs = [one_need(rows) for rows in seen.values()]
    hidden_rows = {row_key("case_needs", each) for each in parts["case_needs"] if not who.sees_need(each, case)}
    hidden_items = {each["item_id"] for each in parts["plan_items"] if not who.sees_need(each, case)}
    hidden_rows |= hidden_items
    values = {name: _plain(name, value) for name, value in case.items() if name not in _INTERNAL or name in _CASE_KEPT}
    shown = [each for each in parts["findings"] if who.sees_finding(each, case)]
    hides_codes = {each["code"] for each in parts["findings"]} - {each["code"] for each in shown}
    return {
        **values,
        "spells": [_said(each) for each in parts["case_spells"]],
        "assessments": [sight.assessment(each, case) for each in parts["assessments"]],
        "findings": [_said(each) for each in shown],
        "needs": [
            {**_said(each), "codes": [code for code in each["codes"].split() if code not in hides_codes]}
            for each in needs
        ],
        "plans": [_said(each) for each in parts["plans"]],
        "items": [_item(each, hidden_items, parts["referrals"]) for each in parts["plan_items"]],
        "visits": [_said(each) for each in parts["visits"]],
        "notes": [_said(each) for each in parts["case_notes"]],
        "remarks": [_said(each) for each in parts["supervised"]],
        "conflicts": [
            conflict_shown(each)
            for each in parts["case_conflicts"]
            if each["state"] == "open" and each["row_key"] not in hidden_rows
        ],
        "access": [_said(each) for each in parts["case_access"]],
    }


def conflict_shown(conflict: Mapping[str, Any]) -> dict[str, Any]:
    """Return a conflict with both its values."""
    values = _said(conflict)
    return {**values, "kept": json.loads(conflict["kept"]), "other": json.loads(conflict["other"])}


def _item(item: dict[str, Any], hidden: Collection[str], made: list[dict[str, Any]]) -> dict[str, Any]:
    state = next((each["state"] for each in made if each["referral_id"] == item["referral_id"]), "")
    values = {**_said(item), "referral_state": state}
    if item["item_id"] in hidden:
        values |= {"need": "", "action": "", "reason": "", "service_type": "", "referral_id": "", "referral_state": ""}
    return values


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(name, value) for name, value in row.items() if name not in _INTERNAL}


def _plain(name: str, value: Any) -> Any:
    if name in _LISTS:
        return str(value).split()
    return value.isoformat(timespec="seconds") if hasattr(value, "isoformat") else value


def households_shown(
    connection: Connection, ids: Collection[str], onlooker: Onlooker, instrument_of: Callable[[str], Instrument | None]
) -> list[dict[str, Any]]:
    """Return households as JSON, with what was asked of them and visits to them."""
    if not ids:
        return []
    sight = _Sight(onlooker, instrument_of)
    kept = ("assessments", "visits")
    parts: dict[str, dict[str, list[dict[str, Any]]]] = {name: defaultdict(list) for name in kept}
    for name in kept:
        table = TABLES[name]
        query = select(table).where(table.c.household_id.in_(ids), table.c.case_ref == "").order_by(*table.primary_key)
        for row in connection.execute(query).mappings():
            parts[name][row["household_id"]].append(dict(row))
    conflicts = exchange_tables.case_conflicts
    query = select(conflicts).where(conflicts.c.household_id.in_(ids), conflicts.c.state == "open")
    open_ones = [dict(row) for row in connection.execute(query).mappings()]
    table = case_tables.households
    rows = connection.execute(select(table).where(table.c.household_id.in_(ids)).order_by(table.c.household_id))
    return [
        {
            **_said(dict(row)),
            "assessments": [sight.assessment(each, None) for each in parts["assessments"][row["household_id"]]],
            "visits": [_said(each) for each in parts["visits"][row["household_id"]]],
            "conflicts": [conflict_shown(each) for each in open_ones if each["household_id"] == row["household_id"]],
        }
        for row in rows.mappings()
    ]
