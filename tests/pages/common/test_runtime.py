"""Streamlit as it is installed, behind the layer that keeps screens apart, in a server that notes whom it calls."""

from __future__ import annotations

import contextlib
import time

import httpx
import pytest
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.http import session
from api.screens import Screens
from pages.common import runtime
from pages.common.runtime import ScreenRuntime
from referrals.accounts import account_sessions, accounts
from referrals.ledger.ledger import open_ledger
from tests.browser.serving import ROOT, served
from tests.worlds.clients.screen_socket import prepared, screen
from tests.worlds.homes import small_world
from tests.worlds.homes.ledger_world import ADMIN, refer, report, terms

pytestmark = pytest.mark.slow  # a server of its own, whichever test is the first
PASSWORD = "patru cuvinte la rand"  # noqa: S105 - of invented accounts
WATCHED = """
import runpy, sys
note = open({noted!r}, "a", buffering=1)
def watch(event, given):
    if event == "socket.connect":
        to = given[1]
    elif event == "socket.getaddrinfo":
        to = given[:2]
    else:
        return
    host = to[0] if isinstance(to, tuple) else to
    if str(host or "127.0.0.1") not in ("127.0.0.1", "::1", "localhost"):
        note.write(f"{{event}} {{to}}\\n")
sys.addaudithook(watch)
sys.argv = ["harta", "serve", *sys.argv[1:]]
runpy.run_path({cli!r}, run_name="__main__")
"""


class Served:
    def __init__(self, base, folder, cookies, client):
        self.base, self.folder, self.cookies, self.client = base, folder, cookies, client

    @property
    def called(self):
        return (self.folder / "called.txt").read_text(encoding="utf-8")

    @property
    def log(self):
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def ask(self, method, address, who="", **said):
        headers = {"Cookie": self.cookies[who], **said.pop("headers", {})} if who else said.pop("headers", {})
        self.client.cookies.clear()  # one client for all: making one reads the certificates of the world
        return self.client.request(method, address, headers=headers, **said)


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    home = small_world.make_world(folder / "home", mode="live")
    ledger = open_ledger(home)
    cookies = {}
    for login, role, uat in (("echipa", "team", 24089), ("alta", "team", 22889), ("admin", "admin", None)):
        county = "BC" if role == "team" else ""
        code = accounts.invite(ledger, login, role=role, county=county, uat_siruta=uat, actor=ADMIN)
        accounts.set_password(ledger, code, PASSWORD)
        sealed = session.account_cookie(home, account_sessions.sign_in(ledger, login, PASSWORD))
        cookies[login] = f"{session.COOKIE}={sealed}"
    report(ledger, 3, "social:mmps:1")
    team = small_world.Actor("team", "x", "BC", 24089)
    refer(ledger, terms("social:mmps:1"), uat_siruta=24089, actor=team)
    ledger.close()
    (folder / "watched.py").write_text(
        WATCHED.format(noted=str(folder / "called.txt"), cli=str(ROOT / "cli.py")), encoding="utf-8"
    )
    with (
        served(home.path, folder, (str(folder / "watched.py"),)) as base,
        httpx.Client(base_url=base, trust_env=False, timeout=20) as client,
    ):
        yield Served(base, folder, cookies, client)


# --- whom the server calls -----------------------------------------------------------------------------


def test_a_foreign_page_opens_no_socket_and_the_server_calls_nobody_for_it(live):
    port = live.base.rsplit(":", maxsplit=1)[1]
    for origin in (
        "http://evil.example",
        "http://localhost:9999",
        f"http://localhost:{port}",
        f"http://10.0.0.1:{port}",
        "null",
    ):
        began = time.monotonic()
        with pytest.raises(InvalidStatus), screen(live.base, live.cookies["echipa"], origin=origin):
            pass
        assert time.monotonic() - began < 1.0, origin
    assert live.called == ""


def test_drawing_pages_calls_nobody(live):
    with screen(live.base, live.cookies["echipa"]) as mine:
        for page in ("", "referiri"):
            assert "script_finished: FINISHED_SUCCESSFULLY" in mine.draw(page)
    for address in ("/", "/simplu", "/_stcore/health", "/_stcore/host-config", "/health"):
        assert live.ask("GET", address, "echipa").status_code == 200
    assert live.called == ""


# --- what a screen made ----------------------------------------------------------------------------------


def test_a_download_opens_for_the_session_it_was_made_for_and_in_no_cache(live):
    with screen(live.base, live.cookies["echipa"]) as mine:
        number = prepared(mine.draw("referiri"))[0]
        address = mine.prepare(number)
        own = live.ask("GET", address, "echipa")
        assert own.status_code == 200
        assert own.content
        assert own.headers["cache-control"] == "no-store"
        assert live.ask("GET", address, "alta").status_code == 404
        assert live.ask("GET", address, "admin").status_code == 404
        assert live.ask("GET", address).status_code == 401
        mine.draw("referiri")  # drawn again, the file is still there for a moment
        assert live.ask("GET", address, "echipa").status_code == 200


