"""Backups taken on the command line while eight processes write, and everything killed at random moments.

    python -m bench.acceptance.backup [BACKUPS KILLS]

Each backup is restored elsewhere: what a writer was told is written before the backup began has to be there, `harta
doctor` and `harta audit --verify` have to find nothing. Then a backup, and a restore, are killed KILLS times each: an
archive is whole or absent, a home is whole or opens to nobody, and the same command finishes the work. Exit 1 where one
of these fails.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from bench import postgres
from core.errors import HomeError
from core.storage.home import make_home, open_home
from referrals import backups
from referrals.ledger.ledger import Ledger, open_ledger
from referrals.records.ledger_errors import BackupError, NoPlaceError
from referrals.records.vocabulary import Actor, ServiceTerms

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
WRITERS = 8
TEAM = Actor("team", "echipa-1", "BC", 22889)
SEED = 20_261_129


@dataclass
class BackupFaults:
    """What one database's run counted."""

    acknowledged: int = 0
    restored: int = 0
    lost: int = 0
    unsound: int = 0
    killed_backups: int = 0
    killed_restores: int = 0
    half_done: int = 0

    @property
    def faults(self) -> int:
        """How much went wrong."""
        return self.lost + self.unsound + self.half_done


def main() -> int:
    """Run on both databases, print, give the exit code."""
    if sys.argv[1:2] == ["write"]:
        _write(Path(sys.argv[2]), int(sys.argv[3]))
        return 0
    backups, kills = (int(each) for each in sys.argv[1:3] or (10, 40))
    if not postgres.is_available():
        print("PostgreSQL is not here: install Debian's package or set HARTA_TEST_POSTGRES")
        return 1
    faults = _report("SQLite", _run(None, backups, kills))
    with postgres.server() as address:
        engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:") + "postgres")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CREATE DATABASE harta_backup"))
        engine.dispose()
        faults += _report("PostgreSQL", _run(f"{address}harta_backup", backups, kills))
    return 1 if faults else 0


def _report(database: str, found: BackupFaults) -> int:
    print(
        f"{database:<11} {found.acknowledged:>7,} referrals acknowledged by {WRITERS} writers; "
        f"{found.restored} backups restored, {found.lost} referrals lost, {found.unsound} homes with faults; "
        f"killed: {found.killed_backups} backups, "
        f"{found.killed_restores} restores, {found.half_done} half done",
        flush=True,
    )
    return found.faults


def _run(url: str | None, backups: int, kills: int) -> BackupFaults:
    os.environ.pop("HARTA_DATABASE_URL", None)
    found = BackupFaults()
    with TemporaryDirectory() as name:
        folder = Path(name)
        with _database(url):
            home = make_home("live", folder / "home")
            with closing(open_ledger(home, may_begin=True)) as ledger:
                for number in range(WRITERS):
                    _report_places(ledger, number)
            with _writers(home.path, url) as written:
                made = [_backup_while_writing(home.path, folder / f"{turn}.zip", written) for turn in range(backups)]
            found.acknowledged = len(_acknowledged(written))
        for turn, before in enumerate(made):
            _check_restored(folder / f"{turn}.zip", folder / f"elsewhere-{turn}", before, found)
        with _database(url):
            _kill_backups(home.path, folder, kills, found)
        _kill_restores(folder / "0.zip", folder, kills, found)
    return found


# --- writers --------------------------------------------------------------------------------------


@contextmanager
def _writers(home: Path, url: str | None) -> Iterator[list[Path]]:
    """Let the writers work; give the files in which each notes what was acknowledged."""
    environment = {**os.environ, **({"HARTA_DATABASE_URL": url} if url else {})}
    command = [sys.executable, "-m", "bench.acceptance.backup", "write", str(home)]
    noted = [home.parent / f"acknowledged-{number}" for number in range(WRITERS)]
    processes = []
    for number, path in enumerate(noted):
        with path.open("wb") as out:
            processes.append(subprocess.Popen([*command, str(number)], cwd=ROOT, env=environment, stdout=out))
    try:
        _wait_until(lambda: all(path.stat().st_size for path in noted))
        yield noted
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _write(home: Path, number: int) -> None:
    """Refer without end, and print the id of each referral once it is acknowledged."""
    with closing(open_ledger(open_home(home))) as ledger:
        service = ServiceTerms(service_id=f"social:mmps:{number}", service_type="8899CZ-PN-V", county="BC")
        while True:
            try:
                made = ledger.refer(
                    service, case_ref=None, need="hrana", county="BC", uat_siruta=22889, actor=TEAM, basis="public_task"
                )
            except NoPlaceError:
                _report_places(ledger, number)
                continue
            print(made.referral_id, flush=True)


