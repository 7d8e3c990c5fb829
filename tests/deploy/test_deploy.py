"""What stands in `deploy/` is read by the programs that it is for, where they are installed, and does what it says."""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import tomllib
import urllib.error
import urllib.request
from contextlib import ExitStack, closing, contextmanager, suppress
from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path
from typing import ClassVar

import pytest
from streamlit import config

from core.processes.worker_processes import Watcher
from core.storage.home import make_home
from referrals.homes.maintenance import make_backup
from referrals.ledger.ledger import open_ledger
from tests.browser.serving import ROOT, free_port
from tests.core.processes.test_worker_processes import WORKER, wait_until

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    names = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    run(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *subject)
    pair = (folder / "fullchain.pem").read_text(encoding="ascii") + (folder / "privkey.pem").read_text(encoding="ascii")
    (folder / "harta.pem").write_text(pair, encoding="ascii")
    return folder


def test_systemd_takes_every_unit_without_a_word(tmp_path):
    for unit in UNITS:  # the commands are not installed where the tests run
        text = re.sub(r"/opt/harta/\S+", "/bin/true", unit.read_text(encoding="utf-8"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    (tmp_path / "postgresql.service").write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    said = run(program("systemd-analyze"), "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS))
    assert [line for line in said.splitlines() if str(tmp_path) in line] == []


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_a_service_has_no_rights_that_it_does_not_need(unit):
    said = unit.read_text(encoding="utf-8")
    for line in ("User=harta", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "UMask=0077"):
        assert f"\n{line}\n" in said


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_systemd_finds_little_that_a_service_could_do_to_the_machine(unit, tmp_path):
    text = re.sub(r"/opt/harta/\S+", "/bin/true", unit.read_text(encoding="utf-8"))
    (tmp_path / unit.name).write_text(text, encoding="utf-8")
    # Of 10; where a line is lost or is none that systemd knows it is more. 1.5 and 1.9 by systemd 252.
    run(program("systemd-analyze"), "security", "--offline=true", "--threshold=20", str(tmp_path / unit.name))


def calls_of(name: str) -> set[str]:
    """Return the calls of the system in a set that systemd knows by name, or the one that the name is."""
    if not name.startswith("@"):
        return {name}
    lines = run(program("systemd-analyze"), "--no-pager", "syscall-filter", name).splitlines()[1:]
    inside = {line.strip() for line in lines if line.strip() and not line.strip().startswith("#")}
    return set().union(*(calls_of(each) for each in inside))


def refused_calls(unit: Path) -> set[str]:
    """Return the calls that a service may not make."""
    allowed = calls_of("@default")
    for said in re.findall(r"^SystemCallFilter=(.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE):
        named = set().union(*(calls_of(each) for each in said.lstrip("~").split()))
        allowed = allowed - named if said.startswith("~") else allowed | named
    return calls_of("@known") - allowed


@pytest.mark.slow
def test_the_application_makes_no_call_that_its_service_may_not_make(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    refused = refused_calls(DEPLOY / "systemd" / "harta.service")
    assert {"mount", "reboot", "ptrace", "setuid"} <= refused
    if os.geteuid() == 0:
        refused.discard("fchown")  # SQLite gives a file to the owner of its folder where it is root
    home = make_home("live", tmp_path / "home")
    open_ledger(home, may_begin=True).close()
    watch = [
        program("strace"),
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-e",
        f"trace={','.join(f'?{n}' for n in sorted(refused))}",
    ]
    work = "import app; from cli import main; main()"  # all that a worker reads, and the examination of a home
    done = subprocess.run(
        [*watch, "-e", "signal=none", "-o", str(tmp_path / "calls"), sys.executable, "-c", work, "doctor"],
        env=os.environ | {"HARTA_HOME": str(home.path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "ok" in done.stdout, done.stderr
    assert (tmp_path / "calls").read_text(encoding="utf-8") == ""


def test_streamlit_looks_for_no_secrets_in_the_folder_of_the_account():
    """A folder that the account may not read would end every answer, and what lies there is none of ours."""
    said = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert said["secrets"]["files"] == []
    assert "secrets.files" in config.get_config_options()


@pytest.mark.parametrize("script", sorted(DEPLOY.rglob("*.sh")), ids=lambda script: script.name)
def test_a_script_is_right_by_shellcheck(script):
    assert run(program("shellcheck"), "--shell=sh", str(script)) == ""


def test_the_containers_proxy_differs_from_the_machines_in_names_alone():
    def lines(path: str) -> list[str]:
        said = (DEPLOY / path).read_text(encoding="utf-8").split("\n\n", 1)[1]
        return re.sub(r"server \S+:85|access_log /\S+", "", said).splitlines()

    assert lines("nginx/harta.conf") == lines("container/nginx.conf")


@pytest.fixture
def held(tmp_path, monkeypatch):
    file = tmp_path / "held"
    monkeypatch.setenv("HELD", str(file))
    return file


@contextmanager
def workers():
    watcher = Watcher([sys.executable, "-c", WORKER])
    watcher.open("127.0.0.1", 0, 2)
    try:
        assert watcher.wait_ready(30)
        yield watcher
    finally:
        watcher.stop()


@contextmanager
def started(*command: str, port: int):
    proxy = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 20
        while proxy.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 2):
                break
            assert time.monotonic() < until
            time.sleep(0.05)
        assert proxy.poll() is None, proxy.stdout.read()
        yield
    finally:
        proxy.terminate()
        proxy.wait(10)
        proxy.stdout.close()


class Visitor:
    """Somebody with a browser that keeps cookies and does not look at the certificate."""

    def __init__(self, certificate: Path, port: int):
        import ssl

        context = ssl.create_default_context(cafile=str(certificate / "fullchain.pem"))
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
        self.base, self.cookies = f"https://localhost:{port}", SimpleCookie()

    def get(self, path: str, form: bytes | None = None) -> tuple[int, str]:
        status, words, _headers = self.ask(path, form)
        return status, words

    def ask(self, path: str, form: bytes | None = None) -> tuple[int, str, Message]:
        asked = urllib.request.Request(self.base + path, form)  # noqa: S310 - our own address
        asked.add_header("Cookie", "; ".join(f"{name}={one.value}" for name, one in self.cookies.items()))
        try:
            with self.opener.open(asked, timeout=20) as answer:
                for each in answer.headers.get_all("Set-Cookie", []):
                    assert "secure" in each.lower()
                    assert "httponly" in each.lower()
                    self.cookies.load(each)
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), error.headers


def assert_told_as_problem(visitor: Visitor, path: str, form: bytes | None = None) -> None:
    """A program is told in JSON by the proxy that nothing answers."""
    status, words, headers = visitor.ask(path, form)
    said = json.loads(words)
    assert status == said["status"]
    assert status in {502, 503}
    assert headers.get_content_type() == "application/problem+json"
    assert headers["Retry-After"] == "10"
    assert said["type"] == "about:blank"
    assert said["title"] == "Aplicația nu răspunde acum"
    assert said["detail"].startswith("Așteptați")


def check_proxy(watcher: Watcher, certificate: Path, port: int, held: Path) -> None:
    """Who comes back meets the same worker; both have people; a dead one's people are answered; nobody is measured.

    held: as long as this file is there no worker that starts becomes ready.
    """
    met = []
    for _number in range(16):
        visitor = Visitor(certificate, port)
        answers = {visitor.get("/")[1] for _time in range(4)}
        assert len(answers) == 1
        met.append((visitor, answers.pop()))
    numbers = {str(place.worker.process.pid) for place in watcher.places}
    assert {number for _visitor, number in met} == numbers
    assert met[0][0].get("/metrics")[0] == 404
    gone, living = watcher.places
    held.touch()
    gone.worker.process.kill()
    wait_until(lambda: living.worker.helps, watcher)
    began = time.monotonic()
    assert {visitor.get("/") for visitor, _number in met} == {(200, str(living.worker.process.pid))}
    assert time.monotonic() - began < 10
    held.unlink()
    assert watcher.wait_ready(30)
    gone.listening.close()  # the whole machine of that worker, say
    gone.worker.process.kill()
    gone.worker.process.wait()
    until = time.monotonic() + 10
    for visitor, _number in met:
        while (answer := visitor.get("/"))[0] != 200:  # a proxy that asks every 2 s needs two of them to know
            assert time.monotonic() < until
            time.sleep(0.2)
        assert answer[1] == str(living.worker.process.pid)


@contextmanager
def behind_nginx(folder: Path, certificate: Path, ports: list[int]):
    """Give the address of nginx with TLS, by what is delivered, in front of two processes at these ports."""
    nginx, plain, safe = program("nginx"), free_port(), free_port()
    said = (DEPLOY / "nginx" / "harta.conf").read_text(encoding="utf-8")
    for number, port in enumerate(ports):
        said = said.replace(f"127.0.0.1:850{number + 1}", f"127.0.0.1:{port}")
    said = re.sub(r"listen \[::\]:\d+[^;]*;", "", said).replace("listen 80", f"listen 127.0.0.1:{plain}")
    said = said.replace("listen 443", f"listen 127.0.0.1:{safe}").replace("/etc/harta/tls", str(certificate))
    said = said.replace("/var/log/nginx", str(folder))
    folders = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\n{folders}{said}\n}}\n",
        encoding="utf-8",
    )
    start = [nginx, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    run(*start, "-t")
    with started(*start, port=plain):
        yield safe


@contextmanager
def behind_haproxy(folder: Path, certificate: Path, ports: list[int]):
    """Give the same of HAProxy."""
    haproxy, plain, safe = program("haproxy"), free_port(), free_port()
    said = (DEPLOY / "haproxy" / "harta.cfg").read_text(encoding="utf-8")
    for number, port in enumerate(ports):
        said = said.replace(f"127.0.0.1:850{number + 1}", f"127.0.0.1:{port}")
    said = said.replace("bind :80", f"bind 127.0.0.1:{plain}").replace("bind :443", f"bind 127.0.0.1:{safe}")
    (folder / "harta.cfg").write_text(said.replace("/etc/harta/tls", str(certificate)), encoding="utf-8")
    run(haproxy, "-c", "-f", str(folder / "harta.cfg"))
    with started(haproxy, "-f", str(folder / "harta.cfg"), port=plain):
        yield safe


PROXIES = pytest.mark.parametrize("behind", [behind_nginx, behind_haproxy], ids=["nginx", "haproxy"])


@PROXIES
def test_behind_a_proxy_with_tls_everybody_keeps_a_worker_and_a_dead_one_is_replaced_by_the_other(
    tmp_path, certificate, held, behind
):
    with workers() as watcher:
        ports = [place.address[1] for place in watcher.places]
        with behind(tmp_path, certificate, ports) as safe:
            check_proxy(watcher, certificate, safe, held)
    for log in tmp_path.glob("harta.log"):  # nginx's; HAProxy writes none
        said = log.read_text(encoding="utf-8")
        assert "GET 200" in said
        assert " / " not in said


class Breaks(http.server.BaseHTTPRequestHandler):
    """A process that dies over a form, and over the first look at a page: it reads what was sent and says nothing."""

    asked: ClassVar[list[str]] = []
    hosts: ClassVar[set[str]] = set()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append("form")
        self.close_connection = True

    def do_GET(self) -> None:
        if self.path == "/looked-at":
            self.hosts.add(self.headers["Host"])
            self.asked.append("page")
            if self.asked.count("page") == 1:
                self.close_connection = True
                return
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_said: object) -> None:
        """Write nothing."""


@PROXIES
def test_what_a_form_sent_is_never_sent_twice_and_a_page_is_asked_for_again(tmp_path, certificate, behind):
    Breaks.asked.clear()
    Breaks.hosts.clear()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Breaks)) for _number in range(2)
        ]
        for server in servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            stack.callback(server.shutdown)
        ports = [server.server_address[1] for server in servers]
        port = stack.enter_context(behind(tmp_path, certificate, ports))
        visitor = Visitor(certificate, port)
        assert visitor.get("/looked-at") == (200, "ok")
        assert Breaks.asked == ["page"] * 2
        assert Breaks.hosts == {f"localhost:{port}"}  # with it a screen's socket is held against its page
        status, words = visitor.get("/", b"place=1")
        assert status in {502, 503}
        assert "<h1>Aplicația nu răspunde acum</h1>" in words  # not the proxy's own word for it
        assert Breaks.asked.count("form") == 1
        assert_told_as_problem(visitor, "/api/v1/referrals", b"{}")
        assert Breaks.asked.count("form") == 2
        for server in servers:  # nobody answers any more
            server.shutdown()
            server.server_close()
        for path in ("/api/v1/needs", "/ogc", "/hsds/services", "/fhir/metadata", "/bulk/latest"):
            assert_told_as_problem(visitor, path)
        assert "<h1>Aplicația nu răspunde acum</h1>" in visitor.get("/apix")[1]


@pytest.mark.slow
def test_the_restore_drill_brings_the_newest_backup_back_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.setenv("HARTA_BACKUPS", str(tmp_path / "copies"))
    home = make_home("live", tmp_path / "home")
    with closing(open_ledger(home, may_begin=True)) as ledger:
        backup = make_backup(home, ledger)
    (tmp_path / "harta").write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT / "cli.py"} "$@"\n', encoding="utf-8")
    (tmp_path / "harta").chmod(0o755)
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"HARTA": str(tmp_path / "harta"), "TMPDIR": str(tmp_path / "tmp")}
    drill = [str(DEPLOY / "restore-drill.sh")]
    done = subprocess.run(drill, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert str(backup) in done.stdout
    assert list((tmp_path / "tmp").iterdir()) == []
    empty = environment | {"HARTA_BACKUPS": str(tmp_path / "tmp")}
    assert "no backup" in subprocess.run(drill, env=empty, capture_output=True, text=True, check=False).stderr
    backup.write_bytes(b"no backup at all")
    assert subprocess.run(drill, env=environment, capture_output=True, check=False, timeout=120).returncode != 0
    assert list((tmp_path / "tmp").iterdir()) == []
