"""Ledgers to test on: a fresh one of SQLite, and one of PostgreSQL where there is a server."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench import postgres
from referrals.ledger.ledger import Ledger, open_ledger
from tests.covering import EXHAUSTIVE
from tests.worlds.homes.ledger_world import Clock
from tests.worlds.homes.spare_databases import SpareDatabases, run_as_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_numbers = count()
# On PostgreSQL every day: the database itself, transactions, backups; beside this folder's own tests of contention, free
# places and the model of a ledger, in which each step of a referral is taken. In the long run all that keeps something.
DAILY_ON_POSTGRES = ("database", "backups")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the second database of a test that runs on both to the long run, but for what is about databases."""
    here = Path(__file__).parent
    for item in items:
        inside = item.path.relative_to(here).parts if item.path.is_relative_to(here) else ()
        is_repeated = item.get_closest_marker("postgres") and "url" in getattr(item, "fixturenames", ())
        if len(inside) > 1 and inside[0] not in DAILY_ON_POSTGRES and is_repeated:
            item.add_marker(EXHAUSTIVE)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    if not postgres.is_available():
        pytest.skip("no PostgreSQL here; install Debian's package or set HARTA_TEST_POSTGRES")
    with postgres.server(durable=False) as address:
        yield address


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A database migrated once; the tests' own are copies of it."""
    name = f"harta_template_{next(_numbers)}"
    run_as_owner(postgres_server, f"CREATE DATABASE {name}")
    open_ledger(postgres_server + name).close()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("template") / "harta.sqlite"
    open_ledger(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(tmp_path, sqlite_template) -> str:
    path = tmp_path / "harta.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def spare_databases(postgres_server: str, postgres_template: str) -> SpareDatabases:
    return SpareDatabases(postgres_server, postgres_template)


@pytest.fixture
def postgres_url(spare_databases: SpareDatabases) -> Iterator[str]:
    name = spare_databases.lend()
    yield spare_databases.server + name
    spare_databases.take_back(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database: each test runs on both kinds."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path) -> Callable[[str], str]:
    """Make the address of a database without any table, of the kind asked for."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'empty.sqlite'}"
        server = request.getfixturevalue("postgres_server")
        name = f"harta_empty_{next(_numbers)}"
        run_as_owner(server, f"CREATE DATABASE {name}")
        request.addfinalizer(lambda: run_as_owner(server, f"DROP DATABASE {name} WITH (FORCE)"))
        return server + name

    return make


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(url: str, clock: Clock) -> Iterator[Ledger]:
    opened = open_ledger(url, clock=clock)
    yield opened
    opened.close()
