"""A process of a server dies: who comes to its port works in another, and goes on there when a new one has the port."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from api.http import session
from tests.browser.journeys.test_rolling_restart import Workers, two_workers, wait_until
from tests.browser.screens import DESK
from tests.worlds.homes import small_world

pytestmark = pytest.mark.browser


@pytest.fixture
def workers(browser, tmp_path) -> Iterator[Workers]:
    with two_workers(small_world.make_world(tmp_path / "home"), tmp_path) as served:
        yield served


def listens_at(pid: int, base: str) -> bool:
    port = urlsplit(base).port
    return any(
        each.status == psutil.CONN_LISTEN and each.laddr.port == port
        for each in psutil.Process(pid).net_connections("tcp")
    )


@pytest.fixture
def screen(browser, workers):
    """Open a page in somebody's hand."""
    contexts = []

    def open_page(base: str, path: str, role: str, **area):
        context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}, locale="ro-RO")
        contexts.append(context)
        sealed = session.demo_cookie(workers.home, role, **area)
        context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
        page = context.new_page()
        page.goto(base + path, wait_until="domcontentloaded")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_screen_that_was_opened_while_a_process_was_dead_keeps_its_files_when_the_port_is_anothers(screen, workers):
    first, second = workers.bases
    before = workers.running()
    (dead,) = (pid for pid in before if listens_at(pid, first))
    (living,) = before - {dead}
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: len(workers.running() - before) == 1)
    (new,) = workers.running() - before
    os.kill(new, signal.SIGSTOP)  # it takes its time
    try:
        wait_until(lambda: listens_at(living, first))
        calendar = screen(first, "/local", "team", county="BC", uat_siruta=24089)
        calendar.get_by_role("button", name="Calendarul (CSV)").wait_for(timeout=60_000)
        registers = screen(first, "/registre", "admin")
        sends = registers.locator("[data-testid=stFileUploader] input[type=file]").first
        sends.wait_for(state="attached", timeout=60_000)
    finally:
        os.kill(new, signal.SIGCONT)
    wait_until(lambda: not listens_at(living, first))

    with calendar.expect_download(timeout=60_000) as coming:  # the file is made there, and asked for here
        calendar.get_by_role("button", name="Calendarul (CSV)").click()
    assert Path(coming.value.path()).read_bytes()
    read = registers.get_by_role("button", name="Citiți și comparați")
    assert read.is_disabled()
    sends.set_input_files({"name": "lista.csv", "mimeType": "text/csv", "buffer": b"denumire\n"})
    wait_until(read.is_enabled, 60)  # the process has the file
    assert calendar.evaluate("fetch('/health/live').then(answer => answer.status)") == 200
    assert listens_at(new, first)
    assert listens_at(living, second)