def _report_places(ledger: Ledger, number: int) -> None:
    ledger.report_capacity(f"social:mmps:{number}", places_free=50, source="telefon", actor=TEAM)


def _acknowledged(noted: list[Path]) -> set[str]:
    """Return the ids of whole lines: a line cut by a kill was not acknowledged."""
    texts = [path.read_text(encoding="utf-8") for path in noted]
    return {line for each in texts for line in each[: each.rfind("\n") + 1].splitlines()}


def _wait_until(is_so: object, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        if time.monotonic() > until:
            raise TimeoutError("the writers did not begin")
        time.sleep(0.1)


# --- backups and restores -------------------------------------------------------------------------


@contextmanager
def _database(url: str | None) -> Iterator[None]:
    if url:
        os.environ["HARTA_DATABASE_URL"] = url
    try:
        yield
    finally:
        os.environ.pop("HARTA_DATABASE_URL", None)


def _harta(home: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), *words],
        env={**os.environ, "HARTA_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _backup_while_writing(home: Path, archive: Path, noted: list[Path]) -> set[str]:
    """Take a backup; give what had been acknowledged before it began."""
    before = _acknowledged(noted)
    if code := _harta(home, "backup", str(archive)).wait():
        raise RuntimeError(f"harta backup ended with {code}")
    return before


def _check_restored(archive: Path, folder: Path, before: set[str], found: BackupFaults) -> None:
    code = _harta(folder, "restore", str(archive)).wait()
    checks = [_harta(folder, "doctor").wait(), _harta(folder, "audit", "--verify").wait()]
    found.unsound += bool(code or any(checks))
    with closing(open_ledger(open_home(folder))) as ledger:
        found.unsound += bool(ledger.verify_audit() or ledger.verify_counts())
        with ledger.store.read() as connection:
            there = {row[0] for row in connection.exec_driver_sql("SELECT referral_id FROM referrals")}
    found.lost += len(before - there)
    found.restored += 1
    shutil.rmtree(folder)


def _killed(home: Path, chance: random.Random, longest: float, *words: str) -> bool:
    """Start a command and kill it at a random moment; whether it was still at work."""
    process = _harta(home, *words)
    time.sleep(chance.uniform(0, longest))
    is_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return is_running


def _seconds(home: Path, *words: str) -> float:
    start = time.perf_counter()
    if code := _harta(home, *words).wait():
        raise RuntimeError(f"harta {' '.join(words)} ended with {code}")
    return time.perf_counter() - start


def _kill_backups(home: Path, folder: Path, kills: int, found: BackupFaults) -> None:
    chance = random.Random(SEED)
    longest = _seconds(home, "backup", str(folder / "whole.zip"))
    for turn in range(kills):
        archive = folder / f"killed-{turn}.zip"
        found.killed_backups += _killed(home, chance, longest, "backup", str(archive))
        if archive.exists():
            try:
                backups.look_into(archive, read_all=True)
            except BackupError:
                found.half_done += 1
            archive.unlink()


def _kill_restores(archive: Path, folder: Path, kills: int, found: BackupFaults) -> None:
    chance = random.Random(SEED)
    longest = _seconds(folder / "whole", "restore", str(archive))
    for turn in range(kills):
        target = folder / f"killed-{turn}"
        found.killed_restores += _killed(target, chance, longest, "restore", str(archive))
        try:
            open_home(target)
        except HomeError:
            found.half_done += bool(_harta(target, "restore", str(archive)).wait())
        found.half_done += bool(_harta(target, "doctor").wait())
        shutil.rmtree(target)


if __name__ == "__main__":
    sys.exit(main())
