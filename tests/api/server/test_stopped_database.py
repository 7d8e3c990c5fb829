"""A PostgreSQL that goes away under a running application."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from api.http.dependencies import directory_for
from bench import postgres
from referrals.ledger.ledger import open_ledger
from tests.api.test_who_may import account, sign_in
from tests.worlds.clients.form_browser import Browser
from tests.worlds.homes import small_world

pytestmark = pytest.mark.postgres


def test_whoever_is_signed_in_reads_a_sentence_and_a_watcher_that_it_is_not_ready(web, tmp_path, monkeypatch, caplog):
    if not postgres.is_available():
        pytest.skip("no PostgreSQL here; install Debian's package or set HARTA_TEST_POSTGRES")
    monkeypatch.delenv("HARTA_TEST_POSTGRES", raising=False)  # this one is stopped
    with postgres.server(durable=False) as address:
        engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:") + "postgres")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CREATE DATABASE harta"))
        engine.dispose()
        monkeypatch.setenv("HARTA_DATABASE_URL", f"{address}harta")
        home = small_world.make_world(tmp_path / "home", mode="live")
        monkeypatch.setenv("HARTA_HOME", str(home.path))
        open_ledger(home, may_begin=True).close()  # the kept world had its own in a file
        directory = directory_for(home)
        account(directory)
        browser, page = sign_in(web)
        assert page.status_code == 200
        assert Browser(web).get("/health").json()["ready"]
    browser.headers["accept"] = "text/html"
    for address in ("/simplu", "/", "/simplu/referiri"):
        answer = browser.get(address)
        assert answer.status_code == 503, address
        assert "Legătura cu baza de date s-a întrerupt." in answer.text
    assert not [record for record in caplog.records if record.exc_info]
    assert Browser(web).get("/health/live").status_code == 200
    directory.ledger.close()
