"""A live home whose register is hostile, walked by everybody who can reach it: every link, form, screen and button.

Whatever is reached: no fault, no script of others, no request to another host, no protected fact. The same walk through
a home whose register says one plain word tells which elements the pages have by themselves.
"""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from api.http import session
from referrals.accounts import account_sessions, accounts
from referrals.ledger import provider_tokens
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.serving import served
from tests.covering import daily
from tests.worlds.clients.crawler import Answer, Shown, Visit, shown
from tests.worlds.clients.html_reading import read
from tests.worlds.clients.map_page import strings
from tests.worlds.clients.screen_socket import screen
from tests.worlds.files.hostile import HOSTILE
from tests.worlds.homes import small_world
from tests.worlds.homes.ledger_world import ADMIN, refer, report, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

ALL = " ".join(HOSTILE)
TYPED = "{{7*7}} </script><img src=x onerror=alert(1)> ![x](http://evil.example/x.png)"
PASSWORD = "patru cuvinte la rand"  # noqa: S105 - of invented accounts
PARINCEA, DAY, SHELTER = 24089, small_world.CHILD_DAY_CENTRE, small_world.SHELTER
# What the rows of protected services say and nobody else does.
PROTECTED = (
    small_world.SECRET_TOWN, "Strada Ascunsă", "0234999999", "0234 999 999", "LS-TAINIC-6", "social:mmps:6", "17.03.2031", "2031-03-17",
    "Fundația Ascunsă", "ascunsa@exemplu.ro",
)  # fmt: skip
ACCOUNTS = {
    "team": ("echipa.parincea", "BC", PARINCEA),
    "county unit": ("ujss.bacau", "BC", None),
    "county unit of another county": ("ujss.cluj", "CJ", None),
    "national level": ("umi", "", None),
    "administrator": ("admin", "", None),
}
ROLES = {"county unit of another county": "county", "county unit": "county", "national level": "national", "administrator": "admin"}  # fmt: skip
VISITORS = ("nobody", *ACCOUNTS)
OWN_RECORD = "POST /simplu/protejat"  # where the unit that answers for a service reads its record
SCREENS = {
    "": ("", f"loc=24098&nevoie={DAY}&nevoie=domestic-violence"),
    "referiri": ("",),
    "comunitati": ("", f"comunitate={PARINCEA}"),
    "acoperire": ("", f"serviciu={DAY}&judet=BC"),
    "rapoarte": ("",),
    "registre": ("",),
}
FAULTS = ("Traceback (most recent call last)", "A apărut o eroare", "Internal Server Error", "jinja2", "sqlalchemy.exc")
MARKDOWN = re.compile(r"(?<!\\)\]\(https?:|(?<!\\)!\[x")  # a link or picture that was set as one


@dataclass
class Place:
    """One served home. link: of a provider."""

    base: str
    cookies: dict[str, str]
    link: str


def rows(text: str) -> list[dict]:
    said = dict.fromkeys(("name", "organization", "locality", "address", "hours"), text)
    hidden = {
        "service_type": SHELTER, "is_secret": True, "phone": "0234999999", "address": "Strada Ascunsă 1", "places_max": 7,
        "organization": "Fundația Ascunsă", "licence_number": "LS-TAINIC-6", "licence_until": "2031-03-17", "email": "ascunsa@exemplu.ro",
        "locality": small_world.SECRET_TOWN,
    }  # fmt: skip
    public = [small_world.service(n, 0.05 * n, 0.01, places_max=9, phone="0234512345", **said) for n in (1, 2, 3)]
    shelter = small_world.service(6, 0.05, 0.01, **hidden, name=f"Adăpost {small_world.SECRET_TOWN}")
    # The same register key and provider stand in a public row too: what is shown of one says nothing of the other.
    return [*public, small_world.service(4, 0.07, 0.0, licence_until="2020-01-01", **said), shelter]


def furnish(folder: Path, text: str) -> tuple[small_world.Home, dict[str, str], str]:
    """Make a live home of one text, with an account for each role, referrals, doubts and a provider's link."""
    home = small_world.make_world(folder / "home", mode="live")
    small_world.publish(home, "social", rows(text))
    small_world.give_population(home)
    ledger = open_ledger(home)
    cookies = {"nobody": ""}
    for who, (login, county, uat) in ACCOUNTS.items():
        code = accounts.invite(ledger, login, role=ROLES.get(who, "team"), county=county, uat_siruta=uat, actor=ADMIN)
        accounts.set_password(ledger, code, PASSWORD)
        # Two sessions: the walk past the plain pages ends with signing out.
        for visit in (who, f"{who} at the screens"):
            sealed = session.account_cookie(home, account_sessions.sign_in(ledger, login, PASSWORD))
            cookies[visit] = f"{session.COOKIE}={sealed}"
    team = Actor("team", "x", "BC", PARINCEA)
    for service in ("social:mmps:1", "social:mmps:2"):
        report(ledger, 5, service)
    made = [
        refer(ledger, terms(service, service_type=DAY), need=DAY, uat_siruta=PARINCEA, actor=team, note=note)
        for service, note in (("social:mmps:1", text[:60]), ("social:mmps:2", ""), ("social:mmps:2", ""))
    ]
    token = provider_tokens.make_referral_link(ledger, made[0].referral_id, actor=team)
    ledger.close()
    return home, cookies, f"/l/{token}"


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Callable[[str, str], Place]]:
    """Serve a home of its own for a text and a walk, once asked for: a walk leaves a home unlike what it was."""
    with ExitStack() as servers:
        kept: dict[tuple[str, str], Place] = {}

        def serve(name: str, walk: str) -> Place:
            if (name, walk) not in kept:
                folder = tmp_path_factory.mktemp(f"{name}-{walk}")
                home, cookies, link = furnish(folder, {"hostile": ALL, "usual": "Text"}[name])
                kept[name, walk] = Place(servers.enter_context(served(home.path, folder)), cookies, link)
            return kept[name, walk]

        yield serve


