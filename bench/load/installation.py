"""An installation to be measured: a copy of a home, on SQLite or PostgreSQL, served by so many processes."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from api.http import session
from bench import postgres
from bench.load.samples import children_of, processor_seconds
from core.storage.home import Home, open_home
from providers.finder.finder import find
from providers.finder.query_parsing import parse_query
from providers.rules.protected_keys import is_protected
from referrals.backups import move_ledger
from referrals.interchange.api_tokens import create_token
from referrals.ledger.ledger import open_ledger
from referrals.ledger.provider_tokens import make_service_link
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.indicators.report_data import communities_of

ROOT = Path(__file__).resolve().parents[2]
ADMIN = Actor("admin", account="bench")
_SCOPES = ("read", "nearest", "refer", "report")
_START_SECONDS = 300.0
_STILL_SECONDS, _STILL = 3.0, 0.1  # a process that uses less of a processor than this for so long has prepared itself
REFERRED = "disability-day-centre"  # the need of referrals that are made


@dataclass(frozen=True)
class People:
    """What visitors need: a cookie of each team, tokens of programs, links of providers, and what they ask about."""

    cookies: list[str]
    tokens: list[str]
    links: list[str]
    places: list[int]
    needs: list[str]
    services: list[str]
    offers: list[tuple[int, str]]  # places and services that a person from there may be referred to


@dataclass(frozen=True)
class Served:
    """A server that runs: its addresses, one a process, and the process that was started."""

    home: Home
    bases: list[str]
    process: subprocess.Popen[str]
    log: Path

    @property
    def workers(self) -> list[int]:
        """The processes that answer now."""
        return children_of(self.process.pid) if len(self.bases) > 1 else [self.process.pid]


def prepare_people(home: Home, *, count: int = 8, county: str = "BC") -> People:
    """Make tokens, links and cookies in a home, and choose what is asked; the same for the same home."""
    directory = open_directory(home)
    lot = random.Random(7)
    unit = Actor("county", county=county, account="bench")
    with closing(directory.ledger) as ledger:
        snapshot = directory.snapshot()
        table = snapshot.catalogue.services
        own = [str(each) for each in table.loc[table["county"] == county, "service_id"] if not is_protected(str(each))]
        services = lot.sample(sorted(own), min(60, len(own)))
        made = [
            create_token(ledger, f"bench {n}", role="county", county=county, scopes=_SCOPES, actor=ADMIN)
            for n in range(count)
        ]
        links = [make_service_link(ledger, each, county=county, actor=unit) for each in services[:count]]
        teams = communities_of(directory)[["county", "uat_siruta"]].itertuples(index=False)
        sealed = [
            session.demo_cookie(home, "team", county=team.county, uat_siruta=int(team.uat_siruta)) for team in teams
        ]
    communities = snapshot.gazetteer.localities
    places = [int(each) for each in communities.loc[communities["county"] == county, "locality_siruta"].head(300)]
    needs = ["hot-meal", "elderly-home-care", "food", "disability-day-centre"]
    offers = []
    for place in places[:40]:
        question = parse_query(snapshot.gazetteer, place=str(place), needs=(REFERRED,), near=county)
        offers += [(place, offer.service_id) for offer in find(snapshot, question).results if offer.places_free]
    cookies = [f"{session.COOKIE}={each}" for each in sealed]
    return People(cookies, [secret for _token, secret in made], links, places, needs, services, offers)


def give_places(home: Home, people: People, places: int) -> None:
    """Report so many free places of each service that a person may be referred to: referrals go on being made."""
    said = [
        {"service_id": each, "places_free": places, "places_max": places}
        for each in sorted({service_id for _place, service_id in people.offers})
    ]
    with closing(open_ledger(home)) as ledger:
        ledger.report_many(said, source="telefon", actor=Actor("county", county="BC", account="bench"))


@contextmanager
def copied_home(source: Path, folder: Path, *, database: str, database_folder: Path | None = None) -> Iterator[Home]:
    """Give a copy of a home, its ledger moved to a PostgreSQL of its own (in this folder) where that is asked for."""
    shutil.copytree(source, folder / "home", ignore=shutil.ignore_patterns("*.lock", "backups"))
    home = open_home(folder / "home")
    with ExitStack() as stack:
        os.environ["HARTA_HOME"] = str(home.path)
        os.environ.pop("HARTA_DATABASE_URL", None)
        if database == "postgresql":
            server = stack.enter_context(postgres.server(inside=database_folder))
            with psycopg.connect(server + "postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE load")
            move_ledger(home, server + "load", actor=ADMIN)
            os.environ["HARTA_DATABASE_URL"] = server + "load"
            stack.callback(os.environ.pop, "HARTA_DATABASE_URL", None)
        yield home


@contextmanager
def served(home: Home, folder: Path, *, workers: int, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """Serve a home by so many processes on free ports; stopped by its number."""
    log = folder / f"server-{workers}.log"
    port = _free_ports(workers)
    command = [sys.executable, str(ROOT / "cli.py"), "serve", "--port", str(port), "--workers", str(workers)]
    said = {**os.environ, "HARTA_HOME": str(home.path), "PYTHONPATH": str(ROOT), **(environment or {})}
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(command, env=said, stdout=written, stderr=written, text=True, cwd=folder)
    try:
        bases = _addresses(process, log, workers)
        yield Served(home, bases, process, log)
    finally:
        process.terminate()
        process.wait(40)


def warm_up(server: Served, people: People) -> None:
    """Ask every process one question, and wait until what it prepares after its start (letters, maps) is ready."""
    bases = server.bases
    question = f"/simplu/gasiti?loc={people.places[0]}&nevoie={people.needs[0]}"
    for base in bases:
        headers = {"Cookie": people.cookies[0]}
        httpx.get(base + question, headers=headers, timeout=_START_SECONDS, trust_env=False).raise_for_status()
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        before = processor_seconds(server.workers)
        time.sleep(_STILL_SECONDS)
        if processor_seconds(server.workers) - before < _STILL_SECONDS * _STILL:
            return


def _free_ports(count: int) -> int:
    """Find so many free ports in a row; return the first."""
    for _try in range(50):
        with ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                for number in range(1, count):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port + number))
            except OSError:
                continue
            return port
    raise SystemExit("no free ports in a row")


def _addresses(process: subprocess.Popen[str], log: Path, workers: int) -> list[str]:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        said = log.read_text(encoding="utf-8")
        found = re.findall(r"http://127\.0\.0\.1:\d+", said)
        if len(set(found)) >= workers and _answer(found):
            return list(dict.fromkeys(found))
        if process.poll() is not None:
            raise SystemExit(f"the server has stopped:\n{said}")
        time.sleep(0.3)
    raise SystemExit(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def _answer(bases: list[str]) -> bool:
    try:
        return all(httpx.get(f"{base}/health", timeout=5, trust_env=False).status_code == 200 for base in bases)
    except httpx.HTTPError:
        return False