def test_a_download_that_somebody_elses_screen_offers_is_not_made(live):
    with screen(live.base, live.cookies["echipa"]) as mine, screen(live.base, live.cookies["alta"]) as other:
        number = prepared(mine.draw("referiri"))[0]
        other.draw("referiri")
        with pytest.raises(TimeoutError):
            other.prepare(number, seconds=1.5)
        assert mine.prepare(number)


def test_after_signing_out_a_download_that_is_still_on_screen_is_not_made_and_a_made_one_is_gone(live):
    ledger = open_ledger(session.open_home(live.folder / "home"))
    token = account_sessions.sign_in(ledger, "echipa", PASSWORD)
    live.cookies["going"] = f"{session.COOKIE}={session.account_cookie(session.open_home(live.folder / 'home'), token)}"
    with screen(live.base, live.cookies["going"]) as mine:
        number = prepared(mine.draw("referiri"))[0]
        address = mine.prepare(number)
        assert live.ask("GET", address, "going").status_code == 200
        account_sessions.sign_out(ledger, token)
        with pytest.raises(TimeoutError):
            mine.prepare(number, seconds=1.5)
        assert live.ask("GET", address, "going").status_code == 401
    ledger.close()


def test_a_screen_is_taken_up_again_by_its_own_session_alone(live):
    with screen(live.base, live.cookies["echipa"]) as mine:
        mine.draw()
        left = mine.screen
    with screen(live.base, live.cookies["alta"], resume=left) as other:
        other.draw()
        assert other.screen != left
    with screen(live.base, live.cookies["echipa"], resume=left) as again:
        again.draw()
        assert again.screen == left


# --- what is sent to a screen ----------------------------------------------------------------------------


def upload(live, who, screen_id, size, name="x.csv"):
    seal = live.ask("GET", "/_stcore/health", who).cookies.get("_streamlit_xsrf", "")
    return live.ask(
        "PUT", f"/_stcore/upload_file/{screen_id}/{name}-{size}", "",
        headers={"Cookie": f"{live.cookies[who]}; _streamlit_xsrf={seal}", "X-Xsrftoken": seal},
        files={"file": (name, b"a" * size, "text/csv")},
    )  # fmt: skip


def test_a_file_is_taken_from_who_publishes_on_the_screen_that_asks_for_it(live):
    with screen(live.base, live.cookies["admin"]) as mine:
        mine.draw("registre")
        assert upload(live, "admin", mine.screen, 1000).status_code == 204
        mine.draw("acoperire")
        assert upload(live, "admin", mine.screen, 1001).status_code == 403  # no field there


def test_a_team_fills_nobodys_memory_by_its_own_screen_or_anothers(live):
    with screen(live.base, live.cookies["echipa"]) as mine, screen(live.base, live.cookies["admin"]) as other:
        mine.draw()
        other.draw("registre")
        for target in (mine.screen, other.screen, "0" * 36):
            assert upload(live, "echipa", target, 1000).status_code == 403


def message(kind, payload=""):
    """A message of this kind with nothing in it; payload: the kind of what it asks of the server."""
    made = BackMsg()
    if BackMsg.DESCRIPTOR.fields_by_name[kind].message_type is None:
        setattr(made, kind, True)
    else:
        getattr(made, kind).SetInParent()
    if payload:
        getattr(getattr(made, kind), payload).SetInParent()
    return made.SerializeToString()


def test_the_cache_of_everybody_is_emptied_by_no_message_and_only_what_screens_send_is_let_through():
    server = ScreenRuntime(Screens())
    for kind in BackMsg.DESCRIPTOR.fields_by_name:
        is_sent = kind in {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
        assert server.is_let_through(message(kind)) is is_sent, kind
    asked = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    for payload in (each.name for each in asked.oneofs_by_name["payload"].fields):
        said = message("backend_operation_request", payload)
        assert server.is_let_through(said) is (payload == "deferred_file"), payload
    assert not server.is_let_through(b"\xff\xff")
    assert not server.is_let_through(b"")


def test_what_streamlit_says_about_itself_is_nobodys_business(live):
    for address in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"):
        assert live.ask("GET", address, "admin").status_code == 404


def test_a_message_that_is_none_and_a_text_end_nothing_but_leave_no_stack_in_the_log(live):
    with screen(live.base, live.cookies["echipa"]) as mine:
        mine.socket.send(b"\xff\xff\xff")
        assert "script_finished" in mine.draw()
        mine.socket.send("text")
        with contextlib.suppress(ConnectionClosed):
            mine.draw()
    assert "Traceback" not in live.log
    assert "127.0.0.1" not in live.log.replace(live.base.removeprefix("http://"), "")


def test_options_are_read_once_and_say_what_they_said(monkeypatch):
    asked = []
    monkeypatch.setattr(config, "get_option", lambda key: asked.append(key) or f"value of {key}")
    runtime.read_options_once()
    assert [config.get_option("browser.gatherUsageStats") for _ in range(3)] == [
        "value of browser.gatherUsageStats"
    ] * 3
    assert asked == ["browser.gatherUsageStats"]
    assert config.get_option("runner.postScriptGC") == "value of runner.postScriptGC"
