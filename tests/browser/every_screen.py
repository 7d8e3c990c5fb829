"""A walk past every screen, in one language: what a person meets, each in the states that look different.

`Walk` goes from screen to screen with as few loads as it can (a load of the application costs seconds, a step
inside it tenths of one) and calls `look(name)` on each; what is looked at is the caller's.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from api.http import session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.storage.home import Home

PARINCEA, COMMUNITY, COUNTY = "24098", 24089, "BC"  # SIRUTA of the locality and of its commune, its county
SMALL_COUNTY = "CV"  # few communes: its pack is as another's, and sooner looked through
NEED, CHILD_NEED = "8891CZ-C-II", "Centru de zi pentru copii în risc"
LAYERED = "8891CZ-C-II"  # a service type whose coverage is drawn
SERVICE = "social:mmps:2"
TODAY_OF = ("team", "county", "national")  # the roles for which it is made
WAIT_MS = 30_000
# Nothing is being folded or unfolded: half of a field is not looked at.
UNFOLDED = """() => !document.getAnimations().some(each => each.playState === 'running' && each.effect?.target?.closest?.('details'))"""


def furnish(folder: Path) -> Home:
    """Make a demonstration in which every screen has something to show."""
    from core.resources import DATA
    from providers.finder.query_parsing import parse_query
    from referrals.campaigns import campaign_steps
    from referrals.homes import publishing
    from referrals.records.vocabulary import Actor
    from referrals.workflow import referral_offers
    from referrals.workflow.directory import open_directory
    from reports.demo.demo_year import Sizes, seed_ledger
    from tests.worlds.homes import small_world
    from tests.worlds.homes.atlas_world import make_atlas_world

    home = make_atlas_world(folder)
    directory = open_directory(home)
    seed_ledger(directory, day=datetime.now(UTC).date(), sizes=Sizes(people=300, referrals=600))
    query = parse_query(directory.gazetteer, place="Parincea, Bacău", services=(small_world.CHILD_DAY_CENTRE,))
    team = Actor("team", "test", COUNTY, COMMUNITY)
    for service in ("social:mmps:2", "social:mmps:5"):
        referral_offers.refer(directory, service, query, actor=team, basis="consent", consent_at=datetime.now(UTC))
    _send_back_the_last_month(directory)
    campaign_steps.start(directory, county=COUNTY, actor=Actor("county", "test", COUNTY))
    directory.ledger.close()
    changed = (DATA / "atlas" / "uat_population.csv").read_bytes().splitlines(keepends=True)
    publishing.stage_file(
        home, "population", "populatie.csv", b"".join(changed[:-3]), actor=Actor("admin", "test"), as_of=None
    )
    return home


def _send_back_the_last_month(directory: Any) -> None:
    """Let the community's last report be one to be filed again: then its form is open, on any day."""
    from referrals.monthly import monthly_reports
    from referrals.records.vocabulary import Actor

    unit = Actor("county", "test", COUNTY)
    filed = monthly_reports.reports(directory.ledger, actor=unit)
    filed = filed[(filed["uat_siruta"] == COMMUNITY) & filed["state"].isin(["filed", "accepted"])]
    for month in filed["month"].sort_values().tail(1):
        monthly_reports.send_back(
            directory.ledger, COUNTY, COMMUNITY, month, "Verificați numărul de referiri.", actor=unit
        )


def _answer(body: str, route: Any) -> None:
    route.fulfill(body=body, content_type="text/html")


def live_doors(folder: Path, address: str, language: str) -> dict[str, str]:
    """Give the pages before a live home as text: sign-in refused, and an invitation. The served home is another."""
    import httpx
    from starlette.applications import Starlette

    from api.auth import sign_in as signin
    from core.storage.home import make_home, open_home

    home = make_home("live", folder) if not folder.exists() else open_home(folder)
    before = os.environ.get("HARTA_HOME")
    os.environ["HARTA_HOME"] = str(home.path)
    try:
        doors = httpx.ASGITransport(app=Starlette(routes=signin.routes()))

        async def asked(path: str) -> str:
            async with httpx.AsyncClient(transport=doors, base_url=address) as client:
                return (await client.get(path)).text

        # In a thread of its own: Playwright keeps this one's loop running.
        with ThreadPoolExecutor(1) as other:
            return {
                "intrarea-reala": other.submit(asyncio.run, asked(f"/intra?lang={language}")).result(),
                "invitatia": other.submit(asyncio.run, asked(f"/invitatie?cod=ABC&lang={language}")).result(),
            }
    finally:
        os.environ.pop("HARTA_HOME") if before is None else os.environ.update(HARTA_HOME=before)


