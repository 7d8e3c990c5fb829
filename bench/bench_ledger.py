"""Load for the ledger: many writers at the last places, processes killed in the middle, and a naive peer.

`fight` and `kill` are what the tests run small and `bench.acceptance.ledger` runs whole. Workers are
forked from a process that has everything imported and nothing open, so a kill lands inside a
transaction and not inside Python's start.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import signal
import statistics
import sys
import threading
import time
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import holidays  # noqa: F401  (imported before the fork, for the workers)
import pandas as pd  # noqa: F401
from sqlalchemy import text

from referrals.ledger.ledger import Ledger, open_ledger
from referrals.records.ledger_errors import LedgerError, NoPlaceError, StoreBusyError
from referrals.records.vocabulary import Actor, ServiceTerms

if TYPE_CHECKING:
    from collections.abc import Callable

TEAM = Actor("team", "echipa-1", "BC", 22889)
_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class FightResult:
    """What a run gave: counts, faults (all 0 when the ledger is right) and speed."""

    attempts: int
    acknowledged: int
    refused: int
    oversold: int
    lost: int
    disagreeing: int
    broken_audit_log: int
    checkpoints: int
    failed: int
    per_second: float
    p50_ms: float
    p99_ms: float


def service(number: int) -> str:
    """Name a service of the load."""
    return f"social:mmps:{number:04d}"


def refer(ledger: Ledger, service_id: str, key: str = "") -> str:
    """Make one referral of a new case; give its number."""
    terms = ServiceTerms(service_id, "8899CZ-PN-V", "BC")
    made = ledger.refer(
        terms,
        case_ref=None,
        need="hrana",
        county="BC",
        uat_siruta=22889,
        actor=TEAM,
        basis="public_task",
        idempotency_key=key,
    )
    return made.referral_id


def prepare(url: str, *, services: int, places: int) -> None:
    """Report the places of every service."""
    ledger = open_ledger(url)
    for number in range(services):
        ledger.report_capacity(service(number), places_free=places, source="test", actor=TEAM)
    ledger.close()


# --- many writers ---------------------------------------------------------------------------------


def fight(url: str, *, processes: int, threads: int, services: int, places: int, attempts: int) -> FightResult:
    """Let `processes` x `threads` writers go for the places of `services`, checking all the while."""
    prepare(url, services=services, places=places)
    each = attempts // (processes * threads)
    with TemporaryDirectory() as folder:
        gate = _fork.Barrier(processes + 1)
        workers = [
            _fork.Process(target=_fight_process, args=(url, folder, number, threads, services, each, gate))
            for number in range(processes)
        ]
        for worker in workers:
            worker.start()
        gate.wait()
        started = time.perf_counter()
        ledger = open_ledger(url)
        checks = []
        while any(worker.is_alive() for worker in workers):
            began = time.perf_counter()
            checks.append(check(ledger, _acknowledged(folder)))
            # A check reads the whole ledger: it takes a fifth of one processor at most, so that writers are measured.
            wait_for([worker.sentinel for worker in workers], max(0.5, 4 * (time.perf_counter() - began)))
        for worker in workers:
            worker.join()
        checks.append(check(ledger, _acknowledged(folder)))
        ledger.close()
        said = [json.loads(path.read_text()) for path in Path(folder).glob("*.json")]
        seconds = max((one["ended"] for one in said), default=time.perf_counter()) - started
        acknowledged = len(_acknowledged(folder))
    waits = sorted(wait for one in said for wait in one["waits"])
    return FightResult(
        attempts=len(waits),
        acknowledged=acknowledged,
        refused=sum(one["refused"] for one in said),
        oversold=sum(one["oversold"] for one in checks),
        lost=sum(one["lost"] for one in checks),
        disagreeing=sum(one["disagreeing"] for one in checks),
        broken_audit_log=sum(one["broken_audit_log"] for one in checks),
        checkpoints=len(checks),
        failed=sum(one["failed"] for one in said) + sum(worker.exitcode != 0 for worker in workers),
        **speed(waits, seconds),
    )


def speed(waits: list[float], seconds: float) -> dict[str, float]:
    """Say how fast: attempts a second, median and 99th percentile in milliseconds."""
    cuts = statistics.quantiles(waits, n=100)
    return {
        "per_second": round(len(waits) / seconds, 1),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
    }


def check(ledger: Ledger, acknowledged: set[str]) -> dict[str, int]:
    """Look at the whole ledger: oversold services, lost referrals, counts that disagree, breaks of the audit log."""
    with ledger.store.read() as connection:
        there = set(connection.execute(text("SELECT referral_id FROM referrals")).scalars())
        oversold = connection.execute(
            # Counted from the referrals alone, without the ledger's own counters.
            text(
                "SELECT count(*) FROM (SELECT r.service_id FROM referrals r JOIN capacity_reports c "
                "ON c.service_id = r.service_id WHERE r.state IN ('held', 'accepted', 'started', 'completed') "
                "GROUP BY r.service_id, c.places_free HAVING count(*) > c.places_free) AS too_many"
            )
        ).scalar_one()
    return {
        "oversold": int(oversold),
        "lost": len(acknowledged - there),
        "disagreeing": len(ledger.verify_counts()),
        "broken_audit_log": len(ledger.verify_audit()),
    }


def _acknowledged(folder: str) -> set[str]:
    """Read what the workers had answered so far; half a last line is not an answer."""
    found: set[str] = set()
    for path in Path(folder).glob("*.acks"):
        found.update(line for line in path.read_text().split("\n")[:-1] if line)
    return found


def _fight_process(url: str, folder: str, number: int, threads: int, services: int, each: int, gate: object) -> None:
    ledger = open_ledger(url)
    waits: list[float] = []
    counts = {"refused": 0, "failed": 0}
    acks = os.open(Path(folder) / f"{number}.acks", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    lock = threading.Lock()

    def writer(seed: int) -> None:
        chance = random.Random(seed)
        mine: list[str] = []
        for _ in range(each):
            started = time.perf_counter()
            said = _one_attempt(ledger, chance, services, mine, acks)
            waited = time.perf_counter() - started
            with lock:
                waits.append(waited)
                if said:
                    counts[said] += 1

    gate.wait()  # type: ignore[attr-defined]
    running = [threading.Thread(target=writer, args=(number * 1000 + n,)) for n in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    ended = time.perf_counter()  # one clock for all processes of a machine
    Path(folder, f"{number}.json").write_text(json.dumps({"waits": waits, "ended": ended, **counts}))


def _one_attempt(ledger: Ledger, chance: random.Random, services: int, mine: list[str], acks: int) -> str:
    """Mostly ask for a place; now and then answer or give back one of one's own."""
    try:
        if mine and chance.random() < 0.2:
            _answer(ledger, chance, mine.pop(chance.randrange(len(mine))))
        else:
            made = refer(ledger, service(chance.randrange(services)))
            mine.append(made)
            os.write(acks, f"{made}\n".encode())
    except NoPlaceError:
        return "refused"
    except StoreBusyError:
        return "failed"
    return ""