@pytest.fixture
def visited(place) -> Callable[[bool, str], dict[str, Place]]:
    """Give the homes to walk through, by their text.

    Every day the hostile one alone, for both walks. That a page has the elements of the usual text and no others is held
    there by each template (tests/core/test_hostile_templates.py); in the long run the walks compare the two homes too.
    """

    def homes(is_compared: bool, walk: str) -> dict[str, Place]:  # noqa: FBT001 - a parameter of tests
        if not is_compared:
            return {"hostile": place("hostile", "every day")}
        return {name: place(name, walk) for name in ("hostile", "usual")}

    return homes


# --- what has to hold of every answer -------------------------------------------------------------------


def faults_of(answer: Answer, who: str) -> list[str]:
    """Say what is wrong with an answer."""
    said = [f"{answer.status}"] if answer.status >= 500 else []
    whole = answer.text + answer.headers
    said += [fault for fault in FAULTS if fault in whole]
    if not (who == "county unit" and answer.where == OWN_RECORD):
        said += [fact for fact in PROTECTED if fact in whole]
    if answer.page is not None:
        said += html_faults(answer.text) + script_faults(answer)
    return [f"{answer.where}: {each}" for each in said]


def html_faults(html: str) -> list[str]:
    """Say what in some HTML would run, or fetch from elsewhere."""
    page = read(html)
    said = [f"<{tag} {name}>" for tag, *names in page.elements for name in names if name.startswith("on")]
    said += [f"<{tag}>" for tag, *_names in page.elements if tag in ("iframe", "object", "embed", "base", "img")]
    said += [f"to {to}" for to in page.addresses if re.match(r"\s*(?:javascript|vbscript|https?|//)", to) and not to.startswith("http://127.0.0.1")]  # fmt: skip
    return said


def script_faults(answer: Answer) -> list[str]:
    """Say which script of a page is not let through by the page's own policy."""
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    stated = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', answer.text)
    policy = f"{answer.headers} {stated}"
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    said = [f"script {digest}" for digest in digests if f"sha256-{digest}" not in policy]
    return said + ([] if "default-src" in policy else ["no policy"])


def shapes(answers: list[Answer]) -> set[tuple[str, ...]]:
    return {element for answer in answers if answer.page for element in answer.page.elements}


# --- plain pages ----------------------------------------------------------------------------------------

ASKED = tuple({"loc": "Parincea, Bacău", "cuvinte": words} for words in (DAY, "domestic-violence", f"{DAY}, {SHELTER}"))
STARTS = ("/", "/simplu", "/intra", "/simplu/ajutor", "/health", "/api/needs?q=viol", "/api/places?q=par", "/api/atlas-map",
          "/invitatie?cod=x", "/nicaieri", "/simplu/judet/BC.html", "/simplu/judet/BC.pdf", "/simplu/referire/R-0000")  # fmt: skip


# Every day: with a link alone, without an account, and a role that writes; of the screens each once.
WALKED_DAILY = ("provider", "nobody", "team")
WALKS = [*((who, False) for who in WALKED_DAILY), *((who, True) for who in ("provider", *VISITORS))]


@pytest.mark.parametrize(
    ("who", "is_compared"), daily(WALKS, lambda walk: not walk[1]), ids=lambda said: {True: "compared", False: "alone"}.get(said, said)
)  # fmt: skip
def test_every_link_and_form_is_sound_whatever_the_register_says(who, is_compared, visited, capsys):
    visits = {}
    for name, place in visited(is_compared, "links").items():
        typed, skips = (TYPED, "\n") if name == "hostile" else ("Qzxw qzxw", ".pdf")
        visit = visits[name] = Visit(place.base, place.cookies.get(who, ""), typed, ASKED, skips)
        visit.everything(*([place.link] if who == "provider" else STARTS))
    hostile, usual = visits["hostile"], visits.get("usual")
    with capsys.disabled():
        pages = sum(answer.page is not None for answer in hostile.answers)
        print(f"\n{who}: {hostile.links} links, {hostile.sent} forms, {pages} pages", end=" ")  # noqa: T201 - how much was walked
    assert [fault for answer in hostile.answers for fault in faults_of(answer, who)] == []
    assert hostile.foreign == []
    if usual is not None:
        assert shapes(hostile.answers) - shapes(usual.answers) == set()
    least = {"nobody": (20, 1), "provider": (1, 4)}.get(who, (40, 20))
    assert (hostile.links, hostile.sent) >= least
    if who in ("team", "county unit"):
        assert any(read(answer.text).holds(ALL) for answer in hostile.answers if answer.page)
        assert any(answer.where == "GET /simplu/referire/#" and answer.status == 200 for answer in hostile.answers)
    if who == "county unit":
        assert any(small_world.SECRET_TOWN in answer.text for answer in hostile.answers if answer.where == OWN_RECORD)


