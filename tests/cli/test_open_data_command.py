"""One command makes a real map: `harta init --open-data`, and the question of the first hour."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from cli import app
from core.storage.import_kinds import KINDS
from tests.covering import daily


@pytest.mark.slow
@pytest.mark.parametrize("has_schools", daily([False, True], lambda has_them: not has_them))
def test_one_command_makes_a_map_on_which_parincea_finds_its_town_hall(tmp_path, monkeypatch, has_schools):
    """Every day without the network of schools, which takes seconds: it comes in as the other files do."""
    if not has_schools:
        monkeypatch.setitem(KINDS, "education", replace(KINDS["education"], open_file=""))
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    report = json.loads(CliRunner().invoke(app, ["init", "--open-data", "--json"]).stdout)
    rows = {one["kind"]: (one["rows_loaded"], one["rows_rejected"]) for one in report["editions"]}
    assert rows.get("education") == ((18_200, 0) if has_schools else None)
    assert rows["authorities"] == (3_187, 0)
    assert rows["employment"] == (37, 0)
    assert rows["medical"][0] >= 170
    assert {"social", "organizations", "atlas-rural"} <= {one["kind"] for one in report["missing"]}
    asked = ["nearest", "--from", "Parincea, Bacău", "--need", "identity-papers", "--age", "30"]
    said = CliRunner().invoke(app, asked).stdout
    assert "Primăria comunei Parincea" in said
    assert "0234 226 530" in said
    assert "01.12.2020" in said
    court = CliRunner().invoke(app, ["nearest", "--from", "Parincea, Bacău", "--service", "AUT-COURT"]).stdout
    assert "Judecătoria Bacău" in court
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0
