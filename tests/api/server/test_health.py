from __future__ import annotations

import threading

import pytest

from api.server import health
from referrals.database.store import LedgerStore
from referrals.records.ledger_errors import StoreLostError
from tests.worlds.clients.form_browser import Browser
from tests.worlds.servers import own_loop


def test_a_server_with_its_ledger_is_alive_and_ready_and_says_nothing_about_the_data(web, live):
    for address in ("/health", "/health/ready"):
        assert Browser(web).get(address).json() == {"status": "ok", "alive": True, "ready": True}
    assert Browser(web).get("/health/live").json() == {"status": "ok", "alive": True}


def test_without_its_ledger_it_is_alive_and_not_ready(web, live, monkeypatch):
    monkeypatch.setattr(LedgerStore, "read", _lost)
    answer = Browser(web).get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "alive": True, "ready": False, "reason": "ledger"}
    assert Browser(web).get("/health/live").status_code == 200


def test_without_a_home_it_is_not_ready(web, monkeypatch, tmp_path):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "nothing"))
    assert Browser(web).get("/health").json()["reason"] == "home"


def test_a_ledger_that_answers_again_is_ready_again():
    time = [0.0]
    said = ["ledger", ""]
    asked = health.Readiness(ask=lambda: said.pop(0), clock=lambda: time[0])
    assert own_loop.run(asked.reason()) == "ledger"
    assert own_loop.run(asked.reason()) == "ledger"  # asked once a second, however often somebody looks
    time[0] = 2.0
    assert own_loop.run(asked.reason()) == ""
    assert not said


@pytest.mark.parametrize(("age", "reason"), [(5.0, ""), (60.0, "slow")])
def test_a_ledger_that_takes_its_time_keeps_nobody_waiting_and_is_believed_for_a_while(monkeypatch, age, reason):
    monkeypatch.setattr(health, "_PATIENCE_SECONDS", 0.05)
    time, answers = [0.0], threading.Event()
    asked = health.Readiness(ask=lambda: "" if time[0] == 0 else str(answers.wait(5) and ""), clock=lambda: time[0])
    assert own_loop.run(asked.reason()) == ""
    time[0] = age
    assert own_loop.run(asked.reason()) == reason
    answers.set()


def _lost(_store):
    raise StoreLostError("away")
