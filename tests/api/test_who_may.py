from __future__ import annotations

import re

import pytest

from api.http import session
from referrals.accounts import accounts
from referrals.ledger.lifecycle import TRANSITIONS
from referrals.records import roles
from referrals.records.vocabulary import Actor
from referrals.workflow.terminal import account_by_command
from tests.api.plain.test_plain_journey import ask, number, open_referrals, refer, search
from tests.covering import each_once
from tests.worlds.clients.form_browser import PHONE, Browser, form
from tests.worlds.homes import small_world
from tests.worlds.servers import own_loop

ADMIN = Actor("admin", "cli:maria")
PASSWORD = "patru cuvinte la rand"  # noqa: S105 - of invented accounts
WRONG = "gresita gresita"
OTHER_TEAM = "team:22889"  # another commune of the same county
ROLES = {
    "team:24089": Actor("team", "demo-team", "BC", 24089),
    OTHER_TEAM: Actor("team", "demo-team", "BC", 22889),
    "county:BC": Actor("county", "demo-county", "BC"),
    "county:CJ": Actor("county", "demo-county", "CJ"),
    "national:": Actor("national", "demo-national"),
    "admin:": Actor("admin", "demo-admin"),
    "": None,
}


def account(directory, login="echipa", **said):
    code = accounts.invite(
        directory.ledger, login, actor=ADMIN, **{"role": "team", "county": "BC", "uat_siruta": 24089, **said}
    )
    accounts.set_password(directory.ledger, code, PASSWORD)


def is_refused(page) -> bool:
    """Refused for the role, or led to where one is chosen."""
    assert page.status_code in (200, 403)
    return page.status_code == 403 or page.url.path == "/intra"


def sign_in(web, login="echipa", password=PASSWORD, **options):
    browser = Browser(web, **options)
    return browser, browser.submit(browser.get("/intra"), "/intra", cont=login, parola=password)


# --- role, action, area -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_reading_a_referral_follows_the_table(role, demo, as_role):
    made = refer(as_role())
    with demo.ledger.store.read() as connection:
        area = roles.Area("BC", 24089, "social:mmps:1", number(made))
        assert connection
    actor = ROLES[role]
    allowed = actor is not None and roles.allows(actor, "referral.read", area)
    page = as_role(role).get(f"/simplu/referire/{number(made)}")
    assert is_refused(page) is not allowed
    assert bool(re.search(r"\bC-\w{5}-\w{5}\b", page.text)) is allowed  # the token of a form may hold a "C-" too


@pytest.mark.parametrize(
    ("role", "step"),
    each_once(list(ROLES), ("accept", "cancel"), also=[("team:24089", "accept"), ("team:24089", "cancel")]),
)
def test_steps_over_http_follow_the_table_whatever_the_page_offered(role, step, demo, as_role):
    made = refer(as_role())
    browser = as_role(role)
    token = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0]
    sent = browser.post(f"/simplu/referire/{number(made)}/pas", [token, ("pas", step), ("cheie", "k")])
    action = "referral.answer" if step == "accept" else "referral.cancel"
    actor = ROLES[role]
    allowed = actor is not None and roles.allows(actor, action, roles.Area("BC", 24089, "social:mmps:1", number(made)))
    ((_id, state, *_rest),) = open_referrals(demo)
    assert state == (TRANSITIONS[step].target if allowed else "held")
    assert is_refused(sent) is not allowed


@pytest.mark.parametrize("role", ROLES)
def test_referring_a_person_of_parincea_follows_the_table(role, demo, as_role):
    browser = as_role(role)
    actor = ROLES[role]
    allowed = actor is not None and roles.allows(actor, "referral.make", roles.Area("BC", 24089))
    fields = [("loc", "24089"), ("nevoie", small_world.CHILD_DAY_CENTRE), ("serviciu", "social:mmps:1")]
    fields += [("temei", "consent"), ("acord_la", "2026-01-05"), ("cheie", "k")]
    fields.append(form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0])
    sent = browser.post("/simplu/referire/noua", fields)
    assert bool(open_referrals(demo)) is allowed
    assert is_refused(sent) is not allowed
    page = search(browser).text
    # No button that would be refused.
    assert ('name="serviciu" value="social:mmps:1" aria-label="Referiți la' in page) is allowed
    may_note = actor is not None and roles.allows(actor, "capacity.report", roles.NATION)
    assert ('value="social:mmps:1" formaction="/simplu/confirmare"' in page) is may_note


