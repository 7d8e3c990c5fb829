"""What the ledger must stand: run whole, on SQLite and PostgreSQL, and print what happened.

    python -m bench.acceptance.ledger [--tenth]

64 writers in 4 processes go for the last places of 200 services, 50,000 attempts; a naive read-then-write
peer does the same; 1,000 working processes are killed at random moments. Exit 1 where the ledger fails,
or where the naive peer oversells nothing (then the run proved nothing).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine, text

from bench import postgres

FAULTS = ("oversold", "lost", "disagreeing", "broken_audit_log", "failed", "doubled")


def runs(share: float) -> dict[str, tuple[str, dict[str, int]]]:
    """Name the runs: which load, with which options, at this share of the whole."""
    attempts = int(50_000 * share)
    many = {"processes": 4, "threads": 16, "services": int(200 * share), "places": 20, "attempts": attempts}
    return {
        "64 writers": ("fight", many),
        "naive peer": ("naive", many),
        "SIGKILL": ("kill", {"kills": int(1000 * share), "threads": 4}),
    }


def run(kind: str, url: str, options: dict[str, int]) -> dict[str, Any]:
    """Run one load in a process of its own."""
    command = [sys.executable, "-m", "bench.bench_ledger", kind, url, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def say(store: str, name: str, found: dict[str, Any]) -> bool:
    """Print one line; give whether the run is as it must be."""
    faults = sum(found.get(fault, 0) for fault in FAULTS)
    is_right: bool = found["oversold"] > 0 if name == "naive peer" else faults == 0
    speed = (
        f"{found['per_second']:8.0f} {found['p50_ms']:8.1f} {found['p99_ms']:8.1f}"
        if "per_second" in found
        else " " * 26
    )
    did = f"{found.get('attempts', found.get('kills')):8} {found['acknowledged']:8}"
    wrong = " ".join(f"{found.get(fault, 0):8}" for fault in ("oversold", "lost", "disagreeing", "broken_audit_log"))
    more = f"{found.get('checkpoints', '-')!s:>6} {found.get('unanswered', '-')!s:>7} {found.get('doubled', '-')!s:>7}"
    print(f"{store:<11}{name:<11}{did} {wrong} {more} {speed}  {'ok' if is_right else 'NOT AS IT MUST BE'}", flush=True)
    return is_right


def main() -> int:
    """Run everything on both stores; give the exit code."""
    share = 0.1 if "--tenth" in sys.argv else 1.0
    print(
        f"{'store':<11}{'run':<11}{'tries':>8} {'acked':>8} {'oversold':>8} {'lost':>8} {'disagree':>8} "
        f"{'trail':>8} {'checks':>6} {'unansw.':>7} {'doubled':>7} {'per s':>8} {'p50 ms':>8} {'p99 ms':>8}"
    )
    right = True
    with TemporaryDirectory() as folder:
        for number, (name, (kind, options)) in enumerate(runs(share).items()):
            url = f"sqlite:///{Path(folder) / f'{number}.sqlite'}"
            right &= say("SQLite", name, run(kind, url, options))
    if not postgres.is_available():
        print("PostgreSQL is not here: install Debian's package or set HARTA_TEST_POSTGRES")
        return 1
    with postgres.server() as address:
        engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:") + "postgres")
        for number, (name, (kind, options)) in enumerate(runs(share).items()):
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"CREATE DATABASE harta_load_{number}"))
            right &= say("PostgreSQL", name, run(kind, f"{address}harta_load_{number}", options))
        engine.dispose()
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
