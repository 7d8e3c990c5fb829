"""The sign-in page under those who guess, those who come all at once, and proxies."""

from __future__ import annotations

import asyncio
import re
import threading
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette

from api.auth import sign_in
from api.auth.failed_sign_ins import FREE
from api.auth.waiting_queue import WaitingQueue
from api.http import session
from api.server import middleware
from referrals.accounts import account_sessions, accounts, passwords
from tests.api.test_who_may import PASSWORD, WRONG, account
from tests.worlds.clients.form_browser import Browser, form
from tests.worlds.homes.ledger_world import ADMIN
from tests.worlds.servers import own_loop

STRANGER, OWNER = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def house(live):
    account(live)
    return live


def enter(browser: Browser, password=PASSWORD, login="echipa") -> httpx.Response:
    return browser.submit(browser.get("/intra"), "/intra", cont=login, parola=password)


def is_in(browser: Browser) -> bool:
    return session.COOKIE in browser.cookies


def out(browser: Browser) -> Browser:
    """The same browser after its session: what it keeps of the device stays."""
    del browser.cookies[session.COOKIE]
    return browser


# --- guessing -----------------------------------------------------------------------------------------


def test_guessing_is_told_to_wait_and_the_account_is_not_closed(web, house):
    pages = [enter(Browser(web, client=STRANGER), WRONG) for _ in range(25)]
    assert [page.status_code for page in pages] == [403] * FREE + [429] * 20
    # A slow machine spends some of the thirty seconds before the last page.
    wait = int(pages[-1].headers["retry-after"])
    assert 0 < wait <= 30
    assert f"Încercați din nou peste {wait} " in pages[-1].text
    assert enter(Browser(web, client=STRANGER)).status_code == 429, "also with the right password"
    owner = Browser(web, client=OWNER)
    enter(owner)
    assert is_in(owner)


def test_however_the_name_is_written_it_is_the_same_account(web, house):
    for login in ("echipa", "ECHIPA", " Echipa ", "eChipa", "echipA"):
        assert enter(Browser(web), WRONG, login).status_code == 403
    assert enter(Browser(web), WRONG).status_code == 429


def test_the_owners_device_passes_whatever_a_neighbour_at_the_same_address_tries(web, house):
    owner = Browser(web, client=OWNER)
    enter(owner)
    for number in range(30):
        enter(Browser(web, client=OWNER), WRONG, "echipa" if number < 10 else f"cont{number}")
    assert enter(Browser(web, client=OWNER)).status_code == 429
    enter(out(owner))
    assert is_in(owner)
    elsewhere = Browser(web, client=STRANGER, cookies=out(owner).cookies)  # a telephone on another network
    enter(elsewhere)
    assert is_in(elsewhere)


def test_a_device_is_a_sealed_number_that_scripts_and_other_sites_do_not_get(web, house):
    browser = Browser(web)
    page = browser.get("/intra")
    fields = {**dict(form(page, "/intra").fields), "cont": "echipa", "parola": PASSWORD}
    answer = browser._ask("POST", "/intra", urlencode(fields))
    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(session.DEVICE_COOKIE)]
    assert {"HttpOnly", "Path=/intra", "SameSite=strict"} <= set(cookie.split("; "))
    assert "echipa" not in cookie
    sealed = browser.cookies[session.DEVICE_COOKIE]
    assert len(session.devices_of(house.home, {session.DEVICE_COOKIE: sealed})) == 1
    assert session.devices_of(house.home, {session.DEVICE_COOKIE: sealed[:-1] + "."}) == []
    assert session.devices_of(house.home, {session.DEVICE_COOKIE: "x"}) == []


def test_a_device_stands_for_each_account_that_signed_in_there_and_not_for_others(web, house):
    account(house, "vecina")
    browser = Browser(web)
    for login in ("echipa", "vecina", "echipa"):
        enter(browser, login=login)
        out(browser)
    for login in ("echipa", "vecina", "a treia"):
        while enter(Browser(web), WRONG, login).status_code != 429:
            pass
    assert [enter(browser, WRONG, login).status_code for login in ("echipa", "vecina", "a treia")] == [403, 403, 429]


@pytest.mark.parametrize("ended", ["reset", "sessions", "everything"])
def test_a_device_ends_with_what_was_lost(web, house, ended):
    browser = Browser(web)
    enter(browser)
    if ended == "reset":
        accounts.set_password(house.ledger, accounts.offer_reset(house.ledger, "echipa", actor=ADMIN), PASSWORD)
    elif ended == "sessions":
        (one,) = accounts.listed(house.ledger, actor=ADMIN)
        assert account_sessions.end_sessions(house.ledger, one.account_id, actor=ADMIN) == 1
    else:
        with house.ledger.store.write() as connection:
            account_sessions.end_everything(connection)
    assert session.actor_of(dict(browser.cookies), house.home) is None
    while enter(Browser(web), WRONG).status_code != 429:
        pass
    assert enter(out(browser)).status_code == 429


