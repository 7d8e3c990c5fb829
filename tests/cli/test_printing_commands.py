"""`harta trip`, `harta slip`, `harta pack`, `harta guide` and `harta export`, as typed in a terminal."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from cli import app
from core.errors import BadValueError, UnknownPlaceError
from core.storage.home import make_home
from reports.documents.export import ExportError

OFFICE = "authority:oficii:SPAS-24089"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return make_home("live", tmp_path_factory.mktemp("papers") / "var")


@pytest.fixture
def harta(home, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)

    def run(*words: str, typed: str = "") -> str:
        done = CliRunner().invoke(app, list(words), input=typed, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_one_trip_answers_two_needs_and_names_what_it_spares(harta):
    asked = ("trip", "--from", "Parincea, Bacău", "--service", "AUT-DGASPC", "--service", "AUT-AJPIS")
    (plan,) = json.loads(harta(*asked, "--json"))
    assert plan["only_confirmed"]
    assert [visit["locality"] for visit in plan["visits"]] == ["Bacău", "Bacău"]
    assert plan["saved_minutes"] == pytest.approx(plan["separate_minutes"] - plan["minutes"], abs=0.01)
    assert plan["saved_minutes"] > 20
    said = harta(*asked)
    assert re.search(r"cu (\d+ h \d\d|\d+ min) mai puțin", said)
    assert "Prin drumuri separate" in said


def test_a_trip_for_one_need_is_refused(harta):
    with pytest.raises(BadValueError, match="2 până la 5"):
        harta("trip", "--from", "Parincea, Bacău", "--service", "AUT-SPCLEP")


def test_a_slip_is_printed_as_text_or_written_as_a_page(harta, tmp_path):
    made = json.loads(harta("refer", OFFICE, "--from", "Parincea, Bacău", "--consent", "--json"))
    text = harta("slip", made["referral_id"].lower())
    assert text.startswith(f"Bilet de îndrumare {made['referral_id']}")
    assert f"Codul cazului: {made['case_ref']}" in text
    out = tmp_path / "bilet.pdf"
    harta("slip", made["referral_id"], "--out", str(out), "--base", "https://exemplu.ro")
    assert out.read_bytes().startswith(b"%PDF")


def test_a_pack_is_two_files_named_by_county_and_day(harta, tmp_path):
    said = harta("pack", "--county", "bacau", "--out", str(tmp_path / "pachet"))
    names = sorted(path.name for path in (tmp_path / "pachet").iterdir())
    assert [name.rsplit(".", 1)[1] for name in names] == ["html", "pdf"]
    assert all(name.startswith("servicii-BC-") for name in names)
    assert "servicii, scrise în" in said
    with pytest.raises(UnknownPlaceError):
        harta("pack", "--county", "Atlantida", "--out", str(tmp_path))


def test_the_guide_is_written(harta, tmp_path):
    harta("guide", "--out", str(tmp_path / "ghid.pdf"))
    assert (tmp_path / "ghid.pdf").read_bytes().startswith(b"%PDF")


def test_the_guide_is_written_in_english_and_in_no_other_language(harta, tmp_path):
    harta("guide", "--out", str(tmp_path / "guide.pdf"), "--language", "en")
    assert (tmp_path / "guide.pdf").read_bytes().startswith(b"%PDF")
    refused = CliRunner().invoke(app, ["guide", "--out", str(tmp_path / "x.pdf"), "--language", "fr"])
    assert refused.exit_code == 2
    assert not (tmp_path / "x.pdf").exists()


def test_an_export_says_what_it_wrote_and_does_not_write_over_it(harta, tmp_path):
    said = json.loads(harta("export", "geoparquet", str(tmp_path / "out"), "--json"))
    assert said["services"] > 7_000  # the public offices that every place has
    assert [path.rsplit("/", 1)[-1] for path in said["files"]] == [
        "services.parquet", "organizations.parquet", "geoparquet.source.toml",
    ]  # fmt: skip
    with pytest.raises(ExportError, match="--force"):
        harta("export", "geoparquet", str(tmp_path / "out"))
    assert "services.parquet" in harta("export", "geoparquet", str(tmp_path / "out"), "--force")


def test_papers_are_listed_and_printed_empty(harta, tmp_path):
    assert "report-child: Fișă de semnalare: copil în pericol" in harta("paper")
    out = tmp_path / "fisa.pdf"
    harta("paper", "report-child", "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF")


def test_an_answer_says_what_the_own_office_does_and_which_paper_is_printed(harta):
    said = harta("nearest", "--from", "Parava, Bacău", "--need", "child-parents-away", "--age", "9")
    assert "Ce faceți dumneavoastră: Copil cu părinții plecați la muncă în străinătate" in said
    assert "Termen: Părintele anunță cu cel puțin 40 de zile înainte de plecare." in said
    asked = ("nearest", "--from", "Parava, Bacău", "--need", "no-income", "--json")
    (steps,) = json.loads(harta(*asked))["own_steps"]
    assert steps["office"] == "AUT-SPAS"
    assert steps["papers"] == ["benefits"]


def test_a_need_without_a_place_is_counted_once_for_a_key(harta):
    asked = ("unmet", "--from", "Parincea, Bacău", "--need", "hot-meal", "--key", "cheia", "--json")
    assert [json.loads(harta(*asked))["counted"] for _twice in range(2)] == [True, False]