@pytest.mark.parametrize("role", ["national:", "admin:", ""])
def test_lists_and_links_are_closed_to_those_without_cases(role, demo, as_role):
    made = refer(as_role())
    browser = as_role(role)
    assert is_refused(browser.get("/simplu/referiri"))
    token = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0]
    assert is_refused(browser.post(f"/simplu/referire/{number(made)}/legatura", [token]))


# --- forms of others -----------------------------------------------------------------------------------


def test_a_form_without_our_seal_or_from_elsewhere_changes_nothing(demo, as_role):
    browser = as_role()
    page = ask(browser)
    chosen = form(page, "/referire/noua")
    fields = [*chosen.fields, ("temei", "consent")]
    bare = [(name, value) for name, value in fields if name != "formular"]
    assert browser.post("/simplu/referire/noua", bare).status_code == 403
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "http://[::1"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.post("/simplu/referire/noua", fields, headers=headers).status_code == 403
    stranger = as_role()
    assert stranger.post("/simplu/referire/noua", fields).status_code == 403  # sealed for another browser
    assert open_referrals(demo) == []
    assert browser.post("/simplu/referire/noua", fields, headers={"Origin": "http://127.0.0.1"}).status_code == 200


def test_too_large_forms_and_uploads_are_refused_unread(demo, as_role):
    browser = as_role()
    assert browser.post("/simplu/raspuns", [("loc", "x" * 70_000)]).status_code == 413
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert browser.post("/simplu/raspuns", [("loc", "x")], headers=kind).status_code == 413


# --- the demonstration ----------------------------------------------------------------------------------


def test_a_role_is_chosen_on_this_machine_only_unless_forced(web, demo, monkeypatch):
    assert Browser(web, client="10.0.0.9").get("/intra").status_code == 403
    assert Browser(web, base="http://evil.example").get("/intra").status_code == 403
    monkeypatch.setenv("HARTA_DEMO_PUBLIC", "1")
    assert Browser(web, client="10.0.0.9", base="http://demo.example").get("/intra").status_code == 200


def test_a_demonstrations_cookie_opens_nothing_in_a_live_home(web, demo, live):
    sealed = session.demo_cookie(demo.home, "admin")
    assert session.actor_of({session.COOKIE: sealed}, demo.home).role == "admin"
    assert session.actor_of({session.COOKIE: sealed}, live.home) is None
    assert session.actor_of({session.COOKIE: sealed[:-2] + "xx"}, demo.home) is None


# --- a live home ------------------------------------------------------------------------------------------


def test_a_live_home_shows_nothing_without_a_session(web, live):
    browser = Browser(web, headers={"Accept": "text/html"})
    for path in ("/", "/referiri", "/simplu", "/simplu/referiri", "/simplu/referire/R-ABCDEFGHJK", "/media/x"):
        assert browser.get(path).url.path == "/intra", path
    machine = Browser(web)
    for path in ("/", "/api/places?q=parin", "/api/needs", "/media/x", "/_stcore/stream"):
        assert machine.get(path).status_code == 401, path
    assert machine.get("/health").status_code == 200
    assert machine.get("/assets/plain.css").status_code == 200
    assert machine.get("/l/x").status_code == 404


def _handshake(app, cookies: str) -> list[str]:
    sent: list[str] = []

    async def run():
        scope = {
            "type": "websocket", "path": "/_stcore/stream", "headers": [(b"cookie", cookies.encode())],
            "query_string": b"", "client": ("127.0.0.1", 1), "subprotocols": [],
        }  # fmt: skip

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message["type"])

        await app(scope, receive, send)

    own_loop.run(run())
    return sent


