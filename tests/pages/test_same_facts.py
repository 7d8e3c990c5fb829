"""Everything that a person must read of an answer is to be read on every surface, or is left out for a written reason.

The requests are those of which surfaces once said different things: a telephone or an address that somebody doubts, a
service reported gone, places a day, a register never imported, an extension, an address known by its commune only.
"""

from __future__ import annotations

import pytest
from starlette.applications import Starlette

from api.http import session
from api.plain import routes
from api.server import middleware
from providers.finder.answer_view import answer_view
from referrals.workflow.directory import open_directory
from tests.worlds.clients.form_browser import Browser
from tests.worlds.clients.page_words import words
from tests.worlds.homes import parity_world
from tests.worlds.homes.parity_world import DOCTOR, LEFT_OUT, TEAM, VILLAGE, Output, asked, data_facts, facts, offers
from tests.worlds.homes.small_world import CHILD_DAY_CENTRE, HELPLINE_NEED

SCREENS = ("terminal", "json", "screen", "plain")  # the surfaces that answer a question
PAPERS = ("pack", "xlsx", "hsds")  # what holds every service, whoever asks
PUBLISHED = {"status": "capacity_status={}", "licence_valid_until": "licence_until={}", "why": "delivery={}"}
OBJECTS = {"places_free": '"available": {}', "places_reported_at": '"updated": "{}'}
TABLES = {"batch": {}, "xlsx": PUBLISHED, "hsds": {**PUBLISHED, **OBJECTS, "hours": "{}"}}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return parity_world.make_parity_world(tmp_path_factory.mktemp("parity") / "home")


@pytest.fixture(scope="module")
def directory(home):
    opened = open_directory(home)
    yield opened
    opened.ledger.close()


@pytest.fixture(scope="module")
def kept(directory):
    """The answers, and what each surface made of them: asked once, of the same moment."""
    return {"answers": {code: asked(directory, code) for code in (CHILD_DAY_CENTRE, HELPLINE_NEED, DOCTOR)}}


@pytest.fixture
def ask(kept, home, directory, in_home, monkeypatch, tmp_path):
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)

    def on(surface: str, code: str) -> Output:
        if (surface, code) not in kept:
            names = [offer.name for offer in offers(kept["answers"][code])]
            kept[surface, code] = {
                "terminal": lambda: parity_world.terminal(code, names),
                "json": lambda: parity_world.as_data(code, names),
                "screen": lambda: parity_world.page(
                    words(in_home(home.path, actor=TEAM, loc=str(VILLAGE), nevoie=code)), names
                ),
                "plain": lambda: parity_world.page(plain_page(home, code), names),
                "slip": lambda: parity_world.slips(directory, kept["answers"][code]),
                "pack": lambda: parity_world.pack(directory, names),
                "batch": lambda: parity_world.batch(tmp_path, code, names),
                "xlsx": lambda: parity_world.xlsx(tmp_path, directory, names),
                "hsds": lambda: parity_world.hsds(tmp_path, directory, names),
            }[surface]()
        return kept[surface, code]

    return on


def plain_page(home, code: str) -> str:
    web = Starlette(routes=routes.routes(), middleware=middleware.stack(frozenset({"/"})))
    browser = Browser(web)
    browser.cookies.set(session.COOKIE, session.demo_cookie(home, "team", county="BC", uat_siruta=TEAM.uat_siruta))
    page = browser.submit(browser.get("/simplu/gasiti"), "/simplu/raspuns", loc=str(VILLAGE), cuvinte=code)
    assert page.status_code == 200
    return page.text


def unread(surface: str, answer, told: Output) -> list[str]:
    """List what must be read of the answer's offers and is not, but for what the surface leaves out on purpose."""
    left = LEFT_OUT[surface]
    found = []
    for offer in offers(answer):
        said = data_facts(offer, TABLES[surface]) if surface in TABLES else facts(offer)
        said = [fact for fact in said if fact.kind not in left and not (offer.is_secret and surface == "slip")]
        found += [f"{offer.name} · {fact.kind}: {fact.text}" for fact in said if not told.says(offer.name, fact.text)]
    return found