def _answer(ledger: Ledger, chance: random.Random, referral_id: str) -> None:
    kind = chance.randrange(4)
    if kind == 0:
        ledger.transition(referral_id, "accept", actor=TEAM)
    elif kind == 1:
        ledger.transition(referral_id, "decline", reason="not_eligible", actor=TEAM)
    elif kind == 2:
        ledger.transition(referral_id, "cancel", actor=TEAM)
    else:
        ledger.transition(referral_id, "accept", actor=TEAM)
        ledger.transition(referral_id, "cancel", actor=TEAM)


# --- the naive peer -------------------------------------------------------------------------------


def naive_fight(url: str, *, processes: int, threads: int, services: int, places: int, attempts: int) -> FightResult:
    """Do the same with read-then-write, as it is often written: read what is free, then take it."""
    ledger = open_ledger(url)
    with ledger.store.write() as connection:
        connection.execute(text("CREATE TABLE naive_places (service_id VARCHAR(20) PRIMARY KEY, free INTEGER)"))
        connection.execute(text("CREATE TABLE naive_referrals (service_id VARCHAR(20), number VARCHAR(40))"))
        rows = [{"s": service(number), "f": places} for number in range(services)]
        connection.execute(text("INSERT INTO naive_places VALUES (:s, :f)"), rows)
    each = attempts // (processes * threads)
    queue = _fork.SimpleQueue()
    ledger.close()
    workers = [
        _fork.Process(target=_naive_process, args=(url, number, threads, services, each, queue))
        for number in range(processes)
    ]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    said = [queue.get() for _ in workers]
    seconds = time.perf_counter() - started
    for worker in workers:
        worker.join()
    ledger = open_ledger(url)
    with ledger.store.read() as connection:
        query = "SELECT count(*) AS n FROM naive_referrals GROUP BY service_id"
        given = list(connection.execute(text(query)).scalars())
    ledger.close()
    waits = sorted(wait for one in said for wait in one["waits"])
    return FightResult(
        attempts=len(waits),
        acknowledged=sum(given),
        refused=sum(one["refused"] for one in said),
        oversold=sum(n > places for n in given),
        lost=0,
        disagreeing=0,
        broken_audit_log=0,
        checkpoints=1,
        failed=sum(one["failed"] for one in said),
        **speed(waits, seconds),
    )


