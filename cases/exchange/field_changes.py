"""Changes of fields that were seen in an older version: applied, or kept beside the value that stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cases.exchange.case_book import CaseBook, Row, row_key
from cases.exchange.change_kinds import CaseChange
from cases.exchange.exchange_context import ExchangeContext


def change_fields(
    book: CaseBook, table: str, row: Row, values: Mapping[str, Any], change: CaseChange, context: ExchangeContext
) -> int:
    """Set fields of a row, each where nobody else has changed it since the version that was seen.

    A field that another device changed meanwhile keeps its value, and both stand in `case_conflicts`. The device's own
    later change is none against its earlier one. Returns how many conflicts there are.
    """
    version, touched = row["version"] + 1, dict(row["touched"])
    fresh: dict[str, Any] = {}
    conflicts = 0
    for name, value in values.items():
        if row[name] == value:
            continue
        at, device, by_change = touched.get(name, (0, "", ""))
        if change.base is not None and at > change.base and device != context.device_id:
            conflicts += 1
            _keep_both(book, table, row, (name, value, by_change, conflicts), change, context)
            continue
        fresh[name] = value
        touched[name] = [version, context.device_id, change.change_id]
    if fresh:
        book.set(table, row, **fresh, version=version, touched=touched)
    return conflicts


def _keep_both(
    book: CaseBook,
    table: str,
    row: Row,
    field: tuple[str, Any, str, int],
    change: CaseChange,
    context: ExchangeContext,
) -> None:
    name, value, by_change, number = field
    book.put(
        "case_conflicts",
        {
            "conflict_id": f"X{change.change_id[1:]}.{number}",
            "case_ref": row.get("case_ref", ""),
            "household_id": "" if row.get("case_ref") else row["household_id"],
            "uat_siruta": context.uat_siruta,
            "place": table,
            "row_key": row_key(table, row),
            "field": name,
            "kept": json.dumps(row[name], ensure_ascii=False),
            "other": json.dumps(value, ensure_ascii=False),
            "kept_change": by_change,
            "other_change": change.change_id,
            "state": "open",
            "made_at": context.now,
            "settled_by": "",
            "settled_at": None,
        },
    )


def settle_conflict(book: CaseBook, conflict: Row, choice: str, change: CaseChange, context: ExchangeContext) -> None:
    """Let the value that was chosen stand."""
    row = book.get(conflict["place"], conflict["row_key"])
    if choice == "other" and row is not None and "version" in row:
        name, version = conflict["field"], row["version"] + 1
        touched = {**row["touched"], name: [version, context.device_id, change.change_id]}
        book.set(conflict["place"], row, **{name: json.loads(conflict["other"])}, version=version, touched=touched)
    book.set("case_conflicts", conflict, state="settled", settled_by=context.account, settled_at=context.now)