# --- screens ----------------------------------------------------------------------------------------------


def screen_faults(name: str, seen: Shown) -> list[str]:
    """Say what is wrong with a drawn screen."""
    text = seen.all_text()
    said = [] if seen.finished else ["not finished"]
    said += [fault for fault in FAULTS if fault in text] + [fact for fact in PROTECTED if fact in text]
    said += ["exception" for kind, _said in seen.elements if kind == "exception"]
    said += [fault for html in seen.html() for fault in html_faults(html)]
    said += [f"markdown {label[:80]}" for label in seen.labels() if MARKDOWN.search(label)]
    for kind, element in seen.elements:
        if kind == "componentInstance" or "component" in kind:
            said += [f"asset {to}" for to in assets_of(element) if not to.startswith("/assets/")]
    return [f"{name}: {each}" for each in said]


def assets_of(element: dict) -> list[str]:
    """Return every address that a map's frame is told to load."""
    return [text for text in strings(element) for text in re.findall(r'"((?:https?:)?//?[^"\s\\]+\.(?:js|css))"', text)]


def drawn(place: Place, who: str, pages: tuple[str, ...]) -> dict[str, Shown]:
    """Draw screens as somebody, and press every button of each once."""
    seen: dict[str, Shown] = {}
    pressed: set[str] = set()
    for page in pages:
        for query in SCREENS[page]:
            with screen(place.base, place.cookies[f"{who} at the screens"]) as mine:
                mine.draw(page, query=query, seconds=60)
                name = f"{page}?{query}"
                seen[name] = shown(mine)
                for number, label in seen[name].buttons():
                    kind = re.sub(r"[\dR]+-?\w*", "#", f"{page} {number.split('-', 3)[-1]}")
                    if kind not in pressed and len(pressed) < 40:
                        pressed.add(kind)
                        mine.draw(page, query=query, press=number, seconds=60)
                        seen[f"{name} [{label}] {kind}"] = shown(mine)
    return seen


EVERY_SCREEN = tuple(SCREENS)
# Every role with a screen, every screen with a role that works there; in the long run each role with all.
DRAWN_DAILY = [
    ("team", ("",)), ("county unit", ("referiri",)), ("county unit of another county", ("comunitati",)),
    ("national level", ("rapoarte",)), ("administrator", ("registre",)), ("county unit", ("acoperire",)),
]  # fmt: skip


DRAWN = [*((who, pages, False) for who, pages in DRAWN_DAILY), *((who, EVERY_SCREEN, True) for who in ACCOUNTS)]


@pytest.mark.parametrize(
    ("who", "pages", "is_compared"),
    daily(DRAWN, lambda case: not case[2]),
    ids=lambda said: (
        {True: "compared", False: "alone"}[said] if isinstance(said, bool)
        else said if isinstance(said, str) else "every screen" if said == EVERY_SCREEN else said[0] or "find"
    ),
)  # fmt: skip
def test_every_screen_and_button_is_sound_whatever_the_register_says(who, pages, is_compared, visited, capsys):
    runs = {name: drawn(place, who, pages) for name, place in visited(is_compared, "screens").items()}
    hostile = runs["hostile"]
    with capsys.disabled():
        buttons, messages = sum("[" in name for name in hostile), sum(each.messages for each in hostile.values())
        print(f"\n{who}: {len(hostile) - buttons} screens, {buttons} buttons, {messages} messages", end=" ")  # noqa: T201 - how much was walked
    assert [fault for name, seen in hostile.items() for fault in screen_faults(name, seen)] == []
    if is_compared:
        kinds = {name: {element for seen in run.values() for html in seen.html() for element in read(html).elements} for name, run in runs.items()}  # fmt: skip
        assert kinds["hostile"] - kinds["usual"] == set()
    assert messages >= (300 if pages == EVERY_SCREEN else 10)
    assert len(hostile) >= (10 if pages == EVERY_SCREEN else 1)
    if who == "team" and "" in pages:
        assert any(read(html).holds(ALL) for seen in hostile.values() for html in seen.html())


def test_no_screen_opens_for_nobody(place):
    with pytest.raises(Exception, match="403"), screen(place("hostile", "every day").base):
        pass
