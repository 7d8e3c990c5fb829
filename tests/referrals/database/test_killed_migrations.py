"""The program is killed at every statement of a migration and started again: nothing is lost, nothing is half."""

from __future__ import annotations

import json
import os
import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Boolean, DateTime, Integer, MetaData, String, event, select

from cases.record import exchange
from referrals.database import row_copies, schema_migration
from referrals.database.models import HEAD, metadata
from referrals.database.sqlite_file import sqlite_path
from referrals.database.store import open_store
from referrals.database.tables.case_tables import case_needs, case_notes, plan_items
from referrals.database.tables.exchange_tables import case_changes, case_conflicts
from referrals.ledger.ledger import open_ledger
from tests.worlds.homes.case_world import WORKER, Phone, code, opening
from tests.worlds.homes.spare_databases import run_as_owner

BEFORE = "0023"
CASE, OTHER, WAITS = code("C", 1), code("C", 2), code("K", 900_001)
NEED, FINDER = "domestic-violence", "U-FINDER222"
NOTE = '"' + "ș" * 400 + '"'


def with_cases(url: str) -> None:
    """Fill a database of the earlier schema: a hidden need with an item, a change that waits, a conflict of a long note."""
    store = open_store(url)
    schema_migration.ensure_current(store, target=BEFORE)
    then = MetaData()
    then.reflect(store.engine)
    now = datetime.now(UTC)
    plain = {Integer: 0, Boolean: False, String: "", DateTime: now}
    of_case = {"case_ref": CASE, "uat_siruta": WORKER.uat_siruta}
    note = {"note_id": code("N", 1), "on_day": "2026-03-02", "text": "așteaptă"}
    waits = {
        "change_id": WAITS,
        "device_id": code("D", 1),
        "device_no": 1,
        "kind": "note.add",
        "body": json.dumps(note),
    }
    rows = [
        ("cases", {**of_case, "county": "BC", "state": "noted", "opened_on": "2026-03-02", "touched": "{}"}),
        ("findings", {**of_case, "finding_id": code("F", 1), "code": "VFV_03", "sees": "restricted", "by": FINDER}),
        ("case_needs", {**of_case, "need": NEED, "sees": "restricted", "codes": "VFV_03", "touched": "{}"}),
        ("case_needs", {**of_case, "need": "no-income", "sees": "team", "touched": "{}"}),
        ("plan_items", {**of_case, "item_id": code("I", 1), "need": NEED, "touched": "{}"}),
        ("case_conflicts", {**of_case, "conflict_id": f"X{code('K', 9)[1:]}.1", "place": "cases", "row_key": CASE,
                            "field": "note", "kept": NOTE, "other": '"b"', "state": "open"}),
        ("case_changes", {**of_case, **waits, "case_ref": OTHER, "account": WORKER.account, "result": "waiting"}),
    ]  # fmt: skip
    with store.write() as connection:
        for table, said in rows:
            blank = {
                each.name: next(value for kind, value in plain.items() if isinstance(each.type, kind))
                for each in then.tables[table].columns
                if not each.nullable and each.name != "seq"
            }
            connection.execute(then.tables[table].insert(), {**blank, **said})
    store.close()


def migrating(url: str, die_before: int) -> list[str]:
    """Migrate in a process of its own, killed before a statement (or a commit) by its number; return those that ran."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        seen: list[str] = []

        def step(what: str) -> None:
            if len(seen) == die_before:
                os.kill(os.getpid(), signal.SIGKILL)
            seen.append(what)
            os.write(writing, what.replace("\n", " ").encode()[:120] + b"\n")

        store = open_store(url)
        event.listen(store.engine, "before_cursor_execute", lambda _c, _k, statement, *_more: step(statement))
        event.listen(store.engine, "commit", lambda _connection: step("COMMIT"))
        schema_migration.ensure_current(store)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        said = lines.read().splitlines()
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return said


def moments(statements: list[str]) -> list[int]:
    """Choose where to kill: at every statement of the migration; of a hundred alike that stand around it, at some."""
    alike = [place for place, said in enumerate(statements) if row_copies.PREFIX in said]
    every = set(range(len(statements) + 1)) - set(alike)
    return sorted(every | set(alike[:: max(1, len(alike) // 6)]) | set(alike[-1:]))


class Copies:
    """A database with data of the earlier schema, as often as it is wanted."""

    def __init__(self, kind: str, empty_url, tmp_path) -> None:
        self.kind, self.url, self.folder = kind, empty_url(kind), tmp_path
        with_cases(self.url)

    def fresh(self, number: int) -> str:
        if self.kind == "sqlite":
            path = self.folder / f"killed-{number}.sqlite"
            shutil.copyfile(sqlite_path(self.url), path)
            return f"sqlite:///{path}"
        server, _slash, name = self.url.rpartition("/")
        run_as_owner(f"{server}/", f"CREATE DATABASE {name}_{number} TEMPLATE {name}")
        return f"{self.url}_{number}"

    def drop(self, url: str) -> None:
        if self.kind == "sqlite":
            for path in self.folder.glob(f"{Path(sqlite_path(url)).name}*"):
                path.unlink()
            return
        server, _slash, name = url.rpartition("/")
        run_as_owner(f"{server}/", f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_kill_at_any_statement_leaves_the_old_schema_or_the_new_one_whole(empty_url, tmp_path, kind):
    copies = Copies(kind, empty_url, tmp_path)
    url = copies.fresh(0)
    statements = migrating(url, -1)
    copies.drop(url)
    assert "COMMIT" in statements
    assert any("case_changes_waiting" in said for said in statements)
    for number, moment in enumerate(moments(statements), start=1):
        url = copies.fresh(number)
        migrating(url, moment)
        store = open_store(url)
        assert schema_migration.revision(store) in (BEFORE, HEAD), statements[moment - 1]
        store.close()
        require_whole(url, kind)
        copies.drop(url)


def require_whole(url: str, kind: str) -> None:
    """Open a ledger as the next start does, and hold its schema, its data and its work against what was there."""
    ledger = open_ledger(url)
    with ledger.store.engine.connect() as connection:

        def is_ours(_object: object, name: str, *_more: object) -> bool:
            return not name.startswith(row_copies.PREFIX)

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        assert compare_metadata(context, metadata) == []
        if kind == "sqlite":
            assert row_copies._lacking(connection) == {}
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    with ledger.store.read() as connection:

        def read(*columns: Any, **where: object) -> list[tuple[object, ...]]:
            query = select(*columns).filter_by(**where) if where else select(*columns)
            return sorted(tuple(row) for row in connection.execute(query))

        needs = read(case_needs.c.need, case_needs.c.found_by, case_needs.c.sees)
        assert needs == [(NEED, FINDER, "restricted"), ("no-income", "", "team")]
        assert read(plan_items.c.item_id, plan_items.c.found_by) == [(code("I", 1), FINDER)]
        assert read(case_conflicts.c.kept, case_conflicts.c.state) == [(NOTE, "open")]
        assert read(case_changes.c.change_id, result="waiting") == [(WAITS,)]
    phone = Phone(2)
    answer = exchange(ledger, phone.message(opening(phone, OTHER)), actor=WORKER)
    assert [each.result for each in answer.results] == ["applied"]
    with ledger.store.read() as connection:
        assert read(case_changes.c.change_id, result="waiting") == [], "what waited has come in"
        assert read(case_notes.c.text) == [("așteaptă",)]
    assert ledger.verify_audit() == []
    ledger.close()
