"""What a running server says when its database, or the register in force, is taken away under it."""

from __future__ import annotations

import pytest

from tests.api.test_who_may import account, sign_in
from tests.worlds.clients.form_browser import Browser


@pytest.mark.parametrize("is_emptied", [False, True])
def test_a_database_that_is_taken_away_is_said_on_every_page_and_never_made_again(web, live, is_emptied):
    account(live)
    browser, page = sign_in(web)
    assert page.status_code == 200
    database = live.home.path / "harta.sqlite"
    for side in ("-wal", "-shm"):
        database.with_name(database.name + side).unlink(missing_ok=True)
    database.write_bytes(b"") if is_emptied else database.unlink()
    browser.headers["accept"] = "text/html"
    for address in ("/simplu", "/simplu/referiri", "/"):
        answer = browser.get(address)
        assert answer.status_code == 503, address
        assert "Baza de date a dosarului lipsește" in answer.text
    assert Browser(web).get("/health").json()["reason"] == "ledger"
    assert (database.stat().st_size if is_emptied else database.exists()) == 0


def test_a_register_that_is_taken_away_is_said_and_not_taken_for_an_empty_one(web, as_role, demo):
    browser = as_role()
    asked = "/simplu/judet/BC.html"
    assert browser.get(asked).status_code == 200
    (demo.home.editions / "social" / "mmps" / "current").unlink()
    answer = browser.get(asked)
    assert answer.status_code == 409
    assert "social/mmps: ediția" in answer.text
