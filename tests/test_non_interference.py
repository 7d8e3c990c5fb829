"""What a register says of its protected services changes nothing that others see, anywhere.

Two homes differ in their protected rows alone (`tests.worlds.homes.protected_world`). For whoever is not entitled to them,
every output of one is compared with that of the other, byte for byte. ALLOWED is all that may differ.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
import zlib
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import cli
from api import atlas_areas, suggest
from api.http import dependencies, session
from api.ogc.feature_layer import EPSG_3844
from api.server import health
from core.errors import MapError
from geo.gazetteer.gazetteer import load_gazetteer
from pages.common import shared
from providers.interchange.hsds_terms import hsds_id, term_id
from providers.planning import need_coverage_report
from referrals.records.vocabulary import Actor
from referrals.workflow import directory as directory_module
from reports.bulk.kept_bulk import make_day
from tests.covering import daily
from tests.worlds.clients.api_client import ApiClient, secret_for
from tests.worlds.clients.form_browser import Browser, form
from tests.worlds.clients.page_words import words
from tests.worlds.homes import protected_world
from tests.worlds.homes.protected_world import DAY, HOME_FOR_AGED, PARINCEA, SHELTER, TEAM, TRAFFICKED, World
from tests.worlds.servers.plain_app import plain_app

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

MAIN = Path(__file__).resolve().parents[1] / "pages" / "main.py"
MONTH = protected_world.MOMENT.strftime("%Y-%m")
NOBODY = None
ACTORS = {
    "nobody": NOBODY,
    "team": TEAM,
    "county unit of another county": Actor("county", "ujss-vs", "VS"),
    "national level": Actor("national", "umi"),
    "administrator": protected_world.ADMIN,
}
PDF_STREAM = re.compile(rb"/Length (\d+)\n>>\nstream\n(.*?)\nendstream", re.DOTALL)
SEALED = re.compile(r"protected:([A-Z0-9-]+):([A-Z]*):[a-z2-7]{16}")


@dataclass(frozen=True)
class Allowed:
    """Something in which outputs of the two homes may differ, and why."""

    what: str
    why: str
    found: re.Pattern[str]
    put: str


ALLOWED = (
    Allowed(
        "sealed key of a protected service", "opaque: made with the home's secret, it finds no row of a register",
        SEALED, r"protected:\1:\2:SEALED",
    ),
    Allowed(
        "seal of a form, key of one sending, token of a provider's link", "drawn by lot, also in one home",
        re.compile(r'(name="(?:formular|cheie|cheie_lipsa)" value="|/l/)[^"\s]*'), r"\1",
    ),
    Allowed(
        "when a file was made, and what is past its time by then", "the moment stands in it, also in one home",
        re.compile(r"/CreationDate \(D:[^)]*\)|<dcterms:(created|modified)[^>]*>[^<]*|(?<=/ID \[)[^\]]*"
                   r'|(?<="before": )"[^"]*"|(?<="asked_at": )"[^"]*"|(?<=\(înainte de )[^)]*'), "",
    ),
)  # fmt: skip


def told(output: Any, world: World) -> str:
    """Return an output as text, without what may differ."""
    text = as_text(output)
    for own, put in ((str(world.home.path), "HOME"), (str(world.home.path.parent), "FOLDER")):
        text = text.replace(own, put)
    for allowed in ALLOWED:
        text = allowed.found.sub(allowed.put, text)
    return text


def as_text(output: Any) -> str:
    """Return bytes of any format as text: archives and databases by what is in them."""
    if isinstance(output, bytes):
        if output.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(output)) as archive:
                return "\n".join(f"{name}\n{as_text(archive.read(name))}" for name in archive.namelist())
        if output.startswith(b"SQLite format"):
            with sqlite3.connect(":memory:") as base:
                base.deserialize(output)
                base.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
                names = [
                    name for (name,) in base.execute("select name from sqlite_master where type = 'table' order by 1")
                ]
                rows = [(name, *row) for name in names for row in base.execute(f'select * from "{name}"')]  # noqa: S608
                return "\n".join(map(repr, rows))
        if output.startswith(b"PAR1"):
            held = pq.read_table(io.BytesIO(output))
            return f"{held.schema.metadata} {held.to_pandas().to_csv()}"
        if output.startswith(b"%PDF"):
            output = PDF_STREAM.sub(lambda found: b"stream\n" + _inflated(found[2]), output)
        return output.decode("utf-8", "backslashreplace")
    return output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, default=as_text, indent=0)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream  # a picture or a font as it is


def assert_same(outputs: dict[str, dict[str, Any]], worlds: tuple[World, World]) -> None:
    """Compare the outputs of the two homes, by their names; none may say a thing of a protected row."""
    here, elsewhere = (outputs[world.name] for world in worlds)
    assert list(here) == list(elsewhere)
    for name in here:
        mine, others = told(here[name], worlds[0]), told(elsewhere[name], worlds[1])
        if mine != others:
            pairs = zip(re.split(r"(?<=[>\n}])", mine), re.split(r"(?<=[>\n}])", others), strict=False)
            lines = [f"- {a[:300]}\n+ {b[:300]}" for a, b in pairs if a != b]
            pytest.fail(f"{name}: differs with the protected rows\n" + "\n".join(lines[:5]))
        for world, text in ((worlds[0], mine), (worlds[1], others)):
            said = [marker for marker in protected_world.markers(world.name) if marker in text]
            assert said == [], name


# --- the two homes ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gazetteer():
    return protected_world.three_counties(load_gazetteer(None))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    return protected_world.copied_worlds(tmp_path_factory, "compared")


@pytest.fixture(autouse=True)
def _fast(monkeypatch, gazetteer):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.delenv("HARTA_BACKUPS", raising=False)
    monkeypatch.setenv("OGR_CURRENT_DATE", "2026-01-01T00:00:00.000Z")  # a GeoPackage says when it was made
    for module in (directory_module, suggest, atlas_areas, need_coverage_report):
        monkeypatch.setattr(module, "load_gazetteer", lambda _home: gazetteer)


@pytest.fixture
def in_each(worlds, monkeypatch):
    """Take the outputs of both homes, and compare them; returns how many there were."""

    def run(outputs_of) -> int:
        taken = {}
        for world in worlds:
            monkeypatch.setenv("HARTA_HOME", str(world.home.path))
            taken[world.name] = outputs_of(world)
        assert_same(taken, worlds)
        return len(taken[worlds[0].name])

    return run


# --- the command line ---------------------------------------------------------------------------------

PLACES = ("Parincea, Bacău", "Turda, Cluj")
COMMANDS: tuple[tuple[str, ...], ...] = (
    *(
        ("nearest", "--from", place, kind, code, *json_)
        for place in PLACES
        for kind, code in (("--service", DAY), ("--service", SHELTER), ("--service", HOME_FOR_AGED), ("--need", "domestic-violence"))
        for json_ in ((), ("--json",))
    ),
    ("trip", "--from", PLACES[0], "--service", DAY, "--service", HOME_FOR_AGED),
    ("trip", "--from", PLACES[0], "--service", DAY, "--need", "domestic-violence", "--json"),
    ("nearest", "--batch", "questions.csv", "--out", "OUT/answers.csv"),
    ("services", "adăpost", "--near", PLACES[0], "--json"), ("services", "centrul", "--near", PLACES[1]),
    ("needs", "violență"), ("needs", "--json"), ("needs", "--coverage", "--out", "OUT/needs.csv"),
    *(("coverage", "--service", code, "--level", level, "--json", "--out", f"OUT/coverage.{kind}")
      for code, level, kind in ((DAY, "uat", "csv"), (DAY, "locality", "xlsx"), (DAY, "county", "gpkg"), (SHELTER, "county", "csv"))),
    ("coverage", "--service", HOME_FOR_AGED, "--level", "uat", "--basis", "licensed", "--out", "OUT/licensed.csv"),
    ("coverage", "--service", SHELTER, "--level", "uat", "--json"),
    ("site", "--service", DAY, "--county", "BC", "--add", "1", "--assign", "--out", "OUT/plan.xlsx", "--json"),
    ("site", "--service", SHELTER, "--county", "BC", "--add", "1"),
    *(("report", "--level", level, "--id", code, "--month", MONTH, "--out", f"OUT/report.{kind}", *public)
      for level, code, kind, public in (
          ("national", "", "xlsx", ("--public",)), ("county", "BC", "pdf", ()), ("region", "RO21", "xlsx", ("--public",)))),
    *(("export", kind, f"OUT/{kind}", "--json") for kind in ("hsds", "hsds-tables", "geoparquet", "geopackage", "xlsx")),
    ("pack", "--county", "BC", "--out", "OUT"), ("pack", "--county", "CJ", "--out", "OUT"),
    ("status",), ("status", "--json"), ("doctor", "--json"), ("retention", "--json"), ("account", "list", "--json"),
    ("local", "--json"), ("calendar", "--export", "OUT/calendar.csv"), ("paper",),
    ("corrections", "--json"), ("corrections", "--export", "OUT/corrections.csv"),
    ("capacity", "social:mmps:LLF1", "--json"), ("capacity", "protected:8790CR-VD-I:BC:1", "--json"),
    ("capacity", "protected:8790CR-VD-I:BC:1", "--free", "3"), ("capacity", "social:mmps:404"),
    ("report-wrong", "protected:8790CR-VD-I:BC:1", "--what", "gone"),
    ("refer", "protected:8790CR-VD-I:BC:1", "--from", PLACES[0], "--consent"),
    ("audit", "--limit", "1000", "--json"),
)  # fmt: skip
QUESTIONS = f"""from,service,need
"Parincea, Bacău",{DAY},
"Parincea, Bacău",{SHELTER},
"Turda, Cluj",,domestic-violence
"""


def run_command(words: tuple[str, ...], folder: Path) -> dict[str, Any]:
    """Run a command; return what it printed and every file that it wrote."""
    folder.mkdir(parents=True)
    (folder / "questions.csv").write_text(QUESTIONS, encoding="utf-8")
    said = [str(folder / word.removeprefix("OUT").lstrip("/")) if word.startswith("OUT") else word for word in words]
    said = [str(folder / word) if word == "questions.csv" else word for word in said]
    done = CliRunner().invoke(cli.app, said)
    if done.exception is not None and not isinstance(done.exception, MapError | SystemExit):
        raise done.exception
    printed = f"{done.exit_code} {done.exception!r} {done.output}".replace(str(folder), "OUT")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    written = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    return {"printed": printed, **written}


@pytest.fixture
def one_directory(monkeypatch):
    """Commands of one process share the desk of their home: opening it is what takes the time."""
    monkeypatch.setattr(directory_module, "open_directory", dependencies.directory_for)


@pytest.mark.parametrize("command", sorted({words[0] for words in COMMANDS}))
def test_no_command_says_more_than_its_public_rows(command, in_each, one_directory, tmp_path):
    def outputs(world: World) -> dict[str, Any]:
        mine = [words for words in COMMANDS if words[0] == command]
        runs = ((words, run_command(words, tmp_path / world.name / str(n))) for n, words in enumerate(mine))
        return {f"{' '.join(words)}: {name}": output for words, run in runs for name, output in run.items()}

    assert in_each(outputs) > 0


# --- the plain pages, suggestions, health ----------------------------------------------------------------


@pytest.fixture(scope="module")
def application():
    return plain_app()


@pytest.fixture
def signed_in(monkeypatch):
    """Let everybody who asks be one actor, or nobody."""

    def be(actor: Actor | None) -> None:
        found = None if actor is None else session.Session("session", actor)
        monkeypatch.setattr(session, "session_of", lambda _cookies, _home=None: found)
        monkeypatch.setattr(shared, "actor", lambda _home: actor)

    return be


ADDRESSES = (
    "/health", "/health/live", "/intra", "/simplu", "/simplu/gasiti", "/simplu/referiri", "/simplu/ajutor", "/simplu/ghid.pdf",
    "/simplu/acte", "/simplu/local", "/simplu/calendar.csv",
    "/simplu/judetul-meu", "/simplu/furnizori?toti=1",
    "/simplu/judet/BC.html", "/simplu/judet/CJ.html", "/simplu/judet/BC.pdf", "/simplu/judet/CJ.pdf",
    "/simplu/harta", "/simplu/harta?loc=Turda&serviciu=domestic-violence", "/simplu/harta?loc=Turda&serviciu=domestic-violence&raspuns=1", "/api/map/names?zoom=11&x=294&y=179",
    "/api/map/points", "/api/map/points?zoom=14",
    "/api/map/points?serviciu=domestic-violence", "/api/map/card?id=protected:8790CR-VD-I:BC:1", "/api/map/services.csv?registru=social", "/api/map/area?siruta=54975",
    f"/simplu/harta?serviciu={DAY}&culoare=legat", f"/simplu/harta?serviciu={SHELTER}&culoare=acoperire",
    *(f"/simplu/acoperire{ending}?serviciu={DAY}&judet=BC&masura=free" for ending in ("", ".csv")), f"/simplu/acoperire?serviciu={SHELTER}&judet=BC",
    *(f"/api/map/coverage?serviciu={code}&culoare=acoperire" for code in (DAY, SHELTER, HOME_FOR_AGED, "domestic-violence")),
    f"/api/map/coverage?serviciu={DAY}&culoare=legat&minute=60", f"/api/map/joined?serviciu={DAY}&judet=BC",
    f"/api/map/joined.csv?serviciu={HOME_FOR_AGED}", f"/api/map/area?siruta=24098&serviciu={DAY}", f"/api/map/area?siruta=24098&serviciu={SHELTER}",
    f"/api/map/coverage?serviciu={HOME_FOR_AGED}&culoare=schimbare&acum=90", "/api/map/reach?loc=24098", "/api/map/local?strat=local&strat=calendar", f"/simplu/harta/judete?serviciu={DAY}",
    f"/simplu/harta/judete?serviciu={SHELTER}&culoare=legat", "/api/map/area/more?siruta=24098", "/api/map/area/more?siruta=54975",
    "/api/map/search?q=adapost", "/api/map/search?q=centru&loc=Turda", "/simplu/harta/cautare?q=violenta",
    "/api/map/harta.pdf?registru=social&cadru=46.2,26.5,46.9,27.5", "/api/map/harta.svg?registru=social", "/simplu/harta/cautare?q=asociatia", "/api/map/points?zona=46.5,27.0,30", "/api/map/points?furnizor=Asociația",

    "/api/needs?q=violen", "/api/places?q=turd", "/api/places?q=parin", "/api/atlas-map",
)  # fmt: skip
QUESTIONS_ASKED = (
    (PLACES[0], DAY), (PLACES[0], SHELTER), (PLACES[0], "domestic-violence", HOME_FOR_AGED), (PLACES[1], TRAFFICKED),
    (PLACES[1], DAY, HOME_FOR_AGED),
)  # fmt: skip
KEYS = (
    "social:mmps:LLF1",
    "protected:8790CR-VD-I:BC:1",
    "protected:8891CZ-C-II:BC:1",
    "protected:8790CR-VD-I:BC:99",
    "social:mmps:404",
)
ACTS = ("/simplu/referire", "/simplu/confirmare", "/simplu/protejat", "/simplu/confirmare/legatura")


def referral_numbers(world: World) -> list[str]:
    with dependencies.directory_for(world.home).ledger.store.read() as connection:
        said = connection.exec_driver_sql("select referral_id from referrals order by made_at, referral_id").all()
    return [str(number) for (number,) in said]


def plain_outputs(world: World, application: Any) -> dict[str, str]:
    """Walk the plain pages: every address, question, act on a key and referral."""
    browser, seen = Browser(application), {}

    def keep(name: str, answer: Any) -> Any:
        headers = {key: value for key, value in answer.headers.items() if key not in ("set-cookie", "content-length")}
        content = answer.content if "pdf" in headers.get("content-type", "") else answer.text
        seen[name] = f"{answer.status_code} {answer.url.path} {headers}\n{as_text(content)}"
        return answer

    for address in ADDRESSES:
        keep(address, browser.get(address))
    for number in referral_numbers(world):
        for more in ("", "/bilet", "/bilet.pdf"):
            keep(f"/simplu/referire/NUMBER{number}{more}", browser.get(f"/simplu/referire/{number}{more}"))
    start = browser.get("/simplu/gasiti")
    if "/simplu/raspuns" not in start.text:
        return seen
    seal = form(start, "/simplu/raspuns").fields[0]
    for place, *needs in QUESTIONS_ASKED:
        asked = [seal, ("loc", place), *(("nevoie", need) for need in needs)]
        answer = keep(f"{place} {needs}", browser.post("/simplu/raspuns", asked))
        keep(f"{place} {needs} map", browser.post("/simplu/harta/raspuns", asked))
        found = browser.post("/api/map/answer", asked).json()
        seen[f"{place} {needs} map data"] = f"{found.pop('html', '')} {found}"
        for key in KEYS[:3]:
            keep(f"{place} {needs} way {key}", browser.post("/api/map/way", [*asked, ("drum", key)]))
        if 'action="/simplu/drum"' in answer.text:
            keep(f"{place} {needs} trip", browser.post("/simplu/drum", form(answer, "/simplu/drum").fields))
    for key in KEYS:
        for act in ACTS:
            fields = [seal, ("loc", str(PARINCEA)), ("nevoie", SHELTER), ("serviciu", key)]
            keep(f"{act} {key}", browser.post(act, fields))
    return seen


@pytest.mark.parametrize("actor", daily(ACTORS, lambda actor: actor in ("nobody", "team")))
def test_no_plain_page_says_more_than_its_public_rows(actor, in_each, application, signed_in):
    signed_in(ACTORS[actor])
    health.READINESS = health.Readiness()  # asked anew: another test may have been at another home
    assert in_each(lambda world: plain_outputs(world, application)) >= (20 if actor == "nobody" else 45)


# --- the screens ---------------------------------------------------------------------------------------

SCREENS: dict[str, tuple[str, dict[str, Any]]] = {
    "find": ("find.py", {"loc": "24098", "nevoie": [DAY, "domestic-violence"]}),
    "find a home for the aged": ("find.py", {"loc": "24098", "nevoie": [HOME_FOR_AGED]}),
    "referrals": ("referrals.py", {}),
    "local": ("local.py", {}),
    "communities": ("communities.py", {}),
    "a community": ("communities.py", {"comunitate": str(PARINCEA)}),
    "coverage": ("coverage.py", {"serviciu": DAY, "judet": "BC"}),
    "coverage of shelters": ("coverage.py", {"serviciu": SHELTER}),
    "figures": ("figures.py", {}),
    "registers": ("registers.py", {}),
}  # fmt: skip


def drawn(app: AppTest) -> list[str]:
    """Return all that a run has sent to the browser, element after element."""
    assert not app.exception
    assert "A apărut o eroare" not in words(app)
    return [str(element.proto) for element in app._tree if getattr(element, "proto", None) is not None]


def screen_outputs(files: dict[str, Any], counted: list[int]) -> dict[str, Any]:
    """Draw every screen, press what is pressed before a figure is shown, and take every file that is offered."""
    seen: dict[str, Any] = {}
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    for name, (page, address) in SCREENS.items():
        files.clear()
        app.query_params.clear()
        for key, value in address.items():
            app.query_params[key] = value
        app = app.switch_page(page).run()
        if name == "registers" and shared.actor(shared.home()) is not None:
            app = app.selectbox(key="register").select("social").run()
        seen[name] = "\n".join(drawn(app))
        counted[0] += len(files)
        for label, data in files.items():
            content = data() if callable(data) else data
            seen[f"{name}: {label}"] = content.getvalue() if hasattr(content, "getvalue") else content
    return seen


@pytest.fixture
def offered(monkeypatch):
    """Keep what the buttons for files would give."""
    files: dict[str, Any] = {}

    def button(label: str, data: Any, file_name: str = "", *_rest: Any, **_more: Any) -> bool:
        files[f"{label} {file_name}"] = data
        return False

    monkeypatch.setattr(st, "download_button", button)
    return files


@pytest.mark.parametrize("actor", daily(ACTORS, lambda actor: actor not in ("team", "national level")))
def test_no_screen_and_no_file_of_one_says_more_than_its_public_rows(actor, in_each, signed_in, offered):
    signed_in(ACTORS[actor])
    counted = [0]
    assert in_each(lambda _world: screen_outputs(offered, counted)) >= len(SCREENS)
    assert counted[0] >= (0 if actor == "nobody" else 6)


# --- other programs ----------------------------------------------------------------------------------

ASKED_BY_PROGRAMS = (
    "/services?limit=200", f"/services?service_type={SHELTER}", f"/services?service_type={TRAFFICKED}&county=BC",
    f"/services?service_type={HOME_FOR_AGED}&county=CJ", "/services?status=unknown", "/services?status=free", "/services?status=full",
    "/services?q=adapost", "/services?q=tainica", "/services?q=centrul", f"/services?uat_siruta={PARINCEA}",
    f"/services/protected:{SHELTER}:BC:1", f"/services/protected:{SHELTER}:CJ:1", "/services/social:mmps:LF1",
    "/organizations", "/organizations?q=exemplu", "/organizations?cui=1234567", "/areas?limit=500", f"/areas/{PARINCEA}",
    f"/coverage/{DAY}?level=uat", f"/coverage/{SHELTER}?level=county", f"/indicators?period={MONTH}",
    "/indicators?period=all&by=county", "/changes?limit=1000", "/places?q=parincea",
)  # fmt: skip
_SERVICES = "/ogc/collections/services.social/items"
# A public service, protected ones by their public label, and by the keys that the registers of the two homes have.
_KEYS_ASKED = (
    "social:mmps:LLF1",
    f"protected:{SHELTER}:BC:1",
    f"protected:{DAY}:CJ:1",
    "social:mmps:LLS100",
    "social:mmps:LLS200",
    "social:mmps:LLS221",
)
ASKED_ELSEWHERE = (
    "/ogc/collections", "/ogc/collections/services", "/ogc/collections/services.social", _SERVICES,
    f"{_SERVICES}?bbox=20,43,30,49", f"{_SERVICES}?service_type={SHELTER}", f"{_SERVICES}?county=BC&limit=1",
    f"{_SERVICES}/protected:{SHELTER}:BC:1", f"{_SERVICES}/social:mmps:LF1", "/ogc/collections/services/items?limit=10000",
    f"/ogc/collections/coverage.{DAY}/items?limit=500", f"/ogc/collections/coverage.{SHELTER}/items",
    *(f"/hsds/services?taxonomy_term_id={term_id('service_type', code)}&per_page=500" for code in (DAY, SHELTER, TRAFFICKED, HOME_FOR_AGED)),
    f"/hsds/service_at_locations?taxonomy_term_id={term_id('service_type', SHELTER)}", "/hsds/services?search=tainica",
    "/hsds/organizations?per_page=500", "/hsds/services?per_page=1", "/hsds/service_at_locations?per_page=1",
    f"/fhir/HealthcareService?service-type={SHELTER}", f"/fhir/Location?near=46.5|27.1|500|km&type={SHELTER}",
    f"/fhir/Location?near=46.5|27.1|50|km&type={DAY}", "/fhir/Location?_count=1", "/fhir/Organization?_count=500",
    f"/fhir/HealthcareService?service-type={HOME_FOR_AGED}", "/fhir/HealthcareService?name=tainica",
    "/ogc/collections/communities/items", f"/ogc/collections/units/items/{PARINCEA}",
    f"{_SERVICES}?crs={EPSG_3844}&bbox-crs={EPSG_3844}&bbox=400000,100000,800000,800000&limit=1", f"{_SERVICES}?capacity_status=full",
    *(f"/hsds/{name}?format=ndjson" for name in ("services", "service_at_locations", "organizations")),
    *(f"/hsds/services?modified_after={(protected_world.MOMENT + timedelta(minutes=minutes)).strftime('%Y-%m-%dT%H:%M:%SZ')}" for minutes in (-60, 30, 90)),
    *(f"{root}/{hsds_id(kind, key)}" for key in _KEYS_ASKED for root, kind in (
        ("/hsds/services", "service"), ("/hsds/service_at_locations", "service_at_location"),
        ("/fhir/HealthcareService", "service"), ("/fhir/Location", "service_at_location"))),
    "/fhir/HealthcareService/_history?_count=500", "/fhir/HealthcareService/_history?_count=1",
)  # fmt: skip
POSTED = (
    ("/hsds/services", {"format": "ndjson"}), ("/hsds/services", {"search": "tainica"}),
    ("/hsds/service_at_locations", {"taxonomy_term_id": term_id("service_type", SHELTER)}),
)  # fmt: skip
FORMS = (
    ("/fhir/Location/_search", f"type={SHELTER}&near=46.5|27.1|500|km"), ("/fhir/HealthcareService/_search", f"service-type={SHELTER}"),
    ("/fhir/Organization/_search", "name=fundatia"),
)  # fmt: skip
PROGRAMS = {
    "team": {"county": "BC", "uat_siruta": PARINCEA},
    "county": {"county": "BC"},  # the unit that answers for some: as a program it is told no more than others
    "national": {},
}


# Every day each question by one kind of program, in turn; in the long run each by all.
@pytest.mark.parametrize(
    "is_each_by_all", daily([False, True], lambda value: not value), ids=["in turn", "each by all"]
)
def test_what_programs_are_answered_and_the_digests_of_it(in_each, is_each_by_all):
    web = plain_app()

    def outputs(world):
        directory = dependencies.directory_for(world.home)
        clients = {
            role: ApiClient(web, secret_for(directory, role, ("read", "nearest", "figures"), **area))
            for role, area in PROGRAMS.items()
        }
        make_day(directory, now=protected_world.MOMENT)
        taken = {}
        for number, (name, asked) in enumerate(asked_by_programs().items()):
            for role in PROGRAMS if is_each_by_all else [list(PROGRAMS)[number % len(PROGRAMS)]]:
                taken |= {f"{role} {name}{more}": said for more, said in asked(clients[role]).items()}
        return taken

    assert in_each(outputs) > (300 if is_each_by_all else 100)


def asked_by_programs() -> dict[str, Callable[[ApiClient], dict[str, Any]]]:
    """Return all that is asked, by name; what is kept of an answer."""
    addresses = (*(f"/api/v1{each}" for each in ASKED_BY_PROGRAMS), *ASKED_ELSEWHERE)
    needs = ("domestic-violence", "trafficked", SHELTER, TRAFFICKED, DAY, HOME_FOR_AGED)
    return {
        "/bulk/latest": bulk_digests,
        **{path: partial(read, path) for path in addresses},
        **{f"POST {path} {asked}": partial(posted, path, json=asked) for path, asked in POSTED},
        **{f"POST {path} {asked}": partial(posted, path, content=asked, headers=FORM) for path, asked in FORMS},
        **{f"nearest {need}": partial(nearest_to, need) for need in needs},
    }


FORM = {"content-type": "application/x-www-form-urlencoded"}


def bulk_digests(client: ApiClient) -> dict[str, Any]:
    files = client.get("/bulk/latest").json()["files"]
    # A GeoPackage holds when it was made; what is in it is in the other forms.
    digests = {each["name"]: each["sha256"] for each in files if not each["name"].endswith((".gpkg", "SUMS"))}
    assert len(digests) > 10
    return {"": digests}


def read(path: str, client: ApiClient) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code in (200, 404), f"{path} {answer.text}"
    said = answer.text if "ndjson" in path else answer.json()
    if is_feed := path.startswith("/api/v1/changes"):
        said = said["changes"]
    kept = {"status": answer.status_code, "said": _without(_WHEN_ASKED, said)}
    return {"": kept, " digest": "" if is_feed else answer.headers.get("etag", "")}


def posted(path: str, client: ApiClient, **asked: Any) -> dict[str, Any]:
    answer = client.ask("POST", path, **asked)
    assert answer.status_code == 200, answer.text
    return {"": f"{answer.status_code} {answer.text}"}


def nearest_to(need: str, client: ApiClient) -> dict[str, Any]:
    kind = "services" if need.isupper() else "needs"
    answer = client.post("/api/v1/nearest", {"place": str(PARINCEA), kind: [need], "k": 50})
    return {"": {"status": answer.status_code, "said": _without(_AGES, answer.json())}}


_AGES = frozenset({"report_age_days"})
_WHEN_ASKED = frozenset({"at", "lastUpdated", "lastModified"})  # of a change: when it was seen first


def _without(names: frozenset[str], said: Any) -> Any:
    """Leave out what passes with time: the two homes are asked one after the other."""
    if isinstance(said, dict):
        return {name: _without(names, value) for name, value in said.items() if name not in names}
    return [_without(names, each) for each in said] if isinstance(said, list) else said
