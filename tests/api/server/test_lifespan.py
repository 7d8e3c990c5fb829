from __future__ import annotations

import asyncio
import threading
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from api.http.dependencies import directory_for
from api.server import lifespan as lifespan_module
from api.server.lifespan import lifespan
from geo.spatial.travel import TravelBasis, TravelModels
from referrals.ledger.ledger import open_ledger
from tests.browser.serving import QUIETLY, ROOT, served
from tests.covering import daily
from tests.worlds.homes.ledger_world import Clock, refer, report
from tests.worlds.servers import own_loop


def test_while_the_server_runs_expiries_are_written_and_the_catalogue_is_read_ahead(demo):
    past = open_ledger(demo.home, clock=Clock(datetime.now(UTC) - timedelta(days=30)))
    report(past, 1, "social:mmps:9")
    refer(past, "social:mmps:9")

    async def run():
        async with lifespan(None):
            until = time.monotonic() + 20
            while past.next_expiry() or directory_for(demo.home)._kept is None:
                assert time.monotonic() < until
                await asyncio.sleep(0.05)

    own_loop.run(run())
    assert past.next_expiry() is None
    assert directory_for(demo.home)._kept is not None
    assert not [thread for thread in threading.enumerate() if thread.name == "expiry"]
    past.close()


@pytest.mark.parametrize("kind", ["roads", "straight_line", "server"])
def test_the_services_of_every_type_are_tied_to_the_roads_ahead_and_nobody_else_is_asked(demo, kind):
    asked = []
    basis = TravelBasis(kind, "car")
    travel = SimpleNamespace(basis=basis, minutes_to_many=lambda lat, lon, points: asked.append((lat, lon, points)))
    snapshot = demo.snapshot()
    lifespan_module._tie_to_roads(replace(snapshot, travel=TravelModels(travel, travel)))
    there = [each.index for each in snapshot.catalogue.types.values() if len(each.index)]
    assert [points for _lat, _lon, points in asked] == (there if kind == "roads" else [])


def test_without_a_home_the_server_starts_all_the_same(monkeypatch, tmp_path):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "nothing"))

    async def run():
        async with lifespan(None):
            return True

    assert own_loop.run(run())


STARTS = [(str(ROOT / "cli.py"), "serve"), QUIETLY, QUIETLY[:-2]]


@pytest.mark.parametrize("start", daily([(each,) for each in STARTS], lambda case: case[0] == STARTS[0]))
def test_what_was_asked_for_is_written_to_no_log(demo, tmp_path, start):
    with served(demo.home.path, tmp_path, start) as base:
        for address in ("/?loc=24098&nevoie=domestic-violence", "/simplu?loc=24098&nevoie=domestic-violence"):
            with urllib.request.urlopen(base + address, timeout=20) as answer:  # noqa: S310 - our own address
                assert answer.status == 200
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert "domestic-violence" not in log
    assert "GET /" not in log