def test_the_socket_of_the_application_is_behind_the_gate_too(web, live):
    account(live)
    assert _handshake(web, "") == ["websocket.close"]
    browser, _page = sign_in(web)
    assert _handshake(web, f"{session.COOKIE}={browser.cookies[session.COOKIE]}")[0] == "websocket.accept"


def test_signing_in_opens_the_pages_and_leaving_ends_the_session_on_the_server(web, live):
    account(live)
    browser, page = sign_in(web)
    assert page.url.path == "/"  # the whole application, on a desk
    kept = browser.cookies[session.COOKIE]
    assert browser.get("/simplu").status_code == 200
    browser.submit(browser.get("/simplu"), "/iesire")
    assert session.actor_of({session.COOKIE: kept}, live.home) is None
    assert browser.get("/simplu").url.path == "/intra"


def test_the_sessions_cookie_is_closed_to_scripts_and_to_other_sites(web, live):
    account(live)
    browser = Browser(web)
    page = browser.get("/intra")
    chosen = form(page, "/intra")
    fields = [(n, v) for n, v in chosen.fields if n not in ("cont", "parola")] + [
        ("cont", "echipa"),
        ("parola", PASSWORD),
    ]
    from urllib.parse import urlencode

    said = browser._ask("POST", "/intra", urlencode(fields)).headers.get_list("set-cookie")
    (cookie,) = [each for each in said if each.startswith(session.COOKIE)]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert PASSWORD not in cookie
    assert "echipa" not in cookie


def test_an_account_closed_elsewhere_is_out_at_once(web, live):
    account(live)
    browser, _page = sign_in(web)
    account_by_command(live, "disable", "echipa", actor=ADMIN)
    assert browser.get("/simplu").url.path == "/intra"


def test_a_wrong_password_and_no_account_are_told_the_same(web, live):
    account(live)
    _browser, wrong = sign_in(web, password=WRONG)
    _browser, nobody = sign_in(web, login="nimeni")
    said = [re.search(r'role="alert">([^<]+)<', page.text).group(1) for page in (wrong, nobody)]
    assert said[0] == said[1]
    assert wrong.status_code == 403


def test_an_invitation_is_spent_by_setting_a_password_and_not_by_looking(web, live):
    code = accounts.invite(live.ledger, "noua", role="county", county="BC", actor=ADMIN)
    browser = Browser(web)
    for _ in range(2):
        page = browser.get(f"/invitatie?cod={code}")
    unlike = browser.submit(page, "/invitatie", parola=PASSWORD, parola2="altceva complet")
    assert "nu sunt la fel" in unlike.text
    done = browser.submit(page, "/invitatie", parola=PASSWORD, parola2=PASSWORD)
    assert "Parola este salvată" in done.text
    assert browser.submit(page, "/invitatie", parola=PASSWORD, parola2=PASSWORD).status_code == 400
    assert sign_in(web, login="noua")[1].status_code == 200


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [("/referiri", "/referiri"), ("//evil.example/x", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/")],
)
def test_after_signing_in_nobody_is_led_away_from_here(web, live, wanted, led_to):
    account(live)
    browser = Browser(web)
    page = browser.submit(browser.get("/intra"), "/intra", cont="echipa", parola=PASSWORD, spre=wanted)
    assert (page.url.host, page.url.path) == ("127.0.0.1", led_to)


def test_a_telephone_is_led_to_the_plain_pages_and_the_choice_is_remembered(web, live):
    account(live)
    browser, page = sign_in(web, headers={"User-Agent": PHONE})
    assert page.url.path == "/simplu"
    again = Browser(web, cookies=browser.cookies)
    assert dict(form(again.get("/intra"), "/intra").fields)["pagini"] == "simplu"
    slow = Browser(web, headers={"Save-Data": "on"})
    assert dict(form(slow.get("/intra"), "/intra").fields)["pagini"] == "simplu"


def test_the_same_session_answers_to_streamlits_pages(web, live):
    account(live)
    browser, _page = sign_in(web)
    actor = session.actor_of(dict(browser.cookies), live.home)
    assert (actor.role, actor.county, actor.uat_siruta) == ("team", "BC", 24089)
