"""The ledgers of `tests.referrals` for the case record, which stands in the same database."""

from __future__ import annotations

from dataclasses import replace

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
from tests.worlds.homes.case_world import COUNSELLOR, NURSE, WORKER


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


@pytest.fixture
def known_members(monkeypatch):
    """Let the three members of the small team have accounts: whoever has none is no manager of a case."""
    from cases.record import record_exchange

    members = {each.account: each.profession for each in (WORKER, NURSE, COUNSELLOR)}
    made = record_exchange.context_of

    def context_of(*given):
        return replace(made(*given), members=members)

    monkeypatch.setattr(record_exchange, "context_of", context_of)


__all__ = [
    "clock",
    "known_members",
    "ledger",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "spare_databases",
    "sqlite_template",
    "sqlite_url",
    "url",
]
