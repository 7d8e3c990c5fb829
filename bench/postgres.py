"""A PostgreSQL of one's own: Debian's server in a temporary folder, on a free port of this machine.

Used by the tests and by the acceptance runs. `HARTA_TEST_POSTGRES` names a server that is there already
(an address with the right to make databases); without it Debian's binaries are looked for.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = "postgresql://harta@127.0.0.1"
_FOLDERS = "/usr/lib/postgresql/*/bin"


def binaries() -> Path | None:
    """Find the newest installed server's folder of programs."""
    found = sorted(Path("/").glob(_FOLDERS.lstrip("/")))
    return found[-1] if found else None


def is_available() -> bool:
    """Whether a server is named or can be started."""
    return bool(os.environ.get("HARTA_TEST_POSTGRES")) or binaries() is not None


@contextmanager
def server(*, durable: bool = True, inside: Path | None = None) -> Iterator[str]:
    """Give the address of a server (ending in `/`), started here unless one is named; stopped by its pid.

    `durable=False` skips the waiting for the disk: for tests of logic, never for measuring. inside: folder for its
    files, in place of that for temporary ones.
    """
    named = os.environ.get("HARTA_TEST_POSTGRES")
    if named:
        yield named.rstrip("/") + "/"
        return
    programs = binaries()
    if programs is None:
        raise FileNotFoundError(f"no PostgreSQL under {_FOLDERS}; set HARTA_TEST_POSTGRES")
    folder = Path(tempfile.mkdtemp(prefix="harta-pg-", dir=inside))
    # The server refuses to run as root; Debian's package brings the account it runs as.
    account: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    if account:
        shutil.chown(folder, "postgres", "postgres")
    try:
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "harta", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **account,
        )
        process, port = _start(programs, folder, account, durable=durable)
        try:
            yield f"{_ADDRESS}:{port}/"
        finally:
            # Fast shutdown cuts open connections; the immediate one also spares the last writing to disk.
            process.send_signal(signal.SIGINT if durable else signal.SIGQUIT)
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(programs: Path, folder: Path, account: dict[str, Any], *, durable: bool) -> tuple[Any, int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "150"}
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-p", str(port), *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            **account,
        )
    for _try in range(200):
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text(encoding="utf-8", errors="replace"))
        # It takes connections before it answers questions.
        with suppress(psycopg.OperationalError), psycopg.connect(f"{_ADDRESS}:{port}/postgres", connect_timeout=2):
            return process, port
        time.sleep(0.05)
    process.kill()
    raise RuntimeError("PostgreSQL did not start")
