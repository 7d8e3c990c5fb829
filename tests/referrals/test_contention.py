"""Many writers at the last places, and processes killed in the middle: a small share of `make acceptance`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def run(kind: str, url: str, **options: int) -> dict[str, float]:
    """In a process of its own, which forks its workers while nothing is open in it."""
    command = [sys.executable, "-m", "bench.bench_ledger", kind, url, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_sixty_four_writers_oversell_nothing(url):
    found = run("fight", url, processes=8, threads=8, services=8, places=10, attempts=1600)
    assert found["attempts"] == 8 * 8 * (1600 // 64)
    assert found["acknowledged"] >= 8 * 10
    assert found["refused"] > 0, "they did fight"
    faults = {name: found[name] for name in ("oversold", "lost", "disagreeing", "broken_audit_log", "failed")}
    assert faults == dict.fromkeys(faults, 0)
    assert found["checkpoints"] >= 2


def test_the_check_sees_what_a_naive_peer_oversells(url):
    """Read-then-write, as it is often written: if this did not oversell, the fight above would prove nothing."""
    found = run("naive", url, processes=4, threads=4, services=2, places=25, attempts=1600)
    assert found["oversold"] > 0


@pytest.mark.slow
def test_killed_processes_lose_no_referral_and_leak_no_place(url):
    found = run("kill", url, kills=30)
    assert found["acknowledged"] > 30
    assert found["unanswered"] > 0, "some were killed in the middle"
    faults = {name: found[name] for name in ("doubled", "oversold", "lost", "disagreeing", "broken_audit_log")}
    assert faults == dict.fromkeys(faults, 0)