def test_the_world_has_a_service_for_everything_that_must_be_read(kept):
    answer = kept["answers"][CHILD_DAY_CENTRE]
    kinds = {fact.kind for offer in offers(answer) for fact in facts(offer)}
    assert kinds == {
        "name", "minutes", "kilometres", "precision", "not_visited", "what", "places", "age", "licensed", "caution", "phone",
        "address", "seat", "hours", "opening", "dated", "licence", "checks",
    }  # fmt: skip
    assert len(answer.results) == 5
    assert {offer.why for offer in answer.elsewhere} == {"at_home", "mobile", "remote", "not_placed", "secret"}
    every = " ".join(fact.text for offer in offers(answer) for fact in facts(offer))
    for said in (
        "3 locuri libere", "raportat acum 2 zile", "25 de persoane pe zi, libere: necunoscut", "1 persoană pe lună",
        "0234 512 345 int. 5", "nu mai există", "s-a mutat", "numărul de telefon este greșit", "Județul din registru",
        "centrul comunei", "centrul localității", "decizii", "trimitere de la medic", "Adresa nu se arată nimănui",
        "valabilă până la 31.12.2031", "4 locuri libere",
    ):  # fmt: skip
        assert said in every, said


def test_a_fresh_report_of_a_service_that_comes_home_is_not_called_old(kept):
    (visit,) = [o for o in offers(kept["answers"][CHILD_DAY_CENTRE]) if o.name == "Vizita Acasă"]
    assert {f.text for f in facts(visit) if f.kind in ("places", "age")} == {"4 locuri libere", "raportat acum 3 zile"}


@pytest.mark.parametrize("surface", [*SCREENS, "batch", *PAPERS, "slip"])
def test_every_fact_of_every_offer_is_to_be_read(kept, ask, surface):
    answer = kept["answers"][CHILD_DAY_CENTRE]
    told = ask(surface, CHILD_DAY_CENTRE)
    assert unread(surface, answer, told) == []


@pytest.mark.parametrize("surface", SCREENS)
@pytest.mark.parametrize("code", [CHILD_DAY_CENTRE, HELPLINE_NEED, DOCTOR])
def test_danger_why_not_missing_registers_and_sources_are_to_be_read(kept, ask, surface, code):
    answer = kept["answers"][code]
    told, around = ask(surface, code), answer_view(answer)
    lines = [text for line in answer.emergency for text in (line.phone, line.name, line.words)]
    reasons = [text for line in answer.excluded for text in (line.name, line.words)]
    if surface == "json":
        said = [*answer.missing, *(f"{source.title} {source.as_of}" for source in answer.sources)]
    else:
        said = [around.missing, *(line.rstrip(".") for line in around.empty), *around.sources]
    assert [text for text in (*lines, *reasons, *said) if not told.holds(text)] == []


def test_the_requests_have_danger_reasons_and_a_register_that_was_never_imported(kept):
    answers = kept["answers"]
    assert answers[HELPLINE_NEED].emergency
    assert answers[CHILD_DAY_CENTRE].excluded
    assert answers[CHILD_DAY_CENTRE].sources
    assert answers[DOCTOR].missing == ("medical",)
    assert not answers[DOCTOR].results


@pytest.mark.parametrize("surface", [*SCREENS, "batch", *PAPERS, "slip"])
def test_of_a_protected_address_nothing_is_to_be_read_anywhere(ask, surface):
    told = ask(surface, CHILD_DAY_CENTRE)
    assert not [text for text in ("Casa Ascunsă", "Tăinuită", "Orașul Ascuns", "0234999999") if told.holds(text)]


def test_only_what_is_a_fact_is_left_out_and_each_with_a_reason(kept):
    kinds = {fact.kind for offer in offers(kept["answers"][CHILD_DAY_CENTRE]) for fact in facts(offer)}
    assert {kind for left in LEFT_OUT.values() for kind in left} <= kinds
    assert all(len(reason) > 20 for left in LEFT_OUT.values() for reason in left.values())
    assert not any(LEFT_OUT[surface] for surface in SCREENS)
