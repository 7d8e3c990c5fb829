"""How each fault is made, and undone again."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sqlite3
import subprocess
import tempfile
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import make_url

from bench.load.installation import Served
from bench.load.proxied import Proxy
from bench.load.wire import Wire
from referrals.database.sqlite_file import sqlite_path

HELD_SECONDS = 8.0
_DISK_MB = 400


@dataclass
class Break:
    """One fault: what it needs of the surroundings, and what it does when it is called."""

    fault: str
    database: str
    home_folder: Path
    database_folder: Path | None
    stack: ExitStack
    wire: Wire | None = None
    server: Served | None = field(default=None, init=False)
    proxy: Proxy | None = field(default=None, init=False)

    def environment(self) -> dict[str, str]:
        """Return settings that the server needs for this fault; the database is there by now."""
        if self.fault != "cut":
            return {}
        if self.database == "sqlite":
            raise SystemExit("only PostgreSQL is reached over a network: --database postgresql")
        address = make_url(os.environ["HARTA_DATABASE_URL"])
        self.wire = self.stack.enter_context(Wire.to("127.0.0.1", int(address.port or 5432)))
        return {"HARTA_DATABASE_URL": address.set(port=self.wire.port).render_as_string(hide_password=False)}

    def meet(self, server: Served, proxy: Proxy) -> None:
        """Learn what is to fail."""
        self.server, self.proxy = server, proxy

    async def __call__(self) -> None:
        """Break it, and undo what does not undo itself."""
        await asyncio.to_thread(getattr(self, f"_break_{self.fault}"))

    def _break_worker(self) -> None:
        assert self.server is not None
        os.kill(self.server.workers[0], signal.SIGKILL)

    def _break_reload(self) -> None:
        assert self.server is not None
        before = list(self.server.workers)
        self.server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 240
        # One that has an open screen stays for its sake, and takes nothing new.
        while any(map(_takes_more, before)) and time.monotonic() < until:
            time.sleep(0.2)

    def _break_proxy(self) -> None:
        assert self.proxy is not None
        self.proxy.process.kill()
        self.proxy.process.wait()
        time.sleep(1.0)
        self.proxy.start()

    def _break_database(self) -> None:
        url = os.environ.get("HARTA_DATABASE_URL", "")
        if url:
            _restart_postgresql(url, self.stack)
            return
        assert self.server is not None
        path = sqlite_path(self.server.home.database_url)
        assert path is not None
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(HELD_SECONDS)
            other.execute("ROLLBACK")

    def _break_cut(self) -> None:
        assert self.wire is not None
        self.wire.is_cut.set()
        time.sleep(HELD_SECONDS)
        self.wire.is_cut.clear()

    def _break_disk(self) -> None:
        filler = (self.database_folder or self.home_folder) / "filler"
        with filler.open("wb", buffering=0) as handle, suppress(OSError):
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while True:
                        handle.write(bytes(size))
        time.sleep(HELD_SECONDS)
        filler.unlink()

    def _break_home(self) -> None:
        self._break_disk()


def _takes_more(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return any(each.status == psutil.CONN_LISTEN for each in psutil.Process(pid).net_connections("tcp"))
    return False


def breaks_of(fault: str, database: str, folder: Path, stack: ExitStack) -> Break:
    """Prepare a fault; what keeps the ledger is on a small file system where the disk is to be filled."""
    home_folder, database_folder = folder / "disk", None
    home_folder.mkdir()
    if fault == "home" and database == "sqlite":
        raise SystemExit("of SQLite the home is the disk of the database: --fault disk")
    if fault == "home" or (fault == "disk" and database == "sqlite"):
        _mount_small(home_folder, "0700", stack)
    elif fault == "disk":  # a folder that the account of PostgreSQL can reach
        database_folder = Path(tempfile.mkdtemp(prefix="harta-disk-"))
        stack.callback(database_folder.rmdir)
        _mount_small(database_folder, "0755", stack)
    return Break(fault, database, home_folder, database_folder, stack)


def _mount_small(folder: Path, mode: str, stack: ExitStack) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_DISK_MB}m,mode={mode}", "tmpfs", str(folder)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if mounted.returncode:
        raise SystemExit(f"no right to mount a small disk: {mounted.stderr.strip()}")
    stack.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=False)


def _restart_postgresql(url: str, stack: ExitStack) -> None:
    """Kill the server of a database by its number, as a power cut would, and start it as it was."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    data = Path(str(row[0]))
    pid = int((data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
    command = shlex.split((data / "postmaster.opts").read_text(encoding="utf-8"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    for each in (pid, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    time.sleep(1.0)
    (data / "postmaster.pid").unlink(missing_ok=True)
    account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    started = subprocess.Popen(
        command,
        cwd=data.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **account,  # type: ignore[call-overload]
    )
    stack.callback(_stop, started)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
            return
        time.sleep(0.1)
    raise SystemExit("PostgreSQL did not come back")


def _stop(started: subprocess.Popen[bytes]) -> None:
    started.send_signal(signal.SIGINT)
    started.wait(30)
