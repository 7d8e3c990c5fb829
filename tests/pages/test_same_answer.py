"""`harta nearest --json`, the finder's screen and the plain page give the same answer to the same question."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from api.http import session
from core.storage.home import Home, make_home
from providers.answering import AnsweringRecord
from providers.rules.wording import minute_words
from referrals.accounts import account_sessions, accounts
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from referrals.workflow import directory
from tests.covering import daily
from tests.worlds.clients.form_browser import Browser, form
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world

TEAM = Actor("team", "account-1", "BC", 24089)
ADMIN = Actor("admin", "test")
PARINCEA, BAIA_MARE, FAR = 24098, 106327, 159936  # SIRUTA: a village, a city, a village of the Delta
SMALL = [
    (PARINCEA, small_world.CHILD_DAY_CENTRE, None), (PARINCEA, small_world.CHILD_DAY_CENTRE, 9),
    (PARINCEA, small_world.CHILD_DAY_CENTRE, 40), (PARINCEA, "identity-papers", None),
    (PARINCEA, small_world.HELPLINE_NEED, 30), (BAIA_MARE, small_world.CHILD_DAY_CENTRE, None),
]  # fmt: skip
LARGE = [
    (PARINCEA, "child-separation-risk", 9), (PARINCEA, "elderly-home-care", 70), (PARINCEA, "acute-illness", None),
    (BAIA_MARE, "domestic-violence", 30), (BAIA_MARE, "school-dropout", 14), (FAR, "identity-papers", 40),
]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What is compared of a result: its name, and how many minutes as they are said."""

    name: str
    minutes: str


