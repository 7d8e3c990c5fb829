from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import Browser
from joserfc import jwt
from joserfc.jwk import RSAKey

from api import session
from referrals import accounts
from referrals.commands import ADMIN

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
            self._send({"issuer": issuer, "authorization_endpoint": f"{issuer}/auth", "token_endpoint": f"{issuer}/token",
                        "jwks_uri": f"{issuer}/keys"})  # fmt: skip
        else:
            self._send({"keys": [KEY.as_dict(private=False)]})

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(sent)
        claims = {"iss": self.server.issuer, "aud": "harta", "sub": "person-7", "nonce": self.server.nonce,
                  "exp": int(time.time()) + 300, "iat": int(time.time()), **self.server.lie}  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "k"}, claims, self.server.key)
        self._send({"access_token": "a", "token_type": "Bearer", "id_token": token})


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


def go_and_come_back(web, stand_in, query="", browser=None, **altered):
    browser = browser or Browser(web)
    away = browser._ask("GET", f"/intra/openid{query}")
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    stand_in.nonce = asked["nonce"][0]
    said = {"state": asked["state"][0], "code": "c", **altered}
    return browser, asked, browser.get(f"/intra/openid/raspuns?state={said['state']}&code={said['code']}")


def invited(live, stand_in, web):
    code = accounts.invite(live.ledger, "echipa", role="team", county="BC", uat_siruta=24089, actor=ADMIN)
    return go_and_come_back(web, stand_in, f"?cod={code}")


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


def test_a_provider_that_does_not_answer_is_said_in_words(web, live, monkeypatch):
    monkeypatch.setenv("HARTA_OIDC_ISSUER", "http://127.0.0.1:9")
    monkeypatch.setenv("HARTA_OIDC_CLIENT_ID", "harta")
    assert "nu răspunde" in Browser(web).get("/intra/openid").text
