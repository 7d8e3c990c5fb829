"""nginx in front of a server, by the configuration that is delivered, without its TLS."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SERVER = re.compile(r"    server 127\.0\.0\.1:\d+ (?P<rest>[^;]*);\n")


@dataclass
class Proxy:
    """A running nginx: the address it answers, and how it is started."""

    base: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Start it again."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)


@contextmanager
def behind_nginx(bases: Sequence[str], folder: Path) -> Iterator[Proxy]:
    """Give a proxy in front of the processes at these addresses; stopped by its number."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if nginx is None:
        raise SystemExit("no nginx here: install Debian's package")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "nginx").mkdir()
    said = (ROOT / "deploy" / "nginx" / "harta.conf").read_text(encoding="utf-8")
    rest = _SERVER.search(said)
    assert rest is not None
    said = _SERVER.sub("", said)
    servers = "".join(f"    server {base.removeprefix('http://')} {rest['rest']};\n" for base in bases)
    said = said.replace("    hash $harta_visitor consistent;\n", f"    hash $harta_visitor consistent;\n{servers}")
    said = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", said, flags=re.DOTALL)
    said = re.sub(r" +listen \[::\]:443[^;]*;\n| +ssl_[^;]*;\n", "", said)
    said = said.replace("listen 443 ssl http2", f"listen 127.0.0.1:{port}").replace("flags secure ", "flags ")
    said = said.replace("/var/log/nginx", str(folder / "nginx"))
    paths = "".join(
        f"{name}_temp_path {folder}/nginx/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx" / "nginx.conf"
    file.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/nginx/pid;\nerror_log stderr;\n"
        f"events {{ worker_connections 4096; }}\nhttp {{\n{paths}\n{said}\n}}\n",
        encoding="utf-8",
    )
    command = [nginx, "-p", str(folder / "nginx"), "-e", "stderr", "-c", str(file)]
    log = folder / "nginx" / "error.log"
    with log.open("ab") as written:
        proxy = Proxy(
            f"http://127.0.0.1:{port}", command, log, subprocess.Popen(command, stdout=written, stderr=written)
        )
    try:
        until = time.monotonic() + 30
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 2):
                break
            if proxy.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(log.read_text(encoding="utf-8"))
            time.sleep(0.1)
        yield proxy
    finally:
        proxy.process.terminate()
        proxy.process.wait(10)
