"""A wheel of the project works in an environment of its own, away from the checkout."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a new environment that holds our wheel, and this one's libraries but not our checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(copied(folder))],
        check=True,
    )
    venv.create(folder / "env", with_pip=False)
    lib = next((folder / "env" / "lib").glob("python*/site-packages"))
    # A folder named in a .pth is searched, but its own .pth files, an editable install among them, do not count.
    (lib / "libraries.pth").write_text(f"{Path(typer.__file__).parents[1]}\n", encoding="utf-8")
    wheel = next(folder.glob("*.whl"))
    python = folder / "env" / "bin" / "python"
    subprocess.run(
        [*pip, "--python", str(python), "install", "--no-deps", "--no-index", "--ignore-installed", str(wheel)],
        check=True,
    )
    return folder / "env" / "bin"


def copied(folder: Path) -> Path:
    """Return a copy of what git tracks: a build leaves its own folders in the tree that it builds from."""
    target = folder / "source"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        if not name.startswith(("tests/", "bench/")) and (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    return target


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "HARTA_DATABASE_URL")}
    return {**kept, "HARTA_HOME": str(tmp_path_factory.mktemp("home") / "var")}


@pytest.fixture(scope="module")
def demo(installed, environment, tmp_path_factory):
    """The demonstration that the wheel makes: each test needs it, whichever is the first of its process."""
    subprocess.run([installed / "harta", "demo"], env=environment, cwd=tmp_path_factory.mktemp("cwd"), check=True)


def test_a_wheel_makes_a_demonstration_and_answers_from_it(installed, environment, demo, tmp_path):
    asked = [installed / "harta", "nearest", "--from", "Parincea, Bacău", "--need", "identity-papers", "--json"]
    done = subprocess.run(asked, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["results"]


def test_a_wheel_serves_the_application(installed, environment, demo, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = subprocess.Popen([installed / "harta", "serve", "--port", str(port)], env=environment, cwd=tmp_path)
    try:
        for path in ("/health", "/simplu", "/"):
            assert answer_of(f"http://127.0.0.1:{port}{path}") == 200, path
    finally:
        served.terminate()
        served.wait(20)


def answer_of(address: str) -> int:
    for _attempt in range(240):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own loopback address
                return int(answer.status)
        except OSError:
            time.sleep(0.25)
    return 0
