"""`harta campaign`: asking, who answered, the list for telephone and print, the share of services with a fresh place."""

from __future__ import annotations

import csv
import json

import pytest

from core.storage.home import Home
from tests.cli.test_administration_commands import harta
from tests.worlds.homes import small_world


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    made = small_world.make_world(tmp_path / "home")
    monkeypatch.setenv("HARTA_HOME", str(made.path))
    return made


def test_a_campaign_is_started_followed_and_stopped_by_command(home, tmp_path):
    made = json.loads(harta("campaign", "start", "--county", "Bacău", "--json"))
    assert made["county"] == "BC"
    assert made["providers"] >= 1
    number = made["campaign"]
    listed = tmp_path / "lista.csv"
    said = json.loads(harta("campaign", "status", number, "--out", str(listed), "--json"))
    assert (said["answered"], said["to_call"]) == (0, said["providers"]), "the register of this world has no e-mails"
    with listed.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == said["providers"]
    assert all(row["link"].startswith("/l/") for row in rows)
    assert small_world.SECRET_TOWN not in listed.read_text(encoding="utf-8")
    paper = tmp_path / "lista.pdf"
    assert "adresa aplicației" in harta("campaign", "status", number, "--out", str(paper), code=1)
    harta("outbox", "configure", "--address", "https://harta.example.ro")
    harta("campaign", "status", number, "--out", str(paper))
    assert paper.read_bytes().startswith(b"%PDF")
    harta("campaign", "status", number, "--out", str(listed))
    assert "https://harta.example.ro/l/" in listed.read_text(encoding="utf-8-sig")
    assert json.loads(harta("campaign", "remind", number, "--json")) == {"reminded": 0}
    harta("campaign", "stop", number)
    (one,) = json.loads(harta("campaign", "status", "--json"))
    assert one["stopped_at"]
    assert "oprită" in harta("campaign", "remind", number, code=1)


def test_the_share_of_fresh_places_is_told_by_week(home):
    rows = json.loads(harta("campaign", "share", "--county", "BC", "--weeks", "2", "--json"))
    assert {row["county"] for row in rows} == {"BC"}
    assert len({row["moment"] for row in rows}) == 2
    assert all(0 <= row["fresh"] <= row["services"] for row in rows)
    assert "/" in harta("campaign", "share")


def test_wrong_usage_is_said(home):
    harta("campaign", "burn", code=2)
    harta("campaign", "stop", code=2)
    harta("campaign", "start", code=2)
    assert "K-NONE" in harta("campaign", "status", "K-NONE", code=1)


def test_places_of_a_file_are_shown_and_stored_when_that_is_said(home, tmp_path):
    file = tmp_path / "locuri.csv"
    file.write_text("Serviciu;Libere acum\nsocial:mmps:1;4\n", encoding="utf-8")
    assert "lipsesc coloanele" in harta("campaign", "upload", str(file), code=1)
    mapped = ("--map", "Serviciu=service", "--map", "Libere acum=free", "--json")
    assert json.loads(harta("campaign", "upload", str(file), *mapped)) == {"services": 1, "stored": 0}
    assert json.loads(harta("campaign", "upload", str(file), *mapped, "--yes")) == {"services": 1, "stored": 1}
    assert json.loads(harta("capacity", "social:mmps:1", "--json"))["places_free"] == 4
