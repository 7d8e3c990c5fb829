"""Every example of docs/api/examples.md and webhooks.md, and every cell of the notebook, runs against a server of this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import warnings
from datetime import UTC, datetime, timedelta

import pytest

from api.http.dependencies import directory_for
from referrals.webhooks.webhook_events import WebhookEvent
from referrals.webhooks.webhook_signing import body_of, signed_headers
from reports.bulk.kept_bulk import make_day
from scripts.build_notebook import NOTEBOOK, notebook
from tests.source.test_layers import ROOT
from tests.worlds.clients.api_client import secret_for
from tests.worlds.homes import small_world
from tests.worlds.servers.loopback_server import on_loopback
from tests.worlds.servers.plain_app import plain_app

EXAMPLES = (ROOT / "docs" / "api" / "examples.md").read_text(encoding="utf-8")
WEBHOOKS = re.findall(
    r"^```(\w+)\n(.*?)^```$",
    (ROOT / "docs" / "api" / "webhooks.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)
BLOCKS = re.findall(r"^## (\d+)\. [^\n]*\n(?:(?!^## ).)*?^```(\w+)\n(.*?)^```$", EXAMPLES, re.MULTILINE | re.DOTALL)
# What the output of each has to hold, so that an empty answer is no success.
TOLD = {
    "1": "no-income", "2": "Luminița", "3": "social:mmps:1", "4": "free", "5": "held", "6": "services",
    "7": "", "8": "services.csv.gz: OK", "9": "Feature Count: 5", "10": "free",
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The small world behind a port, with files of today, for all examples."""
    with pytest.MonkeyPatch.context() as patch:
        home = small_world.make_world(tmp_path_factory.mktemp("examples") / "home")
        small_world.give_population(home)
        patch.setenv("HARTA_HOME", str(home.path))
        patch.delenv("HARTA_DATABASE_URL", raising=False)
        directory = directory_for(home)
        make_day(directory, now=datetime.now(UTC))
        patch.setenv("HARTA_TOKEN", secret_for(directory))
        patch.syspath_prepend(str(ROOT / "docs" / "api"))
        with on_loopback(plain_app()) as address:
            patch.setenv("HARTA_URL", address)
            yield
        directory.ledger.close()


def test_there_are_ten():
    assert [number for number, _language, _code in BLOCKS] == list(TOLD)


@pytest.mark.parametrize(("number", "language", "code"), BLOCKS, ids=[number for number, *_rest in BLOCKS])
def test_an_example_runs_as_it_stands(served, tmp_path, monkeypatch, capsys, number, language, code):
    monkeypatch.chdir(tmp_path)
    if language == "python":
        exec(compile(code, f"example {number}", "exec"), {"__name__": "__main__"})  # noqa: S102  (our own page)
        said = capsys.readouterr().out
    else:
        command = {"bash": ["bash", "-euo", "pipefail", "-c"], "r": ["Rscript", "-e"]}[language]
        tools = {"Rscript", "curl"} & {command[0], "curl" if "curl" in code else ""} | ({"ogr2ogr"} & set(code.split()))
        if missing := [each for each in tools if not shutil.which(each)]:
            pytest.skip(f"not installed: {missing}")
        done = subprocess.run([*command, code], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        said = done.stdout
    assert TOLD[number] in said


def test_the_examples_of_webhooks_subscribe_and_tell_what_is_genuine(served, tmp_path, monkeypatch):
    blocks = dict(zip(("subscribe", "payload", "library", "own", "shell"), WEBHOOKS, strict=True))
    assert [language for language, _code in blocks.values()] == ["bash", "json", "python", "python", "bash"]

    def shell(name):
        command = ["bash", "-euo", "pipefail", "-c", blocks[name][1]]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    made = json.loads(shell("subscribe"))
    event = WebhookEvent(
        "evt_1", "referral.accepted", "R-7K2M9QX4TB", "accepted", datetime(2026, 12, 1, 10, tzinfo=UTC)
    )
    body, now = body_of(event), datetime.now(UTC)
    assert blocks["payload"][1].encode().strip() == body
    headers = signed_headers("evt_1", body, [made["secret"]], now)
    space = {"secret": made["secret"], "body": body, "headers": headers}
    for name in ("library", "own"):
        exec(compile(blocks[name][1], name, "exec"), space)  # noqa: S102  (our own page)
    assert space["event"] == json.loads(body)
    assert space["is_genuine"](made["secret"], headers, body)
    assert not space["is_genuine"](made["secret"], headers, body + b" ")
    late = signed_headers("evt_1", body, [made["secret"]], now - timedelta(minutes=6))
    assert not space["is_genuine"](made["secret"], late, body)
    if not shutil.which("openssl"):
        return
    monkeypatch.chdir(tmp_path)
    (tmp_path / "body.json").write_bytes(body)
    for name, value in (("SECRET", made["secret"]), ("ID", "evt_1"), ("TIMESTAMP", headers["webhook-timestamp"])):
        monkeypatch.setenv(name, value)
    assert f"v1,{shell('shell').strip()}" == headers["webhook-signature"]


def test_the_notebook_is_what_its_script_writes_and_its_cells_make_a_map(served, tmp_path, monkeypatch):
    assert NOTEBOOK.read_text(encoding="utf-8") == notebook()
    pytest.importorskip("matplotlib").use("Agg")
    monkeypatch.chdir(tmp_path)
    space: dict = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that draw
        for cell in json.loads(notebook())["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), space)  # noqa: S102  (our own notebook)
    assert len(space["units"]) > 80
    assert space["units"]["left_out_percent"].between(0, 100).all()
    assert (tmp_path / "gap_map.png").stat().st_size > 10_000
    assert os.environ["HARTA_TOKEN"] not in notebook()
