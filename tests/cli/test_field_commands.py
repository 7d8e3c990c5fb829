"""`harta needs`, `harta report-wrong` and `harta corrections`, as typed in a terminal."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cli import app
from core.storage.home import make_home

OFFICE = "authority:oficii:SPAS-24089"


@pytest.fixture
def harta(tmp_path, monkeypatch):
    make_home("live", tmp_path / "var")
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_needs_are_listed_under_their_headings_and_one_is_told_whole(harta):
    everything = harta("needs").splitlines()
    assert everything[0] == "Venituri și ajutoare"
    assert "  Nu are buletin  [identity-papers]" in everything
    told = harta("needs", "VAI_02")
    assert "Evidența persoanelor (buletine)  [AUT-SPCLEP]" in told
    assert "Acte necesare:" in told


def test_needs_found_by_words_come_as_data_too(harta):
    (need, *_others) = json.loads(harta("needs", "nu are buletin", "--json"))
    assert need["need"] == "identity-papers"
    kinds = [answer["service_type"] for answer in need["answers"]]
    assert kinds == ["AUT-SPCLEP", "AUT-PRIM", "AUT-SPAS", "AUT-SPCJEP"]


def test_the_count_of_lawful_answers_is_printed_and_written(harta, tmp_path):
    counted = json.loads(harta("needs", "--coverage", "--json"))
    papers = next(line for line in counted["needs"] if line["need"] == "identity-papers")
    assert (papers["uats"], papers["anywhere_authorities"], papers["communities"]) == (3181, 3181, 139)
    said = harta("needs", "--coverage", "--out", str(tmp_path / "page.md"))
    assert "Nu are buletin [identity-papers]: 100 % · 100 %" in said
    assert "# Nevoile" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_a_wrong_number_is_reported_settled_and_exported(harta, tmp_path):
    assert harta("corrections") == "Nicio sesizare din teren.\n"
    made = json.loads(harta("report-wrong", OFFICE, "--what", "phone", "--right", "0234 000 009", "--json"))
    assert (made["state"], made["value"], made["county"]) == ("open", "0234000009", "BC")
    assert "număr greșit · 0234000009" in harta("corrections", "--county", "bc")
    assert harta("corrections", "--county", "CJ") == "Nicio sesizare din teren.\n"
    out = tmp_path / "corecturi.csv"
    assert "acceptat" in harta("corrections", "--accept", str(made["report_id"]), "--export", str(out))
    assert "0234000009" in out.read_text(encoding="utf-8-sig")
    assert "0234 000 009" in harta("nearest", "--from", "Parincea, Bacău", "--need", "no-income")


def test_the_home_is_asked_for_only_where_it_decides(harta):
    assert "Contează domiciliul" in harta("nearest", "--from", "Parincea, Bacău", "--need", "identity-papers")
    with_home = harta("nearest", "--from", "Parincea, Bacău", "--home", "Bacău", "--need", "identity-papers")
    assert "Contează domiciliul" not in with_home
    assert "Contează domiciliul" not in harta("nearest", "--from", "Parincea, Bacău", "--service", "8730CR-V-I")


def test_services_are_found_by_name_with_typing_errors(harta):
    (first, *_others) = harta("services", "primaria", "parincae", "--near", "Parincea, Bacău").splitlines()
    assert first.startswith("Primăria comunei Parincea · Parincea")
    assert "km" in first
    found = json.loads(harta("services", "primaria", "parincea", "--json", "--limit", "3"))
    assert found["services"][0]["service_type"] == "AUT-PRIM"
    assert found["services"][0]["km"] is None
    assert len(found["services"]) <= 3
    assert harta("services", "qwxzqwxz").splitlines() == ["Nimic cu acest nume. Încercați mai puține cuvinte."]
