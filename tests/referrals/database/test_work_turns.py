"""What has to be done once is one process's turn; another has it as soon as that one is gone."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import create_engine, text

from core.storage.home import make_home
from referrals.database.work_turns import FileTurn, LedgerTurn, ledger_turn, machine_turn
from referrals.ledger.ledger import open_ledger


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request, tmp_path, monkeypatch, empty_url):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    if request.param == "postgresql":
        monkeypatch.setenv("HARTA_DATABASE_URL", empty_url("postgresql"))
    made = make_home("live", tmp_path / "home")
    open_ledger(made, may_begin=True).close()
    return made


def test_one_has_the_turn_until_it_gives_it_back(home):
    one, other = ledger_turn(home), ledger_turn(home)
    try:
        assert (one.hold(), other.hold(), one.hold()) == (True, False, True)
        one.release()
        assert other.hold()
        assert not one.hold()
    finally:
        one.release()
        other.release()


def test_the_turn_of_a_machine_is_another_than_the_ledgers(home):
    ledger, machine = ledger_turn(home), machine_turn(home)
    try:
        assert ledger.hold()
        assert machine.hold()
        assert isinstance(machine, FileTurn)
    finally:
        ledger.release()
        machine.release()


@pytest.mark.postgres
def test_a_connection_that_is_cut_loses_the_turn_to_the_next(tmp_path, monkeypatch, empty_url):
    url = empty_url("postgresql")
    monkeypatch.setenv("HARTA_DATABASE_URL", url)
    home = make_home("live", tmp_path / "home")
    open_ledger(home, may_begin=True).close()
    one, other = LedgerTurn(home), LedgerTurn(home)
    try:
        assert one.hold()
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            )
        engine.dispose()
        end = time.monotonic() + 10
        while not other.hold():  # a backend that is told to end takes a moment
            assert time.monotonic() < end
            time.sleep(0.02)
        assert not one.hold()  # it has noticed
        assert not one.hold()  # and does not take it from the other
    finally:
        one.release()
        other.release()
