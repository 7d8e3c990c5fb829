"""The cases of a community as files for other programs: a table a file, codes only, with a dictionary of columns."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cases.record.book_rows import TABLES
from cases.record.county_access import reason_of, tell_team
from core.exporting import defuse_cell
from core.storage.home import write_atomically
from referrals.database import audit
from referrals.database.tables.case_tables import cases
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_PARTS = ("cases", "case_spells", "assessments", "findings", "case_needs", "plans", "plan_items", "visits")
# What stays here: free texts, accounts of colleagues, and what is only bookkeeping of the exchange.
_LEFT_OUT = {
    "touched", "version", "note", "word", "goal", "reason", "level_reason", "owner", "by", "account", "answers",
    "owner_seen", "erased_at", "gaps", "finished_at", "codes", "found_by",
}  # fmt: skip
_CODE = re.compile(r"[A-Z][A-Z0-9]{0,3}_[A-Z0-9]{1,5}")  # of a service of the nurses' application


def export_cases(
    ledger: Ledger, folder: Path, *, actor: Actor, county: str, uat_siruta: int | None = None, reason: str = ""
) -> list[Path]:
    """Write the cases of a community or a county into a folder; give the files.

    Findings that only the medical member or the case manager sees are left out, with needs that come of these alone.
    Nothing of free text leaves. Written in the audit log. A county unit says why, and the teams of the cases see it.
    Raises NotAllowedError outside the actor's area, BadValueError where a county unit gives no reason.
    """
    roles.require(actor, "case.read", Area(county, uat_siruta))
    text = reason_of(actor, reason)
    now = ledger.clock()
    files: dict[str, list[dict[str, Any]]] = {}
    with ledger.store.write() as connection:
        of_area = select(cases.c.case_ref).where(cases.c.county == county, cases.c.erased_at.is_(None))
        if uat_siruta is not None:
            of_area = of_area.where(cases.c.uat_siruta == uat_siruta)
        for name in _PARTS:
            table = TABLES[name]
            query = select(table).where(table.c.case_ref.in_(of_area)).order_by(*table.primary_key)
            if name in ("findings", "case_needs"):
                query = query.where(table.c.sees == "team")
            files[name] = [dict(row) for row in connection.execute(query).mappings()]
        subject = f"cases:{uat_siruta or county}"
        communities = {f"cases:{row['uat_siruta']}" for row in files["cases"]}
        audit.lock(connection, communities | {subject})
        if text:
            tell_team(connection, files["cases"], text, actor=actor, now=now, until=now)
        step = audit.AuditEvent("case.export", subject, after=str(len(files["cases"])))
        audit.append(connection, subject, step, actor=actor, at=now)
    for row in files["plan_items"]:
        if not _CODE.fullmatch(row["action"]):  # what a member wrote in words
            row["action"] = ""
        if row["found_by"]:
            row |= {"need": "", "action": "", "service_type": "", "referral_id": ""}
    folder.mkdir(parents=True, exist_ok=True)
    made = [_write(folder / f"{name}.csv", _columns(name), rows) for name, rows in files.items()]
    words = [{"file": f"{name}.csv", "column": column, "type": str(TABLES[name].c[column].type)}
             for name in _PARTS for column in _columns(name)]  # fmt: skip
    return [*made, _write(folder / "dictionary.csv", ["file", "column", "type"], words)]


def _columns(name: str) -> list[str]:
    return [column.name for column in TABLES[name].columns if column.name not in _LEFT_OUT]


def _write(path: Path, columns: list[str], rows: list[dict[str, Any]]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: defuse_cell(value) for name, value in row.items()} for row in rows)
    write_atomically(path, text.getvalue().encode(), is_private=True)
    return path
