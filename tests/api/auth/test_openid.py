from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from api.auth import openid_provider
from api.http import session
from referrals.accounts import accounts
from tests.worlds.clients.form_browser import Browser, form
from tests.worlds.homes.ledger_world import ADMIN
from tests.worlds.servers import own_loop

KEY = RSAKey.generate_key(2048, {"kid": "k", "use": "sig", "alg": "RS256"}, private=True)
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k", "use": "sig", "alg": "RS256"}, private=True)


class StandIn(ThreadingHTTPServer):
    """A provider of accounts on this machine. `lie` alters what it states."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.lie: dict = {}
        self.key = KEY
        self.nonce = ""
        self.asked: list[dict] = []
        self.refusal: dict = {}
        self.discovered = 0
        self.kid = "k"


class _Answers(BaseHTTPRequestHandler):
    server: StandIn

    def log_message(self, *_args):
        pass

    def _send(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        issuer = self.server.issuer
        if self.path.endswith("/openid-configuration"):
            self.server.discovered += 1
            self._send({"issuer": issuer, "authorization_endpoint": f"{issuer}/auth", "token_endpoint": f"{issuer}/token",
                        "jwks_uri": f"{issuer}/keys"})  # fmt: skip
        else:
            self._send({"keys": [{**KEY.as_dict(private=False), "kid": self.server.kid}]})

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(sent)
        claims = {"iss": self.server.issuer, "aud": "harta", "sub": "person-7", "nonce": self.server.nonce,
                  "exp": int(time.time()) + 300, "iat": int(time.time()), **self.server.lie}  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": self.server.kid}, claims, self.server.key)
        self._send(self.server.refusal or {"access_token": "a", "token_type": "Bearer", "id_token": token})


@pytest.fixture
def stand_in(monkeypatch):
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("HARTA_OIDC_ISSUER", server.issuer)
    monkeypatch.setenv("HARTA_OIDC_CLIENT_ID", "harta")
    monkeypatch.setenv("HARTA_OIDC_CLIENT_SECRET", "a secret")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


BIND = "/intra/openid/legare"


def go_and_come_back(web, stand_in, query="", browser=None, **altered):
    browser = browser or Browser(web)
    away = browser._ask("GET", f"/intra/openid{query}")
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    stand_in.nonce = asked["nonce"][0]
    said = {"state": asked["state"][0], "code": "c", **altered}
    return browser, asked, browser.get(f"/intra/openid/raspuns?state={said['state']}&code={said['code']}")


def invitation(live, login="echipa"):
    return accounts.invite(live.ledger, login, role="team", county="BC", uat_siruta=24089, actor=ADMIN)


def invited(live, stand_in, web):
    """Answer an invitation with the identity: go there, come back, say yes to the question."""
    browser, _asked, question = go_and_come_back(web, stand_in, f"?cod={invitation(live)}")
    return browser, browser.submit(question, BIND)


def may_enter(web, stand_in, live) -> bool:
    browser, _asked, _page = go_and_come_back(web, stand_in)
    return session.actor_of(dict(browser.cookies), live.home) is not None


def test_without_a_provider_there_is_no_such_way_in(web, live, monkeypatch):
    monkeypatch.delenv("HARTA_OIDC_ISSUER", raising=False)
    assert "openid" not in Browser(web).get("/intra").text
    assert Browser(web).get("/intra/openid").status_code == 409


def test_an_invited_identity_signs_in_and_opens_the_same_session(web, live, stand_in):
    assert "/intra/openid" in Browser(web).get("/intra").text
    invited(live, stand_in, web)
    browser, asked, page = go_and_come_back(web, stand_in)
    assert page.url.path == "/"
    actor = session.actor_of(dict(browser.cookies), live.home)
    assert (actor.role, actor.uat_siruta) == ("team", 24089)
    assert not browser.cookies.get("harta_openid_legare")
    assert asked["scope"] == ["openid"]
    assert asked["code_challenge_method"] == ["S256"]
    assert stand_in.asked[-1]["code_verifier"]


def test_somebody_without_an_invitation_stays_outside(web, live, stand_in):
    browser, _asked, page = go_and_come_back(web, stand_in)
    assert "invita" in page.text
    assert session.actor_of(dict(browser.cookies), live.home) is None


@pytest.mark.parametrize(
    "lie",
    [{"aud": "another"}, {"iss": "http://evil.example"}, {"nonce": "old"}, {"exp": 1}, {"sub": "person-8"}],
    ids=lambda lie: next(iter(lie)),
)
def test_a_statement_that_does_not_hold_opens_nothing(web, live, stand_in, lie):
    invited(live, stand_in, web)
    stand_in.lie = lie
    browser, _asked, _page = go_and_come_back(web, stand_in)
    assert session.actor_of(dict(browser.cookies), live.home) is None


def test_a_statement_signed_by_another_opens_nothing(web, live, stand_in):
    invited(live, stand_in, web)
    stand_in.key = OTHER_KEY
    browser, _asked, _page = go_and_come_back(web, stand_in)
    assert session.actor_of(dict(browser.cookies), live.home) is None


def test_an_answer_for_another_browser_opens_nothing(web, live, stand_in):
    invited(live, stand_in, web)
    browser, _asked, page = go_and_come_back(web, stand_in, state="made-up")
    assert session.actor_of(dict(browser.cookies), live.home) is None
    assert page.status_code == 409
    stranger = Browser(web)
    assert stranger.get("/intra/openid/raspuns?state=x&code=y").status_code == 409


# --- binding ----------------------------------------------------------------------------------------


def test_an_invitation_binds_after_a_question_by_its_form_and_never_by_an_address(web, live, stand_in):
    browser, _asked, question = go_and_come_back(web, stand_in, f"?cod={invitation(live)}")
    assert question.url.path == BIND
    assert not question.url.query
    assert "echipa" in question.text
    assert "Parincea" in question.text
    assert "person-7" not in question.text
    assert session.actor_of(dict(browser.cookies), live.home) is None
    assert not may_enter(web, stand_in, live)
    bare = browser.post(BIND, [])  # what a page of somebody else could send
    assert bare.status_code == 403
    assert not may_enter(web, stand_in, live)
    assert browser.submit(question, BIND).url.path == "/"
    assert session.actor_of(dict(browser.cookies), live.home).role == "team"
    assert may_enter(web, stand_in, live)


def test_without_having_come_back_there_is_nothing_to_bind(web, live, stand_in):
    browser = Browser(web)
    assert browser.get(BIND).status_code == 409
    page = browser.get("/intra")
    token = form(page, "/intra").fields[0]
    assert browser.post(BIND, [token]).status_code == 409


def test_an_identity_that_opens_an_account_is_told_so_and_opens_no_second(web, live, stand_in):
    invited(live, stand_in, web)
    _browser, _asked, page = go_and_come_back(web, stand_in, f"?cod={invitation(live, 'alta')}")
    assert "deschide deja un cont" in page.text
    assert may_enter(web, stand_in, live)


def test_two_invitations_answered_at_once_by_one_identity_bind_one(web, live, stand_in):
    pairs = [go_and_come_back(web, stand_in, f"?cod={invitation(live, login)}") for login in ("unu", "doi")]
    pages = [browser.submit(question, BIND) for browser, _asked, question in pairs]
    assert pages[0].url.path == "/"
    assert "deschide deja un cont" in pages[1].text
    assert may_enter(web, stand_in, live)


def test_a_reset_neither_offers_nor_binds_an_identity(web, live, stand_in):
    accounts.set_password(live.ledger, invitation(live), "patru cuvinte la rand")
    code = accounts.offer_reset(live.ledger, "echipa", actor=ADMIN)
    assert "/intra/openid" not in Browser(web).get(f"/invitatie?cod={code}").text
    _browser, _asked, page = go_and_come_back(web, stand_in, f"?cod={code}")
    assert "numai o parolă" in page.text
    assert not may_enter(web, stand_in, live)
    accounts.set_password(live.ledger, code, "alte patru cuvinte la rand")  # the reset was not spent


def test_an_invitation_offers_the_provider(web, live, stand_in):
    assert "/intra/openid?cod=" in Browser(web).get(f"/invitatie?cod={invitation(live)}").text


# --- the provider: slow, silent, wrong --------------------------------------------------------------


def test_what_the_provider_says_of_itself_is_asked_once_for_many(web, live, stand_in):
    for _ in range(3):
        assert Browser(web)._ask("GET", "/intra/openid").status_code == 303
    assert stand_in.discovered == 1


def test_a_key_that_the_provider_made_since_is_found(web, live, stand_in, monkeypatch):
    invited(live, stand_in, web)
    stand_in.kid = "new"
    assert not may_enter(web, stand_in, live), "asked a moment ago: nobody makes it ask at every try"
    monkeypatch.setattr(openid_provider, "_KEYS_AT_LEAST_SECONDS", 0)
    assert may_enter(web, stand_in, live)


def test_a_refusal_of_the_provider_is_said_in_words(web, live, stand_in):
    stand_in.refusal = {"error": "invalid_grant"}
    _browser, _asked, page = go_and_come_back(web, stand_in)
    assert "nu a confirmat" in page.text
    assert page.status_code == 409


def test_a_provider_that_does_not_answer_is_said_in_words(web, live, monkeypatch):
    monkeypatch.setenv("HARTA_OIDC_ISSUER", "http://127.0.0.1:9")
    monkeypatch.setenv("HARTA_OIDC_CLIENT_ID", "harta")
    assert "nu răspunde" in Browser(web).get("/intra/openid").text


@contextmanager
def slow_provider(monkeypatch, serve):
    """A provider that takes connections; serve(connection, stop) does with each what it likes, in a thread."""
    stop, door, helpers = threading.Event(), socket.create_server(("127.0.0.1", 0), backlog=200), []

    def serve_one(connection):
        with connection, suppress(OSError):
            serve(connection, stop)

    def accept():
        with suppress(OSError):
            while True:
                helpers.append(threading.Thread(target=serve_one, args=(door.accept()[0],)))
                helpers[-1].start()

    helpers.append(threading.Thread(target=accept))
    helpers[0].start()
    monkeypatch.setenv("HARTA_OIDC_ISSUER", f"http://127.0.0.1:{door.getsockname()[1]}")
    monkeypatch.setenv("HARTA_OIDC_CLIENT_ID", "harta")
    yield
    stop.set()
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    for helper in helpers:
        helper.join()


def _drip(connection, stop):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not stop.wait(0.05):
        connection.sendall(b" ")


def _silence(_connection, stop):
    stop.wait(20)


@pytest.mark.parametrize("serve", [_drip, _silence])
def test_a_provider_that_is_slow_has_a_deadline_whatever_it_sends(web, live, monkeypatch, serve):
    monkeypatch.setattr(openid_provider, "WHOLE_SECONDS", 0.3)
    with slow_provider(monkeypatch, serve), ThreadPoolExecutor(1) as other:
        page = other.submit(Browser(web).get, "/intra/openid").result(timeout=15)
    assert "nu răspunde" in page.text


def test_a_slow_provider_keeps_nobody_else_waiting(web, live, monkeypatch):
    monkeypatch.setattr(openid_provider, "WHOLE_SECONDS", 5)
    asked = threading.Semaphore(0)

    async def all_at_once():
        transport = httpx.ASGITransport(app=web, client=("127.0.0.1", 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            waiting = [asyncio.create_task(client.get("/intra/openid")) for _ in range(60)]
            await asyncio.to_thread(asked.acquire, timeout=10)
            page = await asyncio.wait_for(client.get("/intra"), 4)
            assert not any(task.done() for task in waiting), "they wait for the provider"
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return page

    with slow_provider(monkeypatch, lambda _connection, stop: (asked.release(), stop.wait(20))):
        assert own_loop.run(all_at_once()).status_code == 200
    assert not asked.acquire(blocking=False), "it was asked once"