def _naive_process(url: str, number: int, threads: int, services: int, each: int, queue: object) -> None:
    ledger = open_ledger(url)
    waits: list[float] = []
    counts = {"refused": 0, "failed": 0}

    def writer(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(each):
            wanted = {"s": service(chance.randrange(services))}
            started = time.perf_counter()
            try:
                with ledger.store.read() as connection:
                    query = text("SELECT free FROM naive_places WHERE service_id = :s")
                    free = connection.execute(query, wanted).scalar_one()
                if free > 0:
                    with ledger.store.write() as connection:
                        statement = text("UPDATE naive_places SET free = :f WHERE service_id = :s")
                        connection.execute(statement, wanted | {"f": free - 1})
                        connection.execute(text("INSERT INTO naive_referrals VALUES (:s, '')"), wanted)
                else:
                    counts["refused"] += 1
            except LedgerError:
                counts["failed"] += 1
            waits.append(time.perf_counter() - started)

    running = [threading.Thread(target=writer, args=(number * 1000 + n,)) for n in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    queue.put({"waits": waits, **counts})  # type: ignore[attr-defined]


# --- processes killed in the middle ---------------------------------------------------------------


@dataclass(frozen=True)
class Killed:
    """What was left after the kills."""

    kills: int
    acknowledged: int
    unanswered: int
    doubled: int
    oversold: int
    lost: int
    disagreeing: int
    broken_audit_log: int
    seconds: float


def kill(url: str, *, kills: int, services: int = 20, places: int = 1000, seed: int = 1, threads: int = 1) -> Killed:
    """Kill `kills` working processes at random moments; repeat what they left unanswered with the same keys.

    Each writes in so many threads: on SQLite those share commits.
    """
    prepare(url, services=services, places=places)
    chance = random.Random(seed)
    started = time.perf_counter()
    with TemporaryDirectory() as folder:
        for number in range(kills):
            _run_and_kill(url, folder, number, services, threads, chance)
        ledger = open_ledger(url)
        acknowledged = _acknowledged(folder)
        unanswered, doubled = _repeat_unanswered(ledger, folder)
        found = check(ledger, acknowledged)
        ledger.close()
    return Killed(
        kills=kills,
        acknowledged=len(acknowledged),
        unanswered=unanswered,
        doubled=doubled,
        seconds=round(time.perf_counter() - started, 1),
        **found,
    )


def _run_and_kill(url: str, folder: str, number: int, services: int, threads: int, chance: random.Random) -> None:
    ready, tell = _fork.Pipe(duplex=False)
    worker = _fork.Process(target=_work_until_killed, args=(url, folder, number, services, threads, tell))
    worker.start()
    if not ready.poll(30):
        raise RuntimeError("a worker did not start")
    time.sleep(chance.uniform(0, 0.02))
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()
    if worker.exitcode != -signal.SIGKILL:
        raise RuntimeError(f"a worker ended by itself: {worker.exitcode}")


def _work_until_killed(url: str, folder: str, number: int, services: int, threads: int, tell: object) -> None:
    ledger = open_ledger(url)
    begun = threading.Barrier(threads + 1)
    for thread in range(threads):
        work = partial(_write_on, ledger, Path(folder), number * 100 + thread, services, begun)
        threading.Thread(target=work, daemon=True).start()
    begun.wait()
    tell.send(True)  # type: ignore[attr-defined]
    threading.Event().wait()


def _write_on(ledger: Ledger, folder: Path, name: int, services: int, begun: threading.Barrier) -> None:
    """Write until killed, noting each try before it and each answer after it."""
    chance = random.Random(name)
    flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND
    acks, tries = os.open(folder / f"{name}.acks", flags), os.open(folder / f"{name}.tries", flags)
    for turn in itertools.count(1):
        wanted, key = service(chance.randrange(services)), f"{name}-{turn}"
        os.write(tries, f"{key} {wanted}\n".encode())
        made = refer(ledger, wanted, key)
        os.write(acks, f"{made}\n".encode())
        if chance.random() < 0.5:
            _answer(ledger, chance, made)
        if turn == 2:  # by now every statement is compiled: from here on it is transactions only
            begun.wait()


def _repeat_unanswered(ledger: Ledger, folder: str) -> tuple[int, int]:
    """Send each process's last request again: it must be there once, whether or not it had been done."""
    unanswered = doubled = 0
    for path in Path(folder).glob("*.tries"):
        tries = [line.split() for line in path.read_text().split("\n")[:-1]]
        answers = path.with_suffix(".acks").read_text().split("\n")[:-1]
        for key, wanted in tries[len(answers) :]:
            unanswered += 1
            with ledger.store.read() as connection:
                before = connection.execute(text("SELECT count(*) FROM referrals")).scalar_one()
                query = text("SELECT outcome FROM answered_requests WHERE key = :key")
                done = connection.execute(query, {"key": key}).scalar()
            first, second = refer(ledger, wanted, key), refer(ledger, wanted, key)
            with ledger.store.read() as connection:
                after = connection.execute(text("SELECT count(*) FROM referrals")).scalar_one()
            is_once = first == second and after - before == (0 if done else 1) and done in (None, first)
            doubled += not is_once
    return unanswered, doubled


def main(arguments: list[str]) -> None:
    """Run one load: `kill|fight|naive URL {json of the options}`; print the outcome as JSON."""
    kind, url, options = arguments
    runs: dict[str, Callable[..., FightResult | Killed]] = {"kill": kill, "fight": fight, "naive": naive_fight}
    print(json.dumps(asdict(runs[kind](url, **json.loads(options)))))


if __name__ == "__main__":
    main(sys.argv[1:])
