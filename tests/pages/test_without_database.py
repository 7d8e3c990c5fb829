from __future__ import annotations

import pytest

from core.i18n import _
from referrals.database.store import LedgerStore
from referrals.records.ledger_errors import StoreLostError
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world


@pytest.mark.parametrize("page", ["find.py", "referrals.py"])
def test_a_screen_that_is_open_when_the_database_goes_away_says_so(world, in_home, monkeypatch, caplog, page):
    app = in_home(world.path, loc="24098", nevoie=small_world.CHILD_DAY_CENTRE)
    if page != "find.py":
        app.switch_page(page)

    def lost(_store):
        raise StoreLostError(_("Legătura cu baza de date s-a întrerupt."))

    monkeypatch.setattr(LedgerStore, "read", lost)
    monkeypatch.setattr(LedgerStore, "version", lambda _store: None)  # nor can anybody tell whether there was a commit
    app.run()
    assert not app.exception
    assert "Legătura cu baza de date s-a întrerupt." in words(app)
    assert "A apărut o eroare" not in words(app)
    assert not [record for record in caplog.records if record.exc_info]
