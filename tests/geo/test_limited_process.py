"""Work in a process of its own: its answer, or that it was lost."""

from __future__ import annotations

from geo.limited_process import run_limited

ROOM = {"memory_bytes": 500_000_000, "seconds": 20}


def run_statement(statement: str):
    """Run a statement in a limited process, through a `main` of the standard library that takes one and prints."""
    return run_limited("timeit", {"args": ["-n1", "-r1", statement]}, **ROOM)


def test_a_process_that_a_library_aborts_is_lost_and_nothing_else():
    assert run_statement("import os; os.abort()") == {"fault": "limit"}


def test_what_a_library_prints_does_not_break_the_answer():
    assert run_statement("print('hello')") is None  # timeit answers None, and prints how long it took


def test_a_process_knows_no_settings_of_ours(monkeypatch):
    monkeypatch.setenv("HARTA_DATABASE_URL", "postgresql://somebody:secret@localhost/harta")
    assert run_statement("import os; 'HARTA_DATABASE_URL' in os.environ and os.abort()") is None


def test_an_error_is_said_in_the_words_of_the_library():
    assert run_limited("timeit", {"nothing": 1}, **ROOM)["fault"] == "unreadable"