def test_many_colleagues_behind_one_address_sign_in_one_after_another(web, house):
    browsers = [Browser(web) for _ in range(25)]
    assert [enter(browser).status_code for browser in browsers] == [200] * 25
    assert all(is_in(browser) for browser in browsers)


# --- codes --------------------------------------------------------------------------------------------


def accept(web, code: str, password=PASSWORD) -> httpx.Response:
    browser = Browser(web)
    return browser.submit(browser.get(f"/invitatie?cod={code}"), "/invitatie", parola=password, parola2=password)


def test_who_is_signed_in_already_can_sign_out_where_the_application_leads(web, house):
    browser = Browser(web)
    enter(browser)
    page = browser.get("/intra")
    assert "Lucrați acum ca: " in page.text
    browser.submit(page, "/iesire")
    assert not is_in(browser)
    assert "Lucrați acum ca: " not in browser.get("/intra").text


def test_a_form_sent_after_the_session_ended_says_so_and_leads_back_to_its_page(web, house):
    browser = Browser(web)
    enter(browser)
    page = browser.get("/simplu/local/formular")
    with house.ledger.store.write() as connection:
        account_sessions.end_everything(connection)
    sent = form(page, "/simplu/local/nou")
    for came_from, led_to in ((str(page.url), "/simplu/local/formular"), ("https://evil.example/x", "/simplu")):
        asked = browser.post(sent.action, sent.fields, headers={"Referer": came_from})
        assert asked.url.path == "/intra"
        assert "nu s-a trimis nimic" in asked.text
        assert ("spre", led_to) in form(asked, "/intra").fields


def test_an_old_invitation_does_not_take_over_an_account_that_was_opened_by_a_reset(web, live):
    invitation = accounts.invite(live.ledger, "echipa", role="county", county="BC", actor=ADMIN)
    reset = accounts.offer_reset(live.ledger, "echipa", actor=ADMIN)
    assert accept(web, reset).status_code == 200
    thief = accept(web, invitation, "parola unui strain rau")
    assert thief.status_code == 400
    assert "nu mai este valabil" in thief.text
    owner = Browser(web)
    enter(owner)
    assert is_in(owner)


def test_wrong_codes_are_told_to_wait_and_cost_no_hash(web, house, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", lambda: pytest.fail("hashed"))
    pages = [accept(web, "made up") for _ in range(21)]
    assert [page.status_code for page in pages] == [400] * 20 + [429]
    assert "Încercați din nou peste" in pages[-1].text


# --- all at once ------------------------------------------------------------------------------------


class Rush:
    """Sign-ins of one moment in one event loop, and a hash that takes until it is told to end."""

    def __init__(self, web, monkeypatch):
        self.web, self.at_once, self.most = web, 0, 0
        self.begun, self.end, self.lock = threading.Semaphore(0), threading.Event(), threading.Lock()
        monkeypatch.setattr(account_sessions, "is_right", self._hash)

    def _hash(self, _hashed, password):
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        self.begun.release()
        self.end.wait(10)
        with self.lock:
            self.at_once -= 1
        return password == PASSWORD

    def client(self, browser: Browser | None = None, address="127.0.0.1") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.web, client=(address, 5000))
        cookies = browser.cookies if browser else None
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies=cookies)

    async def enter(self, browser: Browser | None = None, login="echipa", address="127.0.0.1") -> httpx.Response:
        async with self.client(browser, address) as client:
            fields = dict(form(await client.get("/intra"), "/intra").fields)
            return await client.post("/intra", data={**fields, "cont": login, "parola": PASSWORD})

    async def until_two_are_at_work(self):
        for _ in range(2):
            assert await asyncio.to_thread(self.begun.acquire, timeout=10)


def test_hashes_run_two_at_a_time_and_who_finds_no_room_is_told_so_at_once(web, house, monkeypatch):
    monkeypatch.setattr(sign_in, "_HASHES", WaitingQueue(2, waiting=4))
    rush = Rush(web, monkeypatch)

    async def story():
        tasks = [asyncio.create_task(rush.enter(login=f"cont{n}", address=f"10.0.0.{n}")) for n in range(12)]
        await rush.until_two_are_at_work()
        while sum(task.done() for task in tasks) < 6:
            await asyncio.wait(tasks, timeout=1, return_when=asyncio.FIRST_COMPLETED)
            if sum(task.done() for task in tasks) < 6:
                await asyncio.sleep(0.01)
        async with rush.client() as client:  # others are answered meanwhile
            page = await asyncio.wait_for(client.get("/intra"), 5)
        rush.end.set()
        return page, await asyncio.gather(*tasks)

    page, answers = own_loop.run(story())
    assert page.status_code == 200
    assert sorted(answer.status_code for answer in answers) == [403] * 6 + [503] * 6
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert "Prea multe persoane" in busy.text
    assert busy.headers["retry-after"]
    assert rush.most == 2


