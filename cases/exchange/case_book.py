"""The rows of some cases in memory, and which of them were changed: what the exchange works on, without a database.

A row is a dict of the columns of its table (`referrals.database.tables.case_tables`), `touched` being a dict of a
field to the version and the device that changed it last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
KEYS = {
    "households": ("household_id",),
    "cases": ("case_ref",),
    "case_spells": ("spell_id",),
    "referrals": ("referral_id",),
    "assessments": ("assessment_id",),
    "findings": ("finding_id",),
    "case_needs": ("case_ref", "need", "found_by"),
    "plans": ("plan_id",),
    "plan_items": ("item_id",),
    "visits": ("visit_id",),
    "case_notes": ("note_id",),
    "case_moves": ("move_id",),
    "activities": ("activity_id",),
    "field_campaigns": ("campaign_id",),
    "campaign_households": ("campaign_id", "household_id"),
    "campaign_stops": ("stop_id",),
    "supervised": ("remark_id",),
    "case_conflicts": ("conflict_id",),
    "case_changes": ("change_id",),
}


def row_key(table: str, row: Row) -> str:
    """Return what a row is found by in its table; several columns are joined by a space, the last left out if empty."""
    return " ".join(str(row[name]) for name in KEYS[table]).rstrip()


@dataclass
class CaseBook:
    """Rows of some cases, by table and key.

    Attributes
    ----------
    tables
        Rows by table and key.
    changed
        What was put since the book was opened, by table and key: whether the row is new.
    trail
        What was done: action, code of the case, its state before and after.
    erased
        Codes of cases that were asked for and are erased.
    joins
        Of a case that was joined: the rows that went over.
    moved_from
        Of cases taken over: the community where they were.
    """

    tables: dict[str, dict[str, Row]] = field(default_factory=lambda: defaultdict(dict))
    changed: dict[tuple[str, str], bool] = field(default_factory=dict)
    trail: list[tuple[str, str, str, str]] = field(default_factory=list)
    erased: frozenset[str] = frozenset()
    joins: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    moved_from: dict[str, int] = field(default_factory=dict)
    _of_case: dict[str, dict[str, dict[str, Row]]] = field(default_factory=lambda: defaultdict(dict))

    def load(self, table: str, rows: Iterable[Row]) -> None:
        """Put rows in that are in the database already."""
        for row in rows:
            self._keep(table, row_key(table, row), row)

    def get(self, table: str, key: str) -> Row | None:
        """Return a row; None where the book has none."""
        return self.tables[table].get(key)

    def put(self, table: str, row: Row) -> None:
        """Put a new row in, or a changed one back."""
        key = row_key(table, row)
        is_new = key not in self.tables[table]
        self.changed[table, key] = self.changed.get((table, key), is_new)
        self._keep(table, key, row)

    def set(self, table: str, row: Row, **values: object) -> None:
        """Change fields of a row that the book has."""
        was = row.get("case_ref", "")
        row.update(values)
        if row.get("case_ref", "") != was:
            self._of_case[table].get(str(was), {}).pop(row_key(table, row), None)
        self.put(table, row)

    def of_case(self, table: str, case_ref: str) -> list[Row]:
        """List the rows of a case, in the order in which they came."""
        return list(self._of_case[table].get(case_ref, {}).values())

    def _keep(self, table: str, key: str, row: Row) -> None:
        self.tables[table][key] = row
        if row.get("case_ref"):
            self._of_case[table].setdefault(str(row["case_ref"]), {})[key] = row
