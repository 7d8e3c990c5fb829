"""Damage to the database's file is found by doctor, whatever page it hits and however small it is."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from referrals.database import row_copies
from referrals.database.models import metadata
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import LedgerError
from tests.worlds.homes.ledger_world import refer, report

PAGE = 4096


@pytest.fixture(scope="module")
def lived(sqlite_template, tmp_path_factory) -> bytes:
    """The file of a ledger that was worked with, its journal folded in."""
    path = tmp_path_factory.mktemp("lived") / "harta.sqlite"
    shutil.copy(sqlite_template, path)
    with closing(open_ledger(f"sqlite:///{path}")) as ledger:
        for number in range(40):
            report(ledger, 9, f"social:mmps:{number}")
            refer(ledger, f"social:mmps:{number}", note="vine însoțită de asistenta socială")
    return path.read_bytes()


def written(path: Path, content: bytes) -> None:
    for left in ("-wal", "-shm"):
        Path(f"{path}{left}").unlink(missing_ok=True)
    path.write_bytes(content)


def faults(path: Path, content: bytes) -> list[str]:
    written(path, content)
    try:
        with closing(open_ledger(f"sqlite:///{path}")) as ledger:
            return ledger.verify_storage()
    except (LedgerError, UnicodeDecodeError) as error:  # doctor names either
        return [str(error)]


def rows(path: Path, content: bytes) -> object:
    """Everything that a plain reader gets, without asking the indexes."""
    written(path, content)
    with closing(sqlite3.connect(path)) as plain:
        plain.text_factory = bytes
        try:
            tables = [name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                name: plain.execute(f"SELECT * FROM {name.decode()} NOT INDEXED").fetchall()  # noqa: S608
                for name in tables
            }
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a message of SQLite may quote damaged text
            return str(error)


def test_a_whole_file_has_no_fault(lived, tmp_path):
    assert faults(tmp_path / "whole.sqlite", lived) == []


def test_each_of_twenty_pages_that_are_overwritten_is_found(lived, tmp_path):
    chance = random.Random(20)
    pages = chance.sample(range(len(lived) // PAGE), 20)
    unseen = []
    for number in pages:
        damaged = bytearray(lived)
        damaged[number * PAGE : (number + 1) * PAGE] = chance.randbytes(PAGE)
        if not faults(tmp_path / f"{number}.sqlite", bytes(damaged)):
            unseen.append(number)
    assert unseen == []


def test_each_of_twenty_bits_that_change_a_value_somewhere_is_found(lived, tmp_path):
    """SQLite's own examination alone sees no changed value: it has nothing to compare it with."""
    chance = random.Random(40)
    whole = rows(tmp_path / "plain.sqlite", lived)
    found, unseen = 0, []
    while found < 20:
        bit = chance.randrange(8 * len(lived))
        damaged = bytearray(lived)
        damaged[bit // 8] ^= 1 << bit % 8
        if rows(tmp_path / "plain.sqlite", bytes(damaged)) == whole:
            continue  # between the rows, where nothing is
        found += 1
        if not faults(tmp_path / f"bit{found}.sqlite", bytes(damaged)):
            unseen.append(bit)
    assert unseen == []


def test_a_ledger_that_lacks_the_second_copies_gets_them_when_it_is_opened(sqlite_url):
    with closing(open_ledger(sqlite_url)) as ledger, ledger.store.write() as connection:
        row_copies.drop(connection)
    with closing(open_ledger(sqlite_url)) as ledger, ledger.store.read() as connection:
        copies = text(
            "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name LIKE 'copy\\_of\\_%' ESCAPE '\\'"
        )
        assert connection.execute(copies).scalar_one() == len(metadata.tables)


@pytest.mark.postgres
def test_postgresql_examines_its_indexes_and_every_row_is_read(postgres_url):
    with closing(open_ledger(postgres_url)) as ledger:
        report(ledger, 2)
        refer(ledger)
        with ledger.store.write() as connection:
            connection.execute(text("CREATE EXTENSION amcheck"))
        assert ledger.verify_storage() == []
        with ledger.store.write() as connection:
            connection.execute(text("ALTER TABLE places DROP COLUMN source"))
        assert any("places" in fault for fault in ledger.verify_storage())
