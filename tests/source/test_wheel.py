"""A wheel of the project works in an environment of its own, away from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest
import typer

from tests.covering import repeats

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


# What of the repository the product is made of.
HELD = ("api", "cases", "commands", "core", "geo", "pages", "providers", "referrals", "reports", "app.py", "cli.py", "data", "templates",
        "locale", "docs/help", "docs/ghid-cazuri.md", "docs/ghid-cazuri.en.md", ".streamlit")  # fmt: skip
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(copied(folder))],
        check=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a new environment that holds our wheel, and this one's libraries but not our checkout."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "env", with_pip=False)
    lib = next((folder / "env" / "lib").glob("python*/site-packages"))
    # A folder named in a .pth is searched, but its own .pth files, an editable install among them, do not count.
    (lib / "libraries.pth").write_text(f"{Path(typer.__file__).parents[1]}\n", encoding="utf-8")
    python = folder / "env" / "bin" / "python"
    subprocess.run(
        [
            *PIP,
            "--python",
            str(python),
            "install",
            "--no-compile",
            "--no-deps",
            "--no-index",
            "--ignore-installed",
            str(wheel),
        ],
        check=True,
    )
    return folder / "env" / "bin"


def copied(folder: Path) -> Path:
    """Return a copy of what git tracks: a build leaves its own folders in the tree that it builds from."""
    target = folder / "source"
    for name in tracked():
        if not name.startswith(("tests/", "bench/")):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    return target


def tracked(*folders: str) -> set[str]:
    """Return the names of what git tracks, in these folders or everywhere."""
    listed = ["git", "ls-files", "-z", "--", *folders]
    said = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in said.split("\0") if name and (ROOT / name).exists()}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "HARTA_DATABASE_URL")}
    return {**kept, "HARTA_HOME": str(tmp_path / "var")}


@pytest.fixture
def demo(demonstration, environment) -> None:
    """The demonstration as the checkout makes it."""
    shutil.copytree(demonstration.path, environment["HARTA_HOME"])


def answered(installed: Path, environment: dict[str, str], folder: Path) -> None:
    """Let the wheel answer a question from the home."""
    asked = [installed / "harta", "nearest", "--from", "Parincea, Bacău", "--need", "identity-papers", "--json"]
    done = subprocess.run(asked, env=environment, cwd=folder, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["results"]


def test_a_wheel_holds_every_file_of_the_product(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {name.split(".data/data/")[-1].partition("share/harta/")[2] or name for name in archive.namelist()}
    assert tracked(*HELD) - held == set()


def test_a_wheel_answers_from_a_demonstration(installed, environment, demo, tmp_path):
    answered(installed, environment, tmp_path)


@repeats(
    "tests/source/test_wheel.py::test_a_wheel_holds_every_file_of_the_product",
    "tests/source/test_wheel.py::test_a_wheel_answers_from_a_demonstration",
    "tests/referrals/homes/test_demonstration.py::test_making_it_again_changes_nothing",
)
def test_a_wheel_makes_a_demonstration_and_answers_from_it(installed, environment, tmp_path):
    subprocess.run([installed / "harta", "demo"], env=environment, cwd=tmp_path, check=True)
    answered(installed, environment, tmp_path)


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