TRIES = 10


def ready(page: Any) -> None:
    """Wait until the application has drawn what it has to draw."""
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=WAIT_MS)
    # What is drawn anew is pale for a moment.
    page.wait_for_function(
        "() => !document.querySelector('[data-stale=true]') && !document.querySelector('[data-testid=stSkeleton]')"
    )


@dataclass
class Walk:
    """One language, one window. home: the served one, for its seals; address: of the server."""

    page: Any
    address: str
    home: Home
    language: str
    look: Callable[[str], None]

    def everything(self) -> None:
        """Pass every screen."""
        self.sign_in()
        self.plain_journey()
        self.plain_service()
        self.plain_local()
        self.service_map()
        self.provider()
        self.kept_files()
        self.plain_today()
        self.plain_reports()
        self.plain_campaigns()
        self.provider_of_several()
        self.today()
        self.finder()
        self.referrals()
        self.local()
        self.communities()
        self.reports()
        self.coverage()
        self.county()
        self.registers()

    # --- steps --------------------------------------------------------------------------------------------

    def as_role(self, role: str | None) -> None:
        """Put the cookie of a role on, or take it off."""
        context = self.page.context
        context.clear_cookies(name=session.COOKIE)
        if role is None:
            return
        areas: dict[str, dict[str, Any]] = {
            "team": {"county": COUNTY, "uat_siruta": COMMUNITY},
            "county": {"county": COUNTY},
        }
        sealed = session.demo_cookie(self.home, role, **areas.get(role, {}))  # type: ignore[arg-type]
        context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": self.address}])

    def open(self, path: str, until: str) -> None:
        """Load an address; the language goes with it and is remembered by the browser."""
        self.page.goto(f"{self.address}{path}{'&' if '?' in path else '?'}lang={self.language}")
        self.page.wait_for_selector(until, timeout=WAIT_MS)
        if self.page.locator(".stApp").count():
            ready(self.page)

    def section(self, name: str, until: str) -> None:
        """Go to another section by its link in the bar, without a load."""
        link = self.page.locator(f'[class*="st-key-hs-nav-"][class*="-{name}"] a')
        if not link.count():
            self.as_role("team")
            return self.open(f"/{name}", until)
        title = self.page.title()
        if not link.is_visible():  # it stands behind the name of the role
            self.page.locator(".bar-menu > summary").click()
        link.click()
        # What is waited for may stand on the screen before too: its title says that the other one is drawn.
        self.page.wait_for_function("title => document.title !== title", arg=title, timeout=WAIT_MS)
        self.page.wait_for_selector(until, timeout=WAIT_MS)
        return ready(self.page)

    def click(self, selector: str, until: str | None = None) -> None:
        """Press something, and wait for what it brings."""
        self.page.locator(selector).first.click()
        if until:
            self.page.wait_for_selector(until, timeout=WAIT_MS)
        if self.page.locator(".stApp").count():
            ready(self.page)
            self.page.wait_for_function(UNFOLDED)

    def unfold(self) -> None:
        """Open everything that is folded: what is hidden is not looked at."""
        self.page.evaluate(
            "document.querySelectorAll('.stMain details:not(.bar-menu), main details:not(.bar-menu)').forEach(d => { d.open = true })"
        )

    def choose(self, key: str, steps: int) -> None:
        """Choose in a list with the keyboard: as many steps down from what is chosen."""
        field = self.page.locator(f".st-key-{key} input").first
        focused = self.page.locator("[role=option][data-focused]")
        for step in range(steps):
            for _try in range(TRIES):  # a screen that is drawn once more meanwhile takes the focus away
                if step == 0:
                    field.focus()
                self.page.keyboard.press("ArrowDown")
                self.page.wait_for_timeout(100)
                if step or focused.count() or self.page.locator("[role=option]").count():
                    break
                self.page.wait_for_timeout(1_000)
            focused.first.wait_for()
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("[role=option]", state="detached")
        ready(self.page)

    # --- the plain pages ----------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Without a role: to choose one; and an address that does not exist."""
        self.as_role(None)
        self.open("/intra", "#rol")
        self.look("/intra")
        self.open("/nicaieri", ".hs-boot-bar")
        self.look("pagina care nu există")
        for name, said in live_doors(self.home.path.parent / "live", self.address, self.language).items():
            self.page.route(f"**/{name}", partial(_answer, said))
            self.page.goto(f"{self.address}/{name}")
            self.look(name)

    def plain_journey(self) -> None:
        """Question, answer, agreement, referral, slip; what was said wrongly; a refusal; help."""
        self.as_role("team")
        self.open("/simplu/gasiti", "#cuvinte")
        self.page.fill("#loc", "zzzz")
        self.click("form.box button.main", ".alert")
        self.unfold()
        self.look("/simplu: greșit")
        self.open("/simplu/gasiti", "#cuvinte")
        self.page.select_option("#nevoie", "domestic-violence")
        self.click("form.box button.main", ".danger")
        self.unfold()
        self.look("/simplu: pericol")
        self.open("/simplu/gasiti", "#cuvinte")
        self.unfold()
        self.look("/simplu/gasiti")
        self.page.fill("#cuvinte", NEED)  # a code is understood in both languages
        self.click("form.box button.main", "article")
        self.unfold()
        self.look("/simplu: răspuns")
        self.click("button[formaction='/simplu/confirmare']", "#locuri")
        self.look("/simplu: am sunat")
        self.page.go_back()
        self.page.wait_for_selector("article")
        self.unfold()
        self.click(f'button[value="{SERVICE}"]:not([formaction])', "input[value=consent]")
        self.unfold()
        self.look("/simplu: acordul")
        self.page.check("input[value=consent]")
        self.click("form.box button.main", "form[action$=legatura]")
        number = self.page.url.rsplit("/", 1)[1]
        self.click("form[action$=legatura] button", "#legatura")
        self.link = self.page.input_value("#legatura").removeprefix(self.address)
        self.unfold()
        self.look("/simplu: referirea")
        self.open(f"/simplu/referire/{number}/bilet", "pre")
        self.look("/simplu: biletul")
        self.open("/simplu/referiri", "article")
        self.look("/simplu: referiri")
        self.open("/simplu/ajutor", "details")
        self.unfold()
        self.look("/simplu/ajutor")
        self.open("/simplu/referire/R-0000", ".alert")
        self.look("/simplu: refuzul")
        self.open("/simplu/tur", ".tour")
        self.look("/simplu/tur")

    def plain_service(self) -> None:
        """A service's own page, and the list for a person with it."""
        self.open(f"/simplu/serviciu/{SERVICE}", ".facts")
        self.unfold()
        self.look("/simplu/serviciu")
        self.click("form[action='/simplu/lista/pastreaza'] button", ".done")
        self.open("/simplu/lista", ".facts")
        self.unfold()
        self.look("/simplu/lista")

    def plain_local(self) -> None:
        """Papers to print; an entry of local knowledge, said wrongly and then rightly."""
        self.open("/simplu/acte", "section")
        self.look("/simplu/acte")
        self.open("/simplu/local/formular", "#zile")
        self.page.fill("#nume", "Caravana")
        self.page.fill("#ofera", "Mamografie")
        self.page.select_option("#nevoie", "screening")
        self.page.fill("#zile", "zzzz")
        self.click("form.box button.main", ".alert")
        self.look("/simplu/local: greșit")
        self.page.fill("#zile", "prima joi din lună")
        self.click("form.box button.main", "article")
        self.look("/simplu/local")

    def provider(self) -> None:
        """A provider's link: the referral, to be declined with a reason, and what is said then."""
        self.as_role(None)
        self.open(self.link, "dl")
        self.unfold()
        self.look("/l: referirea")
        self.page.locator("details select").first.select_option("no_places")
        self.click("details form button", ".done")
        self.look("/l: răspunsul")

    def plain_today(self) -> None:
        """What waits, for each role that it is made for, with what stands behind the name of the role."""
        for role in TODAY_OF:
            self.as_role(role)
            self.open("/simplu", ".work-list")
            self.unfold()
            self.look(f"/simplu: astăzi, {role}")
        self.page.locator(".bar-menu > summary").click()
        self.look("/simplu: meniul")

    def plain_reports(self) -> None:
        """The figures, and a month's report: the list, the form, the check."""
        self.as_role("team")
        self.open("/simplu/rapoarte", ".sources")
        self.unfold()
        self.look("/simplu/rapoarte")
        self.open("/simplu/raport-lunar", ".month")
        self.look("/simplu/raport-lunar")
        self.click(".month .main", "form button.main[value=verifica]")
        self.look("/simplu/raport-lunar: luna")

    def plain_campaigns(self) -> None:
        """Campaigns of the county's unit."""
        self.as_role("county")
        self.open("/simplu/campanii", ".work-list a")
        self.unfold()
        self.look("/simplu/campanii")

    def provider_of_several(self) -> None:
        """A provider's link for several services: their places, which entry to correct, and one entry."""
        from referrals.ledger import provider_tokens
        from referrals.ledger.ledger import open_ledger
        from referrals.records.vocabulary import Actor

        ledger, unit = open_ledger(self.home), Actor("county", "test", COUNTY)
        with ledger.store.write() as connection:
            made = provider_tokens.make_services_link(
                connection, (SERVICE, "social:mmps:5"), county=COUNTY, actor=unit, now=ledger.clock()
            )
        link = "/l/" + provider_tokens.token_of(provider_tokens.signing_key(ledger), made)
        ledger.close()
        self.as_role(None)
        self.open(link, "form.several")
        self.look("/l: locurile")
        self.open(f"{link}/date", f"a[href^='{link}/date/']")
        self.look("/l: datele")
        self.page.locator(f"a[href^='{link}/date/']").first.click()
        self.page.wait_for_selector("form.box")
        self.unfold()
        self.look("/l: datele unui serviciu")

    def kept_files(self) -> None:
        """The county's pack as the file that is kept on a telephone."""
        pack = self.page.request.get(f"{self.address}/simplu/judet/{SMALL_COUNTY}.html").text()
        self.page.set_content(pack)
        self.look("pachetul județului")

    # --- the application ----------------------------------------------------------------------------------

    def today(self) -> None:
        """What waits, for each role that it is made for."""
        for role in TODAY_OF:
            self.as_role(role)
            self.open("/", ".work-list")
            self.look(f"Astăzi, {role}")
        self.page.locator(".bar-menu > summary").click()
        self.page.locator(".st-key-hs-more").wait_for()
        self.look("Meniul")

    def finder(self) -> None:
        """Before and after the question, with every panel; in danger."""
        self.as_role("team")
        self.open("/gasiti", ".hs-steps")
        self.page.locator(".st-key-more label").click()
        self.page.wait_for_selector(".st-key-reach")
        self.click(".st-key-search button", ".hs-field-error")
        self.look("Găsiți un serviciu: întrebarea")
        self.open(f"/?loc={PARINCEA}&nevoie={NEED}&nevoie=domestic-violence", ".hs-src")
        self.unfold()
        for position in (0, 1):
            self.page.locator("input.hs-tick").nth(position).check()
        self.page.locator("table.hs-compare").wait_for()
        panels = {
            "referiți": ("refer", "[class*=st-key-temei]"),
            "am sunat": ("places", "[class*=st-key-hs-taps-]"),
            "greșit": ("wrong", ".st-key-ce"),
        }
        for name, (button, inside) in panels.items():
            self.page.locator(f"[class*=st-key-{button}-] button:visible").first.click()
            self.page.wait_for_selector(inside)
            ready(self.page)
            self.look(f"Găsiți un serviciu: răspuns, {name}")
        self.page.locator("[class*=st-key-keep-] button:visible").first.click()
        ready(self.page)
        self.section("lista", ".hs-result")
        self.unfold()
        self.look("Lista pentru persoană")

    def referrals(self) -> None:
        """With open referrals, and one to move on."""
        self.section("referiri", "[class*=st-key-hs-ref-]")
        self.click("[data-testid=stExpander] summary")
        self.look("Referiri")

    def local(self) -> None:
        """What teams know: the list with its steps, and the form."""
        self.section("local", ".hs-result")
        self.look("Resurse")

    def service_map(self) -> None:
        """The map with its filters open, the card of a mark, its layers, an answer under the search, the counties side by side."""
        self.open("/simplu/harta?registru=social", ".leaflet-container[data-areas]")
        self.look("/simplu/harta")
        self.page.evaluate("document.querySelector('.map-row > summary').click()")
        for _zoom in range(12):
            self.page.locator(".hs-point").first.press("Enter")
            self.page.wait_for_timeout(500)
            if self.page.locator("#map-card:not([hidden]) .map-row").count():
                break
        self.look("/simplu/harta: serviciul")
        self.open(
            f"/simplu/harta?serviciu={LAYERED}&culoare=legat&loc=24098&strat=ajung", ".leaflet-container[data-coloured]"
        )
        self.look("/simplu/harta: legat")
        self.open(f"/simplu/harta?loc=24089&serviciu={LAYERED}&raspuns=1", ".leaflet-container[data-areas]")
        self.page.locator("#map-q").press_sequentially("cen")
        self.page.locator("#map-suggest [role=option]").first.wait_for(timeout=WAIT_MS)
        self.look("/simplu/harta: răspunsul")
        self.open(f"/simplu/harta/judete?serviciu={LAYERED}", ".map-counties")
        self.look("/simplu/harta/judete")

    def communities(self) -> None:
        """The country, and one community's sheet."""
        self.section("comunitati", ".hs-grid")
        self.look("Comunități")
        self.page.locator(".hs-grid a").first.click()
        self.page.wait_for_selector(".hs-back", timeout=WAIT_MS)
        self.page.wait_for_selector(".hs-src", timeout=WAIT_MS)
        ready(self.page)
        self.unfold()
        self.look("Comunități: fișa")

    def coverage(self) -> None:
        """Before the question, with its list open; as the county's unit, two plans side by side."""
        self.section("acoperire", ".hs-steps")
        self.page.locator(".st-key-cov_serviciu input").click()
        self.page.wait_for_selector("[role=option]")
        self.look("Acoperire: întrebarea")
        self.as_role("county")
        for part in ("lipsuri", "vecini", "masuri"):
            self.open(f"/acoperire?serviciu={NEED}&judet={COUNTY}&fila={part}", ".hs-src")
            self.unfold()
            self.look(f"Acoperire: {part}")
        self.open(f"/acoperire?serviciu={NEED}&judet={COUNTY}&fila=ajutor", ".hs-src")
        self.click(".st-key-cov_plan button", ".st-key-cov_delete_1")
        self.click(".st-key-cov_plan button", ".st-key-cov_delete_2")
        self.unfold()
        self.look("Acoperire: un județ, două scenarii")
        self.open(f"/simplu/acoperire?serviciu={NEED}&judet={COUNTY}", "#scenarii")
        self.unfold()
        self.look("/simplu/acoperire")

    def reports(self) -> None:
        """The figures, and a month's report."""
        self.section("rapoarte", ".hs-tiles")
        self.unfold()
        self.look("Rapoarte: cifre")
        self.click("[class*=st-key-reports_part_] button >> nth=-2", ".hs-group")
        self.look("Rapoarte: toți indicatorii")
        self.click(".st-key-reports_view button >> nth=1", "[class*=st-key-monthly_open_]")
        self.look("Rapoarte: lunile")
        self.click("[class*=st-key-monthly_open_] button >> nth=0", ".st-key-monthly_check")
        self.unfold()
        self.look("Rapoarte: raportul lunar")

    def county(self) -> None:
        """What the county's unit does with the reports of its communities."""
        self.section("rapoarte", ".hs-tiles")
        self.click(".st-key-reports_view button >> nth=1", "[class*=st-key-monthly_open_]")
        self.unfold()
        self.look("Rapoarte: unitatea județeană")

    def registers(self) -> None:
        """As administrator: what is there, what waits, and how a file comes in."""
        self.as_role("admin")
        self.open("/registre", ".hs-grid")
        self.choose("register", 2)
        self.page.wait_for_selector("[data-testid=stFileUploader]")
        ready(self.page)
        self.unfold()
        self.look("Registre")