def test_an_owner_on_a_known_device_gets_in_while_strangers_fill_the_queue(web, house, monkeypatch):
    owner = Browser(web)
    enter(owner)
    out(owner)
    monkeypatch.setattr(sign_in, "_HASHES", WaitingQueue(2, waiting=0, reserved=2))
    rush = Rush(web, monkeypatch)

    async def story():
        strangers = [asyncio.create_task(rush.enter(login=f"cont{n}", address=f"10.0.0.{n}")) for n in range(2)]
        await rush.until_two_are_at_work()
        assert (await rush.enter(login="cont9", address="10.0.0.9")).status_code == 503
        entering = asyncio.create_task(rush.enter(owner))
        await asyncio.sleep(0.2)
        assert not entering.done(), "waits for a turn"
        rush.end.set()
        await asyncio.gather(*strangers)
        return await entering

    assert own_loop.run(story()).status_code == 303


def test_a_form_that_comes_byte_by_byte_keeps_nobody_from_the_queue(web, house, monkeypatch):
    monkeypatch.setattr(sign_in, "_HASHES", WaitingQueue(1, waiting=0))
    rush = Rush(web, monkeypatch)
    rush.end.set()

    async def story():
        reads, stop = asyncio.Event(), asyncio.Event()

        async def receive():
            reads.set()
            await stop.wait()
            return {"type": "http.disconnect"}

        async def send(_message):
            pass

        headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"100")]
        scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": "/intra", "raw_path": b"/intra",
                 "root_path": "", "scheme": "http", "query_string": b"", "headers": headers,
                 "client": ("10.0.0.1", 1), "server": ("127.0.0.1", 80)}  # fmt: skip
        slow = asyncio.create_task(web(scope, receive, send))
        await asyncio.wait_for(reads.wait(), 5)
        answer = await rush.enter()
        stop.set()
        await slow
        return answer

    assert own_loop.run(story()).status_code == 303


# --- behind proxies ---------------------------------------------------------------------------------


def behind(web, monkeypatch, trusted: str) -> Starlette:
    monkeypatch.setenv("HARTA_TRUSTED_PROXIES", trusted)
    return Starlette(routes=web.routes, middleware=middleware.stack(frozenset({"/"})))


def through(proxy: Starlette, client: str, **headers: str) -> Browser:
    return Browser(proxy, headers={"X-Forwarded-For": client, **headers})


def test_behind_a_trusted_proxy_each_address_is_counted_for_itself(web, house, monkeypatch):
    proxy = behind(web, monkeypatch, "127.0.0.1")
    while enter(through(proxy, STRANGER), WRONG).status_code != 429:
        pass
    assert enter(through(proxy, f"{OWNER}, {STRANGER}")).status_code == 429, "what the stranger wrote itself"
    owner = through(proxy, OWNER)
    enter(owner)
    assert is_in(owner)


def test_a_header_that_nobody_vouches_for_does_not_reset_the_count(web, house, monkeypatch):
    proxy = behind(web, monkeypatch, "")
    pages = [enter(through(proxy, f"198.51.100.{n}"), WRONG).status_code for n in range(25)]
    assert pages == [403] * FREE + [429] * 20


@pytest.mark.parametrize(("trusted", "is_secure"), [("127.0.0.1", True), ("", False)])
def test_cookies_are_secure_where_the_browser_came_by_https(web, house, monkeypatch, trusted, is_secure):
    proxy = behind(web, monkeypatch, trusted)
    browser = through(proxy, OWNER, **{"X-Forwarded-Proto": "https"})
    page = browser._ask("GET", "/intra")
    # This browser speaks http with the proxy's far side, so it would keep what is Secure to itself.
    browser.headers["Cookie"] = page.headers["set-cookie"].split(";")[0]
    fields = {**dict(form(page, "/intra").fields), "cont": "echipa", "parola": PASSWORD}
    kept = browser._ask("POST", "/intra", urlencode(fields)).headers.get_list("set-cookie")
    assert {line.split("=")[0] for line in kept} >= {session.COOKIE, session.DEVICE_COOKIE, sign_in.PLAIN_COOKIE}
    assert [("Secure" in line.split("; ")) for line in kept] == [is_secure] * len(kept)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_through_a_proxy_nobody_sits_at_this_machine(web, demo, header):
    assert Browser(web, headers={header: "127.0.0.1"}).get("/intra").status_code == 403
    assert Browser(web).get("/intra").status_code == 200


def test_in_a_demonstration_the_usual_roles_are_one_press_away(web, demo):
    browser = Browser(web)
    page = browser.get("/intra")
    usual = re.findall(r'name="rol_uzual" value="([^"]+)">([^<]+)<', page.text)
    assert [value for value, _words in usual] == ["team:24089", "county:BC", "national:"]
    browser.post("/intra", [*form(page, "/intra").fields, ("rol_uzual", "county:BC")])
    assert "UJSS Bacău" in browser.get("/simplu").text
