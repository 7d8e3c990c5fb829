"""From an empty database and from every earlier schema, with data in place."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, DateTime, Integer, MetaData, String, text

from referrals.database import row_copies, schema_migration
from referrals.database.models import HEAD, metadata
from referrals.database.store import LedgerStore, open_store
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import StoreDamagedError
from tests.covering import each_once
from tests.worlds.homes.ledger_world import MONDAY, free_of, refer, report

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(schema_migration.SCRIPTS))
    return ScriptDirectory.from_config(config)


REVISIONS = [one.revision for one in reversed(list(script().walk_revisions()))]


def test_the_newest_revision_is_the_one_the_models_know():
    assert script().get_heads() == [HEAD]
    assert sorted(REVISIONS) == REVISIONS, "revisions are compared as text"


def test_the_migrations_make_what_the_models_say(ledger):
    with ledger.store.engine.connect() as connection:

        def is_ours(_object: object, name: str, *_more: object) -> bool:
            return not name.startswith(row_copies.PREFIX)

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        assert compare_metadata(context, metadata) == []


# Every day each revision on one of the databases, in turn.
WAYS = [
    pytest.param(*way.values, marks=[*way.marks, *([pytest.mark.postgres] if way.values[1] == "postgresql" else [])])
    for way in each_once(REVISIONS, ("sqlite", "postgresql"), also=[(REVISIONS[0], "postgresql"), (REVISIONS[-1], "sqlite")])
]  # fmt: skip


@pytest.mark.parametrize(("start", "kind"), WAYS)
def test_data_survive_the_way_from_an_earlier_schema(empty_url, kind, start):
    url = empty_url(kind)
    store = open_store(url)
    schema_migration.ensure_current(store, target=start)
    assert schema_migration.revision(store) == start
    store.close()
    with_data(url, start)
    ledger = open_ledger(url)
    assert schema_migration.revision(ledger.store) == HEAD
    assert free_of(ledger) == 2
    assert refer(ledger).state == "held"
    assert ledger.verify_counts() == []
    assert ledger.verify_audit() == []
    ledger.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_identity_that_opened_two_accounts_opens_neither_after_the_migration(empty_url, kind):
    store = open_store(empty_url(kind))
    schema_migration.ensure_current(store, target="0005")
    with store.write() as connection:
        for number, identity, password in ((1, "x|7", ""), (2, "x|7", "$argon2id$"), (3, "x|8", ""), (4, "", "")):
            connection.execute(
                text(
                    "INSERT INTO accounts VALUES (:id, :id, 'national', '', NULL, :password, :identity, 'active', 0, NULL, "
                    "'2026-01-05 00:00:00')"
                ),
                {"id": f"U-{number}", "identity": identity, "password": password},
            )
    schema_migration.ensure_current(store)
    with store.read() as connection:
        found = connection.execute(text("SELECT identity, state FROM accounts ORDER BY account_id")).all()
    assert [tuple(row) for row in found] == [("", "invited"), ("", "active"), ("x|8", "active"), ("", "active")]
    store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_need_that_was_hidden_is_its_finders_after_the_migration(empty_url, kind):
    """So are items for it, a conflict about it, and the account of a case that was joined."""
    store = open_store(empty_url(kind))
    schema_migration.ensure_current(store, target="0025")
    then = MetaData()
    then.reflect(store.engine)

    def put(table: str, **said: object) -> None:
        columns = then.tables[table].columns
        plain = {Integer: 0, Boolean: False, String: "", DateTime: MONDAY}
        row = {
            each.name: next(value for type_, value in plain.items() if isinstance(each.type, type_))
            for each in columns
            if not each.nullable and each.name != "seq"
        }
        with store.write() as connection:
            connection.execute(then.tables[table].insert(), {**row, **said})

    hidden = {"case_ref": "C-1", "need": "domestic-violence"}
    put("case_needs", **hidden, sees="restricted", codes="VFV_03")
    put("case_needs", case_ref="C-1", need="no-income", sees="team", codes="VSV_01")
    put(
        "findings", finding_id="F-1", case_ref="C-1", code="VFV_02", sees="restricted", by="U-1", opened_on="2026-01-01"
    )
    put(
        "findings", finding_id="F-2", case_ref="C-1", code="VFV_03", sees="restricted", by="U-2", opened_on="2026-02-01"
    )
    put("plan_items", item_id="I-1", **hidden)
    put("plan_items", item_id="I-2", case_ref="C-1", need="no-income")
    put("case_conflicts", conflict_id="X-1", place="case_needs", row_key="C-1 domestic-violence")
    put("case_conflicts", conflict_id="X-2", place="case_needs", row_key="C-1 no-income")
    moved = {"into": "C-1", "moved": {"case_needs": ["domestic-violence", "no-income"]}}
    put("case_changes", change_id="K-1", kind="case.join", result="applied", body=json.dumps(moved))
    schema_migration.ensure_current(store)
    with store.read() as connection:

        def read(query: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(text(query))]

        needs = read("SELECT need, found_by FROM case_needs ORDER BY need")
        items = read("SELECT item_id, found_by FROM plan_items ORDER BY item_id")
        keys = read("SELECT row_key FROM case_conflicts ORDER BY conflict_id")
        ((body,),) = read("SELECT body FROM case_changes")
    assert needs == [("domestic-violence", "U-2"), ("no-income", "")]
    assert items == [("I-1", "U-2"), ("I-2", "")]
    assert keys == [("C-1 domestic-violence U-2",), ("C-1 no-income",)]
    assert json.loads(str(body))["moved"]["case_needs"] == ["domestic-violence U-2", "no-income"]
    store.close()


def with_data(url: str, start: str) -> None:
    """Work with the tables that every revision has, through the ledger as it is today."""
    store = open_store(url)
    from referrals.ledger.ledger import Ledger

    ledger = Ledger(store)
    of_then = "social:1" if start < "0007" else "social:mmps:1"  # before registries had sources
    had_other_names = start < "0010"  # of the chains of the audit log
    if had_other_names:
        rename(store, NAMES_BEFORE_0010)
    had_no_messages = start < "0013"
    if had_no_messages:
        metadata.tables["messages"].create(store.engine)
    had_no_examined = start < "0020"
    if had_no_examined:
        change(store, "ALTER TABLE referrals ADD COLUMN examined_at TIMESTAMP")
    report(ledger, 3, of_then)
    refer(ledger, of_then)
    if had_no_examined:
        change(store, "ALTER TABLE referrals DROP COLUMN examined_at")
    if had_no_messages:
        metadata.tables["messages"].drop(store.engine)
    if had_other_names:
        rename(store, [(table, new, old) for table, old, new in reversed(NAMES_BEFORE_0010)])
    store.close()


# A table ("" before its old and new name), or one of its columns.
NAMES_BEFORE_0010 = [
    ("audit", "strand", "chain"), ("audit_strands", "strand", "chain"), ("", "audit_strands", "audit_chains"),
]  # fmt: skip


def change(store: LedgerStore, statement: str) -> None:
    with store.write() as connection:
        connection.exec_driver_sql(statement)


def rename(store: LedgerStore, names: list[tuple[str, str, str]]) -> None:
    with store.write() as connection:
        for table, old, new in names:
            words = f"{table} RENAME COLUMN {old} TO {new}" if table else f"{old} RENAME TO {new}"
            connection.exec_driver_sql(f"ALTER TABLE {words}")


@pytest.mark.parametrize("kind", KINDS)
def test_several_may_open_an_empty_database_at_once(empty_url, kind):
    url = empty_url(kind)
    failed = []

    def opening() -> None:
        try:
            open_ledger(url).close()
        except Exception as error:  # noqa: BLE001  (whatever it is, the test shows it)
            failed.append(error)

    # Alembic keeps its context in one place per process, so the others are processes.
    code = f"from referrals.ledger.ledger import open_ledger; open_ledger({url!r})"
    others = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    opening()
    assert [other.wait(60) for other in others] == [0, 0]
    assert failed == []


def test_threads_may_open_an_empty_database_at_once(empty_url):
    url = empty_url("sqlite")
    failed = []

    def opening() -> None:
        try:
            open_ledger(url).close()
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=opening) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_newer_database_is_left_alone(ledger, url):
    with ledger.store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreDamagedError, match="9999"):
        open_ledger(url)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE alembic_version SET version_num = '0002'",  # the tables of later versions are there already
        "DROP TABLE alembic_version",
        "UPDATE alembic_version SET version_num = '0002x'",
    ],
)
def test_a_half_migrated_database_is_refused_in_words_and_left_as_it_was(empty_url, kind, broken):
    url = empty_url(kind)
    ledger = open_ledger(url)
    report(ledger, 3)
    with ledger.store.write() as connection:
        connection.execute(text(broken))
    ledger.close()
    with pytest.raises(StoreDamagedError, match="Nimic nu s-a schimbat") as refused:
        open_ledger(url)
    assert "CREATE TABLE" not in str(refused.value)
    store = open_store(url)
    with store.read() as connection:
        assert connection.execute(text("SELECT reported FROM places")).scalar_one() == 3
    store.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", ["DROP TABLE places", "ALTER TABLE places DROP COLUMN source"])
def test_a_database_that_lacks_a_part_says_so_at_the_first_question(empty_url, kind, broken):
    ledger = open_ledger(empty_url(kind))
    with ledger.store.write() as connection:
        if kind == "sqlite":
            row_copies.drop(connection)
        connection.execute(text(broken))
    with pytest.raises(StoreDamagedError, match=r"îi lipsește o parte .*places"):
        ledger.capacity_now()
    ledger.close()


def test_a_migration_that_fails_changes_nothing(empty_url, monkeypatch):
    url = empty_url("sqlite")
    store = open_store(url)

    def fail(connection, target) -> None:
        connection.execute(text("CREATE TABLE half (a INTEGER)"))
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as patched:
        patched.setattr(schema_migration, "_upgrade", fail)
        with pytest.raises(RuntimeError):
            schema_migration.ensure_current(store)
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one() == 0
    schema_migration.ensure_current(store)
    store.close()


def test_opening_a_current_ledger_leaves_alembic_and_pandas_out(sqlite_url):
    code = (
        "import sys; from referrals.ledger.ledger import open_ledger; "
        f"open_ledger({sqlite_url!r}).event_counter(); "
        "print('alembic' in sys.modules, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.split() == ["False", "False"]
