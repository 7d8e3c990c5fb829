"""`harta local`, `harta local-add` and `harta calendar`, as typed in a terminal."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta

import pytest
from typer.testing import CliRunner

from cli import app
from core.romanian_calendar import BUCHAREST
from core.storage.home import make_home


@pytest.fixture
def harta(tmp_path, monkeypatch):
    make_home("live", tmp_path / "var")
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=code == 0)
        assert (done.exit_code == 0) is (code == 0), done.output
        return done.stdout

    return run


def test_it_is_added_checked_removed_and_put_back(harta):
    asked = ("--name", "Filiala de voluntari", "--offers", "Alimente", "--place", "Bacău, Bacău", "--need", "food")
    assert harta("local-add", *asked).startswith("Resursa 1 ")
    assert "neverificat" in harta("local", "--county", "bc")
    assert "verificată de UJSS" in harta("local", "--check", "1")
    assert "Filiala de voluntari" in harta("nearest", "--from", "Parincea, Bacău", "--need", "food")
    assert "scos" in harta("local", "--remove", "1")
    assert "Filiala de voluntari" not in harta("nearest", "--from", "Parincea, Bacău", "--need", "food")
    (line,) = json.loads(harta("local", "--put-back", "1", "--json"))
    assert line["state"] == "entered"
    harta("local", "--check", "1", "--remove", "1", code=2)


def test_the_calendar_is_listed_and_exported_from_today_on(harta, tmp_path):
    days = [(datetime.now(BUCHAREST).date() + timedelta(days=n)).isoformat() for n in (0, 7)]
    asked = ("--name", "Caravana", "--offers", "Ecografii", "--place", "Parincea, Bacău", "--need", "screening")
    harta("local-add", *asked, "--days", ", ".join(days))
    out = tmp_path / "calendar.csv"
    assert "Caravana · vine " in harta("calendar", "--export", str(out))
    with out.open(encoding="utf-8-sig", newline="") as handle:
        assert [row["day"] for row in csv.DictReader(handle)] == days
