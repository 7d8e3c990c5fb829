from __future__ import annotations

import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.server import middleware
from referrals.database.store import LedgerStore
from referrals.records.ledger_errors import StoreLostError
from tests.api.test_who_may import account, sign_in
from tests.worlds.clients.form_browser import Browser
from tests.worlds.servers import own_loop

ROMANIAN, ENGLISH = "Legătura cu baza de date s-a întrerupt.", "The connection to the database broke."


def _lost(_store):
    from core.i18n import _

    raise StoreLostError(
        _(
            "Legătura cu baza de date s-a întrerupt. Încercați din nou: "
            "dacă cererea fusese deja primită, nu se face a doua oară."
        )
    )


@pytest.fixture
def without_database(monkeypatch):
    def go():
        monkeypatch.setattr(LedgerStore, "read", _lost)
        monkeypatch.setattr(LedgerStore, "write", _lost)

    return go


@pytest.mark.parametrize("address", ["/simplu", "/simplu/referiri", "/", "/referiri", "/intra", "/l/abc"])
def test_without_the_database_whoever_is_signed_in_reads_a_sentence_on_every_page(
    web, live, without_database, caplog, address
):
    account(live)
    browser, _page = sign_in(web)
    browser.headers["accept"] = "text/html"
    without_database()
    for language, words in (("ro", ROMANIAN), ("en", "database")):
        if address.startswith("/l/") and language == "en":
            continue  # a provider's page is in Romanian
        answer = browser.get(f"{address}?lang={language}")
        if address == "/intra" and answer.status_code == 200:
            continue  # nothing of the ledger stands on it
        assert answer.status_code == 503
        assert words in answer.text
        assert f'<html lang="{language}">' in answer.text
    assert not [record for record in caplog.records if record.exc_info]


def test_a_form_that_was_sent_without_the_database_is_answered_too(web, live, without_database):
    account(live)
    browser, _page = sign_in(web)
    without_database()
    answer = browser.post("/simplu/referire/noua", {"serviciu": "social:mmps:1"})
    assert answer.status_code == 503
    assert ROMANIAN in answer.text
    assert answer.headers["retry-after"] == "10"


def test_a_program_is_answered_in_its_own_form(web, live, without_database):
    account(live)
    browser, _page = sign_in(web)
    without_database()
    answer = browser.get("/media/x", headers={"accept": "*/*"})
    assert answer.status_code == 503
    assert ROMANIAN in answer.json()["error"]


def app_that(raises):
    async def route(_request):
        raise raises

    async def fine(_request):
        return PlainTextResponse("x")

    routes = [Route("/simplu", route), Route("/fine", fine)]
    return Starlette(routes=routes, middleware=middleware.stack(frozenset()))


def test_a_fault_of_ours_is_a_number_on_the_page_and_one_entry_in_the_log(demo, caplog):
    answer = Browser(app_that(ZeroDivisionError("x"))).get("/simplu", headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    (entry,) = [record for record in caplog.records if record.exc_info]
    assert entry.getMessage().rsplit(", ", maxsplit=1)[1] in answer.text
    assert answer.headers["content-security-policy"]


def test_a_sender_who_goes_away_leaves_nothing_in_the_log(demo, caplog):
    app = app_that(ClientDisconnect())
    scope = {"type": "http", "method": "POST", "path": "/simplu", "query_string": b"", "headers": [], "scheme": "http",
             "server": ("x", 80), "client": ("x", 1), "root_path": "", "http_version": "1.1"}  # fmt: skip

    async def nothing(*_message):
        return {"type": "http.disconnect"}

    own_loop.run(app({**scope, "method": "GET"}, nothing, nothing))
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_form_that_breaks_off_in_the_middle_leaves_nothing_in_the_log(web, demo, caplog):
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"1000"), (b"host", b"x")]
    scope = {"type": "http", "method": "POST", "path": "/intra", "raw_path": b"/intra", "query_string": b"",
             "headers": headers, "scheme": "http", "server": ("x", 80), "client": ("127.0.0.1", 1), "root_path": "",
             "http_version": "1.1"}  # fmt: skip
    messages = [{"type": "http.request", "body": b"cont=", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def send(_message):
        pass

    own_loop.run(web(scope, receive, send))
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
