"""Many writers at the last places, and processes killed in the middle: a small share of `make acceptance`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.covering import daily


def run(kind: str, url: str, **options: int) -> dict[str, float]:
    """In a process of its own, which forks its workers while nothing is open in it."""
    command = [sys.executable, "-m", "bench.bench_ledger", kind, url, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("processes", "threads", "services", "attempts"), daily([(2, 4, 3, 240), (8, 8, 8, 1600)], lambda size: size[0] == 2)
)  # fmt: skip
def test_many_writers_oversell_nothing(url, processes, threads, services, attempts):
    found = run("fight", url, processes=processes, threads=threads, services=services, places=10, attempts=attempts)
    assert found["attempts"] == attempts
    assert found["acknowledged"] >= services * 10
    assert found["refused"] > 0, "they did fight"
    faults = {name: found[name] for name in ("oversold", "lost", "disagreeing", "broken_audit_log", "failed")}
    assert faults == dict.fromkeys(faults, 0)
    assert found["checkpoints"] >= 2


def test_the_check_sees_what_a_naive_peer_oversells(url):
    """Read-then-write, as it is often written: if this did not oversell, the fight above would prove nothing."""
    found = run("naive", url, processes=4, threads=4, services=2, places=25, attempts=640)
    assert found["oversold"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("kills", daily([6, 30], lambda kills: kills == 6))
def test_killed_processes_lose_no_referral_and_leak_no_place(url, kills):
    found = run("kill", url, kills=kills, threads=4)  # on SQLite they share commits
    assert found["acknowledged"] > kills
    assert found["unanswered"] > 0, "some were killed in the middle"
    faults = {name: found[name] for name in ("doubled", "oversold", "lost", "disagreeing", "broken_audit_log")}
    assert faults == dict.fromkeys(faults, 0)
