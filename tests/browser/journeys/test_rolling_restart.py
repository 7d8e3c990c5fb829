"""Every process of a server is replaced while people are in the middle of a form: each finishes it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.http import session
from bench.load.samples import children_of
from core.storage.home import Home
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.journeys.test_journey_in_app import FREE, count, made_number, prepare, press, question
from tests.browser.journeys.test_journey_in_browser import choose, search
from tests.browser.screens import DESK, PHONE
from tests.browser.serving import ROOT
from tests.worlds.homes import small_world

pytestmark = pytest.mark.browser
TEAM = Actor("team", "test", "BC", 24089)


@dataclass(frozen=True)
class Workers:
    """A server of two processes: who watches them, where each answers, and the home."""

    watcher: subprocess.Popen[bytes]
    bases: list[str]
    home: Home

    def running(self) -> set[int]:
        """Name the processes that are there, those that leave among them."""
        return set(children_of(self.watcher.pid))


def wait_until(is_so: Callable[[], bool], seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


@contextmanager
def two_workers(home: Home, folder: Path) -> Iterator[Workers]:
    start = [sys.executable, str(ROOT / "cli.py"), "serve", "--port", "0", "--workers", "2"]
    environment = {**os.environ, "HARTA_HOME": str(home.path), "PYTHONPATH": str(ROOT)}
    log = folder / "server.log"
    with log.open("wb") as written:
        watcher = subprocess.Popen(start, cwd=folder, env=environment, stdout=written, stderr=written)

    def bases() -> list[str]:
        assert watcher.poll() is None, log.read_text(encoding="utf-8")
        return re.findall(r"http://127\.0\.0\.1:\d+", log.read_text(encoding="utf-8"))

    try:
        wait_until(lambda: len(bases()) == 2)
        yield Workers(watcher, bases(), home)
    finally:
        watcher.terminate()
        watcher.wait(30)


@pytest.fixture
def workers(browser, tmp_path) -> Iterator[Workers]:
    home = small_world.make_world(tmp_path / "home")
    for service in ("social:mmps:1", "social:mmps:2"):
        small_world.report(home, service, 3)
    with two_workers(home, tmp_path) as served:
        yield served


@pytest.fixture
def hand(browser, workers):
    """Open a page of one process in the team's hand."""
    contexts = []

    def open_page(base: str, path: str, size: tuple[int, int]):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ro-RO")
        contexts.append(context)
        sealed = session.demo_cookie(workers.home, "team", county="BC", uat_siruta=24089)
        context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
        page = context.new_page()
        page.goto(base + path, wait_until="domcontentloaded")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_people_in_the_middle_of_a_form_finish_it_while_every_process_is_replaced(hand, workers):
    first, second = workers.bases
    screen = hand(first, question(small_world.CHILD_DAY_CENTRE), DESK)
    screen.wait_for_selector(".hs-src", timeout=120_000)
    prepare(screen)  # the agreement is said, the button not pressed
    plain = hand(second, "/simplu", PHONE)
    search(plain)
    choose(plain, "social:mmps:2")
    plain.check("input[value=consent]")
    before = workers.running()

    workers.watcher.send_signal(signal.SIGHUP)
    wait_until(lambda: len(workers.running() - before) == 2 and len(workers.running() & before) == 1)
    (leaving,) = workers.running() & before  # one of the old has left; the other has a screen that is open

    press(screen, f"go-{FREE}")
    number = made_number(screen)
    assert leaving in workers.running()
    slip = screen.get_by_role("link", name="Biletul de dat persoanei (PDF)").first.get_attribute("href")
    assert screen.request.get(first + slip).body().startswith(b"%PDF")  # by the new one, which made none of it
    plain.click("form.box button.main")
    plain.wait_for_url("**/simplu/referire/R-*")
    with closing(open_ledger(workers.home)) as ledger:
        assert count(ledger) == 2
        assert ledger.referral(number, actor=TEAM).state == "held"

    screen.context.close()
    wait_until(lambda: leaving not in workers.running(), 60)
    assert len(workers.running()) == 2