def by_command(home: Home, place: int, code: str, age: int | None) -> list[Line]:
    kind = "--service" if re.match(r"\d", code) else "--need"
    years = ("--age", str(age)) if age is not None else ()
    done = CliRunner().invoke(cli.app, ["nearest", "--siruta", str(place), kind, code, *years, "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    own = {each["service_id"] for each in said["first"] if each["whose"]}
    first = [each for each in said["first"] if "minutes" in each]
    best = {each["service_id"] for each in first}
    others = [each for each in said["results"] if each["service_id"] not in best]
    is_desk = len(said["query"]["service_types"]) > 1
    desk = [each for each in first if is_desk and each["whose"] and each["service_type"] == "AUT-SPAS"]
    order = {each["service_id"]: place for place, each in enumerate(first)} if said["first_hour"] else {}
    near = sorted(
        [each for each in (*first, *others) if each not in desk and (each in first or each["reach"] == "within")],
        key=lambda each: (
            each["service_id"] not in own,
            order.get(each["service_id"], len(first)),
            "no_direct_road" in each["flags"],
            each["minutes"],
            each["service_id"],
        ),
    )
    far = [each for each in others if each["reach"] == "farther"]
    return [Line(each["name"], _way(each)) for each in (*near, *desk, *far)]


def _way(each: dict) -> str:
    return "fără drum direct" if "no_direct_road" in each["flags"] else minute_words(each["minutes"])


def on_screen(in_home, home: Home, place: int, code: str, age: int | None) -> list[Line]:
    app = in_home(home.path, actor=TEAM, loc=str(place), nevoie=code)
    if age is not None and "say_age" in {each.key for each in app.button}:  # else no rule looks at it
        app = app.button(key="say_age").click().run()
        app = app.number_input(key="age").set_value(age).run().button(key="search").click().run()
    assert not app.exception
    return lines(words(app))


def lines(page: str) -> list[Line]:
    """Read the numbered rows that may take the person."""
    drawn = re.findall(
        r'<article class="hs-row hs-is-(?!full)\w+" id="hs-r(\d+)".*?<h3>(.*?)</h3>.*?<span class="hs-min"><b>(?:≈ )?(.*?)</b>',
        page, re.DOTALL,
    )  # fmt: skip
    assert [int(number) for number, *_rest in drawn] == sorted(int(number) for number, *_rest in drawn)
    return [Line(unescape(name), minutes) for _number, name, minutes in drawn]


def on_plain_page(browser: Browser, place: int, code: str, age: int | None) -> list[Line]:
    page = browser.get("/simplu/gasiti")
    said = {"loc": str(place), "cuvinte": code, "varsta": "" if age is None else str(age)}
    page = browser.submit(page, "/simplu/raspuns", **said)
    assert page.status_code == 200
    return lines(page.text)


def signed_in(web, home: Home) -> Browser:
    """Make a browser with the team's session; in a live home with an account of its own."""
    browser = Browser(web)
    if home.is_demo:
        sealed = session.demo_cookie(home, "team", county="BC", uat_siruta=24089)
    else:
        ledger = open_ledger(home)
        code = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=24089, actor=ADMIN)
        accounts.set_password(ledger, code, "patru cuvinte la rand")
        sealed = session.account_cookie(home, account_sessions.sign_in(ledger, "echipa", "patru cuvinte la rand"))
        ledger.close()
    browser.cookies.set(session.COOKIE, sealed)
    return browser


@pytest.fixture(scope="module")
def web():
    from starlette.applications import Starlette

    from api.plain import routes as plain
    from api.server import middleware

    return Starlette(routes=plain.routes(), middleware=middleware.stack(frozenset({"/"})))


@pytest.fixture(scope="module")
def registers(real_home, tmp_path_factory):
    """A live home of these tests' own on the real editions, which nobody changes."""
    home = make_home("live", tmp_path_factory.mktemp("same") / "live")
    home.editions.rmdir()
    home.editions.symlink_to(real_home.editions)
    return home


@pytest.fixture(scope="module")
def same(web):
    """Ask the three and compare; a browser a home is kept from question to question."""
    browsers: dict[Path, Browser] = {}

    def ask(in_home, home: Home, monkeypatch, question) -> list[Line]:
        monkeypatch.setenv("HARTA_HOME", str(home.path))
        monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
        if home.path not in browsers:
            browsers[home.path] = signed_in(web, home)
        browser = browsers[home.path]
        said = by_command(home, *question)
        assert on_screen(in_home, home, *question) == said
        assert on_plain_page(browser, *question) == said
        return said

    return ask


@pytest.mark.parametrize("question", SMALL)
def test_in_a_small_world(same, in_home, world, monkeypatch, question):
    found = same(in_home, world, monkeypatch, question)
    assert found or question[2] == 40 or question[0] == BAIA_MARE


@pytest.mark.slow
@pytest.mark.parametrize("question", daily([(each,) for each in LARGE], lambda case: case[0] in LARGE[2:4]))
def test_in_the_demonstration(same, in_home, demonstration, monkeypatch, question):
    assert same(in_home, demonstration, monkeypatch, question)


@pytest.mark.slow
@pytest.mark.parametrize("question", daily([(each,) for each in LARGE], lambda case: case[0] in LARGE[::5]))
def test_on_the_real_registers(same, in_home, registers, monkeypatch, question):
    assert same(in_home, registers, monkeypatch, question)


@pytest.mark.slow
def test_the_three_differ_where_the_questions_do(same, in_home, demonstration, monkeypatch):
    child = same(in_home, demonstration, monkeypatch, (PARINCEA, "child-separation-risk", 9))
    elder = same(in_home, demonstration, monkeypatch, (PARINCEA, "elderly-home-care", 70))
    assert child != elder


def test_the_plain_page_has_a_form_to_ask_with(web, demonstration, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(demonstration.path))
    assert form(signed_in(web, demonstration).get("/simplu/gasiti"), "/simplu/raspuns").fields


def test_how_a_service_answers_is_read_in_the_details_of_both_kinds_of_rows_and_moves_none(
    in_home, web, world, tmp_path, monkeypatch
):
    question = SMALL[0]
    monkeypatch.setenv("HARTA_HOME", str(world.path))
    before = on_plain_page(signed_in(web, world), *question)
    home = small_world.make_world(tmp_path / "slow")
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    slow = dict.fromkeys((f"social:mmps:{number}" for number in range(1, 20)), AnsweringRecord(90, 10))
    monkeypatch.setattr(directory, "answering_records", lambda _ledger, *, now: slow)
    app = in_home(home.path, actor=TEAM, loc=str(question[0]), nevoie=question[1])
    page = signed_in(web, home)
    plain = page.submit(page.get("/simplu/gasiti"), "/simplu/raspuns", loc=str(question[0]), cuvinte=question[1]).text
    for told in (words(app), plain):
        rows = re.findall(r"<dt>Răspunsuri</dt>\s*<dd>nu a răspuns la ultimele 10 referiri; răspunde de obicei", told)
        assert len(rows) >= len(before) > 1
        assert lines(told) == before
