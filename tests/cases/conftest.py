"""The ledgers of `tests.referrals` for the case record, which stands in the same database."""

from __future__ import annotations

import pytest

from referrals.ledger.ledger import open_ledger
from tests.referrals.conftest import (
    clock,
    ledger,
    postgres_server,
    postgres_template,
    postgres_url,
    spare_databases,
    sqlite_template,
    sqlite_url,
    url,
)


@pytest.fixture
def sqlite_ledger(sqlite_url, clock):
    opened = open_ledger(sqlite_url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def postgres_ledger(postgres_url, clock):
    opened = open_ledger(postgres_url, clock=clock)
    yield opened
    opened.close()


__all__ = [
    "clock",
    "ledger",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "spare_databases",
    "sqlite_template",
    "sqlite_url",
    "url",
]
