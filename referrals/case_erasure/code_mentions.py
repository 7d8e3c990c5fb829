"""Forgetting the code of an erased case where other words name it: a note of a sister's case, a remark of a session.

The code leads nowhere any more, but a team keeps on paper whose it was: what was written beside it would still be about
that person. The words stay, without the code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from referrals.database.models import monthly_reports, referrals
from referrals.database.tables import case_tables as t
from referrals.database.tables import exchange_tables as x

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

_INSTEAD = "(caz șters)"  # no longer than a code: the columns are as wide as they are
# Where people write words, or what they sent is kept as it came.
_WORDS: dict[Table, tuple[str, ...]] = {
    t.cases: ("note", "level_reason"),
    t.case_notes: ("text",),
    t.visits: ("note",),
    t.plans: ("goal",),
    t.plan_items: ("action", "reason"),
    t.findings: ("word",),
    t.supervised: ("remark",),
    x.case_conflicts: ("kept", "other"),
    x.case_changes: ("body",),
    x.case_access: ("reason",),
    referrals: ("note",),
    monthly_reports: ("remark",),
}
_UNSEEN = (x.case_changes, referrals, monthly_reports)  # no telephone has these words
_AT_ONCE = 8  # codes in one question


def forget_codes(
    connection: Connection, uat_siruta: int, county: str, codes: Sequence[str]
) -> set[tuple[int, str, str]]:
    """Take codes of erased cases out of the words of a community, and of what its county unit gave as a reason.

    Returns community, case and household ("" = neither) of what telephones have to be told anew.
    """
    unique: set[tuple[int, str, str]] = set()
    for start in range(0, len(codes), _AT_ONCE):
        unique |= _forget(connection, uat_siruta, county, codes[start : start + _AT_ONCE])
    return unique


def _forget(connection: Connection, uat_siruta: int, county: str, codes: Sequence[str]) -> set[tuple[int, str, str]]:
    # As people write it: in small letters, with a space or nothing for the hyphens.
    named = re.compile("|".join(rf"(?<!\w){code[0]}\W?{code[2:7]}\W?{code[8:]}(?!\w)" for code in codes), re.IGNORECASE)
    unique: set[tuple[int, str, str]] = set()
    for table, names in _WORDS.items():
        where = table.c.county == county if table is x.case_access else table.c.uat_siruta == uat_siruta
        some = or_(*(table.c[name].icontains(code[2:7], autoescape=True) for name in names for code in codes))
        for row in connection.execute(select(table).where(where, some)).mappings().all():
            values = {name: named.sub(_INSTEAD, row[name]) for name in names}
            if all(row[name] == value for name, value in values.items()):
                continue
            own = [key == row[key.name] for key in table.primary_key.columns]
            connection.execute(update(table).where(*own).values(**values))
            if table not in _UNSEEN and (row["case_ref"] or row.get("household_id")):
                unique.add((uat_siruta, row["case_ref"], "" if row["case_ref"] else row["household_id"]))
    return unique
